//! Functions that compare values.

use std::cmp::Ordering;

use super::equality::equal;
use super::order::compare;
use super::table::{ANY, Call, Function, NUMBER, TEXT, Takes};
use crate::eval::error::Evaluated;
use crate::eval::value::Kind;

const COMPARED: Takes = NUMBER.or(TEXT);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("equals", &[ANY, ANY], equals)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("greater", &[COMPARED, COMPARED], greater)
        .handling_unknown()
        .giving_scalar(),
    Function::new("greaterOrEquals", &[COMPARED, COMPARED], greater_or_equals)
        .handling_unknown()
        .giving_scalar(),
    Function::new("less", &[COMPARED, COMPARED], less)
        .handling_unknown()
        .giving_scalar(),
    Function::new("lessOrEquals", &[COMPARED, COMPARED], less_or_equals)
        .handling_unknown()
        .giving_scalar(),
];

fn equals(call: &Call<'_>) -> Evaluated {
    match equal(call.argument(0)?, call.argument(1)?) {
        Some(answer) => call.bool(answer),
        None => Ok(call.unknown()),
    }
}

fn greater(call: &Call<'_>) -> Evaluated {
    ordered(call, Ordering::is_gt)
}

fn greater_or_equals(call: &Call<'_>) -> Evaluated {
    ordered(call, Ordering::is_ge)
}

fn less(call: &Call<'_>) -> Evaluated {
    ordered(call, Ordering::is_lt)
}

fn less_or_equals(call: &Call<'_>) -> Evaluated {
    ordered(call, Ordering::is_le)
}

fn ordered(call: &Call<'_>, holds: fn(Ordering) -> bool) -> Evaluated {
    let (left, right) = (call.argument(0)?, call.argument(1)?);
    match (&left.kind, &right.kind) {
        (Kind::Number(left), Kind::Number(right)) => call.bool(holds(left.cmp(right))),
        (Kind::String(left), Kind::String(right)) => match compare(left, right) {
            Some(order) => call.bool(holds(order)),
            None => Ok(call.unsupported()),
        },
        (Kind::Unknown(left), Kind::Unknown(right)) if left == right => call.bool(holds(Ordering::Equal)),
        (Kind::Unknown(_) | Kind::OneOf(_), _) | (_, Kind::Unknown(_) | Kind::OneOf(_)) => Ok(call.unknown()),
        _ => Err(call.error("its arguments must be two integers or two strings")),
    }
}
