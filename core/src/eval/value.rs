//! The value that every language is evaluated to: what it is, or why that cannot be known, and where it
//! comes from.

mod unknown;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::number::Number;
use super::provenance::{Provenance, Via};
use crate::source::Span;

pub(in crate::eval) use unknown::hash_of;
pub use unknown::{Edge, PathStep, Piece, Reason, Unknown};

#[derive(Debug, Clone)]
pub struct Value {
    pub kind: Kind,
    pub from: Provenance,
}

#[derive(Debug, Clone)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// Elements of one type: the result of a conversion or of a splat over instances.
    List(Arc<[Value]>),
    /// `[a, b]` as written.
    Tuple(Arc<[Value]>),
    /// Without repeats, in Terraform's order of sets.
    Set(Arc<[Value]>),
    /// Values of one type.
    Map(Arc<Entries>),
    Object(Arc<Entries>),
    Unknown(Unknown),
    /// One of two values, and which one hangs on something unknown.
    OneOf(Arc<OneOf>),
}

/// The members of a map or an object, by key.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    pub members: BTreeMap<Arc<str>, Value>,
    /// Why there may be more members than these: attributes of a resource that are known only after
    /// apply, or a body that did not parse completely. Without it a missing key is truly absent.
    pub open: Option<Unknown>,
}

/// `condition ? yes : no` with an unknown condition.
#[derive(Debug, Clone)]
pub struct OneOf {
    pub condition: Condition,
    pub yes: Value,
    pub no: Value,
}

/// An unknown truth value. Two conditions with the same identity are true together, so choices that hang
/// on the same condition are never mixed.
#[derive(Debug, Clone)]
pub struct Condition {
    pub unknown: Unknown,
}

impl Condition {
    pub fn identity(&self) -> u64 {
        self.unknown.identity()
    }
}

impl Value {
    pub fn new(kind: Kind, from: Provenance) -> Self {
        Value { kind, from }
    }

    pub fn unknown(unknown: Unknown, from: Provenance) -> Self {
        Value {
            kind: Kind::Unknown(unknown),
            from,
        }
    }

    pub fn string(text: impl Into<Arc<str>>, from: Provenance) -> Self {
        Value {
            kind: Kind::String(text.into()),
            from,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list, tuple or set.
    pub fn elements(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => Some(elements),
            _ => None,
        }
    }

    /// The members of a map or object.
    pub fn entries(&self) -> Option<&Entries> {
        match &self.kind {
            Kind::Map(entries) | Kind::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value as used by an attribute: each part that was written elsewhere has the use as nearest step.
    #[must_use]
    pub fn used_at(self, span: Span) -> Value {
        let is_told = |from: &Provenance| {
            let nearest = from.nearest().span;
            nearest == span || span.contains(nearest) && from.steps().len() == 1
        };
        // Nearly all values are written where they are used.
        if self.all_from(&is_told) {
            return self;
        }
        self.retold(&|from| match is_told(&from) {
            true => from,
            false => from.used_at(Via::Use, span),
        })
    }

    /// Whether it holds for where the value and each of its parts come from.
    fn all_from(&self, holds: &dyn Fn(&Provenance) -> bool) -> bool {
        let all = |elements: &Arc<[Value]>| elements.iter().all(|element| element.all_from(holds));
        holds(&self.from)
            && match &self.kind {
                Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => all(elements),
                Kind::Map(entries) | Kind::Object(entries) => {
                    entries.members.values().all(|member| member.all_from(holds))
                }
                Kind::OneOf(one_of) => one_of.yes.all_from(holds) && one_of.no.all_from(holds),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => true,
            }
    }

    /// The same value, of which each part comes from where `tell` says.
    #[must_use]
    pub(in crate::eval) fn retold(self, tell: &dyn Fn(Provenance) -> Provenance) -> Value {
        let list = |elements: &Arc<[Value]>| {
            let elements = elements.iter();
            elements.map(|element| element.clone().retold(tell)).collect()
        };
        let entries = |entries: &Arc<Entries>| {
            let members = entries.members.iter();
            Arc::new(Entries {
                members: members
                    .map(|(name, value)| (name.clone(), value.clone().retold(tell)))
                    .collect(),
                open: entries.open.clone(),
            })
        };
        let kind = match self.kind {
            Kind::List(elements) => Kind::List(list(&elements)),
            Kind::Tuple(elements) => Kind::Tuple(list(&elements)),
            Kind::Set(elements) => Kind::Set(list(&elements)),
            Kind::Map(members) => Kind::Map(entries(&members)),
            Kind::Object(members) => Kind::Object(entries(&members)),
            Kind::OneOf(one_of) => Kind::OneOf(Arc::new(OneOf {
                condition: one_of.condition.clone(),
                yes: one_of.yes.clone().retold(tell),
                no: one_of.no.clone().retold(tell),
            })),
            other => other,
        };
        Value {
            kind,
            from: tell(self.from),
        }
    }

    /// The first unknown or undecided part, at any depth.
    pub fn first_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            Kind::OneOf(one_of) => Some(&one_of.condition.unknown),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                elements.iter().find_map(Value::first_unknown)
            }
            Kind::Map(entries) | Kind::Object(entries) => entries
                .open
                .as_ref()
                .or_else(|| entries.members.values().find_map(Value::first_unknown)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        }
    }

    /// Equal for values with the same content, whatever their provenance.
    pub fn content_hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_content(&mut hasher);
        hasher.finish()
    }

    fn hash_content(&self, hasher: &mut DefaultHasher) {
        std::mem::discriminant(&self.kind).hash(hasher);
        match &self.kind {
            Kind::Null => {}
            Kind::Bool(value) => value.hash(hasher),
            Kind::Number(number) => number.hash(hasher),
            Kind::String(text) => text.hash(hasher),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                elements.len().hash(hasher);
                for element in elements.iter() {
                    element.hash_content(hasher);
                }
            }
            Kind::Map(entries) | Kind::Object(entries) => {
                entries.members.len().hash(hasher);
                for (name, member) in &entries.members {
                    name.hash(hasher);
                    member.hash_content(hasher);
                }
                entries.open.as_ref().map(Unknown::identity).hash(hasher);
            }
            Kind::Unknown(unknown) => unknown.identity().hash(hasher),
            Kind::OneOf(one_of) => {
                one_of.condition.identity().hash(hasher);
                one_of.yes.hash_content(hasher);
                one_of.no.hash_content(hasher);
            }
        }
    }

    pub fn is_wholly_known(&self) -> bool {
        self.first_unknown().is_none()
    }
}
