//! Operators over values that may be unknown or one of two.

use super::equality::equal;
use super::{Evaluated, computed_from, limit_reached};
use crate::eval::arithmetic;
use crate::eval::choice;
use crate::eval::error::EvalError;
use crate::eval::number::Number;
use crate::eval::provenance::Provenance;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Condition, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{BinaryOperator, UnaryOperator};

/// What a value is as a condition: none when it is unknown.
pub(super) fn truth(value: &Value, span: Span) -> Result<Option<bool>, EvalError> {
    if value.is_null() {
        return Err(EvalError::new("The condition value is null.", span));
    }
    match convert(value, &Type::Bool) {
        Ok(value) => match value.kind {
            Kind::Bool(value) => Ok(Some(value)),
            _ => Ok(None),
        },
        Err(message) => Err(EvalError::new(
            format!("The condition is not valid: {message}."),
            span,
        )),
    }
}

/// One of two results, as a condition says; a choice between them when the condition is unknown.
pub(super) fn select(test: &Value, yes: &Evaluated, no: &Evaluated, span: Span) -> Evaluated {
    choice::map(test, &mut |test| match (truth(test, span)?, &test.kind) {
        (Some(true), _) => yes.clone(),
        (Some(false), _) => no.clone(),
        (None, Kind::Unknown(unknown)) => {
            let condition = Condition {
                unknown: unknown.clone(),
            };
            choice::join(condition, yes.clone(), no.clone(), span)
        }
        (None, _) => Err(EvalError::new("The condition is not a truth value.", span)),
    })
}

fn boolean(value: bool, from: Provenance) -> Value {
    Value::new(Kind::Bool(value), from)
}

pub(super) fn unary(operator: UnaryOperator, operand: &Value, span: Span) -> Evaluated {
    choice::map(operand, &mut |operand| {
        let from = computed_from(span, [operand]);
        match operator {
            UnaryOperator::Not => match truth(operand, span)? {
                Some(value) => Ok(boolean(!value, from)),
                None => match &operand.kind {
                    Kind::Unknown(unknown) => Ok(choice::either(unknown, false, &from)),
                    _ => Err(EvalError::new("A bool is required.", span)),
                },
            },
            UnaryOperator::Negate => match number(operand, span)? {
                Some(number) => Ok(Value::new(Kind::Number(arithmetic::negate(&number)), from)),
                None => Ok(derived("-", &[operand], from)),
            },
        }
    })
}

/// `&&` and `||`. One side can settle the answer whatever the other one is; a settled left side hides even an
/// error on the right, as it does since Terraform 1.12.
pub(super) fn logical(operator: BinaryOperator, left: &Value, right: &Evaluated, span: Span) -> Evaluated {
    let settling = operator == BinaryOperator::Or;
    choice::map(left, &mut |left| {
        let known = truth(left, span)?;
        if known == Some(settling) {
            return Ok(boolean(settling, computed_from(span, [left])));
        }
        let right = match right {
            Ok(right) => right,
            Err(error) => return Err(error.clone()),
        };
        let from = computed_from(span, [left, right]);
        let right = choice::map(right, &mut |right| match truth(right, span)? {
            Some(value) => Ok(boolean(value, computed_from(span, [right]))),
            None => Ok(right.clone()),
        })?;
        match (&left.kind, known) {
            (_, Some(_)) => Ok(right),
            (Kind::Unknown(unknown), None) => {
                let condition = Condition {
                    unknown: unknown.clone(),
                };
                let settled = Ok(boolean(settling, from));
                if settling {
                    choice::join(condition, settled, Ok(right), span)
                } else {
                    choice::join(condition, Ok(right), settled, span)
                }
            }
            (_, None) => Err(EvalError::new("A bool is required.", span)),
        }
    })
}

pub(super) fn binary(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Evaluated {
    choice::map_pair(left, right, &mut |left, right| match operator {
        BinaryOperator::Equal | BinaryOperator::NotEqual => {
            Ok(equality(operator == BinaryOperator::Equal, left, right, span))
        }
        _ => calculated(operator, left, right, span),
    })
}

fn equality(wanted: bool, left: &Value, right: &Value, span: Span) -> Value {
    let from = computed_from(span, [left, right]);
    match equal(left, right) {
        Some(answer) => boolean(answer == wanted, from),
        None => {
            let unknown = derived_unknown("==", &[left, right]);
            match unknown {
                Some(unknown) if wanted => Value::unknown(unknown, from),
                Some(unknown) => choice::either(&unknown, false, &from),
                None => boolean(!wanted, from),
            }
        }
    }
}

/// The number that an operand is; none when it is unknown.
fn number(operand: &Value, span: Span) -> Result<Option<Number>, EvalError> {
    if operand.is_null() {
        return Err(EvalError::new(
            "Invalid operand: argument must not be null.",
            span,
        ));
    }
    match convert(operand, &Type::Number) {
        Ok(Value {
            kind: Kind::Number(number),
            ..
        }) => Ok(Some(number)),
        Ok(_) => Ok(None),
        Err(message) => Err(EvalError::new(
            format!("Unsuitable value for operand: {message}."),
            span,
        )),
    }
}

fn calculated(operator: BinaryOperator, left: &Value, right: &Value, span: Span) -> Evaluated {
    let from = computed_from(span, [left, right]);
    let (one, other) = (number(left, span)?, number(right, span)?);
    let (Some(one), Some(other)) = (one, other) else {
        return Ok(derived(symbol(operator), &[left, right], from));
    };
    let kind = match operator {
        BinaryOperator::Less => Kind::Bool(one < other),
        BinaryOperator::LessOrEqual => Kind::Bool(one <= other),
        BinaryOperator::Greater => Kind::Bool(one > other),
        BinaryOperator::GreaterOrEqual => Kind::Bool(one >= other),
        BinaryOperator::Divide | BinaryOperator::Modulo if other.is_zero() => {
            // Terraform goes on with infinity, which no address or size can be.
            let what = "division by zero".to_owned();
            let unknown = Unknown::new(Reason::Unsupported { what }, span);
            return Ok(Value::unknown(unknown, from));
        }
        _ => {
            let result = match operator {
                BinaryOperator::Add => arithmetic::add(&one, &other),
                BinaryOperator::Subtract => arithmetic::subtract(&one, &other),
                BinaryOperator::Multiply => arithmetic::multiply(&one, &other),
                BinaryOperator::Divide => arithmetic::divide(&one, &other),
                _ => arithmetic::remainder(&one, &other),
            };
            match result {
                Some(number) => Kind::Number(number),
                None => return Ok(limit_reached("digits of a number", span)),
            }
        }
    };
    Ok(Value::new(kind, from))
}

fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::And => "&&",
        BinaryOperator::Or => "||",
    }
}

/// The unknown result of an operation over these operands, the known ones included in its identity.
pub(super) fn derived_unknown(what: &str, operands: &[&Value]) -> Option<Unknown> {
    let known: Vec<u64> = operands.iter().map(|operand| operand.content_hash()).collect();
    let unknowns = operands.iter().filter_map(|operand| operand.first_unknown());
    Unknown::derived((what, known), unknowns)
}

fn derived(what: &str, operands: &[&Value], from: Provenance) -> Value {
    match derived_unknown(what, operands) {
        Some(unknown) => Value::unknown(unknown, from),
        // Only reached if no operand is unknown after all; null is what absence of a value is.
        None => Value::new(Kind::Null, from),
    }
}
