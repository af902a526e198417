//! Functions over truth values, besides those that need not evaluate all of their arguments (`if`, `and`, `or`,
//! `not`): the evaluator answers for these.

use super::table::{BOOLEAN, Call, Function, INTEGER, TEXT};
use crate::eval::choice;
use crate::eval::error::Evaluated;
use crate::eval::value::{Condition, Kind, Unknown};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("bool", &[TEXT.or(INTEGER).or(BOOLEAN)], bool).giving_scalar(),
    Function::new("false", &[], |call| call.bool(false)),
    Function::new("null", &[], |call| Ok(call.value(Kind::Null))),
    Function::new("true", &[], |call| call.bool(true)),
    Function::new("xor", &[BOOLEAN, BOOLEAN], xor)
        .handling_unknown()
        .giving_scalar(),
];

fn condition(unknown: &Unknown) -> Condition {
    Condition {
        unknown: unknown.clone(),
    }
}

fn xor(call: &Call<'_>) -> Evaluated {
    match (&call.argument(0)?.kind, &call.argument(1)?.kind) {
        (Kind::Bool(left), Kind::Bool(right)) => call.bool(left != right),
        (Kind::Unknown(left), Kind::Unknown(right)) if left == right => call.bool(false),
        (Kind::Unknown(unknown), Kind::Bool(known)) | (Kind::Bool(known), Kind::Unknown(unknown)) => {
            let (yes, no) = (call.bool(!known), call.bool(*known));
            choice::join(condition(unknown), yes, no, call.context.span)
        }
        _ => Ok(call.unknown()),
    }
}

fn bool(call: &Call<'_>) -> Evaluated {
    match &call.argument(0)?.kind {
        Kind::Bool(value) => call.bool(*value),
        Kind::Number(number) => call.bool(!number.is_zero()),
        Kind::String(text) if text.eq_ignore_ascii_case("true") => call.bool(true),
        Kind::String(text) if text.eq_ignore_ascii_case("false") => call.bool(false),
        _ => Err(call.argument_error(0, "must be 'true' or 'false' when it is a string")),
    }
}
