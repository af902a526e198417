//! What a family's table says about a function, and what its implementation sees of a call.

use std::sync::Arc;

use super::{Argument, Context};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::origin;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};

pub(super) use crate::eval::origin::taken;

/// One function. The dispatcher counts the arguments, refuses those of a wrong type, decides choices
/// ([`Kind::OneOf`]) and, unless the function handles unknowns itself, answers for unknown arguments;
/// only then does it run the implementation.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Takes],
    /// So many of the last parameters may be left out.
    pub(super) optional: usize,
    /// What every argument after the parameters must be; without it there may be none.
    pub(super) rest: Option<Takes>,
    /// The result hangs on the members of the arguments, not only on the arguments: choices are decided
    /// at any depth, and an unknown at any depth makes the result unknown.
    pub(super) looks_inside: bool,
    /// The implementation says itself what can be known although arguments are unknown.
    pub(super) handles_unknown: bool,
    /// The result is a text, number or bool even when it is unknown.
    pub(super) gives_scalar: bool,
    pub(super) run: Implementation,
}

#[derive(Clone, Copy)]
pub(super) enum Implementation {
    Values(fn(&Call<'_>) -> Evaluated),
    /// Arguments are functions too. The values among them are those of the call, in their order.
    Lambdas(fn(&[Argument<'_>], &Call<'_>) -> Evaluated),
}

/// The types that an argument may have. Nothing is converted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Takes(u8);

pub(super) const NULL: Takes = Takes(1);
pub(super) const BOOLEAN: Takes = Takes(2);
pub(super) const INTEGER: Takes = Takes(4);
pub(super) const FLOAT: Takes = Takes(8);
pub(super) const TEXT: Takes = Takes(16);
pub(super) const ARRAY: Takes = Takes(32);
pub(super) const OBJECT: Takes = Takes(64);
pub(super) const ANY: Takes = Takes(127);
pub(super) const NUMBER: Takes = INTEGER.or(FLOAT);

impl Takes {
    pub(super) const fn or(self, other: Takes) -> Takes {
        Takes(self.0 | other.0)
    }

    fn admits(self, other: Takes) -> bool {
        self.0 & other.0 != 0
    }

    /// What a value is, or may be.
    fn of(value: &Value) -> Takes {
        match &value.kind {
            Kind::Null => NULL,
            Kind::Bool(_) => BOOLEAN,
            Kind::Number(number) if number.as_i64().is_some() => INTEGER,
            Kind::Number(_) => FLOAT,
            Kind::String(_) => TEXT,
            Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) => ARRAY,
            Kind::Map(_) | Kind::Object(_) => OBJECT,
            Kind::Unknown(unknown) if !unknown.pieces().is_empty() => TEXT,
            Kind::Unknown(_) | Kind::OneOf(_) => ANY,
        }
    }
}

/// `a string`, `a string or an array`
impl std::fmt::Display for Takes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = [
            (TEXT, "a string"),
            (INTEGER, "an integer"),
            (FLOAT, "a number"),
            (BOOLEAN, "a boolean"),
            (ARRAY, "an array"),
            (OBJECT, "an object"),
            (NULL, "null"),
        ];
        let admitted = names.iter().filter(|(kind, _)| self.admits(*kind));
        let admitted: Vec<&str> = admitted.map(|(_, name)| *name).collect();
        match admitted.split_last() {
            Some((last, [])) => formatter.write_str(last),
            Some((last, others)) => write!(formatter, "{} or {last}", others.join(", ")),
            None => formatter.write_str("nothing"),
        }
    }
}

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Takes],
        run: fn(&Call<'_>) -> Evaluated,
    ) -> Self {
        Function {
            name,
            parameters,
            optional: 0,
            rest: None,
            looks_inside: false,
            handles_unknown: false,
            gives_scalar: false,
            run: Implementation::Values(run),
        }
    }

    /// A function that takes functions; the parameters are those of its values.
    pub(super) const fn of_lambdas(
        name: &'static str,
        parameters: &'static [Takes],
        run: fn(&[Argument<'_>], &Call<'_>) -> Evaluated,
    ) -> Self {
        let mut function = Function::new(name, parameters, |call| Ok(call.unknown()));
        function.run = Implementation::Lambdas(run);
        function
    }

    pub(super) const fn optional(mut self, count: usize) -> Self {
        self.optional = count;
        self
    }

    pub(super) const fn with_rest(mut self, rest: Takes) -> Self {
        self.rest = Some(rest);
        self
    }

    pub(super) const fn looking_inside(mut self) -> Self {
        self.looks_inside = true;
        self
    }

    pub(super) const fn handling_unknown(mut self) -> Self {
        self.handles_unknown = true;
        self
    }

    pub(super) const fn giving_scalar(mut self) -> Self {
        self.gives_scalar = true;
        self
    }

    fn parameter(&self, index: usize) -> Option<Takes> {
        self.parameters.get(index).copied().or(self.rest)
    }
}

/// One call of a function.
pub(super) struct Call<'a> {
    pub(super) function: &'a Function,
    pub(super) arguments: &'a [Value],
    pub(super) context: &'a Context<'a>,
}

impl<'a> Call<'a> {
    pub(super) fn check_count(&self) -> Result<(), EvalError> {
        let (most, given) = (self.function.parameters.len(), self.arguments.len());
        let least = most - self.function.optional;
        if given >= least && (given <= most || self.function.rest.is_some()) {
            return Ok(());
        }
        let wanted = match (self.function.rest, self.function.optional) {
            (Some(_), _) => format!("at least {least}"),
            (None, 0) => least.to_string(),
            (None, _) => format!("{least} to {most}"),
        };
        let plural = if wanted == "1" { "" } else { "s" };
        Err(self.error(format!(
            "it takes {wanted} argument{plural}, and {given} are given"
        )))
    }

    pub(super) fn check_types(&self) -> Result<(), EvalError> {
        for (index, argument) in self.arguments.iter().enumerate() {
            let Some(takes) = self.function.parameter(index) else {
                break;
            };
            let given = Takes::of(argument);
            if !takes.admits(given) {
                return Err(self.argument_error(index, format!("must be {takes}, and is {given}")));
            }
        }
        Ok(())
    }

    /// Whether the dispatcher must answer for an unknown argument.
    pub(super) fn is_unknown(&self) -> bool {
        self.arguments
            .iter()
            .any(|value| match self.function.looks_inside {
                true => !value.is_wholly_known(),
                false => matches!(value.kind, Kind::Unknown(_) | Kind::OneOf(_)),
            })
    }

    pub(super) fn argument(&self, index: usize) -> Result<&'a Value, EvalError> {
        let missing = || self.error(format!("it has no argument number {}", index + 1));
        self.arguments.get(index).ok_or_else(missing)
    }

    pub(super) fn text(&self, index: usize) -> Result<&'a str, EvalError> {
        let argument = self.argument(index)?;
        argument
            .as_str()
            .ok_or_else(|| self.argument_error(index, "must be a string"))
    }

    pub(super) fn integer(&self, index: usize) -> Result<i64, EvalError> {
        match &self.argument(index)?.kind {
            Kind::Number(number) => number.as_i64(),
            _ => None,
        }
        .ok_or_else(|| self.argument_error(index, "must be an integer of 64 bits"))
    }

    pub(super) fn elements(&self, index: usize) -> Result<&'a [Value], EvalError> {
        let argument = self.argument(index)?;
        argument
            .elements()
            .ok_or_else(|| self.argument_error(index, "must be an array"))
    }

    pub(super) fn entries(&self, index: usize) -> Result<&'a Entries, EvalError> {
        let argument = self.argument(index)?;
        argument
            .entries()
            .ok_or_else(|| self.argument_error(index, "must be an object"))
    }

    /// The elements of an argument, taken over.
    pub(super) fn taken_elements(&self, index: usize) -> Result<Vec<Value>, EvalError> {
        let argument = self.argument(index)?;
        let elements = self.elements(index)?.iter();
        Ok(elements.map(|element| taken(element, argument)).collect())
    }

    /// The provenance of a computed result: the call, then the places outside it that the arguments come
    /// from.
    pub(super) fn from(&self) -> Provenance {
        origin::computed(self.context.span, self.arguments)
    }

    pub(super) fn value(&self, kind: Kind) -> Value {
        Value::new(kind, self.from())
    }

    pub(super) fn bool(&self, value: bool) -> Evaluated {
        Ok(self.value(Kind::Bool(value)))
    }

    pub(super) fn number(&self, number: i64) -> Evaluated {
        Ok(self.value(Kind::Number(number.into())))
    }

    /// A text as the result, if the budget still allows it.
    pub(super) fn string(&self, text: impl Into<Arc<str>>) -> Evaluated {
        let text = text.into();
        if !self.context.budget.spend_text(text.len()) {
            return Ok(self.limit());
        }
        Ok(self.value(Kind::String(text)))
    }

    /// An array of taken members: its own place is the call alone, since each member tells where it comes
    /// from.
    pub(super) fn array(&self, elements: Vec<Value>) -> Evaluated {
        if !self.afford(elements.len()) {
            return Ok(self.limit());
        }
        Ok(Value::new(Kind::Tuple(elements.into()), self.place()))
    }

    /// The same for an object.
    pub(super) fn object(&self, entries: Entries) -> Evaluated {
        if !self.afford(entries.members.len()) {
            return Ok(self.limit());
        }
        Ok(Value::new(Kind::Object(Arc::new(entries)), self.place()))
    }

    /// The place of the call.
    pub(super) fn place(&self) -> Provenance {
        Provenance::new(Via::Literal, self.context.span)
    }

    /// Spends for so many produced elements; when it is false the result is [`Call::limit`].
    pub(super) fn afford(&self, elements: usize) -> bool {
        self.context.budget.spend_steps(elements as u64)
    }

    /// The result when the budget is used up.
    pub(super) fn limit(&self) -> Value {
        let what = format!("{}() produces more than this run evaluates", self.function.name);
        let unknown = Unknown::new(Reason::Limit { what }, self.context.span);
        Value::unknown(unknown, self.from())
    }

    /// The result that hangs on an unknown part of the arguments. The same function over the same
    /// arguments is the same unknown.
    pub(super) fn unknown(&self) -> Value {
        Value::unknown(self.derived(""), self.from())
    }

    /// An unknown part of the result, with a name within the call.
    pub(super) fn derived(&self, part: &str) -> Unknown {
        let known: Vec<u64> = self.arguments.iter().map(Value::content_hash).collect();
        let what = (self.function.name, part, known);
        let unknowns = self.arguments.iter().filter_map(Value::first_unknown);
        let unknown = Unknown::derived(what, unknowns)
            .unwrap_or_else(|| Unknown::new(self.unsupported_reason(), self.context.span));
        match self.function.gives_scalar {
            true => unknown.scalar(),
            false => unknown,
        }
    }

    /// The unknown result of a function, or of a case of it, whose answer is not computed here.
    pub(super) fn unsupported(&self) -> Value {
        let unknown = Unknown::new(self.unsupported_reason(), self.context.span);
        let unknown = match self.function.gives_scalar {
            true => unknown.scalar(),
            false => unknown,
        };
        Value::unknown(unknown, self.from())
    }

    fn unsupported_reason(&self) -> Reason {
        let what = format!("{}()", self.function.name);
        Reason::Unsupported { what }
    }

    /// The function's own error.
    pub(super) fn error(&self, message: impl std::fmt::Display) -> EvalError {
        let message = format!("The function '{}' fails: {message}.", self.function.name);
        EvalError::new(message, self.context.span)
    }

    /// An argument that the function refuses, by its position.
    pub(super) fn argument_error(&self, index: usize, message: impl std::fmt::Display) -> EvalError {
        self.error(format!("argument {} {message}", index + 1))
    }
}
