//! Types as they are written: the right side of `type = …`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::conversion::convert;
use super::types::{ObjectAttribute, Type};
use crate::eval::error::EvalError;
use crate::eval::value::Value;
use crate::source::Span;
use crate::syntax::hcl::tree::{Call, Expression, ExpressionKind, ObjectKey};
use crate::syntax::hcl::{Notation, parse};

fn invalid(message: impl Into<String>, span: Span) -> EvalError {
    EvalError::new(message, span)
}

/// The type that an expression denotes; what it says of defaults is evaluated and converted.
pub(super) fn read(
    expression: &Expression,
    evaluate_default: &mut dyn FnMut(&Expression) -> Value,
) -> Result<Type, EvalError> {
    let span = expression.span;
    match &expression.kind {
        ExpressionKind::Parenthesis(inner) => read(inner, evaluate_default),
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
            read(&attribute.value, evaluate_default).map_err(|error| EvalError { span, ..error })
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
        "list" => Ok(Type::List(Box::new(read(argument, evaluate_default)?))),
        "set" => Ok(Type::Set(Box::new(read(argument, evaluate_default)?))),
        "map" => Ok(Type::Map(Box::new(read(argument, evaluate_default)?))),
        "tuple" => match &argument.kind {
            ExpressionKind::Tuple(elements) => {
                let elements: Result<Vec<Type>, EvalError> = elements
                    .iter()
                    .map(|element| read(element, evaluate_default))
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
                of: read(value, evaluate_default)?,
                optional: false,
                default: None,
            });
        }
    };
    let (of, default) = match arguments {
        [of] => (read(of, evaluate_default)?, None),
        [of, default] => {
            let of = read(of, evaluate_default)?;
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
