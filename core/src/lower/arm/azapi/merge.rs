//! What a resource is after an update.

use std::sync::Arc;

use crate::eval::value::{Entries, Kind, Unknown, Value};
use crate::lower::value::{chosen, written};

/// How deep objects are followed; bodies do not nest deeper.
const MAXIMUM_NESTING: usize = 32;

/// What says which resource an update changes, and changes nothing.
const WHICH: [&str; 4] = ["name", "parent_id", "resource_id", "type"];

/// The body with the members of the update: objects are merged, everything else is replaced.
pub(super) fn merged(body: &Value, update: &Value) -> Value {
    fn down(body: &Value, update: &Value, left: usize) -> Value {
        let (Some(left), Kind::Object(own), Kind::Object(new)) =
            (left.checked_sub(1), &body.kind, &update.kind)
        else {
            return match &body.kind {
                Kind::OneOf(one_of) if matches!(update.kind, Kind::Object(_)) && left > 0 => {
                    chosen(one_of, &body.from, |branch| Some(down(branch, update, left - 1)))
                        .unwrap_or_else(|| update.clone())
                }
                _ => update.clone(),
            };
        };
        let mut entries = Entries::clone(own);
        for (name, value) in &new.members {
            if left + 1 == MAXIMUM_NESTING && WHICH.contains(&name.as_ref()) {
                continue;
            }
            let before = written(own, name);
            let after = before.map_or_else(|| value.clone(), |before| down(before, value, left));
            entries
                .members
                .retain(|member, _| !member.eq_ignore_ascii_case(name));
            entries.members.insert(name.clone(), after);
        }
        entries.open = entries.open.or_else(|| new.open.clone());
        Value::new(Kind::Object(Arc::new(entries)), body.from.clone())
    }
    down(body, update, MAXIMUM_NESTING)
}

/// The body where every object may have more members than are written.
pub(super) fn opened(body: &Value, unknown: &Unknown) -> Value {
    fn down(body: &Value, unknown: &Unknown, left: usize) -> Value {
        let (Kind::Object(entries), Some(left)) = (&body.kind, left.checked_sub(1)) else {
            return body.clone();
        };
        let members = entries.members.iter();
        let opened = Entries {
            members: members
                .map(|(name, member)| (name.clone(), down(member, unknown, left)))
                .collect(),
            open: Some(unknown.clone()),
        };
        Value::new(Kind::Object(Arc::new(opened)), body.from.clone())
    }
    down(body, unknown, MAXIMUM_NESTING)
}
