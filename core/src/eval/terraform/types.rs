//! Terraform's types and the types of values.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use super::unification::unify;
use crate::eval::error::EvalError;
use crate::eval::value::{Kind, Value};
use crate::syntax::hcl::tree::Expression;

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
            // A resource has all attributes of its type, of which only those that are written are known.
            Kind::Object(entries) if entries.open.is_some() => Type::Any,
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
        super::type_expression::read(expression, evaluate_default)
    }
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
