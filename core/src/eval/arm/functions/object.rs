//! Functions over objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::equality::same_name;
use super::order::{sorted, written};
use super::table::{ANY, ARRAY, Call, Function, INTEGER, OBJECT, TEXT, taken};
use crate::eval::error::Evaluated;
use crate::eval::value::{Entries, Kind, PathStep, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("createObject", &[], create_object)
        .with_rest(ANY)
        .handling_unknown(),
    Function::new("items", &[OBJECT], items),
    Function::new("objectKeys", &[OBJECT], object_keys),
    Function::new("shallowMerge", &[ARRAY], shallow_merge),
    Function::new("tryGet", &[ANY, TEXT.or(INTEGER)], try_get)
        .with_rest(TEXT.or(INTEGER))
        .handling_unknown(),
];

/// What an object has under a name.
pub(in crate::eval::arm) enum Member<'a> {
    Found(&'a Value),
    Missing,
    /// The object may have more members than are known.
    Unknown(&'a Unknown),
}

/// The member of an object, whatever the case of its name.
pub(in crate::eval::arm) fn member<'a>(entries: &'a Entries, name: &str) -> Member<'a> {
    if let Some(found) = entries.members.get(name) {
        return Member::Found(found);
    }
    let in_any_case = entries.members.iter().find(|(known, _)| same_name(known, name));
    match (in_any_case, &entries.open) {
        (Some((_, found)), _) => Member::Found(found),
        (None, Some(unknown)) => Member::Unknown(unknown),
        (None, None) => Member::Missing,
    }
}

fn create_object(call: &Call<'_>) -> Evaluated {
    let (pairs, rest) = call.arguments.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(call.error("it takes names and values in pairs, and the last name has no value"));
    }
    let mut entries = Entries::default();
    for (index, [name, value]) in pairs.iter().enumerate() {
        let name = match &name.kind {
            Kind::String(name) => name,
            Kind::Unknown(unknown) => {
                entries.open.get_or_insert_with(|| unknown.clone());
                continue;
            }
            Kind::OneOf(_) => return Ok(call.unknown()),
            _ => return Err(call.argument_error(2 * index, "must be a string: it is the name of a member")),
        };
        if entries.members.insert(name.clone(), value.clone()).is_some() {
            let message = format!("the object has two members named '{name}'");
            return Err(call.error(message));
        }
    }
    call.object(entries)
}

/// Gives one of these elements: an object of a key and a value.
fn pair(name: &Arc<str>, value: &Value, call: &Call<'_>) -> Value {
    let key = Value::string(name.clone(), value.from.clone());
    let members = [("key".into(), key), ("value".into(), value.clone())];
    let entries = Entries {
        members: BTreeMap::from(members),
        open: None,
    };
    Value::new(Kind::Object(Arc::new(entries)), call.place())
}

fn items(call: &Call<'_>) -> Evaluated {
    let (object, entries) = (call.argument(0)?, call.entries(0)?);
    if entries.open.is_some() {
        return Ok(call.unknown());
    }
    let pairs = sorted(entries).into_iter();
    call.array(
        pairs
            .map(|(name, value)| pair(name, &taken(value, object), call))
            .collect(),
    )
}

fn object_keys(call: &Call<'_>) -> Evaluated {
    let (object, entries) = (call.argument(0)?, call.entries(0)?);
    if entries.open.is_some() {
        return Ok(call.unknown());
    }
    let members = written(object).unwrap_or_else(|| sorted(entries));
    let keys = members
        .into_iter()
        .map(|(name, value)| Value::string(name.clone(), taken(value, object).from));
    call.array(keys.collect())
}

fn shallow_merge(call: &Call<'_>) -> Evaluated {
    let array = call.argument(0)?;
    let mut merged = Entries::default();
    for element in call.elements(0)? {
        let element = taken(element, array);
        match (&element.kind, element.entries()) {
            (_, Some(entries)) => {
                if !call.afford(entries.members.len()) {
                    return Ok(call.limit());
                }
                if let Some(open) = &entries.open {
                    hide(&mut merged, open);
                }
                for (name, value) in &entries.members {
                    put(&mut merged, name, taken(value, &element));
                }
            }
            (Kind::Unknown(unknown), None) => hide(&mut merged, unknown),
            (Kind::OneOf(_), None) => return Ok(call.unknown()),
            _ => return Err(call.argument_error(0, "must be an array of objects")),
        }
    }
    call.object(merged)
}

/// Sets a member; one with the same name in another case is replaced and keeps its name.
pub(super) fn put(entries: &mut Entries, name: &Arc<str>, value: Value) {
    let known = match entries.members.contains_key(name) {
        true => None,
        false => entries
            .members
            .keys()
            .find(|known| same_name(known, name))
            .cloned(),
    };
    entries
        .members
        .insert(known.unwrap_or_else(|| name.clone()), value);
}

/// More members come from an unknown object: each known one may be another value now.
pub(super) fn hide(entries: &mut Entries, by: &Unknown) {
    for (name, member) in &mut entries.members {
        let hidden = Unknown::derived(("member", &**name, member.content_hash()), [by]);
        if let Some(hidden) = hidden {
            *member = Value::unknown(hidden, member.from.clone());
        }
    }
    entries.open = match &entries.open {
        Some(open) if open != by => Unknown::derived("members", [open, by]),
        _ => Some(by.clone()),
    };
}

fn try_get(call: &Call<'_>) -> Evaluated {
    let mut target = call.argument(0)?.clone();
    for index in 1..call.arguments.len() {
        let key = call.argument(index)?;
        let found = match (&target.kind, &key.kind) {
            (Kind::Null, _) => None,
            (Kind::OneOf(_), _) | (_, Kind::Unknown(_) | Kind::OneOf(_)) => return Ok(call.unknown()),
            // What may be missing is no longer the plain reference to it.
            (Kind::Unknown(_), _) => return Ok(call.unknown()),
            (_, Kind::String(name)) => match target.entries().map(|entries| member(entries, name)) {
                Some(Member::Found(found)) => Some(taken(found, &target)),
                Some(Member::Missing) => None,
                Some(Member::Unknown(unknown)) => {
                    let step = PathStep::Attribute(name.clone());
                    let from = target.from.clone();
                    Some(Value::unknown(unknown.step(step, call.context.span), from))
                }
                None => {
                    return Err(call.argument_error(index, "is the name of a member of what is no object"));
                }
            },
            _ => {
                let Some(elements) = target.elements() else {
                    return Err(call.argument_error(index, "is the place of an element of what is no array"));
                };
                let place = usize::try_from(call.integer(index)?).ok();
                let element = place.and_then(|place| elements.get(place));
                element.map(|element| taken(element, &target))
            }
        };
        match found {
            Some(found) => target = found,
            None => return Ok(call.value(Kind::Null)),
        }
    }
    Ok(target)
}
