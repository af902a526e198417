//! `concat`, `union` and `intersection`: several arrays, objects or texts made one.

use std::sync::Arc;

use super::equality::equal;
use super::object::{Member, hide, member, put};
use super::pieces::{Pieces, plain_text};
use super::search::is_among;
use super::table::{ARRAY, BOOLEAN, Call, Function, INTEGER, OBJECT, TEXT, Takes, taken};
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Condition, Entries, Kind, Unknown, Value};

const ARRAY_OR_OBJECT: Takes = ARRAY.or(OBJECT);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("concat", &[CONCATENATED], concat)
        .with_rest(CONCATENATED)
        .handling_unknown(),
    Function::new("intersection", &[ARRAY_OR_OBJECT, ARRAY_OR_OBJECT], intersection)
        .with_rest(ARRAY_OR_OBJECT)
        .looking_inside(),
    Function::new("union", &[ARRAY_OR_OBJECT, ARRAY_OR_OBJECT], union)
        .with_rest(ARRAY_OR_OBJECT)
        .handling_unknown(),
];

const CONCATENATED: Takes = ARRAY.or(TEXT).or(INTEGER).or(BOOLEAN);

fn concat(call: &Call<'_>) -> Evaluated {
    let is_array = |value: &Value| value.elements().is_some();
    let is_text = |value: &Value| match &value.kind {
        Kind::Unknown(unknown) => unknown.is_scalar(),
        _ => !is_array(value),
    };
    let (some_array, some_text) = (
        call.arguments.iter().any(is_array),
        call.arguments.iter().any(is_text),
    );
    match (some_array, some_text) {
        (true, true) => Err(call.error("its arguments must be all arrays or all strings")),
        (true, false) => concatenated_arrays(call),
        (false, true) => {
            let mut pieces = Pieces::new(call);
            for argument in call.arguments {
                match (&argument.kind, plain_text(argument)) {
                    (Kind::Unknown(unknown), _) => pieces.push_unknown(unknown),
                    (_, Some(text)) => pieces.push(&text),
                    _ => return Ok(call.unknown()),
                }
            }
            pieces.finished(call)
        }
        (false, false) => Ok(match call.arguments {
            [only] => only.clone(),
            _ => call.unknown(),
        }),
    }
}

fn concatenated_arrays(call: &Call<'_>) -> Evaluated {
    let mut elements = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        if argument.elements().is_none() {
            return Ok(call.unknown());
        }
        elements.extend(call.taken_elements(index)?);
    }
    call.array(elements)
}

/// Arguments must be all arrays or all objects; unknown ones may be either.
fn are_objects(call: &Call<'_>) -> Result<Option<bool>, EvalError> {
    let arrays = call
        .arguments
        .iter()
        .any(|argument| argument.elements().is_some());
    let objects = call.arguments.iter().any(|argument| argument.entries().is_some());
    match (arrays, objects) {
        (true, true) => Err(call.error("its arguments must be all arrays or all objects")),
        (false, false) => Ok(None),
        (_, objects) => Ok(Some(objects)),
    }
}

fn union(call: &Call<'_>) -> Evaluated {
    match are_objects(call)? {
        Some(true) => united_objects(call),
        Some(false) => united_arrays(call),
        None => Ok(call.unknown()),
    }
}

/// So many elements of which it is unknown whether they are there already are told apart.
const UNDECIDED: usize = 4;

fn united_arrays(call: &Call<'_>) -> Evaluated {
    let mut elements = Vec::new();
    for (index, argument) in call.arguments.iter().enumerate() {
        if argument.elements().is_none() {
            return Ok(call.unknown());
        }
        elements.extend(call.taken_elements(index)?);
    }
    distinct(&elements, Vec::new(), UNDECIDED, call)
}

/// The elements that are not yet among those before them.
fn distinct(elements: &[Value], mut so_far: Vec<Value>, undecided: usize, call: &Call<'_>) -> Evaluated {
    for (place, element) in elements.iter().enumerate() {
        if !call.afford(so_far.len()) {
            return Ok(call.limit());
        }
        match is_among(&so_far, element) {
            Some(true) => {}
            Some(false) => so_far.push(element.clone()),
            None => {
                let before: Vec<u64> = so_far.iter().map(Value::content_hash).collect();
                let what = ("among", before, element.content_hash());
                let parts = so_far.iter().chain([element]).filter_map(Value::first_unknown);
                let (Some(unknown), 1..) = (Unknown::derived(what, parts), undecided) else {
                    return Ok(call.unknown());
                };
                let rest = elements.get(place + 1..).unwrap_or_default();
                let mut with = so_far.clone();
                with.push(element.clone());
                let yes = distinct(rest, so_far, undecided - 1, call);
                let no = distinct(rest, with, undecided - 1, call);
                return choice::join(Condition { unknown }, yes, no, call.context.span);
            }
        }
    }
    call.array(so_far)
}

/// Deeper objects are not merged.
const DEPTH: usize = 64;

fn united_objects(call: &Call<'_>) -> Evaluated {
    let mut united = Entries::default();
    for argument in call.arguments {
        match (&argument.kind, argument.entries()) {
            (_, Some(entries)) => {
                if !merge(&mut united, entries, argument, call, 0) {
                    return Ok(call.limit());
                }
            }
            (Kind::Unknown(unknown), None) => hide(&mut united, unknown),
            _ => return Ok(call.unknown()),
        }
    }
    call.object(united)
}

/// Puts the members of a later object over those of an earlier one, objects within objects too. False
/// when the budget is used up.
fn merge(into: &mut Entries, entries: &Entries, object: &Value, call: &Call<'_>, depth: usize) -> bool {
    if depth > DEPTH || !call.afford(entries.members.len() + 1) {
        return false;
    }
    if let Some(open) = &entries.open {
        hide(into, open);
    }
    for (name, value) in &entries.members {
        let value = taken(value, object);
        let earlier = match member(into, name) {
            Member::Found(earlier) => Some(earlier.clone()),
            Member::Missing => None,
            Member::Unknown(open) => Some(Value::unknown(open.clone(), value.from.clone())),
        };
        let merged = match earlier {
            Some(earlier) => match merged_value(&earlier, value, name, call, depth) {
                Some(merged) => merged,
                None => return false,
            },
            None => value,
        };
        put(into, name, merged);
    }
    true
}

/// A later value over an earlier one. None when the budget is used up.
fn merged_value(earlier: &Value, later: Value, name: &str, call: &Call<'_>, depth: usize) -> Option<Value> {
    let mixed = |unknown: &Unknown| {
        let what = ("union", name, earlier.content_hash(), later.content_hash());
        Unknown::derived(what, [unknown]).map(|unknown| Value::unknown(unknown, later.from.clone()))
    };
    match (&earlier.kind, &later.kind) {
        (Kind::Object(one), Kind::Object(two)) => {
            let mut merged = Entries::clone(one);
            merge(&mut merged, two, &later, call, depth + 1)
                .then(|| Value::new(Kind::Object(Arc::new(merged)), later.from.clone()))
        }
        // An unknown value may be an object, whose members are then merged.
        (Kind::Unknown(unknown), Kind::Object(two)) if !unknown.is_scalar() => {
            let mut merged = Entries {
                members: Default::default(),
                open: Some(unknown.clone()),
            };
            merge(&mut merged, two, &later, call, depth + 1)
                .then(|| Value::new(Kind::Object(Arc::new(merged)), later.from.clone()))
        }
        (Kind::Object(_), Kind::Unknown(unknown)) if !unknown.is_scalar() => mixed(unknown),
        (Kind::OneOf(one_of), Kind::Object(_)) | (Kind::Object(_), Kind::OneOf(one_of)) => {
            mixed(&one_of.condition.unknown)
        }
        // Nobody says whether null replaces a value or leaves it.
        (earlier, Kind::Null) if !matches!(earlier, Kind::Null) => {
            Some(Value::new(call.unsupported().kind, later.from))
        }
        _ => Some(later),
    }
}

fn intersection(call: &Call<'_>) -> Evaluated {
    let others = call.arguments.get(1..).unwrap_or_default();
    let first = call.argument(0)?;
    if are_objects(call)? == Some(true) {
        let mut common = Entries::default();
        for (name, value) in &call.entries(0)?.members {
            let is_in = |other: &Value| match other.entries().map(|entries| member(entries, name)) {
                Some(Member::Found(found)) => equal(found, value) == Some(true),
                _ => false,
            };
            if others.iter().all(is_in) {
                common.members.insert(name.clone(), taken(value, first));
            }
        }
        return call.object(common);
    }
    let mut common: Vec<Value> = Vec::new();
    for element in call.taken_elements(0)? {
        let steps: usize = others
            .iter()
            .filter_map(Value::elements)
            .map(<[Value]>::len)
            .sum();
        if !call.afford(steps) {
            return Ok(call.limit());
        }
        let is_in = |other: &Value| other.elements().and_then(|elements| is_among(elements, &element));
        let is_common = others.iter().all(|other| is_in(other) == Some(true));
        if is_common && is_among(&common, &element) == Some(false) {
            common.push(element);
        }
    }
    call.array(common)
}
