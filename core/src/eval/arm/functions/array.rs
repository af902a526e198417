//! Functions over arrays, and over texts as rows of characters.

use super::equality::equal;
use super::pieces::known_ends;
use super::table::{ANY, ARRAY, Call, Function, INTEGER, TEXT, Takes, taken};
use crate::eval::error::Evaluated;
use crate::eval::value::{Kind, Value};

const ARRAY_OR_TEXT: Takes = ARRAY.or(TEXT);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("array", &[ANY], array).handling_unknown(),
    Function::new("createArray", &[], create_array)
        .with_rest(ANY)
        .handling_unknown(),
    Function::new("first", &[ARRAY_OR_TEXT], first).handling_unknown(),
    Function::new("flatten", &[ARRAY], flatten),
    Function::new("indexFromEnd", &[ARRAY, INTEGER], index_from_end),
    Function::new("last", &[ARRAY_OR_TEXT], last).handling_unknown(),
    Function::new("range", &[INTEGER, INTEGER], range),
    Function::new("skip", &[ARRAY_OR_TEXT, INTEGER], skip),
    Function::new("take", &[ARRAY_OR_TEXT, INTEGER], take).handling_unknown(),
    Function::new(
        "tryIndexFromEnd",
        &[ARRAY.or(super::table::NULL), INTEGER],
        try_index_from_end,
    ),
];

fn array(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    match &argument.kind {
        Kind::Unknown(unknown) if !unknown.is_scalar() => Ok(call.unknown()),
        _ if argument.elements().is_some() => Ok(argument.clone()),
        _ => call.array(vec![argument.clone()]),
    }
}

fn create_array(call: &Call<'_>) -> Evaluated {
    call.array(call.arguments.to_vec())
}

/// A text as the units that Azure counts.
pub(super) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

/// A part of a text; one that cuts a character in halves is no text that can be told.
pub(super) fn part(units: &[u16], call: &Call<'_>) -> Evaluated {
    match String::from_utf16(units) {
        Ok(text) => call.string(text),
        Err(_) => Ok(call.unsupported()),
    }
}

fn first(call: &Call<'_>) -> Evaluated {
    end(call, true)
}

fn last(call: &Call<'_>) -> Evaluated {
    end(call, false)
}

fn end(call: &Call<'_>, is_first: bool) -> Evaluated {
    let argument = call.argument(0)?;
    if let Some(elements) = argument.elements() {
        let element = if is_first {
            elements.first()
        } else {
            elements.last()
        };
        return Ok(match element {
            Some(element) => taken(element, argument),
            None => call.value(Kind::Null),
        });
    }
    let text = match &argument.kind {
        Kind::String(text) => text,
        Kind::Unknown(unknown) => match known_ends(unknown) {
            (start, _) if is_first && !start.is_empty() => start,
            (_, end) if !is_first && !end.is_empty() => end,
            _ => return Ok(call.unknown()),
        },
        _ => return Ok(call.unknown()),
    };
    let units = units(text);
    let unit = if is_first { units.first() } else { units.last() }.copied();
    part(unit.as_slice(), call)
}

fn flatten(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    let mut flat = Vec::new();
    for element in call.elements(0)? {
        match (&element.kind, element.elements()) {
            (_, Some(elements)) => {
                if !call.afford(elements.len()) {
                    return Ok(call.limit());
                }
                let element = taken(element, argument);
                flat.extend(elements.iter().map(|inner| taken(inner, &element)));
            }
            (Kind::Unknown(_) | Kind::OneOf(_), None) => return Ok(call.unknown()),
            _ => return Err(call.argument_error(0, "must be an array of arrays")),
        }
    }
    call.array(flat)
}

fn from_end<'a>(call: &Call<'a>) -> Result<Option<&'a Value>, crate::eval::error::EvalError> {
    let (elements, index) = (call.elements(0)?, call.integer(1)?);
    if index < 1 {
        return Err(call.argument_error(1, "must be 1 or more: the last element is the first from the end"));
    }
    let place = usize::try_from(index)
        .ok()
        .and_then(|index| elements.len().checked_sub(index));
    Ok(place.and_then(|place| elements.get(place)))
}

fn index_from_end(call: &Call<'_>) -> Evaluated {
    match from_end(call)? {
        Some(element) => Ok(taken(element, call.argument(0)?)),
        None => {
            let count = call.elements(0)?.len();
            let message = format!("is out of range: the array has {count} elements");
            Err(call.argument_error(1, message))
        }
    }
}

fn try_index_from_end(call: &Call<'_>) -> Evaluated {
    let array = call.argument(0)?;
    if array.is_null() {
        return Ok(call.value(Kind::Null));
    }
    Ok(match from_end(call)? {
        Some(element) => taken(element, array),
        None => call.value(Kind::Null),
    })
}

/// The most elements that `range` makes, and the highest number that it may reach.
const LONGEST_RANGE: i64 = 10_000;
const HIGHEST_IN_RANGE: i64 = 2_147_483_647;

fn range(call: &Call<'_>) -> Evaluated {
    let (start, count) = (call.integer(0)?, call.integer(1)?);
    if !(0..=LONGEST_RANGE).contains(&count) {
        return Err(call.argument_error(1, format!("must be between 0 and {LONGEST_RANGE}")));
    }
    if start.checked_add(count).is_none_or(|end| end > HIGHEST_IN_RANGE) {
        let message = format!("the sum of its arguments must not be greater than {HIGHEST_IN_RANGE}");
        return Err(call.error(message));
    }
    if !call.afford(usize::try_from(count).unwrap_or(0)) {
        return Ok(call.limit());
    }
    let from = call.from();
    let number = |number: i64| Value::new(Kind::Number(number.into()), from.clone());
    let numbers = (start..start + count).map(number);
    Ok(Value::new(Kind::Tuple(numbers.collect()), from.clone()))
}

/// A number of elements or units; less than none is none.
fn count(call: &Call<'_>, index: usize) -> Result<usize, crate::eval::error::EvalError> {
    Ok(usize::try_from(call.integer(index)?.max(0)).unwrap_or(usize::MAX))
}

fn skip(call: &Call<'_>) -> Evaluated {
    let count = count(call, 1)?;
    if let Kind::String(text) = &call.argument(0)?.kind {
        let units = units(text);
        return part(units.get(count..).unwrap_or_default(), call);
    }
    call.array(call.taken_elements(0)?.into_iter().skip(count).collect())
}

fn take(call: &Call<'_>) -> Evaluated {
    let argument = call.argument(0)?;
    if matches!(call.argument(1)?.kind, Kind::Unknown(_) | Kind::OneOf(_)) {
        return Ok(call.unknown());
    }
    let count = count(call, 1)?;
    match &argument.kind {
        Kind::String(text) => {
            let units = units(text);
            part(units.get(..count).unwrap_or(&units), call)
        }
        Kind::Unknown(unknown) => {
            let units = units(known_ends(unknown).0);
            match units.get(..count) {
                Some(known) if !units.is_empty() => part(known, call),
                _ if unknown.is_scalar() => Ok(Value::unknown(call.derived("").scalar(), call.from())),
                _ => Ok(call.unknown()),
            }
        }
        Kind::OneOf(_) => Ok(call.unknown()),
        _ => call.array(call.taken_elements(0)?.into_iter().take(count).collect()),
    }
}

/// The place of the first, or last, element that equals the item; `Err` when that hangs on an unknown.
pub(super) fn position(elements: &[Value], item: &Value, is_first: bool) -> Result<Option<usize>, ()> {
    let count = elements.len();
    for step in 0..count {
        let place = if is_first { step } else { count - 1 - step };
        match elements.get(place).map(|element| equal(element, item)) {
            Some(Some(true)) => return Ok(Some(place)),
            Some(None) => return Err(()),
            _ => {}
        }
    }
    Ok(None)
}
