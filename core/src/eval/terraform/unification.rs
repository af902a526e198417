//! The type that values of several types have in common.

use std::collections::HashSet;

use super::types::{ObjectAttribute, Type};

/// The most general type that all can be converted to. `any` says nothing and takes no part unless there
/// is nothing else; `None`: they have no type in common.
pub fn unify(types: &[Type]) -> Option<Type> {
    // Most collections have members of one type, so their number must not matter.
    let mut seen = HashSet::new();
    let distinct: Vec<&Type> = types
        .iter()
        .filter(|of| **of != Type::Any && seen.insert(*of))
        .collect();
    match distinct.as_slice() {
        [] => Some(Type::Any),
        [only] => Some((*only).clone()),
        _ if distinct.iter().all(|of| of.is_primitive()) => {
            distinct.contains(&&Type::String).then_some(Type::String)
        }
        _ if distinct.iter().all(|of| matches!(of, Type::Object(_))) => unify_objects(&distinct),
        _ if distinct.iter().all(|of| matches!(of, Type::Tuple(_))) => unify_tuples(&distinct),
        _ => unify_collections(&distinct),
    }
}

/// Collections and structural types that are of more than one kind, or collections of one kind.
fn unify_collections(types: &[&Type]) -> Option<Type> {
    let mut members = Vec::new();
    let (mut lists, mut sets, mut maps) = (false, false, false);
    for of in types {
        match of {
            Type::List(of) => {
                lists = true;
                members.push((**of).clone());
            }
            Type::Set(of) => {
                sets = true;
                members.push((**of).clone());
            }
            Type::Map(of) => {
                maps = true;
                members.push((**of).clone());
            }
            Type::Tuple(elements) => {
                lists = lists || !types.iter().any(|of| matches!(of, Type::Set(_)));
                members.extend(elements.iter().cloned());
            }
            Type::Object(attributes) => {
                maps = true;
                members.extend(attributes.iter().map(|attribute| attribute.of.clone()));
            }
            Type::Any => {}
            Type::Bool | Type::Number | Type::String => return None,
        }
    }
    let of = Box::new(unify(&members)?);
    match (lists, sets, maps) {
        (true, _, false) => Some(Type::List(of)),
        (false, true, false) => Some(Type::Set(of)),
        (false, false, true) => Some(Type::Map(of)),
        _ => None,
    }
}

fn unify_objects(types: &[&Type]) -> Option<Type> {
    let attributes: Vec<&Vec<ObjectAttribute>> = types
        .iter()
        .filter_map(|of| match of {
            Type::Object(attributes) => Some(attributes),
            _ => None,
        })
        .collect();
    let (first, others) = attributes.split_first()?;
    let same_names = |other: &&Vec<ObjectAttribute>| {
        other.len() == first.len()
            && other
                .iter()
                .zip(first.iter())
                .all(|(one, two)| one.name == two.name)
    };
    if !others.iter().all(same_names) {
        let members: Vec<Type> = attributes
            .iter()
            .flat_map(|attributes| attributes.iter().map(|attribute| attribute.of.clone()))
            .collect();
        return Some(Type::Map(Box::new(unify(&members)?)));
    }
    let mut unified = Vec::with_capacity(first.len());
    for (index, attribute) in first.iter().enumerate() {
        let across: Vec<Type> = attributes
            .iter()
            .filter_map(|attributes| Some(attributes.get(index)?.of.clone()))
            .collect();
        unified.push(ObjectAttribute {
            name: attribute.name.clone(),
            of: unify(&across)?,
            optional: false,
            default: None,
        });
    }
    Some(Type::Object(unified))
}

fn unify_tuples(types: &[&Type]) -> Option<Type> {
    let elements: Vec<&Vec<Type>> = types
        .iter()
        .filter_map(|of| match of {
            Type::Tuple(elements) => Some(elements),
            _ => None,
        })
        .collect();
    let (first, others) = elements.split_first()?;
    if others.iter().any(|other| other.len() != first.len()) {
        let members: Vec<Type> = elements
            .iter()
            .flat_map(|elements| elements.iter().cloned())
            .collect();
        return Some(Type::List(Box::new(unify(&members)?)));
    }
    let mut unified = Vec::with_capacity(first.len());
    for index in 0..first.len() {
        let across: Vec<Type> = elements
            .iter()
            .filter_map(|elements| elements.get(index).cloned())
            .collect();
        unified.push(unify(&across)?);
    }
    Some(Type::Tuple(unified))
}
