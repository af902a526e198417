//! Conversion of values to types, with Terraform's rules and messages.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::types::{ObjectAttribute, Type, unify};
use crate::eval::arithmetic;
use crate::eval::members;
use crate::eval::value::{Entries, Kind, OneOf, PathStep, Reason, Unknown, Value};

/// The value as a value of the type, or why it cannot be one. Unknown values pass through as they are,
/// null stays null, every part keeps its provenance.
pub fn convert(value: &Value, to: &Type) -> Result<Value, String> {
    match (&value.kind, to) {
        (Kind::Unknown(unknown), to) if to.is_primitive() => {
            Ok(Value::unknown(unknown.scalar(), value.from.clone()))
        }
        (_, Type::Any) | (Kind::Null | Kind::Unknown(_), _) => Ok(value.clone()),
        (Kind::OneOf(one_of), _) => convert_choice(value, one_of, to),
        (_, Type::String) => to_string(value),
        (_, Type::Number) => to_number(value),
        (_, Type::Bool) => to_bool(value),
        (_, Type::List(of)) => {
            let elements = to_elements(value, to, of)?;
            Ok(Value::new(Kind::List(elements.into()), value.from.clone()))
        }
        (_, Type::Set(of)) => {
            let elements = to_elements(value, to, of)?;
            Ok(Value::new(Kind::Set(members::set(elements)), value.from.clone()))
        }
        (_, Type::Map(of)) => to_map(value, to, of),
        (_, Type::Tuple(of)) => to_tuple(value, to, of),
        (_, Type::Object(attributes)) => to_object(value, to, attributes),
    }
}

/// Both branches; one that cannot be converted becomes unknown, since Terraform would refuse it.
fn convert_choice(value: &Value, one_of: &OneOf, to: &Type) -> Result<Value, String> {
    let invalid = |message: String, branch: &Value| {
        let unknown = Unknown::new(Reason::Invalid { message }, branch.from.nearest().span);
        Value::unknown(unknown, branch.from.clone())
    };
    let (yes, no) = match (convert(&one_of.yes, to), convert(&one_of.no, to)) {
        (Ok(yes), Ok(no)) => (yes, no),
        (Ok(yes), Err(message)) => (yes, invalid(message, &one_of.no)),
        (Err(message), Ok(no)) => (invalid(message, &one_of.yes), no),
        (Err(message), Err(_)) => return Err(message),
    };
    let condition = one_of.condition.clone();
    let kind = Kind::OneOf(Arc::new(OneOf { condition, yes, no }));
    Ok(Value::new(kind, value.from.clone()))
}

/// What stands in the way when the kind is altogether wrong.
fn mismatch(value: &Value, to: &Type) -> String {
    let got = Type::of(value);
    let wanted = to.friendly_name();
    let same_kind = got.is_primitive() == to.is_primitive();
    let confusing = match (&got, to) {
        _ if !same_kind => false,
        (_, Type::String) | (Type::Tuple(_), Type::Object(_)) => false,
        (Type::Number, Type::Bool) | (Type::Bool, Type::Number) => false,
        _ => true,
    };
    match confusing {
        true => format!("{wanted} required"),
        false => format!("{wanted} required, but have {}", got.friendly_name()),
    }
}

fn to_string(value: &Value) -> Result<Value, String> {
    let text = match &value.kind {
        Kind::String(_) => return Ok(value.clone()),
        Kind::Bool(true) => "true".to_owned(),
        Kind::Bool(false) => "false".to_owned(),
        Kind::Number(number) => number.to_string(),
        _ => return Err(mismatch(value, &Type::String)),
    };
    Ok(Value::string(text, value.from.clone()))
}

fn to_number(value: &Value) -> Result<Value, String> {
    match &value.kind {
        Kind::Number(_) => Ok(value.clone()),
        Kind::String(text) => {
            let number = arithmetic::parse(text).ok_or_else(|| "a number is required".to_owned())?;
            Ok(Value::new(Kind::Number(number), value.from.clone()))
        }
        _ => Err(mismatch(value, &Type::Number)),
    }
}

fn to_bool(value: &Value) -> Result<Value, String> {
    let truth = match &value.kind {
        Kind::Bool(_) => return Ok(value.clone()),
        Kind::String(text) => match text.as_ref() {
            "true" | "1" => true,
            "false" | "0" => false,
            other => {
                let lowercase = other.to_lowercase();
                return Err(match lowercase.as_str() {
                    "true" | "false" => {
                        format!("a bool is required; to convert from string, use lowercase \"{lowercase}\"")
                    }
                    _ => "a bool is required".to_owned(),
                });
            }
        },
        _ => return Err(mismatch(value, &Type::Bool)),
    };
    Ok(Value::new(Kind::Bool(truth), value.from.clone()))
}

/// The elements of a list or set of `of`.
fn to_elements(value: &Value, to: &Type, of: &Type) -> Result<Vec<Value>, String> {
    let (elements, structural) = match &value.kind {
        Kind::Tuple(elements) => (elements, true),
        // Their elements are of one type already.
        Kind::List(elements) | Kind::Set(elements) => (elements, false),
        _ => return Err(mismatch(value, to)),
    };
    if *of == Type::Any && !structural {
        return Ok(elements.to_vec());
    }
    let converted: Result<Vec<Value>, String> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| {
            convert(element, of).map_err(|message| match structural {
                true => format!("element {index}: {message}"),
                false => message,
            })
        })
        .collect();
    let converted = converted?;
    if !of.has_any() {
        return Ok(converted);
    }
    let unified = common_type(converted.iter()).ok_or_else(|| {
        let kind = if matches!(to, Type::Set(_)) { "set" } else { "list" };
        format!("all {kind} elements must have the same type")
    })?;
    converted
        .iter()
        .map(|element| convert(element, &unified))
        .collect()
}

fn to_map(value: &Value, to: &Type, of: &Type) -> Result<Value, String> {
    let (entries, structural) = match &value.kind {
        Kind::Object(entries) => (entries, true),
        Kind::Map(entries) => (entries, false),
        _ => return Err(mismatch(value, to)),
    };
    if *of == Type::Any && !structural {
        return Ok(value.clone());
    }
    let mut members = BTreeMap::new();
    for (key, member) in &entries.members {
        let converted = convert(member, of).map_err(|message| match structural {
            true => format!("element \"{key}\": {message}"),
            false => message,
        })?;
        members.insert(key.clone(), converted);
    }
    if of.has_any() {
        let unified = common_type(members.values())
            .ok_or_else(|| "all map elements must have the same type".to_owned())?;
        for member in members.values_mut() {
            *member = convert(member, &unified)?;
        }
    }
    let open = entries.open.clone();
    let kind = Kind::Map(Arc::new(Entries { members, open }));
    Ok(Value::new(kind, value.from.clone()))
}

fn common_type<'a>(values: impl Iterator<Item = &'a Value>) -> Option<Type> {
    let types: Vec<Type> = values.map(Type::of).collect();
    unify(&types)
}

fn to_tuple(value: &Value, to: &Type, of: &[Type]) -> Result<Value, String> {
    let Kind::Tuple(elements) = &value.kind else {
        return Err(mismatch(value, to));
    };
    if elements.len() != of.len() {
        return Err(mismatch(value, to));
    }
    let converted: Result<Vec<Value>, String> = elements
        .iter()
        .zip(of)
        .map(|(element, of)| convert(element, of))
        .collect();
    Ok(Value::new(Kind::Tuple(converted?.into()), value.from.clone()))
}

fn to_object(value: &Value, to: &Type, attributes: &[ObjectAttribute]) -> Result<Value, String> {
    let (entries, structural) = match &value.kind {
        Kind::Object(entries) => (entries, true),
        Kind::Map(entries) => (entries, false),
        _ => return Err(mismatch(value, to)),
    };
    let missing: Vec<&ObjectAttribute> = attributes
        .iter()
        .filter(|attribute| {
            !attribute.optional && entries.open.is_none() && !entries.members.contains_key(&attribute.name)
        })
        .collect();
    if let [first, ..] = missing.as_slice() {
        return Err(match structural {
            true => required(&missing),
            false => format!("map has no element for required attribute \"{}\"", first.name),
        });
    }
    let mut members = BTreeMap::new();
    for attribute in attributes {
        let member = match (entries.members.get(&attribute.name), &attribute.default) {
            (Some(member), Some(default)) if member.is_null() => default.clone(),
            (Some(member), _) => convert(member, &attribute.of)
                .map_err(|message| format!("attribute \"{}\": {message}", attribute.name))?,
            (None, default) => match (&entries.open, default) {
                (Some(open), _) => {
                    let step = PathStep::Attribute(attribute.name.clone());
                    let unknown = open.step(step, value.from.nearest().span);
                    Value::unknown(unknown, value.from.clone())
                }
                (None, Some(default)) => default.clone(),
                (None, None) => Value::new(Kind::Null, value.from.clone()),
            },
        };
        members.insert(attribute.name.clone(), member);
    }
    let kind = Kind::Object(Arc::new(Entries { members, open: None }));
    Ok(Value::new(kind, value.from.clone()))
}

/// Names the attributes that are missing, as Terraform does.
fn required(missing: &[&ObjectAttribute]) -> String {
    match missing {
        [one] => format!("attribute \"{}\" is required", one.name),
        [one, two] => format!("attributes \"{}\" and \"{}\" are required", one.name, two.name),
        [first @ .., last] => {
            let names: Vec<String> = first.iter().map(|one| format!("\"{}\"", one.name)).collect();
            format!(
                "attributes {}, and \"{}\" are required",
                names.join(", "),
                last.name
            )
        }
        [] => "incorrect object attributes".to_owned(),
    }
}
