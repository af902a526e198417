//! Functions over sets.

use std::collections::HashSet;

use super::sequence::is_countable;
use super::table::{Call, Function, Parameter, Takes, any, taken};
use crate::eval::error::EvalError;
use crate::eval::members;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::{Type, unify};
use crate::eval::value::{Kind, Value};

const fn set(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::Set)
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", &[set("first_set")], setintersection)
        .with_rest(set("other_sets"))
        .looking_inside(),
    Function::new("setproduct", &[], setproduct).with_rest(any("sets")),
    Function::new("setsubtract", &[set("a"), set("b")], setsubtract).looking_inside(),
    Function::new("setunion", &[set("first_set")], setunion).with_rest(set("other_sets")),
];

/// The members of all arguments, converted to the one type that all members have in common.
fn alike(arguments: &[Value], call: &Call<'_>) -> Result<Vec<Vec<Value>>, EvalError> {
    let types: Vec<Type> = arguments.iter().map(Type::of).collect();
    let Some(of) = unify(&types) else {
        return Err(call.error("given sets must all have compatible element types"));
    };
    let mut sets = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let converted = convert(argument, &of).map_err(|message| call.argument_error(index, message))?;
        let elements = converted.elements().unwrap_or_default();
        sets.push(elements.iter().map(|element| taken(element, argument)).collect());
    }
    Ok(sets)
}

fn result(elements: Vec<Value>, call: &Call<'_>) -> Result<Value, EvalError> {
    match call.afford(elements.len()) {
        true => Ok(call.collection(Kind::Set(members::set(elements)))),
        false => Ok(call.limit()),
    }
}

fn identities(elements: &[Value]) -> HashSet<Vec<u8>> {
    elements.iter().map(members::identity).collect()
}

fn setunion(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    result(alike(arguments, call)?.concat(), call)
}

fn setintersection(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut sets = alike(arguments, call)?.into_iter();
    let mut common = sets.next().unwrap_or_default();
    for set in sets {
        let set = identities(&set);
        common.retain(|element| set.contains(&members::identity(element)));
    }
    result(common, call)
}

fn setsubtract(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut sets = alike(arguments, call)?.into_iter();
    let mut left = sets.next().unwrap_or_default();
    let taken = identities(&sets.next().unwrap_or_default());
    left.retain(|element| !taken.contains(&members::identity(element)));
    result(left, call)
}

fn setproduct(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments.len() < 2 {
        return Err(call.error("at least two arguments are required"));
    }
    let mut factors: Vec<Vec<Value>> = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(elements) = argument.elements() else {
            return Err(call.argument_error(index, "a set or a list is required"));
        };
        let types: Vec<Type> = elements.iter().map(Type::of).collect();
        let Some(of) = unify(&types) else {
            return Err(call.argument_error(index, "all elements must be of the same type"));
        };
        let converted: Result<Vec<Value>, String> = elements
            .iter()
            .map(|element| convert(&taken(element, argument), &of))
            .collect();
        factors.push(converted.map_err(|message| call.argument_error(index, message))?);
    }
    if !arguments.iter().all(is_countable) {
        return Ok(call.unknown());
    }
    let total = factors
        .iter()
        .try_fold(1usize, |total, factor| total.checked_mul(factor.len()));
    let cost = total.and_then(|total| total.checked_mul(factors.len()));
    let Some(cost) = cost.filter(|cost| call.afford(*cost)) else {
        return Ok(call.limit());
    };
    let mut product: Vec<Vec<Value>> = vec![Vec::new()];
    if cost == 0 {
        product.clear();
    }
    for factor in &factors {
        product = product
            .iter()
            .flat_map(|head| {
                factor.iter().map(|element| {
                    let mut tuple = head.clone();
                    tuple.push(element.clone());
                    tuple
                })
            })
            .collect();
    }
    let tuples = product
        .into_iter()
        .map(|tuple| call.collection(Kind::Tuple(tuple.into())));
    let has_set = arguments
        .iter()
        .any(|argument| matches!(argument.kind, Kind::Set(_)));
    Ok(call.collection(match has_set {
        true => Kind::Set(members::set(tuples)),
        false => Kind::List(tuples.collect()),
    }))
}
