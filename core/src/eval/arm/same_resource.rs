//! Resources that are deployed more than once: a template may deploy the same module twice, or change in a
//! second step what it made in a first. In Azure they are one.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::NameKey;
use crate::eval::deployment::{Presence, Resource};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;

/// Each resource once. Where its deployments differ, nobody can say which one is the last: such values are
/// unknown.
pub(super) fn joined(resources: Vec<Resource>) -> Vec<Resource> {
    let mut known: HashMap<(String, NameKey, u64), usize> = HashMap::new();
    let mut kept: Vec<Resource> = Vec::with_capacity(resources.len());
    for resource in resources {
        let key = key(&resource);
        let Some(first) = key
            .as_ref()
            .and_then(|key| known.get(key))
            .and_then(|at| kept.get_mut(*at))
        else {
            if let Some(key) = key {
                known.insert(key, kept.len());
            }
            kept.push(resource);
            continue;
        };
        first.body = agreed(&first.body, &resource.body, resource.header);
        first.depends_on.extend(resource.depends_on);
        first.also.push(resource.address);
    }
    kept
}

/// What is the same for two deployments of one resource. One that may not be there is no other.
fn key(resource: &Resource) -> Option<(String, NameKey, u64)> {
    let Presence::Certain = resource.presence else {
        return None;
    };
    let entries = resource.body.entries()?;
    let name = NameKey::of(entries.members.get("name")?)?;
    let target = entries.members.get("scope")?.content_hash();
    Some((resource.schema.to_lowercase(), name, target))
}

fn agreed(one: &Value, other: &Value, span: Span) -> Value {
    let kind = match (&one.kind, &other.kind) {
        (Kind::Object(first), Kind::Object(second)) => {
            let differ = || Unknown::new(different(), span);
            let mut members = first.members.clone();
            for (name, member) in &mut members {
                let found = super::access::find(second, name);
                *member = match found {
                    Some(found) => agreed(member, found, span),
                    None => Value::unknown(differ(), member.from.clone()),
                };
            }
            for (name, member) in &second.members {
                if super::access::find(first, name).is_none() {
                    members.insert(name.clone(), Value::unknown(differ(), member.from.clone()));
                }
            }
            let open = first.open.clone().or_else(|| second.open.clone());
            Kind::Object(Arc::new(Entries { members, open }))
        }
        (Kind::Tuple(first), Kind::Tuple(second)) if first.len() == second.len() => {
            let elements = first.iter().zip(second.iter());
            Kind::Tuple(elements.map(|(one, other)| agreed(one, other, span)).collect())
        }
        _ if one.content_hash() == other.content_hash() => one.kind.clone(),
        // The same parameter without a value, in two calls of a module.
        (Kind::Unknown(first), Kind::Unknown(second)) if first.reason() == second.reason() => {
            one.kind.clone()
        }
        _ => Kind::Unknown(Unknown::new(different(), span)),
    };
    Value::new(kind, one.from.clone())
}

fn different() -> Reason {
    Reason::Unsupported {
        what: "the order of two deployments of one resource".to_owned(),
    }
}
