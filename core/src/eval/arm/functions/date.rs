//! Functions over points in time.

use super::date_format::{self, Refusal};
use super::date_time::{DateTime, duration};
use super::table::{Call, Function, INTEGER, TEXT};
use crate::eval::error::{EvalError, Evaluated};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("dateTimeAdd", &[TEXT, TEXT, TEXT], date_time_add)
        .optional(1)
        .giving_scalar(),
    Function::new("dateTimeFromEpoch", &[INTEGER], date_time_from_epoch).giving_scalar(),
    Function::new("dateTimeToEpoch", &[TEXT], date_time_to_epoch).giving_scalar(),
];

/// How a point in time is written when nothing else is asked for.
const ISO: &str = "yyyy-MM-ddTHH:mm:ssZ";

fn time(call: &Call<'_>) -> Result<DateTime, EvalError> {
    let text = call.text(0)?;
    DateTime::parse(text).ok_or_else(|| {
        call.argument_error(
            0,
            format!("is no point in time in the format of ISO 8601: '{text}'"),
        )
    })
}

fn date_time_add(call: &Call<'_>) -> Evaluated {
    let (time, added) = (time(call)?, call.text(1)?);
    let added = duration(added).ok_or_else(|| {
        call.argument_error(1, format!("is no duration in the format of ISO 8601: '{added}'"))
    })?;
    let later = time
        .later(added)
        .ok_or_else(|| call.error("the result is no date of the years 1 to 9999"))?;
    if call.arguments.len() < 3 {
        return plain(later, call);
    }
    let format = call.text(2)?;
    match date_format::formatted(later, format) {
        Ok(text) => call.string(text),
        Err(Refusal::Unsupported) => Ok(call.unsupported()),
        Err(Refusal::Invalid) => Err(call.argument_error(2, format!("formats no date: '{format}'"))),
    }
}

/// How fractions of seconds are written is nowhere said.
fn plain(time: DateTime, call: &Call<'_>) -> Evaluated {
    if time.fields().ticks != 0 {
        return Ok(call.unsupported());
    }
    match date_format::formatted(time, ISO) {
        Ok(text) => call.string(text),
        Err(_) => Ok(call.unsupported()),
    }
}

fn date_time_from_epoch(call: &Call<'_>) -> Evaluated {
    match DateTime::from_seconds(call.integer(0)?) {
        Some(time) => plain(time, call),
        None => Err(call.argument_error(0, "is no date of the years 1 to 9999")),
    }
}

fn date_time_to_epoch(call: &Call<'_>) -> Evaluated {
    call.number(time(call)?.seconds())
}
