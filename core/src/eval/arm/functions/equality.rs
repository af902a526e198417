//! When two values are the same one, as far as that can be told.

use std::borrow::Cow;

use super::pieces::{known_ends, known_parts};
use crate::eval::value::{Entries, Kind, Unknown, Value};

/// Deeper values are not compared.
const DEPTH: usize = 64;

/// Whether two values are equal; texts in the same case only. None when that hangs on something unknown.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    at_depth(left, right, 0)
}

fn at_depth(left: &Value, right: &Value, depth: usize) -> Option<bool> {
    if depth > DEPTH {
        return None;
    }
    match (&left.kind, &right.kind) {
        (Kind::Unknown(left), Kind::Unknown(right)) => unknowns(left, right),
        (Kind::Unknown(unknown), _) => with_unknown(unknown, right),
        (_, Kind::Unknown(unknown)) => with_unknown(unknown, left),
        (Kind::OneOf(_), _) | (_, Kind::OneOf(_)) => None,
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left == right),
        (Kind::Number(left), Kind::Number(right)) => Some(left == right),
        (Kind::String(left), Kind::String(right)) => Some(left == right),
        _ => match (left.elements(), right.elements(), left.entries(), right.entries()) {
            (Some(left), Some(right), ..) => arrays(left, right, depth),
            (.., Some(left), Some(right)) => objects(left, right, depth),
            _ => Some(false),
        },
    }
}

fn arrays(left: &[Value], right: &[Value], depth: usize) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    let pairs = left.iter().zip(right);
    all(pairs.map(|(left, right)| at_depth(left, right, depth + 1)))
}

fn objects(left: &Entries, right: &Entries, depth: usize) -> Option<bool> {
    let lacks = |one: &Entries, other: &Entries| {
        let mut names = one.members.keys();
        other.open.is_none() && names.any(|name| !other.members.contains_key(name))
    };
    if lacks(left, right) || lacks(right, left) {
        // Whether names in another case count as the same ones is nowhere said.
        let found = |name: &str, other: &Entries| other.members.keys().any(|known| same_name(known, name));
        let in_any_case = left.members.keys().all(|name| found(name, right))
            && right.members.keys().all(|name| found(name, left));
        return if in_any_case { None } else { Some(false) };
    }
    let both = left.members.iter().filter_map(|(name, left)| {
        let right = right.members.get(name)?;
        Some(at_depth(left, right, depth + 1))
    });
    match all(both) {
        Some(true) if left.open.is_some() || right.open.is_some() => None,
        answer => answer,
    }
}

/// False if one is; unknown if one is; else true.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => result = None,
        }
    }
    result
}

fn unknowns(left: &Unknown, right: &Unknown) -> Option<bool> {
    if left == right {
        return Some(true);
    }
    let ((left_start, left_end), (right_start, right_end)) = (known_ends(left), known_ends(right));
    let start = left_start.bytes().zip(right_start.bytes());
    let end = left_end.bytes().rev().zip(right_end.bytes().rev());
    let differ = |mut pairs: Box<dyn Iterator<Item = (u8, u8)> + '_>| pairs.any(|(one, two)| one != two);
    (differ(Box::new(start)) || differ(Box::new(end))).then_some(false)
}

/// Known parts of a text may rule out that it is this one.
fn with_unknown(unknown: &Unknown, other: &Value) -> Option<bool> {
    let text = match &other.kind {
        Kind::String(text) => text,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) if !unknown.pieces().is_empty() => return Some(false),
        Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Map(_) | Kind::Object(_)
            if unknown.is_scalar() =>
        {
            return Some(false);
        }
        _ => return None,
    };
    let mut rest: &str = text;
    let (start, end) = known_ends(unknown);
    let length: usize = known_parts(unknown).map(str::len).sum();
    if length > text.len() || !text.starts_with(start) || !text.ends_with(end) {
        return Some(false);
    }
    for part in known_parts(unknown) {
        match rest.find(part) {
            Some(place) => rest = &rest[place + part.len()..],
            None => return Some(false),
        }
    }
    None
}

/// Whether two names of members are the same one: their case does not count.
pub(in crate::eval::arm) fn same_name(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two)
        || !(one.is_ascii() && two.is_ascii()) && folded(one).eq(folded(two).as_ref())
}

/// A text in which the case of letters does not count.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    let is_folded = |letter: char| !letter.is_ascii_lowercase() && letter.is_ascii();
    match text.chars().all(is_folded) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.chars().map(upper).collect()),
    }
}

/// The capital of a letter, if that is one letter.
pub(super) fn upper(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
    }
}

/// The small form of a letter, if that is one letter.
pub(super) fn lower(letter: char) -> char {
    let mut smalls = letter.to_lowercase();
    match (smalls.next(), smalls.next()) {
        (Some(small), None) => small,
        _ => letter,
    }
}
