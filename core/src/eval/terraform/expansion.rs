//! `count` and `for_each`: which instances a block has, and under which conditions.

use std::sync::Arc;

use super::conversion::convert;
use super::expression::{Scope, limit_reached};
use super::types::Type;
use crate::eval::choice;
use crate::eval::deployment::{InstanceKey, Presence};
use crate::eval::error::EvalError;
use crate::eval::existence::{existence, under_presence};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{Block, Expression};

/// More instances than this are represented by one.
pub(super) const MAXIMUM_INSTANCES: usize = 10_000;

/// The instances of a resource, data source or module call.
#[derive(Debug, Clone)]
pub(super) struct Expansion {
    pub(super) form: Form,
    pub(super) instances: Vec<Planned>,
}

/// How the instances are addressed.
#[derive(Debug, Clone)]
pub(super) enum Form {
    Single,
    /// The value of `count`, perhaps a choice.
    Count(Value),
    /// The value of `for_each`, perhaps a choice.
    ForEach(Value),
    /// How many there are, or their keys, is unknown: one instance stands for all.
    Template(Unknown),
}

#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) key: InstanceKey,
    /// `each` or `count`.
    pub(super) bound: Option<(&'static str, Value)>,
    /// As far as this block decides it.
    pub(super) presence: Presence,
}

/// Works out the instances of a block. Too many of them are said as the second part.
pub(super) fn expand(block: &Block, scope: &Scope<'_>) -> (Expansion, Option<String>) {
    let find = |name: &str| {
        let attributes = &block.body.attributes;
        attributes.iter().find(|attribute| &*attribute.name == name)
    };
    if let Some(attribute) = find("for_each") {
        for_each(&attribute.value, scope)
    } else if let Some(attribute) = find("count") {
        count(&attribute.value, scope)
    } else {
        let single = Planned {
            key: InstanceKey::Single,
            bound: None,
            presence: Presence::Certain,
        };
        let expansion = Expansion {
            form: Form::Single,
            instances: vec![single],
        };
        (expansion, None)
    }
}

fn count(expression: &Expression, scope: &Scope<'_>) -> (Expansion, Option<String>) {
    let value = scope.evaluate_or_invalid(expression);
    let value = choice::map(&value, &mut |leaf| {
        Ok(convert(leaf, &Type::Number)
            .unwrap_or_else(|message| EvalError::new(message, expression.span).into_value()))
    });
    let value = value.unwrap_or_else(EvalError::into_value);
    let mut largest = 0;
    if let Err(unknown) = largest_count(&value, expression.span, &mut largest) {
        return (template(unknown, "count", expression.span), None);
    }
    if largest > MAXIMUM_INSTANCES {
        return too_many(largest, "count", expression.span);
    }
    if !scope.shared.budget.spend_steps(largest as u64) {
        return too_many(largest, "count", expression.span);
    }
    let mut instances = Vec::with_capacity(largest);
    for index in 0..largest {
        let from = Provenance::new(Via::Iteration, expression.span);
        let number = Value::new(Kind::Number(index.into()), from);
        let existence = existence(&value, &|leaf| count_of(leaf).is_some_and(|count| index < count));
        instances.push(Planned {
            key: InstanceKey::Index(index as u64),
            bound: Some(("count", object([("index", number)], expression.span))),
            presence: existence.presence(&value, expression.span),
        });
    }
    let expansion = Expansion {
        form: Form::Count(value),
        instances,
    };
    (expansion, None)
}

fn count_of(leaf: &Value) -> Option<usize> {
    match &leaf.kind {
        Kind::Number(number) => number.as_u64().and_then(|count| usize::try_from(count).ok()),
        _ => None,
    }
}

/// The largest count of any leaf; an error when one is not known.
fn largest_count(value: &Value, span: Span, largest: &mut usize) -> Result<(), Unknown> {
    match &value.kind {
        Kind::OneOf(one_of) => {
            largest_count(&one_of.yes, span, largest)?;
            largest_count(&one_of.no, span, largest)
        }
        Kind::Unknown(unknown) => Err(unknown.clone()),
        _ => match count_of(value) {
            Some(count) => {
                *largest = (*largest).max(count);
                Ok(())
            }
            None => Err(invalid("the count is not a whole number of at least 0", span)),
        },
    }
}

fn invalid(message: &str, span: Span) -> Unknown {
    let reason = Reason::Invalid {
        message: message.to_owned(),
    };
    Unknown::new(reason, span)
}

fn for_each(expression: &Expression, scope: &Scope<'_>) -> (Expansion, Option<String>) {
    let value = scope.evaluate_or_invalid(expression);
    let mut keys: Vec<Arc<str>> = Vec::new();
    let open = match collect_keys(&value, expression.span, &mut keys) {
        Ok(open) => open,
        Err(unknown) => return (template(unknown, "for_each", expression.span), None),
    };
    keys.sort();
    keys.dedup();
    if keys.len() > MAXIMUM_INSTANCES || !scope.shared.budget.spend_steps(keys.len() as u64) {
        return too_many(keys.len(), "for_each", expression.span);
    }
    let mut instances = Vec::with_capacity(keys.len());
    for key in keys {
        let existence = existence(&value, &|leaf| member(leaf, &key).is_some());
        let each = choice::map(&value, &mut |leaf| {
            let found = member(leaf, &key).map(|found| found.from(leaf));
            found.ok_or_else(|| EvalError::new("This instance does not exist.", expression.span))
        });
        let each = each.unwrap_or_else(EvalError::into_value);
        let presence = existence.presence(&value, expression.span);
        let each = under_presence(each, &presence);
        let from = Provenance::new(Via::Iteration, expression.span);
        let name = Value::string(
            key.clone(),
            each.from.used_at(Via::Iteration, from.nearest().span),
        );
        instances.push(Planned {
            key: InstanceKey::Key(key),
            bound: Some(("each", object([("key", name), ("value", each)], expression.span))),
            presence,
        });
    }
    if let Some(open) = open {
        let more = template(open, "for_each", expression.span);
        instances.extend(more.instances);
    }
    let expansion = Expansion {
        form: Form::ForEach(value),
        instances,
    };
    (expansion, None)
}

/// The keys of all leaves; the answer says why there may be more.
fn collect_keys(value: &Value, span: Span, keys: &mut Vec<Arc<str>>) -> Result<Option<Unknown>, Unknown> {
    match &value.kind {
        Kind::OneOf(one_of) => {
            let yes = collect_keys(&one_of.yes, span, keys)?;
            let no = collect_keys(&one_of.no, span, keys)?;
            Ok(yes.or(no))
        }
        Kind::Unknown(unknown) => Err(unknown.clone()),
        Kind::Map(entries) | Kind::Object(entries) => {
            keys.extend(entries.members.keys().cloned());
            Ok(entries.open.clone())
        }
        Kind::Set(elements) => {
            for element in elements.iter() {
                match &element.kind {
                    Kind::String(key) => keys.push(key.clone()),
                    Kind::Unknown(unknown) => return Err(unknown.clone()),
                    Kind::OneOf(one_of) => return Err(one_of.condition.unknown.clone()),
                    _ => return Err(invalid("for_each needs a set of strings", span)),
                }
            }
            Ok(None)
        }
        _ => Err(invalid("for_each needs a map or a set of strings", span)),
    }
}

/// What `each.value` is for a key.
enum Member<'v> {
    Entry(&'v Value),
    Element(&'v Value),
}

impl Member<'_> {
    fn from(&self, collection: &Value) -> Value {
        let (Member::Entry(value) | Member::Element(value)) = self;
        Value {
            kind: value.kind.clone(),
            from: value.from.through(&collection.from),
        }
    }
}

fn member<'v>(leaf: &'v Value, key: &Arc<str>) -> Option<Member<'v>> {
    match &leaf.kind {
        Kind::Map(entries) | Kind::Object(entries) => entries.members.get(key).map(Member::Entry),
        Kind::Set(elements) => {
            // A set of strings is sorted by them.
            let position = elements.binary_search_by(|element| element.as_str().cmp(&Some(&**key)));
            elements.get(position.ok()?).map(Member::Element)
        }
        _ => None,
    }
}

fn object<const N: usize>(members: [(&str, Value); N], span: Span) -> Value {
    let entries = Entries {
        members: members
            .into_iter()
            .map(|(name, value)| (Arc::from(name), value))
            .collect(),
        open: None,
    };
    Value::new(
        Kind::Object(entries.into()),
        Provenance::new(Via::Iteration, span),
    )
}

/// One instance that stands for an unknown number.
fn template(unknown: Unknown, meta: &'static str, span: Span) -> Expansion {
    let from = Provenance::new(Via::Iteration, span);
    let part = |name: &'static str| {
        let derived = Unknown::derived((meta, name, span), [&unknown]);
        Value::unknown(derived.unwrap_or_else(|| unknown.clone()), from.clone())
    };
    let bound = match meta {
        "count" => ("count", object([("index", part("index"))], span)),
        _ => (
            "each",
            object([("key", part("key")), ("value", part("value"))], span),
        ),
    };
    let existence = Unknown::derived(("instances", span), [&unknown]).unwrap_or_else(|| unknown.clone());
    Expansion {
        form: Form::Template(unknown),
        instances: vec![Planned {
            key: InstanceKey::Template,
            bound: Some(bound),
            presence: Presence::AnyNumber(existence),
        }],
    }
}

fn too_many(number: usize, meta: &'static str, span: Span) -> (Expansion, Option<String>) {
    let unknown = match limit_reached("number of instances of one block", span).kind {
        Kind::Unknown(unknown) => unknown,
        _ => invalid("too many instances", span),
    };
    let message =
        format!("{meta} makes {number} instances, more than {MAXIMUM_INSTANCES}: they are checked as one");
    (template(unknown, meta, span), Some(message))
}
