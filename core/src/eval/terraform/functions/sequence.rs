//! Functions that make lists of lists.

use std::collections::HashSet;
use std::sync::Arc;

use super::table::{Call, Function, Takes, any, list, number, strings, taken};
use crate::eval::error::EvalError;
use crate::eval::members;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::{Type, unify};
use crate::eval::value::{Kind, PathStep, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chunklist", &[list("list"), number("size")], chunklist),
    Function::new("compact", &[strings("list")], compact).looking_inside(),
    Function::new("concat", &[], concat).with_rest(any("seqs")),
    Function::new("distinct", &[list("list")], distinct)
        .looking_inside()
        .handling_unknown(),
    Function::new("flatten", &[any("list")], flatten),
    Function::new("reverse", &[any("list")], reverse),
    Function::new(
        "slice",
        &[any("list"), number("start_index"), number("end_index")],
        slice,
    ),
    Function::new("sort", &[strings("list")], sort).looking_inside(),
];

/// The elements of an argument that may be a list, taken over.
fn taken_elements(arguments: &[Value], index: usize) -> Vec<Value> {
    let Some(argument) = arguments.get(index) else {
        return Vec::new();
    };
    let elements = argument.elements().unwrap_or_default();
    elements.iter().map(|element| taken(element, argument)).collect()
}

/// The elements of the argument, which the table has converted to a list.
pub(super) fn elements(arguments: &[Value], index: usize) -> &[Value] {
    arguments.get(index).and_then(Value::elements).unwrap_or_default()
}

/// The argument as a whole number that can count elements.
pub(super) fn whole_number(arguments: &[Value], index: usize) -> Option<i64> {
    match arguments.get(index).map(|argument| &argument.kind) {
        Some(Kind::Number(number)) => number.as_i64(),
        _ => None,
    }
}

fn to_list(elements: impl Into<Arc<[Value]>>, call: &Call<'_>) -> Result<Value, EvalError> {
    let elements = elements.into();
    match call.afford(elements.len()) {
        true => Ok(call.collection(Kind::List(elements))),
        false => Ok(call.limit()),
    }
}

/// A set with an unknown member may turn out to have fewer members: its elements cannot be counted.
pub(super) fn is_countable(value: &Value) -> bool {
    match &value.kind {
        Kind::Set(elements) => elements.len() <= 1 || elements.iter().all(Value::is_wholly_known),
        Kind::Map(entries) | Kind::Object(entries) => entries.open.is_none(),
        _ => true,
    }
}

fn chunklist(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let size =
        whole_number(arguments, 1).ok_or_else(|| call.error("invalid size: value must be a whole number"))?;
    let size = usize::try_from(size).map_err(|_| call.error("the size argument must be positive"))?;
    let elements = taken_elements(arguments, 0);
    if elements.is_empty() {
        return to_list([], call);
    }
    let chunk = |elements: &[Value]| call.collection(Kind::List(elements.into()));
    if size == 0 {
        return to_list([chunk(&elements)], call);
    }
    let chunks: Vec<Value> = elements.chunks(size).map(chunk).collect();
    to_list(chunks, call)
}

fn compact(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut kept = taken_elements(arguments, 0);
    kept.retain(|element| element.as_str().is_some_and(|text| !text.is_empty()));
    to_list(kept, call)
}

fn concat(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments.is_empty() {
        return Err(call.error("at least one argument is required"));
    }
    for (index, argument) in arguments.iter().enumerate() {
        if !matches!(argument.kind, Kind::List(_) | Kind::Tuple(_)) {
            let got = Type::of(argument).friendly_name();
            let message = format!("all arguments must be lists or tuples; got {got}");
            return Err(call.argument_error(index, message));
        }
    }
    let all: Vec<Value> = (0..arguments.len())
        .flat_map(|index| taken_elements(arguments, index))
        .collect();
    let are_lists = arguments
        .iter()
        .all(|argument| matches!(argument.kind, Kind::List(_)));
    if are_lists {
        let types: Vec<Type> = arguments.iter().map(Type::of).collect();
        if let Some(Type::List(of)) = unify(&types) {
            let converted: Result<Vec<Value>, String> =
                all.iter().map(|element| convert(element, &of)).collect();
            return to_list(converted.map_err(|message| call.error(message))?, call);
        }
    }
    match call.afford(all.len()) {
        true => Ok(call.collection(Kind::Tuple(all.into()))),
        false => Ok(call.limit()),
    }
}

/// Whether the value cannot equal any other value than itself: ids of resources never coincide.
fn is_unique(unknown: &Unknown) -> bool {
    unknown
        .edge()
        .is_some_and(|edge| edge.path == [PathStep::Attribute("id".into())])
}

fn distinct(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments
        .iter()
        .any(|argument| matches!(argument.kind, Kind::Unknown(_)))
    {
        return Ok(call.unknown());
    }
    let mut seen = HashSet::new();
    let mut kept = taken_elements(arguments, 0);
    kept.retain(|element| seen.insert(members::identity(element)));
    let is_settled = |element: &Value| match &element.kind {
        Kind::Unknown(unknown) => is_unique(unknown),
        _ => element.is_wholly_known(),
    };
    match kept.len() <= 1 || kept.iter().all(is_settled) {
        true => to_list(kept, call),
        false => Ok(call.unknown()),
    }
}

/// Deeper lists are beyond what anyone writes.
const DEEPEST: usize = 64;

fn flatten(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(list) = arguments.first().filter(|list| list.elements().is_some()) else {
        return Err(call.error("can only flatten lists, sets and tuples"));
    };
    if !arguments.iter().all(is_countable) {
        return Ok(call.unknown());
    }
    let mut flat = Vec::new();
    if !flatten_into(list, 0, &mut flat) {
        return Ok(call.unknown());
    }
    match call.afford(flat.len()) {
        true => Ok(call.collection(Kind::Tuple(flat.into()))),
        false => Ok(call.limit()),
    }
}

/// False when an element is unknown in such a way that it may be a list.
fn flatten_into(list: &Value, depth: usize, flat: &mut Vec<Value>) -> bool {
    let elements = list.elements().unwrap_or_default();
    elements.iter().all(|element| {
        let element = taken(element, list);
        match &element.kind {
            Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => {
                depth < DEEPEST && is_countable(&element) && flatten_into(&element, depth + 1, flat)
            }
            _ => {
                let is_scalar = is_scalar(&element, depth);
                flat.push(element);
                is_scalar
            }
        }
    })
}

/// Whether both sides of a choice are surely no lists.
fn is_scalar(value: &Value, depth: usize) -> bool {
    match &value.kind {
        Kind::OneOf(one_of) => {
            depth < DEEPEST && is_scalar(&one_of.yes, depth + 1) && is_scalar(&one_of.no, depth + 1)
        }
        Kind::Unknown(unknown) => unknown.is_scalar(),
        Kind::List(_) | Kind::Set(_) | Kind::Tuple(_) => false,
        _ => true,
    }
}

fn reverse(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(argument) = arguments.first() else {
        return Ok(call.unknown());
    };
    if argument.elements().is_none() {
        let got = Type::of(argument).friendly_name();
        return Err(call.argument_error(0, format!("can only reverse list or tuple values, not {got}")));
    }
    if !is_countable(argument) {
        return Ok(call.unknown());
    }
    let reversed: Arc<[Value]> = taken_elements(arguments, 0).into_iter().rev().collect();
    if !call.afford(reversed.len()) {
        return Ok(call.limit());
    }
    Ok(call.collection(match argument.kind {
        Kind::Tuple(_) => Kind::Tuple(reversed),
        _ => Kind::List(reversed),
    }))
}

fn slice(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let is_tuple = match arguments.first().map(|argument| &argument.kind) {
        Some(Kind::List(_)) => false,
        Some(Kind::Tuple(_)) => true,
        Some(Kind::Set(_)) => {
            let message = "cannot slice a set, because its elements do not have indices; explicitly convert to a \
                           list if the ordering of the result is not important";
            return Err(call.argument_error(0, message));
        }
        _ => return Err(call.argument_error(0, "must be a list or tuple value")),
    };
    let elements = taken_elements(arguments, 0);
    let bound = |index: usize, name: &str| {
        let bound = whole_number(arguments, index).ok_or_else(|| {
            call.argument_error(
                index,
                format!("invalid {name} index: value must be a whole number"),
            )
        })?;
        let bound = usize::try_from(bound)
            .map_err(|_| call.argument_error(index, format!("{name} index must not be less than zero")))?;
        match bound <= elements.len() {
            true => Ok(bound),
            false => Err(call.argument_error(
                index,
                format!("{name} index must not be greater than the length of the list"),
            )),
        }
    };
    let (start, end) = (bound(1, "start")?, bound(2, "end")?);
    let Some(part) = elements.get(start..end) else {
        return Err(call.argument_error(1, "start index must not be greater than end index"));
    };
    if !call.afford(part.len()) {
        return Ok(call.limit());
    }
    Ok(call.collection(match is_tuple {
        true => Kind::Tuple(part.into()),
        false => Kind::List(part.into()),
    }))
}

fn sort(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut sorted = taken_elements(arguments, 0);
    if let Some(index) = sorted.iter().position(Value::is_null) {
        let message = format!("given list element {index} is null; a null string cannot be sorted");
        return Err(call.error(message));
    }
    sorted.sort_by(members::compare);
    to_list(sorted, call)
}

/// What `alltrue` and its like take: a list of bools.
pub(super) const BOOLS: super::table::Parameter = super::table::Parameter::new("list", Takes::Bools);
