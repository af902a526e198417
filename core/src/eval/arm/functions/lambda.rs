//! Functions that take functions.

use std::sync::Arc;

use super::object::put;
use super::table::{ANY, ARRAY, Call, Function, OBJECT, taken};
use super::{Argument, Lambda};
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Condition, Entries, Kind, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::of_lambdas("filter", &[ARRAY], filter).handling_unknown(),
    Function::of_lambdas("groupBy", &[ARRAY], group_by).handling_unknown(),
    Function::of_lambdas("map", &[ARRAY], map).handling_unknown(),
    Function::of_lambdas("mapValues", &[OBJECT], map_values).handling_unknown(),
    Function::of_lambdas("reduce", &[ARRAY, ANY], reduce).handling_unknown(),
    Function::of_lambdas("sort", &[ARRAY], sort).handling_unknown(),
    Function::of_lambdas("toObject", &[ARRAY], to_object).handling_unknown(),
];

/// The functions among the arguments, after the values, each with so many parameters.
fn lambdas<'a, 'b>(
    arguments: &'b [Argument<'a>],
    call: &Call<'_>,
    wanted: &[std::ops::RangeInclusive<usize>],
    optional: usize,
) -> Result<Vec<&'b Lambda<'a>>, EvalError> {
    let values = call.function.parameters.len();
    let given: Vec<&Lambda<'a>> = arguments
        .iter()
        .skip(values)
        .filter_map(|argument| match argument {
            Argument::Lambda(lambda) => Some(lambda),
            Argument::Value(_) => None,
        })
        .collect();
    let are_last = arguments.len() == values + given.len();
    if !are_last || given.len() > wanted.len() || given.len() + optional < wanted.len() {
        let message = format!(
            "it takes {values} values and then {} lambda expressions",
            wanted.len()
        );
        return Err(call.error(message));
    }
    for (lambda, wanted) in given.iter().zip(wanted) {
        if !wanted.contains(&lambda.parameters) {
            let (least, most) = (wanted.start(), wanted.end());
            let message = format!("its lambda expression must have {least} to {most} parameters");
            return Err(call.error(message));
        }
    }
    Ok(given)
}

fn only<'a, 'b>(
    arguments: &'b [Argument<'a>],
    call: &Call<'_>,
    parameters: std::ops::RangeInclusive<usize>,
) -> Result<&'b Lambda<'a>, EvalError> {
    let lambdas = lambdas(arguments, call, &[parameters], 0)?;
    let missing = || call.error("it takes a lambda expression");
    lambdas.first().copied().ok_or_else(missing)
}

fn apply(lambda: &Lambda<'_>, values: &[Value]) -> Evaluated {
    (lambda.apply)(values.get(..lambda.parameters).unwrap_or(values))
}

fn index(place: usize, call: &Call<'_>) -> Value {
    Value::new(Kind::Number(place.into()), call.place())
}

/// The unknown result; what the lambda does is told by its place.
fn unknown(call: &Call<'_>) -> Value {
    let part = format!("{:?}", call.context.span);
    Value::unknown(call.derived(&part), call.from())
}

/// The elements of the first argument, taken over, or none when they are not known.
fn elements(call: &Call<'_>) -> Result<Option<Vec<Value>>, EvalError> {
    match call.argument(0)?.elements() {
        Some(_) => call.taken_elements(0).map(Some),
        None => Ok(None),
    }
}

fn map(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 1..=2)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    let mut mapped = Vec::with_capacity(elements.len());
    for (place, element) in elements.into_iter().enumerate() {
        if !call.afford(1) {
            return Ok(call.limit());
        }
        mapped.push(apply(lambda, &[element, index(place, call)])?);
    }
    call.array(mapped)
}

/// So many elements of which it is unknown whether they stay are told apart.
const UNDECIDED: usize = 4;

fn filter(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 1..=2)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    let mut tested = Vec::with_capacity(elements.len());
    let mut undecided = 0;
    for (place, element) in elements.into_iter().enumerate() {
        if !call.afford(1) {
            return Ok(call.limit());
        }
        let test = apply(lambda, &[element.clone(), index(place, call)])?;
        match &test.kind {
            Kind::Bool(_) => {}
            Kind::Unknown(_) | Kind::OneOf(_) => undecided += 1,
            _ => return Err(call.error("its lambda expression must give a boolean")),
        }
        tested.push((element, test));
    }
    match undecided <= UNDECIDED {
        true => kept(&tested, Vec::new(), call),
        false => Ok(unknown(call)),
    }
}

fn kept(tested: &[(Value, Value)], mut so_far: Vec<Value>, call: &Call<'_>) -> Evaluated {
    for (place, (element, test)) in tested.iter().enumerate() {
        if let Kind::Bool(stays) = test.kind {
            if stays {
                so_far.push(element.clone());
            }
            continue;
        }
        let rest = tested.get(place + 1..).unwrap_or_default();
        let mut with = so_far.clone();
        with.push(element.clone());
        return choice::map(test, &mut |test| match &test.kind {
            Kind::Bool(true) => kept(rest, with.clone(), call),
            Kind::Bool(false) => kept(rest, so_far.clone(), call),
            Kind::Unknown(unknown) => {
                let condition = Condition {
                    unknown: unknown.clone(),
                };
                let (yes, no) = (kept(rest, with.clone(), call), kept(rest, so_far.clone(), call));
                choice::join(condition, yes, no, call.context.span)
            }
            _ => Err(call.error("its lambda expression must give a boolean")),
        });
    }
    call.array(so_far)
}

fn reduce(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 2..=3)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    let mut result = call.argument(1)?.clone();
    for (place, element) in elements.into_iter().enumerate() {
        if !call.afford(1) {
            return Ok(call.limit());
        }
        result = apply(lambda, &[result, element, index(place, call)])?;
    }
    Ok(result)
}

/// Why sorting stopped.
enum Stop {
    Unknown,
    Limit,
    Error(EvalError),
}

fn sort(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 2..=2)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    match merge_sort(elements, lambda, call) {
        Ok(sorted) => call.array(sorted),
        Err(Stop::Unknown) => Ok(unknown(call)),
        Err(Stop::Limit) => Ok(call.limit()),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// Written out because the order is the user's: it may contradict itself.
fn merge_sort(mut elements: Vec<Value>, lambda: &Lambda<'_>, call: &Call<'_>) -> Result<Vec<Value>, Stop> {
    if elements.len() < 2 {
        return Ok(elements);
    }
    let right = elements.split_off(elements.len() / 2);
    let left = merge_sort(elements, lambda, call)?;
    let right = merge_sort(right, lambda, call)?;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
        if !call.afford(1) {
            return Err(Stop::Limit);
        }
        let is_before = apply(lambda, &[two.clone(), one.clone()]).map_err(Stop::Error)?;
        let next = match is_before.kind {
            Kind::Bool(true) => right.next(),
            Kind::Bool(false) => left.next(),
            Kind::Unknown(_) | Kind::OneOf(_) => return Err(Stop::Unknown),
            _ => {
                return Err(Stop::Error(
                    call.error("its lambda expression must give a boolean"),
                ));
            }
        };
        merged.extend(next);
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

/// What a lambda says the name of a member is.
enum Key {
    Known(Arc<str>),
    Unknown(Unknown),
}

fn key(lambda: &Lambda<'_>, values: &[Value], call: &Call<'_>) -> Result<Key, EvalError> {
    match apply(lambda, values)?.kind {
        Kind::String(name) => Ok(Key::Known(name)),
        Kind::Unknown(unknown) => Ok(Key::Unknown(unknown)),
        Kind::OneOf(one_of) => Ok(Key::Unknown(one_of.condition.unknown.clone())),
        _ => Err(call.error("its lambda expression for the key must give a string")),
    }
}

fn to_object(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambdas = lambdas(arguments, call, &[1..=2, 1..=2], 1)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    let Some(for_key) = lambdas.first() else {
        return Err(call.error("it takes a lambda expression"));
    };
    let mut entries = Entries::default();
    for (place, element) in elements.into_iter().enumerate() {
        if !call.afford(1) {
            return Ok(call.limit());
        }
        let values = [element, index(place, call)];
        let name = key(for_key, &values, call)?;
        let [element, _] = &values;
        let value = match lambdas.get(1) {
            Some(for_value) => apply(for_value, &values)?,
            None => element.clone(),
        };
        match name {
            Key::Known(name) => put(&mut entries, &name, value),
            Key::Unknown(unknown) => entries.open = Some(unknown),
        }
    }
    // One of the unknown names may be one of the known ones.
    match &entries.open {
        Some(_) if !entries.members.is_empty() => Ok(unknown(call)),
        _ => call.object(entries),
    }
}

fn group_by(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 1..=2)?;
    let Some(elements) = elements(call)? else {
        return Ok(unknown(call));
    };
    let mut groups: Vec<(Arc<str>, Vec<Value>)> = Vec::new();
    for (place, element) in elements.into_iter().enumerate() {
        if !call.afford(1 + groups.len() / 64) {
            return Ok(call.limit());
        }
        let Key::Known(name) = key(lambda, &[element.clone(), index(place, call)], call)? else {
            return Ok(unknown(call));
        };
        let known = groups
            .iter_mut()
            .find(|(known, _)| super::same_name(known, &name));
        match known {
            Some((_, group)) => group.push(element),
            None => groups.push((name, vec![element])),
        }
    }
    let mut entries = Entries::default();
    for (name, group) in groups {
        entries.members.insert(name, call.array(group)?);
    }
    call.object(entries)
}

fn map_values(arguments: &[Argument<'_>], call: &Call<'_>) -> Evaluated {
    let lambda = only(arguments, call, 1..=1)?;
    let object = call.argument(0)?;
    let Some(entries) = object.entries() else {
        return Ok(unknown(call));
    };
    let mut mapped = Entries {
        members: Default::default(),
        open: entries.open.clone(),
    };
    for (name, value) in &entries.members {
        if !call.afford(1) {
            return Ok(call.limit());
        }
        let value = apply(lambda, &[taken(value, object)])?;
        mapped.members.insert(name.clone(), value);
    }
    call.object(mapped)
}
