//! Where the results of functions come from.

use super::provenance::Provenance;
use super::value::{Kind, Value};
use crate::source::Span;

/// Deeper parts of a value do not add to the provenance of a result.
const DEPTH: usize = 64;

/// A member that a result takes over from an argument: it comes from where it was written, by way of the
/// argument.
pub(in crate::eval) fn taken(member: &Value, argument: &Value) -> Value {
    Value::new(member.kind.clone(), member.from.through(&argument.from))
}

/// The provenance of a computed result: the call, then the places outside it that the arguments come from.
pub(in crate::eval) fn computed(span: Span, arguments: &[Value]) -> Provenance {
    let mut parts = Vec::new();
    for argument in arguments {
        collect(argument, 0, &mut parts);
    }
    Provenance::computed(span, parts)
}

fn collect<'a>(value: &'a Value, depth: usize, parts: &mut Vec<&'a Provenance>) {
    // More parts than a provenance has steps cannot all be told anyway.
    if depth > DEPTH || parts.len() >= 4 * Provenance::MAXIMUM {
        return;
    }
    parts.push(&value.from);
    match &value.kind {
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            for element in elements.iter() {
                collect(element, depth + 1, parts);
            }
        }
        Kind::Map(entries) | Kind::Object(entries) => {
            for member in entries.members.values() {
                collect(member, depth + 1, parts);
            }
        }
        Kind::OneOf(one_of) => {
            collect(&one_of.yes, depth + 1, parts);
            collect(&one_of.no, depth + 1, parts);
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
}
