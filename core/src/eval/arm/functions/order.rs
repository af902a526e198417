//! The order of texts, and the order in which the members of an object were written.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::eval::value::{Entries, Value};

/// Which of two texts comes first: digits before letters, `a` before `A` before `b`. None when the answer
/// hangs on how a culture sorts other characters.
pub(super) fn compare(left: &str, right: &str) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    };
    if !is_plain(left) || !is_plain(right) {
        return None;
    }
    let letters = |text: &str| {
        text.bytes()
            .map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<u8>>()
    };
    // Of two texts that differ in case alone, the one with the first small letter comes first.
    Some(letters(left).cmp(&letters(right)).then_with(|| right.cmp(left)))
}

/// The members in the order in which `items` has them.
pub(super) fn sorted(entries: &Entries) -> Vec<(&Arc<str>, &Value)> {
    let mut members: Vec<(&Arc<str>, &Value)> = entries.members.iter().collect();
    members.sort_by(|(one, _), (two, _)| {
        compare(one, two).unwrap_or_else(|| {
            let folded = |text: &str| text.to_lowercase();
            folded(one).cmp(&folded(two)).then_with(|| two.cmp(one))
        })
    });
    members
}

/// The members in the order of writing, if that is known: if each stands within the object, in the text.
pub(super) fn written(object: &Value) -> Option<Vec<(&Arc<str>, &Value)>> {
    let entries = object.entries()?;
    let mut members: Vec<(&Arc<str>, &Value)> = entries.members.iter().collect();
    if members.len() <= 1 {
        return Some(members);
    }
    let around = object.from.nearest().span;
    let is_within = |member: &Value| {
        let span = member.from.nearest().span;
        span != around && around.contains(span)
    };
    if !members.iter().all(|(_, member)| is_within(member)) {
        return None;
    }
    members.sort_by_key(|(_, member)| member.from.nearest().span.start);
    let are_apart = members.windows(2).all(|pair| match pair {
        [(_, one), (_, two)] => one.from.nearest().span.end <= two.from.nearest().span.start,
        _ => true,
    });
    are_apart.then_some(members)
}
