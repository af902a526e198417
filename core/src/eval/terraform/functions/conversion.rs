//! The explicit conversions, and the functions about sensitive and ephemeral values.

use super::table::{Call, Function, Parameter, any};
use crate::eval::error::EvalError;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Reason, Unknown, Value};

const VALUE: &[Parameter] = &[any("value").or_null()];
const CONVERTED: &[Parameter] = &[any("v").or_null()];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("ephemeralasnull", VALUE, as_given).handling_unknown(),
    Function::new("issensitive", VALUE, issensitive).handling_unknown(),
    Function::new("nonsensitive", VALUE, as_given).handling_unknown(),
    Function::new("sensitive", VALUE, sensitive).handling_unknown(),
    Function::new("tobool", CONVERTED, tobool).handling_unknown(),
    Function::new("tolist", CONVERTED, tolist).handling_unknown(),
    Function::new("tomap", CONVERTED, tomap).handling_unknown(),
    Function::new("tonumber", CONVERTED, tonumber).handling_unknown(),
    Function::new("toset", CONVERTED, toset)
        .looking_inside()
        .handling_unknown(),
    Function::new("tostring", CONVERTED, tostring).handling_unknown(),
];

fn to(of: &Type, arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let Some(value) = arguments.first() else {
        return Ok(call.unknown());
    };
    if !call.afford(value.elements().map_or(0, <[Value]>::len)) {
        return Ok(call.limit());
    }
    convert(value, of).map_err(|_| {
        let message = match (&value.kind, of) {
            (Kind::String(text), Type::Bool) => {
                format!("cannot convert {text:?} to bool; only the strings \"true\" or \"false\" are allowed")
            }
            (Kind::String(text), Type::Number) => format!(
                "cannot convert {text:?} to number; given string must be a decimal representation of a number"
            ),
            _ => format!(
                "cannot convert {} to {}",
                Type::of(value).friendly_name(),
                of.friendly_name()
            ),
        };
        call.argument_error(0, message)
    })
}

fn tobool(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::Bool, arguments, call)
}

fn tonumber(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::Number, arguments, call)
}

fn tostring(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::String, arguments, call)
}

fn tolist(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::List(Box::new(Type::Any)), arguments, call)
}

fn toset(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::Set(Box::new(Type::Any)), arguments, call)
}

fn tomap(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    to(&Type::Map(Box::new(Type::Any)), arguments, call)
}

/// Sensitive values are never known here, and ephemeral ones neither: what is known is neither.
fn as_given(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(arguments.first().cloned().unwrap_or_else(|| call.unknown()))
}

fn issensitive(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    match arguments.first().map(|argument| &argument.kind) {
        Some(Kind::Unknown(unknown)) => match unknown.reason() {
            Reason::Sensitive { .. } => call.bool(true),
            _ => Ok(call.unknown()),
        },
        Some(Kind::OneOf(_)) | None => Ok(call.unknown()),
        Some(_) => call.bool(false),
    }
}

/// The value is known, but must not be told: nothing that is computed from it may be told either.
fn sensitive(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    match arguments.first().map(|argument| &argument.kind) {
        Some(Kind::Unknown(unknown)) if matches!(unknown.reason(), Reason::Sensitive { .. }) => {
            Ok(call.value(Kind::Unknown(unknown.clone())))
        }
        _ => {
            let name = "the argument of sensitive()".to_owned();
            let unknown = Unknown::new(Reason::Sensitive { name }, call.context.span);
            Ok(call.value(Kind::Unknown(unknown)))
        }
    }
}
