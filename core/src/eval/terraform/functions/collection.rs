//! Functions that look for one thing in a collection.

use unicode_segmentation::UnicodeSegmentation;

use super::sequence::{BOOLS, elements, is_countable, whole_number};
use super::table::{Call, Function, any, list, number, taken};
use crate::eval::error::EvalError;
use crate::eval::members;
use crate::eval::number::Number;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::expression::equality::equal;
use crate::eval::terraform::types::{Type, unify};
use crate::eval::value::{Kind, PathStep, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[BOOLS], alltrue)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("anytrue", &[BOOLS], anytrue)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("coalesce", &[], coalesce)
        .with_rest(any("vals").or_null())
        .handling_unknown(),
    Function::new("coalescelist", &[], coalescelist)
        .with_rest(any("vals").or_null())
        .handling_unknown(),
    Function::new("contains", &[any("list"), any("value")], contains)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("element", &[any("list"), number("index")], element).handling_unknown(),
    Function::new("index", &[any("list"), any("value")], index)
        .looking_inside()
        .handling_unknown()
        .giving_scalar(),
    Function::new("length", &[any("value")], length).giving_scalar(),
    Function::new("list", &[], list_removed).with_rest(any("vals").or_null()),
    Function::new("map", &[], map_removed).with_rest(any("vals").or_null()),
    Function::new(
        "matchkeys",
        &[list("values"), list("keys"), list("searchset")],
        matchkeys,
    )
    .looking_inside()
    .handling_unknown(),
    Function::new("one", &[any("list")], one).handling_unknown(),
];

fn is_unknown(value: &Value) -> bool {
    matches!(value.kind, Kind::Unknown(_) | Kind::OneOf(_))
}

fn alltrue(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    all_or_any(arguments, false, call)
}

fn anytrue(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    all_or_any(arguments, true, call)
}

/// One `settling` element decides the answer, whatever is unknown beside it; null counts as false.
fn all_or_any(arguments: &[Value], settling: bool, call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments.iter().any(is_unknown) {
        return Ok(call.unknown());
    }
    let elements = elements(arguments, 0);
    let settles = |element: &Value| match element.kind {
        Kind::Bool(value) => value == settling,
        Kind::Null => !settling,
        _ => false,
    };
    if elements.iter().any(settles) {
        return call.bool(settling);
    }
    match elements.iter().any(is_unknown) {
        true => Ok(call.unknown()),
        false => call.bool(!settling),
    }
}

fn coalesce(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let types: Vec<Type> = arguments.iter().map(Type::of).collect();
    let of = match arguments.is_empty() {
        true => None,
        false => unify(&types),
    };
    let of = of.ok_or_else(|| call.error("all arguments must have the same type"))?;
    for (index, argument) in arguments.iter().enumerate() {
        let argument = convert(argument, &of).map_err(|message| call.argument_error(index, message))?;
        if is_unknown(&argument) {
            // Either this one or, if it turns out to be null, an error: it can only be this one.
            let counts = |argument: &Value| !argument.is_null() && argument.as_str() != Some("");
            let is_last = !arguments.iter().skip(index + 1).any(counts);
            return Ok(if is_last { argument } else { call.unknown() });
        }
        if !argument.is_null() && argument.as_str() != Some("") {
            return Ok(argument);
        }
    }
    Err(call.error("no non-null, non-empty-string arguments"))
}

fn coalescelist(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments.is_empty() {
        return Err(call.error("at least one argument is required"));
    }
    for argument in arguments {
        match &argument.kind {
            Kind::List(elements) | Kind::Tuple(elements) if !elements.is_empty() => {
                return Ok(argument.clone());
            }
            Kind::List(_) | Kind::Tuple(_) | Kind::Null => {}
            Kind::Unknown(_) | Kind::OneOf(_) => return Ok(call.unknown()),
            _ => return Err(call.error("coalescelist arguments must be lists or tuples")),
        }
    }
    Err(call.error("no non-null arguments"))
}

fn contains(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let [list, value] = arguments else {
        return Ok(call.unknown());
    };
    if is_unknown(list) {
        return Ok(call.unknown());
    }
    let Some(elements) = list.elements() else {
        return Err(call.error("argument must be list, tuple, or set"));
    };
    let mut is_settled = true;
    for element in elements {
        match equal(element, value) {
            Some(true) => return call.bool(true),
            Some(false) => {}
            None => is_settled = false,
        }
    }
    match is_settled {
        true => call.bool(false),
        false => Ok(call.unknown()),
    }
}

/// The reference that the elements of an unknown list are: `azurerm_subnet.nodes[*].id` is unknown as a list, with
/// the edge of each of its elements.
fn reference_to_each(list: &Value) -> Option<Value> {
    match &list.kind {
        Kind::Unknown(unknown) if unknown.edge().is_some() && unknown.is_scalar() => Some(list.clone()),
        _ => None,
    }
}

fn element(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if let [list, index] = arguments {
        if let Some(reference) = reference_to_each(list) {
            return Ok(reference);
        }
        match (&list.kind, &index.kind) {
            // Only the first element is surely there without going round.
            (Kind::Unknown(unknown), Kind::Number(index)) if index.is_zero() => {
                let first = unknown.step(PathStep::Index(0), call.context.span);
                return Ok(Value::unknown(first, list.from.clone()));
            }
            _ if is_unknown(list) || is_unknown(index) => return Ok(call.unknown()),
            _ => {}
        }
    }
    let list = arguments.first();
    let (list, elements) = match list.map(|list| (list, &list.kind)) {
        Some((list, Kind::List(elements) | Kind::Tuple(elements))) => (list, elements),
        _ => {
            let got = arguments
                .first()
                .map_or_else(String::new, |value| Type::of(value).friendly_name());
            return Err(call.error(format!("cannot read elements from {got}")));
        }
    };
    let index = whole_number(arguments, 1)
        .ok_or_else(|| call.error("invalid index: value must be a whole number"))?;
    let index = usize::try_from(index)
        .map_err(|_| call.error("cannot use element function with a negative index"))?;
    index
        .checked_rem(elements.len())
        .and_then(|index| elements.get(index))
        .map(|element| taken(element, list))
        .ok_or_else(|| call.error("cannot use element function with an empty list"))
}

fn index(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let [list, value] = arguments else {
        return Ok(call.unknown());
    };
    let elements = match &list.kind {
        Kind::List(elements) | Kind::Tuple(elements) => elements,
        Kind::Unknown(_) | Kind::OneOf(_) => return Ok(call.unknown()),
        _ => return Err(call.error("argument must be a list or tuple")),
    };
    if elements.is_empty() {
        return Err(call.error("cannot search an empty list"));
    }
    for (index, element) in elements.iter().enumerate() {
        match equal(element, value) {
            Some(true) => return Ok(call.value(Kind::Number(Number::from(index)))),
            Some(false) => {}
            None => return Ok(call.unknown()),
        }
    }
    Err(call.error("item not found"))
}

fn length(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(value) = arguments.first() else {
        return Ok(call.unknown());
    };
    if !is_countable(value) {
        return Ok(call.unknown());
    }
    let length = match &value.kind {
        Kind::String(text) => text.graphemes(true).count(),
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => elements.len(),
        Kind::Map(entries) | Kind::Object(entries) => entries.members.len(),
        _ => {
            return Err(call.error("argument must be a string, a collection type, or a structural type"));
        }
    };
    Ok(call.value(Kind::Number(Number::from(length))))
}

fn list_removed(_: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    Err(call.error(
        "the \"list\" function was deprecated in Terraform v0.12 and is no longer available; use tolist([ ... ]) \
         syntax to write a literal list",
    ))
}

fn map_removed(_: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    Err(call.error(
        "the \"map\" function was deprecated in Terraform v0.12 and is no longer available; use tomap({ ... }) \
         syntax to write a literal map",
    ))
}

fn matchkeys(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let [values, keys, searched] = arguments else {
        return Ok(call.unknown());
    };
    if is_unknown(values) || !keys.is_wholly_known() || !searched.is_wholly_known() {
        return Ok(call.unknown());
    }
    let Some(of) = unify(&[Type::of(keys), Type::of(searched)]) else {
        return Err(call.error("keys and searchset must be of the same type"));
    };
    if elements(arguments, 0).len() != elements(arguments, 1).len() {
        return Err(call.error("length of keys and values should be equal"));
    }
    let converted = |value: &Value| convert(value, &of).map_err(|message| call.error(message));
    let (keys, searched) = (converted(keys)?, converted(searched)?);
    let searched: std::collections::HashSet<Vec<u8>> = searched
        .elements()
        .unwrap_or_default()
        .iter()
        .map(members::identity)
        .collect();
    let matched: Vec<Value> = elements(arguments, 0)
        .iter()
        .zip(keys.elements().unwrap_or_default())
        .filter(|(_, key)| searched.contains(&members::identity(key)))
        .map(|(value, _)| taken(value, values))
        .collect();
    match call.afford(matched.len()) {
        true => Ok(call.collection(Kind::List(matched.into()))),
        false => Ok(call.limit()),
    }
}

fn one(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(list) = arguments.first() else {
        return Ok(call.unknown());
    };
    if let Some(reference) = reference_to_each(list) {
        return Ok(reference);
    }
    if is_unknown(list) || !is_countable(list) {
        return Ok(call.unknown());
    }
    match list.elements() {
        Some([]) => Ok(call.value(Kind::Null)),
        Some([only]) => Ok(taken(only, list)),
        _ => {
            let message = "must be a list, set, or tuple value with either zero or one elements";
            Err(call.argument_error(0, message))
        }
    }
}
