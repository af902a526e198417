//! Functions that look for something in an array, an object or a text, and that count.

use super::array::{position, units};
use super::equality::{equal, folded};
use super::object::{Member, member};
use super::pieces::{known_ends, known_parts, plain_text};
use super::table::{ANY, ARRAY, Call, Function, NULL, OBJECT, TEXT};
use crate::eval::error::Evaluated;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("contains", &[ARRAY.or(OBJECT).or(TEXT), ANY], contains)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("empty", &[ARRAY.or(OBJECT).or(TEXT).or(NULL)], empty)
        .handling_unknown()
        .giving_scalar(),
    Function::new("endsWith", &[TEXT, TEXT], ends_with)
        .handling_unknown()
        .giving_scalar(),
    Function::new("indexOf", &[TEXT.or(ARRAY), ANY], index_of)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("lastIndexOf", &[TEXT.or(ARRAY), ANY], last_index_of)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("length", &[ARRAY.or(OBJECT).or(TEXT)], length)
        .handling_unknown()
        .giving_scalar(),
    Function::new("startsWith", &[TEXT, TEXT], starts_with)
        .handling_unknown()
        .giving_scalar(),
];

fn contains(call: &Call<'_>) -> Evaluated {
    let (container, item) = (call.argument(0)?, call.argument(1)?);
    if let Some(elements) = container.elements() {
        let mut is_certain = true;
        for element in elements {
            match equal(element, item) {
                Some(true) => return call.bool(true),
                Some(false) => {}
                None => is_certain = false,
            }
        }
        return match is_certain {
            true => call.bool(false),
            false => Ok(call.unknown()),
        };
    }
    if matches!(item.kind, Kind::Unknown(_) | Kind::OneOf(_)) {
        return match &container.kind {
            Kind::Object(entries) if entries.members.is_empty() && entries.open.is_none() => call.bool(false),
            _ => Ok(call.unknown()),
        };
    }
    let Some(wanted) = plain_text(item) else {
        return match &container.kind {
            // It may be an array.
            Kind::Unknown(unknown) if unknown.pieces().is_empty() => Ok(call.unknown()),
            Kind::OneOf(_) => Ok(call.unknown()),
            _ => {
                let message = "must be a string when it is looked for in a string or an object";
                Err(call.argument_error(1, message))
            }
        };
    };
    if let Some(entries) = container.entries() {
        return match member(entries, &wanted) {
            Member::Found(_) => call.bool(true),
            Member::Missing => call.bool(false),
            Member::Unknown(_) => Ok(call.unknown()),
        };
    }
    match &container.kind {
        Kind::String(text) => call.bool(text.contains(&*wanted)),
        Kind::Unknown(unknown) if known_parts(unknown).any(|part| part.contains(&*wanted)) => call.bool(true),
        _ => Ok(call.unknown()),
    }
}

fn empty(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    if let Some(elements) = argument.elements() {
        return call.bool(elements.is_empty());
    }
    if let Some(entries) = argument.entries() {
        return match (entries.members.is_empty(), &entries.open) {
            (true, Some(_)) => Ok(call.unknown()),
            (is_empty, _) => call.bool(is_empty),
        };
    }
    match &argument.kind {
        Kind::Null => call.bool(true),
        Kind::String(text) => call.bool(text.is_empty()),
        Kind::Unknown(unknown) if known_parts(unknown).any(|part| !part.is_empty()) => call.bool(false),
        _ => Ok(call.unknown()),
    }
}

fn length(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    let count = match (&argument.kind, argument.elements(), argument.entries()) {
        (_, Some(elements), _) => elements.len(),
        (.., Some(entries)) if entries.open.is_none() => entries.members.len(),
        (Kind::String(text), ..) => units(text).len(),
        _ => return Ok(call.unknown()),
    };
    call.number(i64::try_from(count).unwrap_or(i64::MAX))
}

fn starts_with(call: &Call<'_>) -> Evaluated {
    at_end(call, true)
}

fn ends_with(call: &Call<'_>) -> Evaluated {
    at_end(call, false)
}

/// Whether a text starts, or ends, with another. What is known of the text may settle it.
fn at_end(call: &Call<'_>, is_start: bool) -> Evaluated {
    let (Kind::String(_) | Kind::Unknown(_), Kind::String(wanted)) =
        (&call.argument(0)?.kind, &call.argument(1)?.kind)
    else {
        return Ok(call.unknown());
    };
    let wanted = folded(wanted);
    let matches = |text: &str| match is_start {
        true => text.starts_with(&*wanted),
        false => text.ends_with(&*wanted),
    };
    let unknown = match &call.argument(0)?.kind {
        Kind::String(text) => return call.bool(matches(&folded(text))),
        Kind::Unknown(unknown) => unknown,
        _ => return Ok(call.unknown()),
    };
    let (start, end) = known_ends(unknown);
    let known = folded(if is_start { start } else { end });
    if matches(&known) {
        return call.bool(true);
    }
    // The known part is shorter than what is wanted; it may still differ from its part.
    let may_match = match is_start {
        true => wanted.starts_with(&*known),
        false => wanted.ends_with(&*known),
    };
    match may_match {
        true => Ok(call.unknown()),
        false => call.bool(false),
    }
}

fn index_of(call: &Call<'_>) -> Evaluated {
    place(call, true)
}

fn last_index_of(call: &Call<'_>) -> Evaluated {
    place(call, false)
}

fn place(call: &Call<'_>, is_first: bool) -> Evaluated {
    let (container, item) = (call.argument(0)?, call.argument(1)?);
    let found = match (&container.kind, &item.kind) {
        (Kind::String(text), Kind::String(wanted)) => text_place(text, wanted, is_first),
        (Kind::String(_), Kind::Unknown(_) | Kind::OneOf(_)) => return Ok(call.unknown()),
        (Kind::String(_), _) => return Err(call.argument_error(1, "must be a string")),
        _ => {
            let Some(elements) = container.elements() else {
                return Ok(call.unknown());
            };
            match position(elements, item, is_first) {
                Ok(found) => found,
                Err(()) => return Ok(call.unknown()),
            }
        }
    };
    call.number(found.and_then(|place| i64::try_from(place).ok()).unwrap_or(-1))
}

/// Where a text stands in another, in units, whatever its case.
fn text_place(text: &str, wanted: &str, is_first: bool) -> Option<usize> {
    // Each character is folded to one of as many units, so that places stay what they are.
    let (folded_text, wanted) = (folded(text), folded(wanted));
    let found = match is_first {
        true => folded_text.find(&*wanted),
        false => folded_text.rfind(&*wanted),
    }?;
    folded_text.get(..found).map(|before| units(before).len())
}

/// Whether the value is one of these, when that can be told.
pub(super) fn is_among(elements: &[Value], item: &Value) -> Option<bool> {
    let mut answer = Some(false);
    for element in elements {
        match equal(element, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}
