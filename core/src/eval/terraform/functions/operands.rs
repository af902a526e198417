//! Reading converted arguments as the plain data that the functions work on.

use bigdecimal::ToPrimitive;
use bigdecimal::num_bigint::BigInt;

use super::table::Call;
use crate::eval::error::EvalError;
use crate::eval::number::Number;
use crate::eval::value::{Kind, Value};

/// The text of an argument that the table converted to a string.
pub(super) fn text<'a>(arguments: &'a [Value], index: usize, call: &Call<'_>) -> Result<&'a str, EvalError> {
    match arguments.get(index).and_then(Value::as_str) {
        Some(text) => Ok(text),
        None => Err(call.argument_error(index, "string required")),
    }
}

/// The number of an argument that the table converted to a number.
pub(super) fn number<'a>(
    arguments: &'a [Value],
    index: usize,
    call: &Call<'_>,
) -> Result<&'a Number, EvalError> {
    match arguments.get(index).map(|argument| &argument.kind) {
        Some(Kind::Number(number)) => Ok(number),
        _ => Err(call.argument_error(index, "number required")),
    }
}

/// What Terraform says when a number does not fit a signed 64-bit whole number.
pub(super) const WHOLE_64_BIT: &str =
    "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

/// The number of an argument as a signed 64-bit whole number.
pub(super) fn whole(arguments: &[Value], index: usize, call: &Call<'_>) -> Result<i64, EvalError> {
    number(arguments, index, call)?
        .as_i64()
        .ok_or_else(|| call.error(WHOLE_64_BIT))
}

/// More decimal digits than this are not written out: `1e999999999` is a short literal and a long text.
const MAXIMUM_DIGITS: i64 = 4096;

/// Whether a number can be written without an exponent in a sensible length.
pub(super) fn is_printable(number: &Number) -> bool {
    let decimal = number.decimal();
    let (digits, scale) = (
        i64::try_from(decimal.digits()).unwrap_or(i64::MAX),
        decimal.fractional_digit_count(),
    );
    let before_point = digits.saturating_sub(scale);
    before_point <= MAXIMUM_DIGITS && scale <= MAXIMUM_DIGITS
}

/// A number as a whole number of any size that [`is_printable`] allows.
pub(super) fn big_integer(number: &Number) -> Option<BigInt> {
    if !number.is_integer() || !is_printable(number) {
        return None;
    }
    match number.as_i64() {
        Some(small) => Some(BigInt::from(small)),
        None => number.to_string().parse().ok(),
    }
}

/// How many more characters of text a width or count may ask for, when it is sensible.
pub(super) fn sensible(count: i64) -> Option<usize> {
    const MAXIMUM: i64 = 1_000_000;
    if (0..=MAXIMUM).contains(&count) {
        count.to_usize()
    } else {
        None
    }
}
