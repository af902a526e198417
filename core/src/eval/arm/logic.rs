//! Truth values that may be unknown or one of two.

use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::Provenance;
use crate::eval::value::{Condition, Kind, Unknown, Value};
use crate::source::Span;

/// What a value is as a condition: none when it is unknown. Azure takes the words too.
pub(super) fn truth(value: &Value, span: Span) -> Result<Option<bool>, EvalError> {
    match &value.kind {
        Kind::Bool(value) => Ok(Some(*value)),
        Kind::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Kind::String(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Kind::Unknown(_) => Ok(None),
        _ => Err(EvalError::new("A truth value is needed here.", span)),
    }
}

/// One of two results, as a condition says; a choice between them when the condition is unknown.
pub(super) fn select(
    test: &Value,
    yes: &dyn Fn() -> Evaluated,
    no: &dyn Fn() -> Evaluated,
    span: Span,
) -> Evaluated {
    choice::map(test, &mut |test| match (truth(test, span)?, &test.kind) {
        (Some(true), _) => yes(),
        (Some(false), _) => no(),
        (None, Kind::Unknown(unknown)) => choice::join(condition(unknown), yes(), no(), span),
        (None, _) => Err(EvalError::new("A truth value is needed here.", span)),
    })
}

pub(super) fn not(value: &Value, span: Span) -> Evaluated {
    choice::map(value, &mut |value| {
        let from = Provenance::computed(span, [&value.from]);
        match (truth(value, span)?, &value.kind) {
            (Some(value), _) => Ok(Value::new(Kind::Bool(!value), from)),
            (None, Kind::Unknown(unknown)) => Ok(choice::either(unknown, false, &from)),
            (None, _) => Err(EvalError::new("A truth value is needed here.", span)),
        }
    })
}

/// `and` and `or` over any number of operands: `settling` is the value of one that settles the answer.
pub(super) fn all(operands: &mut dyn Iterator<Item = Evaluated>, settling: bool, span: Span) -> Evaluated {
    let first = operands.next();
    let Some(first) = first else {
        let from = Provenance::computed(span, []);
        return Ok(Value::new(Kind::Bool(!settling), from));
    };
    let mut result = first?;
    for operand in operands {
        if matches!(result.kind, Kind::Bool(value) if value == settling) {
            break;
        }
        result = both(&result, &operand, settling, span)?;
    }
    choice::map(&result, &mut |leaf| {
        let from = Provenance::computed(span, [&leaf.from]);
        match truth(leaf, span)? {
            Some(value) => Ok(Value::new(Kind::Bool(value), from)),
            None => Ok(Value::new(leaf.kind.clone(), from)),
        }
    })
}

fn both(left: &Value, right: &Evaluated, settling: bool, span: Span) -> Evaluated {
    choice::map(left, &mut |left| match (truth(left, span)?, &left.kind) {
        (Some(value), _) if value == settling => Ok(left.clone()),
        (Some(_), _) => right.clone(),
        (None, Kind::Unknown(unknown)) => {
            let settled = Ok(Value::new(Kind::Bool(settling), left.from.clone()));
            if settling {
                choice::join(condition(unknown), settled, right.clone(), span)
            } else {
                choice::join(condition(unknown), right.clone(), settled, span)
            }
        }
        (None, _) => Err(EvalError::new("A truth value is needed here.", span)),
    })
}

fn condition(unknown: &Unknown) -> Condition {
    Condition {
        unknown: unknown.clone(),
    }
}
