//! Functions over maps and objects.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sequence::{elements, is_countable};
use super::table::{Call, Function, Parameter, Takes, any, string, strings, taken};
use crate::eval::error::EvalError;
use crate::eval::provenance::Provenance;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::{Type, unify};
use crate::eval::value::{Entries, Kind, PathStep, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[any("inputMap")], keys),
    Function::new("lookup", &[any("inputMap"), string("key")], lookup)
        .with_rest(any("default").or_null())
        .handling_unknown(),
    Function::new("merge", &[], merge)
        .with_rest(any("maps").or_null())
        .handling_unknown(),
    Function::new(
        "transpose",
        &[Parameter::new("values", Takes::MapOfStringLists)],
        transpose,
    )
    .looking_inside(),
    Function::new("values", &[any("mapping")], values),
    Function::new("zipmap", &[strings("keys"), any("values")], zipmap),
];

fn keys(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let argument = arguments.first();
    let Some((map, entries)) = argument.and_then(|map| Some((map, map.entries()?))) else {
        return Err(call.argument_error(0, "must have map or object type"));
    };
    if !arguments.iter().all(is_countable) {
        return Ok(call.unknown());
    }
    if !call.afford(entries.members.len()) {
        return Ok(call.limit());
    }
    // Where the members come from says nothing of their keys.
    let from = Provenance::computed(call.context.span, [&map.from]);
    let keys: Arc<[Value]> = entries
        .members
        .keys()
        .map(|key| Value::string(key.clone(), from.clone()))
        .collect();
    Ok(like(arguments, keys, call))
}

fn values(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let argument = arguments.first();
    let Some((map, entries)) = argument.and_then(|map| Some((map, map.entries()?))) else {
        return Err(call.error("values() requires a map as the first argument"));
    };
    if !arguments.iter().all(is_countable) {
        return Ok(call.unknown());
    }
    if !call.afford(entries.members.len()) {
        return Ok(call.limit());
    }
    let values = entries.members.values().map(|member| taken(member, map));
    Ok(like(arguments, values.collect(), call))
}

/// A list for a map, a tuple for an object.
fn like(arguments: &[Value], elements: Arc<[Value]>, call: &Call<'_>) -> Value {
    let is_map = arguments
        .first()
        .is_some_and(|value| matches!(value.kind, Kind::Map(_)));
    call.collection(match is_map {
        true => Kind::List(elements),
        false => Kind::Tuple(elements),
    })
}

fn lookup(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (map, key, default) = match arguments {
        [map, key] => (map, key, None),
        [map, key, default] => (map, key, Some(default)),
        _ => {
            let given = arguments.len();
            return Err(call.error(format!("lookup() takes two or three arguments, got {given}")));
        }
    };
    let Some(name) = key.as_str() else {
        return Ok(call.unknown());
    };
    let step = |unknown: &Unknown, step| {
        let unknown = unknown.step(step, call.context.span);
        Value::unknown(unknown, call.from())
    };
    match &map.kind {
        Kind::Unknown(unknown) if default.is_none() => Ok(step(unknown, PathStep::Key(name.into()))),
        Kind::Unknown(_) | Kind::OneOf(_) => Ok(call.unknown()),
        Kind::Map(entries) | Kind::Object(entries) => {
            if let Some(member) = entries.members.get(name) {
                return Ok(taken(member, map));
            }
            match (&entries.open, default) {
                (Some(open), None) => Ok(step(open, PathStep::Attribute(name.into()))),
                (Some(_), Some(_)) => Ok(call.unknown()),
                (None, Some(default)) => default_for(map, default, call),
                (None, None) if matches!(map.kind, Kind::Object(_)) => {
                    Err(call.argument_error(0, format!("the given object has no attribute {name:?}")))
                }
                (None, None) => Err(call.error(format!("lookup failed to find key {name:?}"))),
            }
        }
        _ => Err(call.argument_error(0, "lookup() requires a map as the first argument")),
    }
}

/// A default is of the type of the map's elements.
fn default_for(map: &Value, default: &Value, call: &Call<'_>) -> Result<Value, EvalError> {
    match Type::of(map) {
        Type::Map(of) => convert(default, &of).map_err(|_| {
            let message = "the default value must have the same type as the map elements";
            call.argument_error(2, message)
        }),
        _ => Ok(default.clone()),
    }
}

fn merge(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut unknowns: Vec<Unknown> = Vec::new();
    for argument in arguments {
        let (known, open) = match &argument.kind {
            Kind::Null => continue,
            Kind::Unknown(unknown) => (None, Some(unknown)),
            Kind::Map(entries) | Kind::Object(entries) => (Some(entries), entries.open.as_ref()),
            _ => {
                let got = Type::of(argument).friendly_name();
                return Err(call.error(format!("arguments must be maps or objects, got {got:?}")));
            }
        };
        if let Some(open) = open {
            // It may have any key, so every member so far may be replaced.
            for (key, member) in &mut members {
                *member = replaced(key, member, open, call);
            }
            unknowns.push(open.clone());
        }
        for (key, member) in known.iter().flat_map(|entries| &entries.members) {
            members.insert(key.clone(), taken(member, argument));
        }
    }
    if !call.afford(members.len()) {
        return Ok(call.limit());
    }
    let open = match unknowns.as_slice() {
        [] => None,
        // What is not known beside it can only come from the one argument that is open.
        [only] => Some(only.clone()),
        _ => Unknown::derived("merge", &unknowns),
    };
    let kind = match (members.is_empty(), open) {
        (true, Some(open)) => Kind::Unknown(open),
        (_, open) => {
            let entries = Arc::new(Entries { members, open });
            match are_maps_of_one_type(arguments) {
                true => Kind::Map(entries),
                false => Kind::Object(entries),
            }
        }
    };
    Ok(call.collection(kind))
}

/// A member that a later, unknown argument may replace.
fn replaced(key: &str, member: &Value, by: &Unknown, call: &Call<'_>) -> Value {
    let own = match &member.kind {
        Kind::Unknown(own) => Some(own),
        _ => None,
    };
    let what = ("merge", key, crate::eval::members::identity(member));
    let operands = std::iter::once(by).chain(own);
    match Unknown::derived(what, operands) {
        Some(unknown) => Value::unknown(unknown, member.from.clone()),
        None => call.unknown(),
    }
}

fn are_maps_of_one_type(arguments: &[Value]) -> bool {
    let types: Vec<Type> = arguments.iter().map(Type::of).collect();
    let are_maps = types.iter().all(|of| matches!(of, Type::Map(_)));
    let unified = unify(&types);
    let is_like = |of: &Type| of.has_any() || Some(of) == unified.as_ref();
    !types.is_empty() && are_maps && types.iter().all(is_like)
}

fn transpose(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(entries) = arguments.first().and_then(Value::entries) else {
        return Ok(call.unknown());
    };
    let from = call.from();
    let mut lists: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    let mut count = 0;
    for (key, list) in &entries.members {
        let Some(texts) = list.elements() else {
            return Err(call.error("input must not contain null list"));
        };
        count += texts.len();
        for text in texts {
            let Kind::String(text) = &text.kind else {
                return Err(call.error("input list must not contain null string"));
            };
            let key = Value::string(key.clone(), from.clone());
            lists.entry(text.clone()).or_default().push(key);
        }
    }
    if !call.afford(count) {
        return Ok(call.limit());
    }
    let members = lists
        .into_iter()
        .map(|(key, list)| (key, Value::new(Kind::List(list.into()), from.clone())))
        .collect();
    Ok(call.value(Kind::Map(Arc::new(Entries { members, open: None }))))
}

fn zipmap(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let keys = elements(arguments, 0);
    let argument = arguments.get(1).map(|argument| (argument, &argument.kind));
    let (argument, values, is_tuple) = match argument {
        Some((argument, Kind::List(values))) => (argument, values, false),
        Some((argument, Kind::Tuple(values))) => (argument, values, true),
        _ => return Err(call.error("values argument must be a list or tuple value")),
    };
    if keys
        .iter()
        .any(|key| matches!(key.kind, Kind::Unknown(_) | Kind::OneOf(_)))
    {
        return Ok(call.unknown());
    }
    if keys.len() != values.len() {
        return Err(call.error(format!(
            "number of keys ({}) does not match number of values ({})",
            keys.len(),
            values.len()
        )));
    }
    if !call.afford(keys.len()) {
        return Ok(call.limit());
    }
    let mut members = BTreeMap::new();
    for (index, (key, value)) in keys.iter().zip(values.iter()).enumerate() {
        let Kind::String(key) = &key.kind else {
            return Err(call.error(format!("keys list has null value at index {index}")));
        };
        members.insert(key.clone(), taken(value, argument));
    }
    let entries = Arc::new(Entries { members, open: None });
    Ok(call.collection(match is_tuple {
        true => Kind::Object(entries),
        false => Kind::Map(entries),
    }))
}
