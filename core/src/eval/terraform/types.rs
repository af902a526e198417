//! Terraform's types: what a `type = …` says, what type a value has, and which type several values share.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::conversion::convert;
use super::error::EvalError;
use crate::eval::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{Call, Expression, ExpressionKind, ObjectKey};
use crate::syntax::hcl::{Notation, parse};

/// A type or type constraint. Equality and hashes look at the types alone, not at defaults.
#[derive(Debug, Clone)]
pub enum Type {
    /// `any` in a constraint; of a value: unknown or null, so that it can become anything.
    Any,
    Bool,
    Number,
    String,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    /// Attributes in the order of their names.
    Object(Vec<ObjectAttribute>),
}

#[derive(Debug, Clone)]
pub struct ObjectAttribute {
    pub name: Arc<str>,
    pub of: Type,
    pub optional: bool,
    /// Taken when an optional attribute is missing or null; already converted to the attribute's type.
    pub default: Option<Value>,
}

impl PartialEq for ObjectAttribute {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.optional == other.optional && self.of == other.of
    }
}

impl Eq for ObjectAttribute {}

impl Hash for ObjectAttribute {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.optional.hash(state);
        self.of.hash(state);
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Type::Any, Type::Any)
            | (Type::Bool, Type::Bool)
            | (Type::Number, Type::Number)
            | (Type::String, Type::String) => true,
            (Type::List(one), Type::List(two))
            | (Type::Set(one), Type::Set(two))
            | (Type::Map(one), Type::Map(two)) => one == two,
            (Type::Tuple(one), Type::Tuple(two)) => one == two,
            (Type::Object(one), Type::Object(two)) => one == two,
            _ => false,
        }
    }
}

impl Eq for Type {}

impl Hash for Type {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Type::Any | Type::Bool | Type::Number | Type::String => {}
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.hash(state),
            Type::Tuple(elements) => elements.hash(state),
            Type::Object(attributes) => attributes.hash(state),
        }
    }
}

/// Values nest without bound through local values; deeper parts count as of any type.
const DEPTH: usize = 64;

impl Type {
    /// The type of a value. Unknown and null values are of any type.
    pub fn of(value: &Value) -> Type {
        Self::of_at(value, 0)
    }

    fn of_at(value: &Value, depth: usize) -> Type {
        if depth > DEPTH {
            return Type::Any;
        }
        let common = |values: &mut dyn Iterator<Item = &Value>| {
            let types: Vec<Type> = values.map(|value| Self::of_at(value, depth + 1)).collect();
            Box::new(unify(&types).unwrap_or(Type::Any))
        };
        match &value.kind {
            Kind::Null | Kind::Unknown(_) => Type::Any,
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(elements) => Type::List(common(&mut elements.iter())),
            Kind::Set(elements) => Type::Set(common(&mut elements.iter())),
            Kind::Map(entries) => Type::Map(common(&mut entries.members.values())),
            Kind::Tuple(elements) => Type::Tuple(
                elements
                    .iter()
                    .map(|element| Self::of_at(element, depth + 1))
                    .collect(),
            ),
            Kind::Object(entries) => Type::Object(
                entries
                    .members
                    .iter()
                    .map(|(name, member)| ObjectAttribute {
                        name: name.clone(),
                        of: Self::of_at(member, depth + 1),
                        optional: false,
                        default: None,
                    })
                    .collect(),
            ),
            Kind::OneOf(one_of) => *common(&mut [&one_of.yes, &one_of.no].into_iter()),
        }
    }

    /// Whether `any` is part of the type.
    pub fn has_any(&self) -> bool {
        match self {
            Type::Any => true,
            Type::Bool | Type::Number | Type::String => false,
            Type::List(of) | Type::Set(of) | Type::Map(of) => of.has_any(),
            Type::Tuple(elements) => elements.iter().any(Type::has_any),
            Type::Object(attributes) => attributes.iter().any(|attribute| attribute.of.has_any()),
        }
    }

    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }

    /// How Terraform's messages call the type: `list of string`.
    pub fn friendly_name(&self) -> String {
        match self {
            Type::Any => "any type".to_owned(),
            Type::Bool => "bool".to_owned(),
            Type::Number => "number".to_owned(),
            Type::String => "string".to_owned(),
            Type::List(of) => format!("list of {}", of.friendly_plural()),
            Type::Set(of) => format!("set of {}", of.friendly_plural()),
            Type::Map(of) => format!("map of {}", of.friendly_plural()),
            Type::Tuple(_) => "tuple".to_owned(),
            Type::Object(_) => "object".to_owned(),
        }
    }

    fn friendly_plural(&self) -> String {
        match self {
            Type::Any => "any single type".to_owned(),
            other => other.friendly_name(),
        }
    }

    /// Reads the right side of `type = …`, native or legacy (`"string"`, bare `list`). `evaluate_default`
    /// gives the value of a default, which is converted here.
    pub fn from_expression(
        expression: &Expression,
        evaluate_default: &mut dyn FnMut(&Expression) -> Value,
    ) -> Result<Type, EvalError> {
        from_expression(expression, evaluate_default)
    }
}

fn invalid(message: impl Into<String>, span: Span) -> EvalError {
    EvalError::new(message, span)
}

fn from_expression(
    expression: &Expression,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<Type, EvalError> {
    let span = expression.span;
    match &expression.kind {
        ExpressionKind::Parenthesis(inner) => from_expression(inner, evaluate_default),
        ExpressionKind::Name(name) => from_keyword(name, span),
        // Terraform 0.11 wrote the keyword in quotes.
        ExpressionKind::String(text) => match text.as_ref() {
            "string" => Ok(Type::String),
            "list" => Ok(Type::List(Box::new(Type::Any))),
            "map" => Ok(Type::Map(Box::new(Type::Any))),
            other => from_text(other, span, evaluate_default),
        },
        ExpressionKind::Call(call) => from_call(call, span, evaluate_default),
        _ => Err(invalid(
            "A type specification is either a primitive type keyword (bool, number, string) or a complex type \
             constructor call, like list(string).",
            span,
        )),
    }
}

/// A quoted type that is no legacy keyword: JSON syntax writes `"list(string)"`. Inside the text there are
/// no places, so errors point at all of it.
fn from_text(
    text: &str,
    span: Span,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<Type, EvalError> {
    let file = parse(span.file, &format!("type = {text}\n"), Notation::Native);
    match file.body.attributes.as_slice() {
        [attribute]
            if file.errors.is_empty() && !matches!(attribute.value.kind, ExpressionKind::String(_)) =>
        {
            from_expression(&attribute.value, evaluate_default).map_err(|error| EvalError { span, ..error })
        }
        _ => Err(invalid(
            format!("\"{text}\" is not a valid type specification."),
            span,
        )),
    }
}

fn from_keyword(keyword: &str, span: Span) -> Result<Type, EvalError> {
    match keyword {
        "any" => Ok(Type::Any),
        "bool" => Ok(Type::Bool),
        "number" => Ok(Type::Number),
        "string" => Ok(Type::String),
        "list" => Ok(Type::List(Box::new(Type::Any))),
        "set" => Ok(Type::Set(Box::new(Type::Any))),
        "map" => Ok(Type::Map(Box::new(Type::Any))),
        other => Err(invalid(
            format!("The keyword \"{other}\" is not a valid type specification."),
            span,
        )),
    }
}

fn from_call(
    call: &Call,
    span: Span,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<Type, EvalError> {
    let [argument] = call.arguments.as_slice() else {
        return Err(invalid(
            format!("The {} type constructor requires one argument.", call.name),
            span,
        ));
    };
    match call.name.as_ref() {
        "list" => Ok(Type::List(Box::new(from_expression(argument, evaluate_default)?))),
        "set" => Ok(Type::Set(Box::new(from_expression(argument, evaluate_default)?))),
        "map" => Ok(Type::Map(Box::new(from_expression(argument, evaluate_default)?))),
        "tuple" => match &argument.kind {
            ExpressionKind::Tuple(elements) => {
                let elements: Result<Vec<Type>, EvalError> = elements
                    .iter()
                    .map(|element| from_expression(element, evaluate_default))
                    .collect();
                Ok(Type::Tuple(elements?))
            }
            _ => Err(invalid(
                "Tuple type constructor requires a list of element types.",
                span,
            )),
        },
        "object" => object(argument, evaluate_default),
        "optional" => Err(invalid(
            "Keyword \"optional\" is valid only as a modifier for object type attributes.",
            span,
        )),
        other => Err(invalid(
            format!("Keyword \"{other}\" is not a valid type constructor."),
            span,
        )),
    }
}

fn object(
    argument: &Expression,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<Type, EvalError> {
    let ExpressionKind::Object(items) = &argument.kind else {
        return Err(invalid(
            "Object type constructor requires a map whose keys are attribute names and whose values are the \
             corresponding attribute types.",
            argument.span,
        ));
    };
    let mut attributes: BTreeMap<Arc<str>, ObjectAttribute> = BTreeMap::new();
    for item in items {
        let (name, key_span) = match &item.key {
            ObjectKey::Name(name, span) => (name.clone(), *span),
            ObjectKey::Expression(key) => match &key.kind {
                ExpressionKind::Name(name) | ExpressionKind::String(name) => (name.clone(), key.span),
                _ => {
                    return Err(invalid(
                        "Object constructor map keys must be attribute names.",
                        key.span,
                    ));
                }
            },
        };
        let attribute = attribute(name.clone(), &item.value, evaluate_default)?;
        if attributes.insert(name, attribute).is_some() {
            return Err(invalid("Object constructor map keys must be unique.", key_span));
        }
    }
    Ok(Type::Object(attributes.into_values().collect()))
}

fn attribute(
    name: Arc<str>,
    value: &Expression,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<ObjectAttribute, EvalError> {
    let arguments = match &value.kind {
        ExpressionKind::Call(call) if call.name.as_ref() == "optional" => call.arguments.as_slice(),
        _ => {
            return Ok(ObjectAttribute {
                name,
                of: from_expression(value, evaluate_default)?,
                optional: false,
                default: None,
            });
        }
    };
    let (of, default) = match arguments {
        [of] => (from_expression(of, evaluate_default)?, None),
        [of, default] => {
            let of = from_expression(of, evaluate_default)?;
            let converted = convert(&evaluate_default(default), &of).map_err(|message| {
                let message = format!(
                    "This default value is not compatible with the attribute's type constraint: {message}."
                );
                invalid(message, default.span)
            })?;
            (of, Some(converted))
        }
        [] => {
            let message = "Optional attribute modifier requires the attribute type as its argument.";
            return Err(invalid(message, value.span));
        }
        _ => {
            let message = "Optional attribute modifier expects at most two arguments: the attribute type, and a \
                           default value.";
            return Err(invalid(message, value.span));
        }
    };
    Ok(ObjectAttribute {
        name,
        of,
        optional: true,
        default,
    })
}

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

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => write!(formatter, "any"),
            Type::Bool => write!(formatter, "bool"),
            Type::Number => write!(formatter, "number"),
            Type::String => write!(formatter, "string"),
            Type::List(of) => write!(formatter, "list({of})"),
            Type::Set(of) => write!(formatter, "set({of})"),
            Type::Map(of) => write!(formatter, "map({of})"),
            Type::Tuple(elements) => {
                write!(formatter, "tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(formatter, "{comma}{element}")?;
                }
                write!(formatter, "])")
            }
            Type::Object(attributes) => {
                write!(formatter, "object({{")?;
                for (index, attribute) in attributes.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    match attribute.optional {
                        true => write!(formatter, "{comma}{}=optional({})", attribute.name, attribute.of)?,
                        false => write!(formatter, "{comma}{}={}", attribute.name, attribute.of)?,
                    }
                }
                write!(formatter, "}})")
            }
        }
    }
}
