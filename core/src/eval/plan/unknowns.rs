//! Looking into what a plan says is unknown, or secret: it has the shape of the values.

use super::document::Planned;
use crate::eval::value::PathStep;
use crate::syntax::raw_json::{RawJson, RawKind};

/// How many steps of a path lead to something unknown; none when the attribute is known.
pub(super) fn unknown_depth(unknown: RawJson<'_>, path: &[PathStep]) -> Option<usize> {
    let mut at = unknown;
    for (depth, step) in path.iter().enumerate() {
        if at.is_true() {
            return Some(depth);
        }
        at = match step {
            PathStep::Attribute(name) | PathStep::Key(name) => at.member(name)?,
            PathStep::Index(index) => at.elements().nth(usize::try_from(*index).ok()?)?,
        };
    }
    at.is_true().then_some(path.len())
}

pub(super) fn has_member(planned: &Planned<'_>, step: &PathStep) -> bool {
    let PathStep::Attribute(name) = step else {
        return false;
    };
    let parts = [planned.unknown, planned.after];
    parts.iter().flatten().any(|part| part.member(name).is_some())
}

/// Whether what is unknown at a path is a list or a map: then what is secret of it has that shape.
pub(super) fn is_collection(sensitive: Option<RawJson<'_>>, path: &[PathStep]) -> bool {
    let found = path.iter().try_fold(sensitive, |at, step| {
        let at = at?;
        Some(match step {
            PathStep::Attribute(name) | PathStep::Key(name) => at.member(name),
            PathStep::Index(index) => at.elements().nth(usize::try_from(*index).ok()?),
        })
    });
    let kind = found.flatten().map(RawJson::kind);
    matches!(kind, Some(RawKind::Array | RawKind::Object))
}

const DEPTH: usize = 16;

/// Whether an unknown attribute of this name is anywhere in a resource.
pub(super) fn mentions(unknown: RawJson<'_>, name: &str, depth: usize) -> bool {
    depth < DEPTH
        && (unknown
            .members()
            .any(|(key, value)| (key == name && value.is_true()) || mentions(value, name, depth + 1))
            || unknown
                .elements()
                .any(|element| mentions(element, name, depth + 1)))
}

pub(super) fn has_unknown(unknown: RawJson<'_>, depth: usize) -> bool {
    unknown.kind() == RawKind::Boolean(true)
        || depth < DEPTH
            && (unknown.members().any(|(_, value)| has_unknown(value, depth + 1))
                || unknown.elements().any(|element| has_unknown(element, depth + 1)))
}
