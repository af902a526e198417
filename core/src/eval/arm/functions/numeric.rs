//! Functions over numbers. Integers have 64 bits.

use super::table::{ARRAY, Call, FLOAT, Function, INTEGER, TEXT, Takes};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::number::Number;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("add", &[INTEGER, INTEGER], |call| {
        computed(call, i64::checked_add)
    })
    .giving_scalar(),
    Function::new("div", &[INTEGER, INTEGER], |call| divided(call, i64::checked_div)).giving_scalar(),
    Function::new("float", &[TEXT.or(INTEGER).or(FLOAT)], float).giving_scalar(),
    Function::new("int", &[TEXT.or(INTEGER).or(FLOAT)], int).giving_scalar(),
    Function::new("max", &[ARRAY_OR_INTEGER], max)
        .with_rest(INTEGER)
        .looking_inside()
        .giving_scalar(),
    Function::new("min", &[ARRAY_OR_INTEGER], min)
        .with_rest(INTEGER)
        .looking_inside()
        .giving_scalar(),
    Function::new("mod", &[INTEGER, INTEGER], |call| divided(call, i64::checked_rem)).giving_scalar(),
    Function::new("mul", &[INTEGER, INTEGER], |call| {
        computed(call, i64::checked_mul)
    })
    .giving_scalar(),
    Function::new("sub", &[INTEGER, INTEGER], |call| {
        computed(call, i64::checked_sub)
    })
    .giving_scalar(),
];

const ARRAY_OR_INTEGER: Takes = ARRAY.or(INTEGER);

fn computed(call: &Call<'_>, compute: fn(i64, i64) -> Option<i64>) -> Evaluated {
    match compute(call.integer(0)?, call.integer(1)?) {
        Some(number) => call.number(number),
        None => Err(call.error("the result does not fit 64 bits")),
    }
}

fn divided(call: &Call<'_>, compute: fn(i64, i64) -> Option<i64>) -> Evaluated {
    match call.integer(1)? {
        0 => Err(call.error("it divides by zero")),
        _ => computed(call, compute),
    }
}

fn int(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    match &argument.kind {
        Kind::Number(number) if number.as_i64().is_some() => Ok(argument.clone()),
        // Whether a fraction is rounded or cut off is nowhere said.
        Kind::Number(_) => Ok(call.unsupported()),
        Kind::String(text) => {
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            let are_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
            let number = text.strip_prefix('+').unwrap_or(text).parse::<i64>().ok();
            match number.filter(|_| are_digits) {
                Some(number) => call.number(number),
                None => Err(call.argument_error(0, format!("is no integer: '{text}'"))),
            }
        }
        _ => Ok(call.unknown()),
    }
}

/// Longer numbers are not read.
const LONGEST_NUMBER: usize = 64;

fn float(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    match &argument.kind {
        Kind::Number(_) => Ok(argument.clone()),
        Kind::String(text) => {
            let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
            let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
            let is_plain = has_digit && text.len() <= LONGEST_NUMBER && text.bytes().all(is_plain);
            match text.parse::<Number>().ok().filter(|_| is_plain) {
                Some(number) => Ok(call.value(Kind::Number(number))),
                None => Err(call.argument_error(0, format!("is no number: '{text}'"))),
            }
        }
        _ => Ok(call.unknown()),
    }
}

fn max(call: &Call<'_>) -> Evaluated {
    extreme(call, |best, number| number > best)
}

fn min(call: &Call<'_>) -> Evaluated {
    extreme(call, |best, number| number < best)
}

/// The best of the numbers that are the arguments, or the elements of the only argument.
fn extreme(call: &Call<'_>, is_better: fn(i64, i64) -> bool) -> Evaluated {
    let numbers: &[Value] = match call.arguments {
        [only] => only.elements().unwrap_or(call.arguments),
        several => several,
    };
    let mut best: Option<i64> = None;
    for number in numbers {
        let number = integer(number).ok_or_else(|| not_integers(call))?;
        if best.is_none_or(|best| is_better(best, number)) {
            best = Some(number);
        }
    }
    match best {
        Some(number) => call.number(number),
        None => Err(call.argument_error(0, "must have at least one element")),
    }
}

fn integer(value: &Value) -> Option<i64> {
    match &value.kind {
        Kind::Number(number) => number.as_i64(),
        _ => None,
    }
}

fn not_integers(call: &Call<'_>) -> EvalError {
    call.error("it takes integers, or one array of integers")
}
