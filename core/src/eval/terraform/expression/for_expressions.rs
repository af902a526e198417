//! `[for … : …]` and `{for … : … => …}`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::operators::truth;
use super::traversals::member;
use super::{Bound, Evaluated, Scope, limit_reached};
use crate::eval::choice;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Condition, Entries, Kind, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::For;

/// What a loop goes over: the key and the value of each turn.
pub(in crate::eval::terraform) type Items = Vec<(Value, Value)>;

/// The turns over a collection, or why they are not known.
pub(in crate::eval::terraform) fn items(
    collection: &Value,
    span: Span,
) -> Result<Result<Items, Unknown>, EvalError> {
    let elements = match &collection.kind {
        Kind::List(elements) | Kind::Tuple(elements) => elements
            .iter()
            .enumerate()
            .map(|(index, element)| {
                let key = Value::new(Kind::Number(index.into()), element.from.clone());
                (key, member(element, collection))
            })
            .collect(),
        Kind::Set(elements) => elements
            .iter()
            .map(|element| {
                let element = member(element, collection);
                (element.clone(), element)
            })
            .collect(),
        Kind::Map(entries) | Kind::Object(entries) => {
            if let Some(open) = &entries.open {
                return Ok(Err(open.clone()));
            }
            let members = entries.members.iter().map(|(key, value)| {
                let value = member(value, collection);
                (Value::string(key.clone(), value.from.clone()), value)
            });
            members.collect()
        }
        Kind::Unknown(unknown) => return Ok(Err(unknown.clone())),
        Kind::Null => {
            return Err(EvalError::new(
                "A null value cannot be used as the collection in a 'for' expression.",
                span,
            ));
        }
        _ => return Err(EvalError::new("Iteration over non-iterable value.", span)),
    };
    Ok(Ok(elements))
}

impl Scope<'_> {
    pub(super) fn for_expression(&self, each: &For, span: Span) -> Evaluated {
        let collection = self.evaluate(&each.collection)?;
        choice::map(&collection, &mut |collection| {
            if !self.shared.budget.spend_steps(1) {
                return Ok(limit_reached("evaluation steps of this deployment", span));
            }
            match items(collection, each.collection.span)? {
                Ok(items) => self.turns(each, items, span),
                Err(unknown) => Ok(self.unknown_turns(each, collection, &unknown, span)),
            }
        })
    }

    fn turns(&self, each: &For, items: Items, span: Span) -> Evaluated {
        let mut turns = Vec::with_capacity(items.len());
        for (key, value) in items {
            let bound = Bound {
                name: &each.value,
                value: &value,
                outer: self.bound,
            };
            let key_bound = each.key.as_ref().map(|name| Bound {
                name,
                value: &key,
                outer: Some(&bound),
            });
            let inner = self.with(key_bound.as_ref().unwrap_or(&bound));
            let test = match &each.condition {
                Some(condition) => Some(inner.evaluate(condition)?),
                None => None,
            };
            if let Some(test) = &test
                && truth(test, span).is_ok_and(|truth| truth == Some(false))
            {
                continue;
            }
            turns.push(Turn {
                test,
                key: match &each.key_result {
                    Some(key) => Some(inner.evaluate(key)?),
                    None => None,
                },
                result: inner.evaluate(&each.result)?,
            });
        }
        collected(each, turns, span, MAXIMUM_CONDITIONS)
    }

    /// Over a number of instances that is not known: the result for one of them keeps what it refers to.
    fn unknown_turns(&self, each: &For, collection: &Value, unknown: &Unknown, span: Span) -> Value {
        let from = Provenance::new(Via::Literal, span);
        if unknown.edge().is_some() && each.key_result.is_none() && each.key.is_none() {
            let value = Value::unknown(unknown.clone(), collection.from.clone());
            let bound = Bound {
                name: &each.value,
                value: &value,
                outer: self.bound,
            };
            if let Ok(Value {
                kind: Kind::Unknown(result),
                ..
            }) = self.with(&bound).evaluate(&each.result)
            {
                return Value::unknown(result, from);
            }
        }
        let derived = Unknown::derived(("for", span), [unknown]).unwrap_or_else(|| unknown.clone());
        Value::unknown(derived, from)
    }
}

/// How many unknown filters of one for-expression are followed; with more its result is unknown.
const MAXIMUM_CONDITIONS: usize = 6;

/// One turn of a loop that was not surely filtered out.
#[derive(Clone)]
struct Turn {
    test: Option<Value>,
    key: Option<Value>,
    result: Value,
}

/// The result of a for-expression. An unknown filter or key is a choice between the results with and
/// without.
fn collected(each: &For, turns: Vec<Turn>, span: Span, conditions_left: usize) -> Evaluated {
    let open = turns.iter().find_map(|turn| {
        let parts = [turn.test.as_ref(), turn.key.as_ref()];
        parts.into_iter().flatten().find_map(Value::first_unknown)
    });
    let Some(unknown) = open.cloned() else {
        return collected_known(each, turns, span);
    };
    let decides_filter = turns.iter().any(|turn| {
        turn.test
            .as_ref()
            .and_then(Value::first_unknown)
            .is_some_and(|other| *other == unknown)
    });
    let decides_key = turns
        .iter()
        .any(|turn| matches!(turn.key.as_ref().map(|key| &key.kind), Some(Kind::OneOf(_))));
    if conditions_left == 0 || !(decides_filter || decides_key) {
        let from = Provenance::new(Via::Literal, span);
        let unknown = Unknown::derived(("for", span), [&unknown]).unwrap_or(unknown);
        return Ok(Value::unknown(unknown, from));
    }
    let identity = unknown.identity();
    let side = |when| {
        let under = |value: &Value| choice::under(value, identity, when).unwrap_or_else(|| value.clone());
        let turns = turns.iter().map(|turn| Turn {
            test: turn.test.as_ref().map(under),
            key: turn.key.as_ref().map(under),
            result: under(&turn.result),
        });
        collected(each, turns.collect(), span, conditions_left - 1)
    };
    let (yes, no) = (side(true), side(false));
    choice::join(Condition { unknown }, yes, no, span)
}

fn collected_known(each: &For, turns: Vec<Turn>, span: Span) -> Evaluated {
    let from = Provenance::new(Via::Literal, span);
    let mut results: Vec<Value> = Vec::new();
    let mut members: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for turn in turns {
        if let Some(test) = &turn.test
            && truth(test, span)? != Some(true)
        {
            continue;
        }
        let Some(key) = turn.key else {
            results.push(turn.result);
            continue;
        };
        if key.is_null() {
            let message = "Key expression in 'for' expression must not produce a null value.";
            return Err(EvalError::new(message, span));
        }
        let key = convert(&key, &Type::String).map_err(|message| {
            EvalError::new(
                format!("The key expression produced an invalid result: {message}."),
                span,
            )
        })?;
        let Kind::String(name) = &key.kind else {
            continue;
        };
        let values = members.entry(name.clone()).or_default();
        if !values.is_empty() && !each.grouping {
            return Err(EvalError::new(
                format!("Two different items produced the key \"{name}\" in this 'for' expression."),
                span,
            ));
        }
        values.push(turn.result);
    }
    if each.key_result.is_none() {
        return Ok(Value::new(Kind::Tuple(results.into()), from));
    }
    let members = members.into_iter().map(|(name, mut values)| {
        let value = if each.grouping {
            Value::new(Kind::Tuple(values.into()), from.clone())
        } else {
            values.swap_remove(0)
        };
        (name, value)
    });
    let entries = Entries {
        members: members.collect(),
        open: None,
    };
    Ok(Value::new(Kind::Object(entries.into()), from))
}
