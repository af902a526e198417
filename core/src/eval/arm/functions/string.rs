//! Functions over texts.

use super::array::{part, units};
use super::composite_format;
use super::equality::{lower, upper};
use super::json_read;
use super::json_write::{self, Quotes};
use super::pieces::{Pieces, plain_text};
use super::table::{ANY, ARRAY, Call, Function, INTEGER, TEXT};
use crate::eval::arm::names;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Kind, Piece, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("any", &[ANY], |call| call.argument(0).cloned()).handling_unknown(),
    Function::new("fail", &[TEXT], fail),
    Function::new("format", &[TEXT], composite_format::format)
        .with_rest(ANY)
        .handling_unknown()
        .giving_scalar(),
    Function::new("join", &[ARRAY, TEXT], join)
        .handling_unknown()
        .giving_scalar(),
    Function::new("json", &[TEXT], json),
    Function::new("padLeft", &[TEXT.or(INTEGER), INTEGER, TEXT], pad_left)
        .optional(1)
        .giving_scalar(),
    Function::new("replace", &[TEXT, TEXT, TEXT], replace).giving_scalar(),
    Function::new("split", &[TEXT, TEXT.or(ARRAY)], split)
        .looking_inside()
        .handling_unknown(),
    Function::new("string", &[ANY], string)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("substring", &[TEXT, INTEGER, INTEGER], substring)
        .optional(1)
        .giving_scalar(),
    Function::new("toLower", &[TEXT], |call| {
        call.string(call.text(0)?.chars().map(lower).collect::<String>())
    })
    .giving_scalar(),
    Function::new("toUpper", &[TEXT], |call| {
        call.string(call.text(0)?.chars().map(upper).collect::<String>())
    })
    .giving_scalar(),
    Function::new("trim", &[TEXT], |call| call.string(call.text(0)?.trim())).giving_scalar(),
];

fn fail(call: &Call<'_>) -> Evaluated {
    Err(EvalError::new(call.text(0)?, call.context.span))
}

fn join(call: &Call<'_>) -> Evaluated {
    let (Some(elements), delimiter) = (call.argument(0)?.elements(), call.argument(1)?) else {
        return Ok(call.unknown());
    };
    let mut pieces = Pieces::new(call);
    for (index, element) in elements.iter().enumerate() {
        for value in [(index > 0).then_some(delimiter), Some(element)]
            .into_iter()
            .flatten()
        {
            match (&value.kind, plain_text(value)) {
                (_, Some(text)) => pieces.push(&text),
                (Kind::Unknown(unknown), _) => pieces.push_unknown(unknown),
                (Kind::OneOf(_), _) => return Ok(call.unknown()),
                _ => return Err(call.argument_error(0, "must be an array of strings")),
            }
        }
    }
    pieces.finished(call)
}

fn json(call: &Call<'_>) -> Evaluated {
    json_read::value(call.text(0)?, call)
}

/// Longer texts are not padded.
const LONGEST_PADDED: i64 = 100_000;

fn pad_left(call: &Call<'_>) -> Evaluated {
    let text = plain_text(call.argument(0)?).unwrap_or_default();
    let length = call.integer(1)?;
    let padding = match call.arguments.get(2) {
        Some(_) => call.text(2)?,
        None => " ",
    };
    let mut letters = padding.chars();
    let (Some(letter), None) = (letters.next(), letters.next()) else {
        return Err(call.argument_error(2, "must be one character"));
    };
    if length < 0 {
        return Err(call.argument_error(1, "must not be negative"));
    }
    if length > LONGEST_PADDED {
        return Ok(call.limit());
    }
    let missing = usize::try_from(length)
        .unwrap_or(0)
        .saturating_sub(units(&text).len());
    let mut padded = String::from(letter).repeat(missing);
    padded.push_str(&text);
    call.string(padded)
}

fn replace(call: &Call<'_>) -> Evaluated {
    let (text, old, new) = (call.text(0)?, call.text(1)?, call.text(2)?);
    if old.is_empty() {
        return Err(call.argument_error(1, "must not be empty"));
    }
    let growth = new.len().saturating_mul(text.matches(old).count());
    if growth as u64 > call.context.budget.text.get() {
        return Ok(call.limit());
    }
    call.string(text.replace(old, new))
}

fn split(call: &Call<'_>) -> Evaluated {
    let (text, delimiters) = (call.argument(0)?, call.argument(1)?);
    if !text.is_wholly_known() || !delimiters.is_wholly_known() {
        let is_id = matches!(&text.kind, Kind::Unknown(unknown) if is_id(unknown));
        return Ok(match is_id && delimiters.as_str() == Some("/") {
            true => {
                let parts = names::segments(text, call.context.span);
                Value::new(Kind::Tuple(parts.into()), call.from())
            }
            false => call.unknown(),
        });
    }
    let text = call.text(0)?;
    let delimiters: Vec<&str> = match call.argument(1)?.elements() {
        Some(elements) => {
            let texts: Option<Vec<&str>> = elements.iter().map(Value::as_str).collect();
            texts.ok_or_else(|| call.argument_error(1, "must be an array of strings"))?
        }
        None => vec![call.text(1)?],
    };
    if delimiters.is_empty() {
        return Ok(call.unsupported());
    }
    // An empty delimiter stands nowhere.
    let delimiters: Vec<&str> = delimiters.into_iter().filter(|text| !text.is_empty()).collect();
    if !call.context.budget.spend_text(text.len()) || !call.afford(text.len() / 64 * delimiters.len()) {
        return Ok(call.limit());
    }
    let from = call.from();
    let piece = |piece: &str| Value::string(piece, from.clone());
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        match delimiters.iter().find(|delimiter| rest.starts_with(**delimiter)) {
            Some(delimiter) => {
                pieces.push(piece(text.get(start..at).unwrap_or_default()));
                at += delimiter.len();
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    pieces.push(piece(text.get(start..).unwrap_or_default()));
    if !call.afford(pieces.len()) {
        return Ok(call.limit());
    }
    Ok(Value::new(Kind::Tuple(pieces.into()), from.clone()))
}

/// Whether the text is a resource id, of which each unknown part is the name of something.
fn is_id(unknown: &Unknown) -> bool {
    match unknown.pieces().first() {
        Some(Piece::Text(start)) => start.starts_with("/subscriptions/"),
        _ => false,
    }
}

fn string(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    if let Kind::Unknown(unknown) = &argument.kind {
        // A text is its own text.
        return Ok(match unknown.pieces().is_empty() {
            true => call.unknown(),
            false => argument.clone(),
        });
    }
    if !argument.is_wholly_known() {
        return Ok(call.unknown());
    }
    if let Some(text) = plain_text(argument) {
        return call.string(text);
    }
    if argument.is_null() {
        return Ok(call.unsupported());
    }
    match json_write::text(argument, Quotes::Double, call) {
        Some(text) => call.string(text),
        None => Ok(call.unsupported()),
    }
}

fn substring(call: &Call<'_>) -> Evaluated {
    let units = units(call.text(0)?);
    let start = call.integer(1)?;
    let length = match call.arguments.get(2) {
        Some(_) => Some(call.integer(2)?),
        None => None,
    };
    let found = usize::try_from(start).ok().and_then(|start| match length {
        Some(length) => {
            let end = usize::try_from(length).ok()?.checked_add(start)?;
            units.get(start..end)
        }
        None => units.get(start..),
    });
    match found {
        Some(found) => part(found, call),
        None => {
            let length = length.map_or_else(|| "the rest".to_owned(), |length| length.to_string());
            Err(call.error(format!(
                "the start {start} and the length {length} must lie within the string, which has {} characters",
                units.len()
            )))
        }
    }
}
