//! `==` as Terraform has it: values of different types differ, collections are compared member by member.

use crate::eval::value::{Entries, Kind, PathStep, Reason, Unknown, Value};

/// Whether two values are equal; none when that hangs on something unknown.
pub(in crate::eval::terraform) fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (Kind::Unknown(one), Kind::Unknown(other)) if one == other => Some(true),
        (Kind::Unknown(unknown), Kind::Null) | (Kind::Null, Kind::Unknown(unknown)) => {
            is_never_null(unknown).then_some(false)
        }
        (Kind::Unknown(_) | Kind::OneOf(_), _) | (_, Kind::Unknown(_) | Kind::OneOf(_)) => None,
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Bool(one), Kind::Bool(other)) => Some(one == other),
        (Kind::Number(one), Kind::Number(other)) => Some(one == other),
        (Kind::String(one), Kind::String(other)) => Some(one == other),
        (Kind::List(one), Kind::List(other))
        | (Kind::Tuple(one), Kind::Tuple(other))
        | (Kind::Set(one), Kind::Set(other)) => equal_elements(one, other),
        (Kind::Map(one), Kind::Map(other)) | (Kind::Object(one), Kind::Object(other)) => {
            equal_entries(one, other)
        }
        _ => Some(false),
    }
}

fn equal_elements(one: &[Value], other: &[Value]) -> Option<bool> {
    if one.len() != other.len() {
        return Some(false);
    }
    all(one.iter().zip(other).map(|(one, other)| equal(one, other)))
}

fn equal_entries(one: &Entries, other: &Entries) -> Option<bool> {
    if one.open.is_some() || other.open.is_some() {
        return None;
    }
    if one.members.len() != other.members.len() {
        return Some(false);
    }
    all(one
        .members
        .iter()
        .map(|(name, value)| match other.members.get(name) {
            Some(other) => equal(value, other),
            None => Some(false),
        }))
}

/// One difference settles it, whatever is unknown beside it.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

/// The id of a resource is computed, but there always is one.
fn is_never_null(unknown: &Unknown) -> bool {
    let ends_in_id = unknown
        .edge()
        .is_some_and(|edge| matches!(edge.path.last(), Some(PathStep::Attribute(name)) if &**name == "id"));
    ends_in_id && matches!(unknown.reason(), Reason::Computed { .. }) || !unknown.pieces().is_empty()
}
