//! Attributes, indexes and splats.

use std::sync::Arc;

use super::{Evaluated, Scope, computed_from};
use crate::eval::choice;
use crate::eval::deployment::InstanceKey;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Entries, Kind, PathStep, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{ExpressionKind, Traversal, TraversalStep, TraversalStepKind};

impl Scope<'_> {
    pub(super) fn traversal(&self, traversal: &Traversal, span: Span) -> Evaluated {
        let (value, used) = match &traversal.on.kind {
            ExpressionKind::Name(name) => self.name(name, &traversal.steps, span)?,
            _ => (self.evaluate(&traversal.on)?, 0),
        };
        self.steps(value, traversal.steps.get(used..).unwrap_or_default())
    }

    fn steps(&self, value: Value, steps: &[TraversalStep]) -> Evaluated {
        let mut value = value;
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            match &step.kind {
                TraversalStepKind::FullSplat => return self.splat(&value, after, step.span),
                TraversalStepKind::AttributeSplat => {
                    let is_inner = |step: &&TraversalStep| {
                        matches!(
                            step.kind,
                            TraversalStepKind::Attribute(_) | TraversalStepKind::LegacyIndex(_)
                        )
                    };
                    let count = after.iter().take_while(is_inner).count();
                    let (inner, outer) = after.split_at_checked(count).unwrap_or((after, &[]));
                    value = self.splat(&value, inner, step.span)?;
                    rest = outer;
                    continue;
                }
                TraversalStepKind::Attribute(name) => {
                    value = choice::map(&value, &mut |value| attribute(value, name, step.span))?;
                }
                TraversalStepKind::Index(index) => {
                    let index = self.evaluate(index)?;
                    value = choice::map_pair(&value, &index, &mut |value, index| {
                        indexed(value, index, step.span)
                    })?;
                }
                TraversalStepKind::LegacyIndex(index) => {
                    let from = Provenance::new(Via::Literal, step.span);
                    let index = Value::new(Kind::Number((*index).into()), from);
                    value = choice::map(&value, &mut |value| indexed(value, &index, step.span))?;
                }
            }
            rest = after;
        }
        Ok(value)
    }

    /// `value[*].steps`: the steps for each element; null has no elements, a single value is one.
    fn splat(&self, value: &Value, steps: &[TraversalStep], span: Span) -> Evaluated {
        choice::map(value, &mut |value| {
            let kind = match &value.kind {
                Kind::Null => Kind::Tuple(Arc::new([])),
                Kind::List(elements) | Kind::Set(elements) => Kind::List(self.each(value, elements, steps)?),
                Kind::Tuple(elements) => Kind::Tuple(self.each(value, elements, steps)?),
                Kind::Unknown(unknown) => return Ok(self.splat_unknown(value, unknown, steps, span)),
                _ => Kind::Tuple(Arc::new([self.steps(value.clone(), steps)?])),
            };
            Ok(Value::new(kind, value.from.clone()))
        })
    }

    fn each(
        &self,
        collection: &Value,
        elements: &[Value],
        steps: &[TraversalStep],
    ) -> Result<Arc<[Value]>, EvalError> {
        let elements = elements
            .iter()
            .map(|element| self.steps(member(element, collection), steps));
        elements.collect()
    }

    /// The elements of an unknown list are as unknown; a reference stays one, to each of them.
    fn splat_unknown(&self, value: &Value, unknown: &Unknown, steps: &[TraversalStep], span: Span) -> Value {
        let mut unknown = unknown.clone();
        for step in steps {
            if let TraversalStepKind::Attribute(name) = &step.kind {
                unknown = unknown.step(PathStep::Attribute(name.clone()), span);
            }
        }
        Value::unknown(unknown, value.from.clone())
    }
}

/// A member of a collection: it comes from where it was written, by way of where the collection went.
pub(super) fn member(value: &Value, collection: &Value) -> Value {
    Value {
        kind: value.kind.clone(),
        from: value.from.through(&collection.from),
    }
}

/// The member of an object or map with this name.
pub(super) fn attribute(value: &Value, name: &Arc<str>, span: Span) -> Evaluated {
    match &value.kind {
        Kind::Object(entries) | Kind::Map(entries) => entry(value, entries, name, span).ok_or_else(|| {
            EvalError::new(
                format!("This object does not have an attribute named \"{name}\"."),
                span,
            )
        }),
        Kind::Unknown(unknown) => Ok(unknown_member(
            value,
            unknown,
            PathStep::Attribute(name.clone()),
            span,
        )),
        Kind::Null => Err(EvalError::new(
            format!("Attempt to get attribute \"{name}\" from null value."),
            span,
        )),
        _ => Err(EvalError::new(
            format!("Unsupported attribute \"{name}\": this value does not have any attributes."),
            span,
        )),
    }
}

fn unknown_member(value: &Value, unknown: &Unknown, step: PathStep, span: Span) -> Value {
    Value::unknown(unknown.step(step, span), value.from.clone())
}

fn entry(value: &Value, entries: &Entries, name: &Arc<str>, span: Span) -> Option<Value> {
    if let Some(found) = entries.members.get(name) {
        return Some(member(found, value));
    }
    let open = entries.open.as_ref()?;
    Some(unknown_member(
        value,
        open,
        PathStep::Attribute(name.clone()),
        span,
    ))
}

fn indexed(value: &Value, index: &Value, span: Span) -> Evaluated {
    if index.is_null() {
        return Err(EvalError::new("Invalid index: the key must not be null.", span));
    }
    match &value.kind {
        Kind::Null => Err(EvalError::new("Attempt to index null value.", span)),
        Kind::Unknown(unknown) => match path_step(index) {
            Some(step) => Ok(unknown_member(value, unknown, step, span)),
            // The one instance that stands for all is meant by every key.
            None if is_template(unknown) => Ok(value.clone()),
            None => Ok(unknown_index(value, index, span)),
        },
        Kind::List(elements) | Kind::Tuple(elements) => {
            let number = convert(index, &Type::Number)
                .map_err(|_| EvalError::new("Invalid index: a number is required.", span))?;
            let Kind::Number(number) = &number.kind else {
                return Ok(unknown_index(value, index, span));
            };
            let position = number
                .as_u64()
                .and_then(|position| usize::try_from(position).ok());
            match position.and_then(|position| elements.get(position)) {
                Some(element) => Ok(member(element, value)),
                None => Err(EvalError::new(
                    "Invalid index: the given key does not identify an element in this collection value.",
                    span,
                )),
            }
        }
        Kind::Object(entries) if is_first(index) && is_block(entries) => Ok(value.clone()),
        Kind::Map(entries) | Kind::Object(entries) => {
            let key = convert(index, &Type::String)
                .map_err(|_| EvalError::new("Invalid index: a string is required.", span))?;
            let Kind::String(key) = &key.kind else {
                return Ok(unknown_index(value, index, span));
            };
            entry(value, entries, key, span).ok_or_else(|| {
                EvalError::new(
                    format!("Invalid index: the given key \"{key}\" does not identify an element in this collection value."),
                    span,
                )
            })
        }
        Kind::Set(_) => Err(EvalError::new(
            "Elements of a set are identified only by their value and don't have any separate index.",
            span,
        )),
        _ => Err(EvalError::new("This value does not have any indices.", span)),
    }
}

fn is_first(index: &Value) -> bool {
    matches!(path_step(index), Some(PathStep::Index(0)))
}

/// An object in a resource, open to what the provider fills in: in JSON syntax, the only one of its blocks.
fn is_block(entries: &Entries) -> bool {
    let edge = entries.open.as_ref().and_then(Unknown::edge);
    edge.is_some_and(|edge| !edge.path.is_empty()) && !entries.members.contains_key("0")
}

fn is_template(unknown: &Unknown) -> bool {
    unknown
        .edge()
        .is_some_and(|edge| edge.path.is_empty() && edge.address.key == InstanceKey::Template)
}

fn path_step(index: &Value) -> Option<PathStep> {
    match &index.kind {
        Kind::String(key) => Some(PathStep::Key(key.clone())),
        Kind::Number(number) => number.as_u64().map(PathStep::Index),
        _ => None,
    }
}

/// A known collection at an unknown place, or an unknown one at any.
fn unknown_index(value: &Value, index: &Value, span: Span) -> Value {
    let from = computed_from(span, [value, index]);
    match super::operators::derived_unknown("[]", &[value, index]) {
        Some(unknown) => Value::unknown(unknown, from),
        None => Value::new(Kind::Null, from),
    }
}
