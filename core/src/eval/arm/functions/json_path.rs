//! Plain paths into JSON documents: `$.rules[0].name`, `$['security rules']`.

use super::table::taken;
use crate::eval::value::{Kind, Value};

/// What a path leads to.
pub(super) enum Selected {
    Found(Value),
    Missing,
    /// The path has wildcards, filters or the like, or leads to what is unknown.
    Unsupported,
}

pub(super) fn select(document: &Value, path: &str) -> Selected {
    let mut value = document.clone();
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    while !rest.is_empty() {
        let Some((step, after)) = step(rest) else {
            return Selected::Unsupported;
        };
        rest = after;
        if matches!(value.kind, Kind::Unknown(_) | Kind::OneOf(_)) {
            return Selected::Unsupported;
        }
        let found = match step {
            // Names count in the case they have.
            Step::Name(name) => value.entries().and_then(|entries| entries.members.get(name)),
            Step::Place(place) => value.elements().and_then(|elements| elements.get(place)),
        };
        match found {
            Some(found) => value = taken(found, &value),
            None => return Selected::Missing,
        }
    }
    Selected::Found(value)
}

enum Step<'a> {
    Name(&'a str),
    Place(usize),
}

/// The first step of a path and what follows it.
fn step(path: &str) -> Option<(Step<'_>, &str)> {
    if let Some(rest) = path.strip_prefix('[') {
        let (inside, after) = match rest.strip_prefix('\'') {
            Some(quoted) => {
                let (name, after) = quoted.split_once("']")?;
                return (!name.contains(['\\', '\''])).then_some((Step::Name(name), after));
            }
            None => rest.split_once(']')?,
        };
        let are_digits = !inside.is_empty() && inside.bytes().all(|digit| digit.is_ascii_digit());
        return match inside.parse() {
            Ok(place) if are_digits => Some((Step::Place(place), after)),
            _ => None,
        };
    }
    let rest = path.strip_prefix('.').unwrap_or(path);
    let end = rest.find(['.', '[']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let is_plain =
        !name.is_empty() && !name.contains(['*', '?', '@', '(', ')', '\'', '"', ' ', ',', ':', '$']);
    is_plain.then_some((Step::Name(name), after))
}
