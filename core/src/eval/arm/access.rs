//! Members and elements of values.

use std::sync::Arc;

use super::functions;
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
pub(super) use crate::eval::origin::taken;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Entries, Kind, PathStep, Unknown, Value};
use crate::source::Span;

/// `value.name`; names are the same in any case.
pub(super) fn member(value: &Value, name: &Arc<str>, is_safe: bool, span: Span) -> Evaluated {
    choice::map(value, &mut |value| match &value.kind {
        Kind::Object(entries) | Kind::Map(entries) => entry(value, entries, name, is_safe, span),
        Kind::Unknown(unknown) => {
            let step = PathStep::Attribute(name.clone());
            Ok(Value::unknown(unknown.step(step, span), value.from.clone()))
        }
        Kind::Null if is_safe => Ok(value.clone()),
        _ => Err(EvalError::new(
            format!("There is no property '{name}': this is no object."),
            span,
        )),
    })
}

fn entry(value: &Value, entries: &Entries, name: &Arc<str>, is_safe: bool, span: Span) -> Evaluated {
    if let Some(found) = find(entries, name) {
        return Ok(taken(found, value));
    }
    if let Some(open) = &entries.open {
        let step = PathStep::Attribute(name.clone());
        return Ok(Value::unknown(open.step(step, span), value.from.clone()));
    }
    if is_safe {
        let from = Provenance::computed(span, [&value.from]);
        return Ok(Value::new(Kind::Null, from));
    }
    Err(EvalError::new(
        format!("The object has no property '{name}'."),
        span,
    ))
}

/// The member of a name, whatever its case.
pub(super) fn find<'v>(entries: &'v Entries, name: &str) -> Option<&'v Value> {
    match functions::member(entries, name) {
        functions::Member::Found(found) => Some(found),
        functions::Member::Missing | functions::Member::Unknown(_) => None,
    }
}

/// `value[index]`, from the end when that is asked for.
pub(super) fn element(value: &Value, index: &Value, form: IndexForm, span: Span) -> Evaluated {
    choice::map_pair(
        value,
        index,
        &mut |value, index| match (&value.kind, &index.kind) {
            (Kind::Null, _) if form.is_safe => Ok(value.clone()),
            (Kind::Object(_) | Kind::Map(_), Kind::String(name)) => member(value, name, form.is_safe, span),
            (Kind::Unknown(unknown), Kind::String(name)) => {
                let step = PathStep::Attribute(name.clone());
                Ok(Value::unknown(unknown.step(step, span), value.from.clone()))
            }
            (Kind::Unknown(unknown), Kind::Number(number)) if !form.is_from_end => match number.as_u64() {
                Some(number) => {
                    let step = PathStep::Index(number);
                    Ok(Value::unknown(unknown.step(step, span), value.from.clone()))
                }
                None => Err(EvalError::new("An index is a whole number from 0.", span)),
            },
            (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => Ok(unknown_element(value, index, form, span)),
            (Kind::Tuple(elements) | Kind::List(elements), Kind::Number(number)) => {
                let position = number.as_u64().and_then(|number| usize::try_from(number).ok());
                let position = match form.is_from_end {
                    true => position.and_then(|position| elements.len().checked_sub(position)),
                    false => position,
                };
                match position.and_then(|position| elements.get(position)) {
                    Some(found) => Ok(taken(found, value)),
                    None if form.is_safe => {
                        let from = Provenance::computed(span, [&value.from]);
                        Ok(Value::new(Kind::Null, from))
                    }
                    None => Err(EvalError::new(
                        format!(
                            "The array has {} elements; this index is outside.",
                            elements.len()
                        ),
                        span,
                    )),
                }
            }
            _ => Err(EvalError::new("This value has no such element.", span)),
        },
    )
}

#[derive(Clone, Copy)]
pub(super) struct IndexForm {
    pub(super) is_safe: bool,
    pub(super) is_from_end: bool,
}

fn unknown_element(value: &Value, index: &Value, form: IndexForm, span: Span) -> Value {
    let from = Provenance::computed(span, [&value.from, &index.from]);
    let operands = [value, index];
    let known: Vec<u64> = operands.iter().map(|operand| operand.content_hash()).collect();
    let unknowns = operands.iter().filter_map(|operand| operand.first_unknown());
    match Unknown::derived(("[]", form.is_from_end, known), unknowns) {
        Some(unknown) => Value::unknown(unknown, from),
        None => Value::new(Kind::Null, from),
    }
}
