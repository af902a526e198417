//! `formatdate`, `timeadd`, `timecmp`, and the functions whose answer is the time of the run.

use std::cmp::Ordering;

use super::encoding::quoted;
use super::operands::text;
use super::table::{Call, Function, string};
use super::timestamp::{Clock, Timestamp, duration};
use crate::eval::calendar_names::{DAYS, MONTHS};
use crate::eval::error::EvalError;
use crate::eval::number::Number;
use crate::eval::value::{Kind, Reason, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("formatdate", &[string("format"), string("time")], formatdate).giving_scalar(),
    Function::new("plantimestamp", &[], known_later).giving_scalar(),
    Function::new("timeadd", &[string("timestamp"), string("duration")], timeadd).giving_scalar(),
    Function::new(
        "timecmp",
        &[string("timestamp_a"), string("timestamp_b")],
        timecmp,
    )
    .giving_scalar(),
    Function::new("timestamp", &[], known_later).giving_scalar(),
];

/// The result of a function that gives another answer at each run.
pub(super) fn known_later(_arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let what = format!("{}()", call.function.name);
    let unknown = Unknown::new(Reason::Computed { what }, call.context.span);
    Ok(Value::unknown(unknown, call.from()))
}

fn timestamp(arguments: &[Value], index: usize, call: &Call<'_>) -> Result<Timestamp, EvalError> {
    Timestamp::parse(text(arguments, index, call)?).map_err(|message| call.argument_error(index, message))
}

fn timeadd(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let timestamp = Timestamp::parse(text(arguments, 0, call)?).map_err(|message| call.error(message))?;
    let duration = duration(text(arguments, 1, call)?).map_err(|message| call.error(message))?;
    call.string(timestamp.later(duration).text())
}

fn timecmp(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (first, second) = (timestamp(arguments, 0, call)?, timestamp(arguments, 1, call)?);
    let instant = |timestamp: Timestamp| (timestamp.seconds, timestamp.nanoseconds);
    let order: i64 = match instant(first).cmp(&instant(second)) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    Ok(call.value(Kind::Number(Number::from(order))))
}

fn formatdate(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let format = text(arguments, 0, call)?;
    let timestamp = timestamp(arguments, 1, call)?;
    let clock = timestamp.clock();
    let mut output = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        if letter == '\'' {
            let (literal, after) =
                literal(rest).ok_or_else(|| call.argument_error(0, "unterminated literal '"))?;
            output.push_str(&literal);
            rest = after;
        } else if letter.is_ascii_alphabetic() {
            let end = rest.find(|next| next != letter).unwrap_or(rest.len());
            let (verb, after) = rest.split_at(end);
            let text = formatted(verb, letter, &clock, timestamp).map_err(|wanted| {
                let message = format!("invalid date format verb {}{wanted}", quoted(verb));
                call.argument_error(0, message)
            })?;
            output.push_str(&text);
            rest = after;
        } else {
            output.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    call.string(output)
}

/// A text in single quotes, in which two are one, and what follows it. Two alone are one as well.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    if let Some(rest) = rest.strip_prefix('\'') {
        return Some(("'".to_owned(), rest));
    }
    let mut output = String::new();
    loop {
        let (before, after) = rest.split_once('\'')?;
        output.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                output.push('\'');
                rest = after;
            }
            None => return Some((output, after)),
        }
    }
}

/// The text of a verb; the error is what Terraform says about such a verb.
fn formatted(verb: &str, letter: char, clock: &Clock, timestamp: Timestamp) -> Result<String, String> {
    let one_or_two = |number: i64, what: &str| match verb.len() {
        1 => Ok(number.to_string()),
        2 => Ok(format!("{number:02}")),
        _ => Err(format!(
            ": {what} must either be \"{letter}\" or \"{letter}{letter}\""
        )),
    };
    let name = |names: &'static [&'static str], index: i64| {
        usize::try_from(index)
            .ok()
            .and_then(|index| names.get(index))
            .copied()
            .unwrap_or("")
    };
    let short = |name: &'static str| name.get(..3).unwrap_or(name).to_owned();
    let half_day = if clock.hour < 12 { "AM" } else { "PM" };
    match (letter, verb.len()) {
        ('Y', 2) => Ok(format!("{:02}", clock.year % 100)),
        ('Y', 4) => Ok(format!("{:04}", clock.year)),
        ('Y', _) => Err(": year must either be \"YY\" or \"YYYY\"".to_owned()),
        ('M', 1 | 2) => one_or_two(clock.month, "month"),
        ('M', 3) => Ok(short(name(&MONTHS, clock.month - 1))),
        ('M', 4) => Ok(name(&MONTHS, clock.month - 1).to_owned()),
        ('M', _) => Err(": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\"".to_owned()),
        ('D', _) => one_or_two(clock.day, "day of month"),
        ('E', 3) => Ok(short(name(&DAYS, clock.weekday))),
        ('E', 4) => Ok(name(&DAYS, clock.weekday).to_owned()),
        ('E', _) => Err(": day of week must either be \"EEE\" or \"EEEE\"".to_owned()),
        ('h', _) => one_or_two(clock.hour, "24-hour"),
        ('H', _) => one_or_two((clock.hour + 11) % 12 + 1, "12-hour"),
        ('A', 2) => Ok(half_day.to_owned()),
        ('a', 2) => Ok(half_day.to_ascii_lowercase()),
        ('A' | 'a', _) => Err(format!(": must be \"{letter}{letter}\"")),
        ('m', _) => one_or_two(clock.minute, "minute"),
        ('s', _) => one_or_two(clock.second, "second"),
        ('Z', 1) if timestamp.offset == 0 => Ok("Z".to_owned()),
        ('Z', 3) if timestamp.offset == 0 => Ok("UTC".to_owned()),
        ('Z', 1 | 5) => Ok(timestamp.offset_text(":")),
        ('Z', 3 | 4) => Ok(timestamp.offset_text("")),
        ('Z', _) => Err(": timezone must be Z, ZZZZ, or ZZZZZ".to_owned()),
        _ => Err(String::new()),
    }
}
