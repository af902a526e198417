//! Expressions to values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::access::{self, IndexForm};
use super::scope::{Bound, Scope};
use crate::eval::arithmetic;
use crate::eval::distribution::distribute;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::observer::{Turn, Within};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::{Copy, Expression, ExpressionKind, Item, Member, Name};

/// A loop of more elements is not written out.
pub(super) const MAXIMUM_ELEMENTS: usize = 10_000;

impl<'e> Scope<'e> {
    pub(super) fn evaluate(&self, expression: &Expression) -> Evaluated {
        let evaluation = self.instance.evaluation;
        let span = expression.span;
        if !evaluation.budget.spend_steps(1) {
            return Ok(limit("the evaluation steps of this deployment are used up", span));
        }
        if !evaluation.enter() {
            return Ok(limit("nesting of names and functions", span));
        }
        let result = self.evaluate_kind(expression);
        evaluation.leave();
        let result = match result {
            Ok(value) if produces(expression) && !evaluation.budget.affords(&value) => {
                Ok(limit("arrays and objects with too many parts", span))
            }
            result => result,
        };
        if let Some(observer) = &evaluation.observer
            && observer.wants(span)
            && !is_written_out(expression)
        {
            observer.note(span, &result, || self.within());
        }
        result
    }

    /// Notes the value of what has this name, when somebody wants to know.
    fn observe_name(&self, span: Span, value: &Value) {
        if let Some(observer) = &self.instance.evaluation.observer
            && observer.wants(span)
        {
            observer.note_name(span, value, self.within());
        }
    }

    /// The instance that this scope is in.
    fn within(&self) -> Within {
        let mut turns: Vec<Turn> = Vec::new();
        for frame in self.frames() {
            let (name, at) = match &frame.bound {
                Bound::Variable { name, value } => (name.clone(), value),
                Bound::Copy { name, index, .. } if name.is_empty() => ("index".into(), index),
                Bound::Copy { name, index, .. } => (name.clone(), index),
                Bound::Function { arguments } => {
                    turns.extend(arguments.iter().rev().map(|(name, value)| Turn {
                        name: name.clone(),
                        at: value.clone(),
                    }));
                    continue;
                }
            };
            turns.push(Turn { name, at: at.clone() });
        }
        turns.reverse();
        Within {
            turns,
            ..Within::modules(self.instance.path.clone())
        }
    }

    pub(super) fn evaluate_or_invalid(&self, expression: &Expression) -> Value {
        self.evaluate(expression).unwrap_or_else(EvalError::into_value)
    }

    fn evaluate_kind(&self, expression: &Expression) -> Evaluated {
        let span = expression.span;
        let literal = |kind: Kind| Ok(Value::new(kind, Provenance::new(Via::Literal, span)));
        match &expression.kind {
            ExpressionKind::Null => literal(Kind::Null),
            ExpressionKind::Boolean(value) => literal(Kind::Bool(*value)),
            ExpressionKind::Text(text) => literal(Kind::String(text.clone())),
            ExpressionKind::Number(text) => match arithmetic::parse(text) {
                Some(number) => literal(Kind::Number(number)),
                None => Err(EvalError::new(format!("{text} is no number."), span)),
            },
            ExpressionKind::Array(items) => self.array(items, span),
            ExpressionKind::Object(members) => self.object(members, span),
            ExpressionKind::Call(call) => self.call(call, span),
            ExpressionKind::Member(access) => {
                if let Some(value) = self.member_of_resource(&access.target, &access.name, span)? {
                    return Ok(value);
                }
                let target = self.evaluate(&access.target)?;
                access::member(&target, &access.name, access.is_safe, access.name_span)
            }
            ExpressionKind::Index(index) => {
                if let Some(resource) = self.resource_instance(expression) {
                    return self.resource_value(&resource, span);
                }
                let target = self.evaluate(&index.target)?;
                let at = self.evaluate(&index.index)?;
                let form = IndexForm {
                    is_safe: index.is_safe,
                    is_from_end: index.is_from_end,
                };
                access::element(&target, &at, form, span)
            }
            ExpressionKind::Symbol(name) => match self.resource_instance(expression) {
                Some(resource) => self.resource_value(&resource, span),
                None => self.all_instances(name, span),
            },
            ExpressionKind::Lambda(_) => Err(EvalError::new("A lambda has no value of its own.", span)),
            ExpressionKind::Copy(copy) => self.copy(copy, span),
            ExpressionKind::Broken => Ok(Value::unknown(
                Unknown::new(Reason::Incomplete, span),
                Provenance::new(Via::Literal, span),
            )),
        }
    }

    fn array(&self, items: &[Item], span: Span) -> Evaluated {
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            parts.push(match item {
                Item::One(expression) => (false, self.part(expression)),
                Item::Spread(expression) => (true, self.evaluate(expression)?),
            });
        }
        let from = Provenance::new(Via::Literal, span);
        let spread: Vec<Value> = parts
            .iter()
            .filter(|part| part.0)
            .map(|part| part.1.clone())
            .collect();
        if spread.is_empty() {
            let elements = parts.into_iter().map(|(_, value)| value);
            return Ok(Value::new(Kind::Tuple(elements.collect()), from));
        }
        let mut build = |spread: &[Value]| {
            let mut spread = spread.iter();
            let mut elements = Vec::new();
            for (is_spread, value) in &parts {
                if !is_spread {
                    elements.push(value.clone());
                    continue;
                }
                let Some(value) = spread.next() else {
                    continue;
                };
                match &value.kind {
                    Kind::Tuple(inner) | Kind::List(inner) => {
                        elements.extend(inner.iter().map(|element| access::taken(element, value)));
                    }
                    Kind::Unknown(_) => return Ok(derived("[...]", &[value], from.clone())),
                    _ => return Err(EvalError::new("Only an array can be spread in an array.", span)),
                }
            }
            Ok(Value::new(Kind::Tuple(elements.into()), from.clone()))
        };
        let built = distribute(&spread, false, span, &mut build);
        built.unwrap_or_else(|| Ok(derived("[...]", &spread.iter().collect::<Vec<_>>(), from.clone())))
    }

    /// A value as a part of what is around it.
    pub(super) fn part(&self, expression: &Expression) -> Value {
        let value = self.evaluate_or_invalid(expression);
        let is_literal = matches!(
            expression.kind,
            ExpressionKind::Object(_) | ExpressionKind::Array(_)
        );
        // The parts of a literal see to themselves.
        if self.in_body && !is_literal {
            if !self.instance.evaluation.budget.affords(&value) {
                return limit("arrays and objects with too many parts", expression.span);
            }
            used(value, expression.span)
        } else {
            value
        }
    }

    pub(super) fn object(&self, members: &[Member], span: Span) -> Evaluated {
        let mut spread = Vec::new();
        for member in members {
            if let Member::Spread(expression) = member {
                spread.push(self.evaluate(expression)?);
            }
        }
        let from = Provenance::new(Via::Literal, span);
        let mut build = |spread: &[Value]| {
            let mut spread = spread.iter();
            let mut entries = Entries::default();
            for member in members {
                match member {
                    Member::Named { name, value } => self.add_member(name, value, &mut entries),
                    Member::Spread(_) => {
                        let Some(value) = spread.next() else {
                            continue;
                        };
                        match &value.kind {
                            Kind::Object(inner) | Kind::Map(inner) => {
                                for (name, member) in &inner.members {
                                    insert(&mut entries, name, access::taken(member, value));
                                }
                                entries.open = entries.open.or_else(|| inner.open.clone());
                            }
                            Kind::Unknown(unknown) => entries.open = Some(unknown.clone()),
                            Kind::Null => {}
                            _ => {
                                let message = "Only an object can be spread in an object.";
                                return Err(EvalError::new(message, span));
                            }
                        }
                    }
                }
            }
            Ok(Value::new(Kind::Object(entries.into()), from.clone()))
        };
        let built = distribute(&spread, false, span, &mut build);
        built.unwrap_or_else(|| Ok(derived("{...}", &spread.iter().collect::<Vec<_>>(), from.clone())))
    }

    fn add_member(&self, name: &Name, value: &Expression, entries: &mut Entries) {
        let name = match name {
            Name::Plain { text, span } => {
                let value = self.part(value);
                self.observe_name(*span, &value);
                return insert(entries, text, value);
            }
            Name::Computed(expression) => {
                let name = self.evaluate_or_invalid(expression);
                match name.kind {
                    Kind::String(text) => text,
                    // A member is there, and nobody knows which.
                    Kind::Unknown(unknown) => {
                        entries.open.get_or_insert(unknown);
                        return;
                    }
                    Kind::OneOf(one_of) => {
                        entries.open.get_or_insert(one_of.condition.unknown.clone());
                        return;
                    }
                    _ => return,
                }
            }
        };
        insert(entries, &name, self.part(value));
    }

    /// What a `copy` in an object makes: an array with one element for each index.
    fn copy(&self, copy: &Copy, span: Span) -> Evaluated {
        let count = self.evaluate(&copy.count)?;
        crate::eval::choice::map(&count, &mut |count| {
            let from = Provenance::new(Via::Literal, span);
            let number = match &count.kind {
                Kind::Number(number) => number.as_u64().and_then(|count| usize::try_from(count).ok()),
                Kind::Unknown(_) => return Ok(derived("copy", &[count], from)),
                _ => None,
            };
            let Some(number) = number else {
                return Err(EvalError::new(
                    "The count is no whole number from 0.",
                    copy.count.span,
                ));
            };
            if number > MAXIMUM_ELEMENTS {
                return Ok(limit(&format!("a loop of {number} elements"), copy.count.span));
            }
            let mut elements = Vec::with_capacity(number);
            for index in 0..number {
                let from = Provenance::new(Via::Iteration, copy.count.span);
                let bound = Bound::Copy {
                    name: copy.name.clone(),
                    index: Value::new(Kind::Number(index.into()), from),
                    is_of_resource: false,
                };
                elements.push(self.with(bound).part(&copy.body));
            }
            Ok(Value::new(Kind::Tuple(elements.into()), from))
        })
    }
}

fn insert(entries: &mut Entries, name: &Arc<str>, value: Value) {
    // Azure keeps the first spelling of a name and the last value.
    let known = entries
        .members
        .keys()
        .find(|known| known.eq_ignore_ascii_case(name))
        .cloned();
    entries
        .members
        .insert(known.unwrap_or_else(|| name.clone()), value);
}

/// Whether the text of an expression is its value, or the values of its parts put together.
fn is_written_out(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Null
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Text(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Array(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::Lambda(_)
    )
}

/// Whether an expression makes a value, and does not only name one.
fn produces(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Array(_) | ExpressionKind::Object(_) | ExpressionKind::Copy(_) => true,
        ExpressionKind::Call(call) => {
            let names = ["parameters", "variables", "lambdaVariables"];
            !names.iter().any(|name| name.eq_ignore_ascii_case(&call.name))
        }
        _ => false,
    }
}

/// The value as used at a place: each part that was written elsewhere has the use as its nearest step.
fn used(value: Value, span: Span) -> Value {
    value.retold(&|from| match span.contains(from.nearest().span) {
        true => from,
        false => from.used_at(Via::Use, span),
    })
}

/// The unknown result of an operation over partly unknown operands.
pub(super) fn derived(what: &str, operands: &[&Value], from: Provenance) -> Value {
    let known: Vec<u64> = operands.iter().map(|operand| operand.content_hash()).collect();
    let unknowns = operands.iter().filter_map(|operand| operand.first_unknown());
    match Unknown::derived((what, known), unknowns) {
        Some(unknown) => Value::unknown(unknown, from),
        None => Value::new(Kind::Null, from),
    }
}

pub(super) fn limit(what: &str, span: Span) -> Value {
    let reason = Reason::Limit {
        what: what.to_owned(),
    };
    Value::unknown(Unknown::new(reason, span), Provenance::new(Via::Literal, span))
}

/// An object from its members.
pub(super) fn object_of(members: Vec<(&str, Value)>, open: Option<Unknown>, from: Provenance) -> Value {
    let members: BTreeMap<Arc<str>, Value> = members
        .into_iter()
        .map(|(name, value)| (Arc::from(name), value))
        .collect();
    Value::new(Kind::Object(Entries { members, open }.into()), from)
}
