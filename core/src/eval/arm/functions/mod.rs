//! The functions of the ARM language that look at their arguments alone, one table a family.

mod array;
mod cidr;
mod comparison;
mod composite_format;
mod date;
mod date_format;
mod date_time;
mod encoding;
mod equality;
mod file;
mod format_number;
mod hash;
mod json_path;
mod json_read;
mod json_write;
mod lambda;
mod logical;
mod numeric;
mod object;
mod order;
mod pieces;
mod search;
mod string;
mod table;
mod union;
mod uri;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use self::table::{Call, Function, Implementation};
use crate::eval::budget::Budget;
use crate::eval::distribution;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Unknown, Value};
use crate::source::Span;

pub(super) use self::equality::same_name;
pub(super) use self::object::{Member, member};

/// One table a family, each in its file.
const FAMILIES: &[&[Function]] = &[
    array::FUNCTIONS,
    cidr::FUNCTIONS,
    comparison::FUNCTIONS,
    date::FUNCTIONS,
    encoding::FUNCTIONS,
    file::FUNCTIONS,
    hash::FUNCTIONS,
    lambda::FUNCTIONS,
    logical::FUNCTIONS,
    numeric::FUNCTIONS,
    object::FUNCTIONS,
    search::FUNCTIONS,
    string::FUNCTIONS,
    union::FUNCTIONS,
    uri::FUNCTIONS,
];

/// What a function may see besides its arguments.
pub struct Context<'a> {
    /// The call.
    pub span: Span,
    pub files: &'a dyn Files,
    pub budget: &'a Budget,
}

/// The files that `loadTextContent` and its relatives may read.
pub trait Files {
    /// The bytes of a file, relative to the folder of the template; `Ok(None)` when there is none at an
    /// allowed path; `Err` when the path leaves the allowed folders, so that nobody may know.
    fn read(&self, path: &str, span: Span) -> Result<Option<Arc<[u8]>>, Unknown>;
}

/// An argument of a call.
pub enum Argument<'a> {
    Value(Value),
    Lambda(Lambda<'a>),
}

/// `(item, index) => …`, ready to be applied.
pub struct Lambda<'a> {
    /// How many parameters it names.
    pub parameters: usize,
    pub apply: &'a dyn Fn(&[Value]) -> Evaluated,
}

static TABLE: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    let functions = FAMILIES.iter().flat_map(|family| family.iter());
    functions
        .map(|function| (function.name.to_ascii_lowercase(), function))
        .collect()
});

/// The names of all functions.
pub fn names() -> Vec<&'static str> {
    let functions = FAMILIES.iter().flat_map(|family| family.iter());
    functions.map(|function| function.name).collect()
}

/// Calls a function by its name, in any case. None when there is no such function, or when it is one that
/// looks at the deployment: the evaluator answers for those.
pub fn call(name: &str, arguments: &[Argument<'_>], context: &Context<'_>) -> Option<Evaluated> {
    let function = TABLE.get(&name.to_ascii_lowercase())?;
    let is_value = |argument: &Argument<'_>| matches!(argument, Argument::Value(_));
    if matches!(function.run, Implementation::Values(_)) && !arguments.iter().all(is_value) {
        let message = format!("The function '{}' takes no lambda expression.", function.name);
        return Some(Err(EvalError::new(message, context.span)));
    }
    let values: Vec<Value> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Value(value) => Some(value.clone()),
            Argument::Lambda(_) => None,
        })
        .collect();
    let given = Call {
        function,
        arguments: &values,
        context,
    };
    if let Err(error) = given.check_count() {
        return Some(Err(error));
    }
    let mut run = |values: &[Value]| {
        let call = Call {
            function,
            arguments: values,
            context,
        };
        apply(&call, arguments)
    };
    let decided = distribution::distribute(&values, function.looks_inside, context.span, &mut run);
    Some(decided.unwrap_or_else(|| Ok(given.unknown())))
}

/// Runs a function on decided arguments.
fn apply(call: &Call<'_>, arguments: &[Argument<'_>]) -> Evaluated {
    if !call.afford(1) {
        return Ok(call.limit());
    }
    call.check_types()?;
    if !call.function.handles_unknown && call.is_unknown() {
        return Ok(call.unknown());
    }
    match call.function.run {
        Implementation::Values(run) => run(call),
        Implementation::Lambdas(run) => run(arguments, call),
    }
}
