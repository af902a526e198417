//! Terraform's functions, one table a family.

mod address;
mod character_set;
mod collection;
mod conversion;
mod csv_decode;
mod date;
mod encoding;
mod filesystem;
mod format;
mod format_number;
mod glob;
mod hash;
mod ip_network;
mod json_decode;
mod json_encode;
mod mapping;
mod numeric;
mod operands;
mod output;
mod path;
mod regex;
mod regex_class;
mod regex_syntax;
mod sequence;
mod set;
mod string;
#[allow(dead_code)]
mod table;
mod timestamp;
mod yaml_decode;
mod yaml_encode;
mod yaml_scalar;

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use self::table::{Call, Function, Takes};
use super::conversion::convert;
use crate::eval::budget::Budget;
use crate::eval::distribution;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, Reason, Unknown, Value};
use crate::source::Span;

/// One table a family, each in its file.
const FAMILIES: &[&[Function]] = &[
    collection::FUNCTIONS,
    conversion::FUNCTIONS,
    csv_decode::FUNCTIONS,
    date::FUNCTIONS,
    encoding::FUNCTIONS,
    filesystem::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    ip_network::FUNCTIONS,
    json_decode::FUNCTIONS,
    json_encode::FUNCTIONS,
    mapping::FUNCTIONS,
    numeric::FUNCTIONS,
    regex::FUNCTIONS,
    sequence::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
    yaml_decode::FUNCTIONS,
    yaml_encode::FUNCTIONS,
];

/// What a function may see besides its arguments.
pub struct Context<'a> {
    /// The call.
    pub span: Span,
    pub files: &'a dyn Files,
    pub budget: &'a Budget,
}

/// The files that `file`, `fileset`, `templatefile` and their relatives may read.
pub trait Files {
    /// The bytes of a file; `Ok(None)` when there is none at an allowed path; `Err` when the path leaves
    /// the allowed folders, so that nobody may know.
    fn read(&self, path: &str, span: Span) -> Result<Option<Arc<[u8]>>, Unknown>;

    /// All files below a folder, as paths relative to it, sorted.
    fn list(&self, folder: &str, span: Span) -> Result<Vec<String>, Unknown>;

    /// The result of a template file with these variables.
    fn render(&self, path: &str, variables: &Value, span: Span) -> Result<Value, EvalError>;
}

/// Calls a function by its name (with or without `core::`). `try`, `can` and the type constructors look at
/// expressions, not values: the evaluator answers for them.
pub fn call(name: &str, arguments: &[Value], context: &Context<'_>) -> Result<Value, EvalError> {
    if name.starts_with("provider::") {
        let what = format!("the provider function {name}");
        let unknown = Unknown::new(Reason::Unsupported { what }, context.span);
        return Ok(Value::unknown(
            unknown,
            Provenance::new(Via::Literal, context.span),
        ));
    }
    let known = name.strip_prefix("core::").unwrap_or(name);
    let Some(function) = TABLE.get(known) else {
        let message = format!("There is no function named \"{name}\".");
        return Err(EvalError::new(message, context.span));
    };
    check_count(function, arguments.len(), context.span)?;
    let mut run = |arguments: &[Value]| apply(function, arguments, context);
    distribution::distribute(arguments, function.looks_inside, context.span, &mut run).unwrap_or_else(|| {
        let call = Call {
            function,
            arguments,
            context,
        };
        Ok(call.unknown())
    })
}

static TABLE: LazyLock<FxHashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .map(|function| (function.name, function))
        .collect()
});

fn check_count(function: &Function, given: usize, span: Span) -> Result<(), EvalError> {
    let wanted = function.parameters.len();
    let name = function.name;
    if given < wanted {
        let missing = function.parameter(given).map_or("", |parameter| parameter.name);
        let least = if function.rest.is_some() { "at least " } else { "" };
        let message = format!(
            "Function \"{name}\" expects {least}{wanted} argument(s). Missing value for \"{missing}\"."
        );
        return Err(EvalError::new(message, span));
    }
    if given > wanted && function.rest.is_none() {
        let message = format!("Function \"{name}\" expects only {wanted} argument(s).");
        return Err(EvalError::new(message, span));
    }
    Ok(())
}

/// Converts decided arguments and runs the function on them.
fn apply(function: &Function, arguments: &[Value], context: &Context<'_>) -> Result<Value, EvalError> {
    let given = Call {
        function,
        arguments,
        context,
    };
    if !given.afford(1) {
        return Ok(given.limit());
    }
    let mut converted = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else {
            break;
        };
        if argument.is_null() && !parameter.allow_null {
            return Err(given.argument_error(index, "argument must not be null"));
        }
        let argument = match parameter.takes {
            Takes::Any => argument.clone(),
            takes => {
                convert(argument, &takes.of()).map_err(|message| given.argument_error(index, message))?
            }
        };
        converted.push(argument);
    }
    let call = Call {
        function,
        arguments: &converted,
        context,
    };
    let unknown = |value: &Value| match function.looks_inside {
        true => !value.is_wholly_known(),
        false => matches!(value.kind, Kind::Unknown(_) | Kind::OneOf(_)),
    };
    if !function.handles_unknown && converted.iter().any(unknown) {
        return Ok(call.unknown());
    }
    (function.run)(&converted, &call)
}
