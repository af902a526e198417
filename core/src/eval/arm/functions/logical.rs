//! Functions over truth values, for arguments that are all evaluated. A truth value that is not known is a
//! condition: what hangs on it becomes a choice.

use super::table::{ANY, BOOLEAN, Call, Function, INTEGER, TEXT};
use crate::eval::choice;
use crate::eval::error::Evaluated;
use crate::eval::value::{Condition, Kind, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("and", &[BOOLEAN, BOOLEAN], and)
        .with_rest(BOOLEAN)
        .handling_unknown()
        .giving_scalar(),
    Function::new("bool", &[TEXT.or(INTEGER).or(BOOLEAN)], bool).giving_scalar(),
    Function::new("false", &[], |call| call.bool(false)),
    Function::new("if", &[BOOLEAN, ANY, ANY], if_else).handling_unknown(),
    Function::new("not", &[BOOLEAN], not)
        .handling_unknown()
        .giving_scalar(),
    Function::new("null", &[], |call| Ok(call.value(Kind::Null))),
    Function::new("or", &[BOOLEAN, BOOLEAN], or)
        .with_rest(BOOLEAN)
        .handling_unknown()
        .giving_scalar(),
    Function::new("true", &[], |call| call.bool(true)),
    Function::new("xor", &[BOOLEAN, BOOLEAN], xor)
        .handling_unknown()
        .giving_scalar(),
];

fn and(call: &Call<'_>) -> Evaluated {
    joined(call, false)
}

fn or(call: &Call<'_>) -> Evaluated {
    joined(call, true)
}

/// `and` is settled by false, `or` by true, whatever the others are.
fn joined(call: &Call<'_>, settling: bool) -> Evaluated {
    let is_settling = |argument: &Value| matches!(argument.kind, Kind::Bool(value) if value == settling);
    if call.arguments.iter().any(is_settling) {
        return call.bool(settling);
    }
    let open = call
        .arguments
        .iter()
        .rev()
        .filter_map(|argument| match &argument.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        });
    let mut result: Option<Value> = None;
    for unknown in open {
        result = Some(match result {
            None => Value::unknown(unknown.scalar(), call.from()),
            Some(others) => {
                let settled = call.bool(settling);
                match settling {
                    true => choice::join(condition(unknown), settled, Ok(others), call.context.span)?,
                    false => choice::join(condition(unknown), Ok(others), settled, call.context.span)?,
                }
            }
        });
    }
    match result {
        Some(result) => Ok(result),
        None => call.bool(!settling),
    }
}

fn condition(unknown: &Unknown) -> Condition {
    Condition {
        unknown: unknown.clone(),
    }
}

fn not(call: &Call<'_>) -> Evaluated {
    match &call.argument(0)?.kind {
        Kind::Bool(value) => call.bool(!value),
        Kind::Unknown(unknown) => {
            let (yes, no) = (call.bool(false), call.bool(true));
            choice::join(condition(unknown), yes, no, call.context.span)
        }
        _ => Ok(call.unknown()),
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

fn if_else(call: &Call<'_>) -> Evaluated {
    let (yes, no) = (call.argument(1)?, call.argument(2)?);
    match &call.argument(0)?.kind {
        Kind::Bool(true) => Ok(yes.clone()),
        Kind::Bool(false) => Ok(no.clone()),
        Kind::Unknown(unknown) => {
            let (yes, no) = (Ok(yes.clone()), Ok(no.clone()));
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
