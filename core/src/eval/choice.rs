//! Values that are one of two, as an unknown condition turns out: making, mapping and simplifying them.

use std::sync::Arc;

use super::error::{EvalError, Evaluated};
use super::members;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Condition, Entries, Kind, OneOf, Reason, Unknown, Value};
use crate::source::Span;

/// A choice with more leaves than this is plainly unknown: nobody could read an explanation of it.
pub(in crate::eval) const MAXIMUM_LEAVES: usize = 64;

/// `condition ? yes : no`. An error on one side is an invalid value there; on both sides it is an error.
pub(in crate::eval) fn join(condition: Condition, yes: Evaluated, no: Evaluated, span: Span) -> Evaluated {
    let (yes, no) = match (yes, no) {
        (Err(error), Err(_)) => return Err(error),
        (yes, no) => (
            yes.unwrap_or_else(EvalError::into_value),
            no.unwrap_or_else(EvalError::into_value),
        ),
    };
    let identity = condition.identity();
    let yes = under(&yes, identity, true).unwrap_or(yes);
    let no = under(&no, identity, false).unwrap_or(no);
    if is_same(&yes, &no) {
        return Ok(Value::new(yes.kind.clone(), merged(&yes, &no)));
    }
    if leaves(&yes) + leaves(&no) > MAXIMUM_LEAVES {
        let operands = [Some(&condition.unknown), yes.first_unknown(), no.first_unknown()];
        let unknown = Unknown::derived(("choice", span), operands.into_iter().flatten())
            .unwrap_or_else(|| condition.unknown.clone());
        return Ok(Value::unknown(unknown, yes.from));
    }
    let from = merged(&yes, &no);
    let kind = Kind::OneOf(Arc::new(OneOf { condition, yes, no }));
    Ok(Value::new(kind, from))
}

fn merged(yes: &Value, no: &Value) -> Provenance {
    yes.from.merged([&no.from])
}

/// An unknown truth value as a choice between the two, so that what is done with it stays tied to it: `yes`
/// where it holds.
pub(in crate::eval) fn either(unknown: &Unknown, yes: bool, from: &Provenance) -> Value {
    let boolean = |value: bool| Value::new(Kind::Bool(value), from.clone());
    let one_of = OneOf {
        condition: Condition {
            unknown: unknown.clone(),
        },
        yes: boolean(yes),
        no: boolean(!yes),
    };
    Value::new(Kind::OneOf(one_of.into()), from.clone())
}

/// Applies a function to every leaf of a choice and joins the results again; to the value itself when it
/// is no choice.
pub(in crate::eval) fn map(value: &Value, apply: &mut dyn FnMut(&Value) -> Evaluated) -> Evaluated {
    match &value.kind {
        Kind::OneOf(one_of) => {
            let yes = map(&one_of.yes, apply);
            let no = map(&one_of.no, apply);
            join(one_of.condition.clone(), yes, no, value.from.nearest().span)
        }
        _ => apply(value),
    }
}

/// Applies a function to every pair of leaves of two choices; a condition that both hang on is taken once.
pub(in crate::eval) fn map_pair(
    left: &Value,
    right: &Value,
    apply: &mut dyn FnMut(&Value, &Value) -> Evaluated,
) -> Evaluated {
    match (&left.kind, &right.kind) {
        (Kind::OneOf(one_of), _) => {
            let identity = one_of.condition.identity();
            let side = |when| under(right, identity, when);
            let yes = map_pair(&one_of.yes, side(true).as_ref().unwrap_or(right), apply);
            let no = map_pair(&one_of.no, side(false).as_ref().unwrap_or(right), apply);
            join(one_of.condition.clone(), yes, no, left.from.nearest().span)
        }
        (_, Kind::OneOf(_)) => map(right, &mut |right| apply(left, right)),
        _ => apply(left, right),
    }
}

/// The value when a condition is known to hold or not, or none when it does not hang on it.
pub(in crate::eval) fn under(value: &Value, condition: u64, when: bool) -> Option<Value> {
    let list = |elements: &Arc<[Value]>| -> Option<Arc<[Value]>> {
        if !elements.iter().any(|element| hangs_on(element, condition)) {
            return None;
        }
        let elements = elements
            .iter()
            .map(|element| under(element, condition, when).unwrap_or_else(|| element.clone()));
        Some(elements.collect())
    };
    let entries = |entries: &Arc<Entries>| -> Option<Arc<Entries>> {
        if !entries.members.values().any(|member| hangs_on(member, condition)) {
            return None;
        }
        let members = entries.members.iter().map(|(name, member)| {
            let member = under(member, condition, when).unwrap_or_else(|| member.clone());
            (name.clone(), member)
        });
        Some(Arc::new(Entries {
            members: members.collect(),
            open: entries.open.clone(),
        }))
    };
    let kind = match &value.kind {
        Kind::OneOf(one_of) => {
            let branch = if when { &one_of.yes } else { &one_of.no };
            if one_of.condition.identity() == condition {
                return Some(under(branch, condition, when).unwrap_or_else(|| branch.clone()));
            }
            let yes = under(&one_of.yes, condition, when);
            let no = under(&one_of.no, condition, when);
            if yes.is_none() && no.is_none() {
                return None;
            }
            let yes = yes.unwrap_or_else(|| one_of.yes.clone());
            let no = no.unwrap_or_else(|| one_of.no.clone());
            if is_same(&yes, &no) {
                return Some(yes);
            }
            Kind::OneOf(Arc::new(OneOf {
                condition: one_of.condition.clone(),
                yes,
                no,
            }))
        }
        Kind::Unknown(unknown) if unknown.identity() == condition => Kind::Bool(when),
        Kind::List(elements) => Kind::List(list(elements)?),
        Kind::Tuple(elements) => Kind::Tuple(list(elements)?),
        // Members that are decided may turn out the same, and elsewhere in the order.
        Kind::Set(elements) => Kind::Set(members::set(list(elements)?.iter().cloned())),
        Kind::Map(map) => Kind::Map(entries(map)?),
        Kind::Object(object) => Kind::Object(entries(object)?),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => return None,
    };
    Some(Value::new(kind, value.from.clone()))
}

fn hangs_on(value: &Value, condition: u64) -> bool {
    match &value.kind {
        Kind::OneOf(one_of) => {
            one_of.condition.identity() == condition
                || hangs_on(&one_of.yes, condition)
                || hangs_on(&one_of.no, condition)
        }
        Kind::Unknown(unknown) => unknown.identity() == condition,
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            elements.iter().any(|element| hangs_on(element, condition))
        }
        Kind::Map(entries) | Kind::Object(entries) => {
            entries.members.values().any(|member| hangs_on(member, condition))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => false,
    }
}

fn leaves(value: &Value) -> usize {
    match &value.kind {
        Kind::OneOf(one_of) => leaves(&one_of.yes) + leaves(&one_of.no),
        _ => 1,
    }
}

/// Whether two values are surely the same one; a cheap look that never descends.
fn is_same(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(left), Kind::Bool(right)) => left == right,
        (Kind::Number(left), Kind::Number(right)) => left == right,
        (Kind::String(left), Kind::String(right)) => left == right,
        (Kind::Unknown(left), Kind::Unknown(right)) => left == right,
        (Kind::Tuple(left), Kind::Tuple(right)) => left.is_empty() && right.is_empty(),
        _ => false,
    }
}

/// Whether the value stands for an expression that Terraform would refuse.
pub(in crate::eval) fn is_invalid(value: &Value) -> bool {
    matches!(&value.kind, Kind::Unknown(unknown) if matches!(unknown.reason(), Reason::Invalid { .. }))
}
