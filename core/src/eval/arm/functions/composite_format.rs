//! `format`, with the composite format strings of .NET: `{index[,width][:format]}`.

use super::array::units;
use super::format_number;
use super::json_write::{self, Quotes};
use super::pieces::{Pieces, plain_text};
use super::table::Call;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Kind, Unknown, Value};

/// `{2,-10:N0}`
struct Item<'a> {
    index: usize,
    /// At least so many characters, with the spaces on the right when it is negative.
    width: i32,
    format: &'a str,
}

/// Wider items are not made.
const WIDEST: i32 = 100_000;

pub(super) fn format(call: &Call<'_>) -> Evaluated {
    let template = match &call.argument(0)?.kind {
        Kind::String(template) => template,
        _ => return Ok(call.unknown()),
    };
    let malformed = |message: &str| call.argument_error(0, format!("is no format string: {message}"));
    let mut pieces = Pieces::new(call);
    let mut rest: &str = template;
    while let Some(brace) = rest.find(['{', '}']) {
        let (text, after) = rest.split_at(brace);
        pieces.push(text);
        if let Some(after) = after.strip_prefix("{{") {
            pieces.push("{");
            rest = after;
        } else if let Some(after) = after.strip_prefix("}}") {
            pieces.push("}");
            rest = after;
        } else if let Some(inside) = after.strip_prefix('{') {
            let end = inside.find(['{', '}']);
            let (Some(end), true) = (end, end.is_some_and(|end| inside[end..].starts_with('}'))) else {
                return Err(malformed("a `{` is not closed"));
            };
            let item = item(&inside[..end])
                .ok_or_else(|| malformed(&format!("`{{{}}}` is no placeholder", &inside[..end])))?;
            if !put(&item, &mut pieces, call)? {
                return Ok(call.unsupported());
            }
            rest = &inside[end + 1..];
        } else {
            return Err(malformed("a `}` closes nothing"));
        }
    }
    pieces.push(rest);
    pieces.finished(call)
}

fn item(text: &str) -> Option<Item<'_>> {
    let (head, format) = text.split_once(':').unwrap_or((text, ""));
    let (index, width) = head.split_once(',').unwrap_or((head, "0"));
    // Spaces may stand after the index and around the width.
    let index = index.trim_end_matches(' ');
    let is_index = !index.is_empty() && index.bytes().all(|digit| digit.is_ascii_digit());
    let width = width.trim_matches(' ');
    let digits = width.strip_prefix('-').unwrap_or(width);
    let is_width = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_index || !is_width {
        return None;
    }
    let width = width.parse().ok().filter(|width: &i32| width.abs() <= WIDEST)?;
    let index = index.parse().ok()?;
    Some(Item { index, width, format })
}

/// Adds an argument as its item wants it. False when that is not known here.
fn put(item: &Item<'_>, pieces: &mut Pieces, call: &Call<'_>) -> Result<bool, EvalError> {
    let missing = || {
        let message = format!(
            "is no format string: there is no argument for `{{{}}}`",
            item.index
        );
        call.argument_error(0, message)
    };
    let place = item.index.checked_add(1).ok_or_else(missing)?;
    let argument = call.arguments.get(place).ok_or_else(missing)?;
    let text = match &argument.kind {
        Kind::Unknown(unknown) => {
            let plain = item.width == 0 && item.format.is_empty();
            let shown = match plain {
                true => Some(unknown.clone()),
                false => Unknown::derived(("format", item.width, item.format), [unknown]),
            };
            pieces.push_unknown(&shown.unwrap_or_else(|| unknown.clone()));
            return Ok(true);
        }
        Kind::OneOf(_) => return Ok(false),
        Kind::Null => String::new(),
        Kind::Number(number) => match format_number::formatted(number, item.format) {
            Ok(text) => text,
            Err(format_number::Refusal::Unsupported) => return Ok(false),
            Err(format_number::Refusal::Invalid) => {
                let message = format!("is no format string: `{}` formats no number", item.format);
                return Err(call.argument_error(0, message));
            }
        },
        _ => match shown(argument, pieces, call) {
            Shown::Text(text) => text,
            Shown::Done => return Ok(true),
            Shown::Unsupported => return Ok(false),
        },
    };
    let spaces = usize::try_from(item.width.unsigned_abs())
        .unwrap_or(0)
        .saturating_sub(units(&text).len());
    let spaces = " ".repeat(spaces);
    if item.width >= 0 {
        pieces.push(&spaces);
    }
    pieces.push(&text);
    if item.width < 0 {
        pieces.push(&spaces);
    }
    Ok(true)
}

enum Shown {
    Text(String),
    /// It was put into the pieces.
    Done,
    Unsupported,
}

/// Texts and truth values have no formats; arrays and objects are JSON with single quotes.
fn shown(argument: &Value, pieces: &mut Pieces, call: &Call<'_>) -> Shown {
    if let Some(text) = plain_text(argument) {
        return Shown::Text(text.to_string());
    }
    if !argument.is_wholly_known() {
        pieces.push_unknown(&call.derived("argument"));
        return Shown::Done;
    }
    match json_write::text(argument, Quotes::Single, call) {
        Some(text) => Shown::Text(text),
        None => Shown::Unsupported,
    }
}
