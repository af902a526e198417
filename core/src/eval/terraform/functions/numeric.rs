//! Functions over numbers.

use bigdecimal::RoundingMode;
use bigdecimal::num_bigint::BigInt;

use super::table::{Call, Function, Parameter, any, number};
use crate::eval::arithmetic;
use crate::eval::error::EvalError;
use crate::eval::number::Number;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Value};

const NUMBER: &[Parameter] = &[number("num")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", NUMBER, abs).giving_scalar(),
    Function::new("ceil", NUMBER, ceil).giving_scalar(),
    Function::new("floor", NUMBER, floor).giving_scalar(),
    Function::new("log", &[number("num"), number("base")], log).giving_scalar(),
    Function::new("max", &[], max)
        .with_rest(number("numbers"))
        .giving_scalar(),
    Function::new("min", &[], min)
        .with_rest(number("numbers"))
        .giving_scalar(),
    Function::new("parseint", &[any("number"), number("base")], parseint).giving_scalar(),
    Function::new("pow", &[number("num"), number("power")], pow).giving_scalar(),
    Function::new("range", &[], range).with_rest(number("params")),
    Function::new("signum", NUMBER, signum).giving_scalar(),
    Function::new("sum", &[any("list")], sum)
        .looking_inside()
        .giving_scalar(),
];

/// The argument as a number, which the table has made sure that it is.
fn given<'a>(arguments: &'a [Value], index: usize, call: &Call<'_>) -> Result<&'a Number, EvalError> {
    match arguments.get(index).map(|argument| &argument.kind) {
        Some(Kind::Number(number)) => Ok(number),
        _ => Err(call.argument_error(index, "a number is required")),
    }
}

fn result(number: Number, call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(call.value(Kind::Number(number)))
}

fn abs(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    result(Number::from(given(arguments, 0, call)?.decimal().abs()), call)
}

fn ceil(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    whole(arguments, RoundingMode::Ceiling, call)
}

fn floor(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    whole(arguments, RoundingMode::Floor, call)
}

fn whole(arguments: &[Value], mode: RoundingMode, call: &Call<'_>) -> Result<Value, EvalError> {
    let number = given(arguments, 0, call)?;
    if number.is_integer() {
        return result(number.clone(), call);
    }
    result(Number::from(number.decimal().with_scale_round(0, mode)), call)
}

fn floats(arguments: &[Value], call: &Call<'_>) -> Result<(f64, f64), EvalError> {
    let float = |index| {
        let float = given(arguments, index, call)?.as_f64();
        float.ok_or_else(|| call.argument_error(index, "value must be between -1.8e308 and 1.8e308"))
    };
    Ok((float(0)?, float(1)?))
}

/// A result of floating point; what is infinite is no number for anything that follows.
fn from_float(value: f64, call: &Call<'_>) -> Result<Value, EvalError> {
    if value.is_nan() {
        return Err(call.error("result is not a number"));
    }
    match arithmetic::from_f64(value) {
        Some(number) => result(number, call),
        None => Ok(call.limit()),
    }
}

fn log(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (number, base) = floats(arguments, call)?;
    let quotient = arithmetic::natural_logarithm(number) / arithmetic::natural_logarithm(base);
    from_float(quotient, call)
}

fn pow(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (number, power) = floats(arguments, call)?;
    from_float(number.powf(power), call)
}

fn max(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    extreme(arguments, |one, best| one > best, call)
}

fn min(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    extreme(arguments, |one, best| one < best, call)
}

fn extreme(
    arguments: &[Value],
    is_better: fn(&Number, &Number) -> bool,
    call: &Call<'_>,
) -> Result<Value, EvalError> {
    let mut best: Option<&Number> = None;
    for index in 0..arguments.len() {
        let number = given(arguments, index, call)?;
        if best.is_none_or(|best| is_better(number, best)) {
            best = Some(number);
        }
    }
    match best {
        Some(best) => result(best.clone(), call),
        None => Err(call.error("must pass at least one number")),
    }
}

fn parseint(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(text) = arguments.first().and_then(Value::as_str) else {
        let got = arguments
            .first()
            .map_or_else(String::new, |value| Type::of(value).friendly_name());
        return Err(call.argument_error(0, format!("first argument must be a string, not {got}")));
    };
    let base = given(arguments, 1, call)?
        .as_u64()
        .filter(|base| (2..=62).contains(base));
    let Some(base) = base.and_then(|base| u32::try_from(base).ok()) else {
        return Err(call.argument_error(1, "base must be a whole number between 2 and 62 inclusive"));
    };
    // Reading digits of any base takes time quadratic in their number.
    if text.len() > 4_096 {
        return Ok(call.limit());
    }
    match integer(text, base) {
        Some(integer) => result(Number::from(bigdecimal::BigDecimal::from(integer)), call),
        None => Err(call.argument_error(0, format!("cannot parse {text:?} as a base {base} integer"))),
    }
}

/// Digits are `0-9`, `a-z` and, in bases above 36, `A-Z`.
fn integer(text: &str, base: u32) -> Option<BigInt> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() {
        return None;
    }
    let mut value = BigInt::ZERO;
    for character in digits.chars() {
        let digit = match character {
            '0'..='9' => character as u32 - '0' as u32,
            'a'..='z' => character as u32 - 'a' as u32 + 10,
            'A'..='Z' if base <= 36 => character as u32 - 'A' as u32 + 10,
            'A'..='Z' => character as u32 - 'A' as u32 + 36,
            _ => return None,
        };
        if digit >= base {
            return None;
        }
        value = value * base + digit;
    }
    Some(if text.starts_with('-') { -value } else { value })
}

fn signum(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let number = given(arguments, 0, call)?;
    if !number.is_integer() {
        return Err(call.error("value must be a whole number"));
    }
    let zero = Number::from(0i64);
    let sign = match number.cmp(&zero) {
        std::cmp::Ordering::Less => -1i64,
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => 1,
    };
    result(Number::from(sign), call)
}

fn sum(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(list) = arguments.first() else {
        return Ok(call.unknown());
    };
    let Some(elements) = list.elements() else {
        let message = match list.entries() {
            Some(_) => format!(
                "argument must be list, set, or tuple. Received {}",
                Type::of(list).friendly_name()
            ),
            None => "cannot sum noniterable".to_owned(),
        };
        return Err(call.argument_error(0, message));
    };
    if elements.is_empty() {
        return Err(call.argument_error(0, "cannot sum an empty list"));
    }
    let mut total = Number::from(0i64);
    for element in elements {
        let Ok(Value {
            kind: Kind::Number(number),
            ..
        }) = convert(element, &Type::Number)
        else {
            let message = "argument must be list, set, or tuple of number values";
            return Err(call.argument_error(0, message));
        };
        match arithmetic::add(&total, &number) {
            Some(sum) => total = sum,
            None => return Ok(call.limit()),
        }
    }
    result(total, call)
}

/// Terraform refuses to make more numbers than this.
const LONGEST_RANGE: usize = 1024;

fn range(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (zero, one) = (Number::from(0i64), Number::from(1i64));
    let (start, end) = match arguments.len() {
        1 => (zero.clone(), given(arguments, 0, call)?.clone()),
        2 | 3 => (
            given(arguments, 0, call)?.clone(),
            given(arguments, 1, call)?.clone(),
        ),
        _ => return Err(call.error("must have one, two, or three arguments")),
    };
    let step = match arguments.len() {
        3 => given(arguments, 2, call)?.clone(),
        _ if end < start => arithmetic::negate(&one),
        _ => one,
    };
    if step.is_zero() {
        return Err(call.argument_error(2, "step must not be zero"));
    }
    let down = step < zero;
    if down && end > start {
        let message = "end must be less than start when step is negative";
        return Err(call.argument_error(1, message));
    }
    if !down && end < start {
        let message = "end must be greater than start when step is positive";
        return Err(call.argument_error(1, message));
    }
    let from = call.from();
    let mut numbers = Vec::new();
    let mut next = start;
    while if down { next > end } else { next < end } {
        if numbers.len() >= LONGEST_RANGE {
            return Err(call.error(
                "more than 1024 values were generated; either decrease the difference between start and end or \
                 use a smaller step",
            ));
        }
        let Some(following) = arithmetic::add(&next, &step) else {
            return Ok(call.limit());
        };
        numbers.push(Value::new(Kind::Number(next), from.clone()));
        next = following;
    }
    if !call.afford(numbers.len()) {
        return Ok(call.limit());
    }
    Ok(call.value(Kind::List(numbers.into())))
}
