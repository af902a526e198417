//! Functions over numbers.

use super::table::{Call, Function, number};
use crate::eval::number::Number;
use crate::eval::terraform::error::EvalError;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("abs", &[number("num")], abs)];

fn abs(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    match arguments {
        [
            Value {
                kind: Kind::Number(number),
                ..
            },
        ] => Ok(call.value(Kind::Number(Number::from(number.decimal().abs())))),
        _ => Ok(call.unknown()),
    }
}
