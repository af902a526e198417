//! What a family's table says about a function, and what its implementation sees of a call.

use super::Context;
use crate::eval::error::EvalError;
use crate::eval::origin;
pub(super) use crate::eval::origin::taken;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Reason, Unknown, Value};

/// One function. The dispatcher counts and converts the arguments, refuses nulls, decides choices
/// ([`Kind::OneOf`]) and, unless the function handles unknowns itself, answers for unknown arguments;
/// only then does it run the implementation.
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// What every argument after the parameters must be; without it there may be none.
    pub(super) rest: Option<Parameter>,
    /// The result hangs on the members of the arguments, not only on the arguments: choices are decided
    /// at any depth, and an unknown at any depth makes the result unknown.
    pub(super) looks_inside: bool,
    /// The implementation says itself what can be known although arguments are unknown.
    pub(super) handles_unknown: bool,
    /// The result is a text, number or bool even when it is unknown.
    pub(super) gives_scalar: bool,
    pub(super) run: Implementation,
}

pub(super) type Implementation = fn(&[Value], &Call<'_>) -> Result<Value, EvalError>;

#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) takes: Takes,
    pub(super) allow_null: bool,
}

/// The type an argument is converted to.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// Any value, as it is.
    Any,
    Bool,
    Number,
    String,
    /// Elements of one type, whichever.
    List,
    Set,
    Map,
    Strings,
    ListOfLists,
    SetOfStrings,
    MapOfStrings,
    MapOfStringLists,
    Bools,
}

impl Takes {
    pub(super) fn of(self) -> Type {
        let list = |of: Type| Type::List(Box::new(of));
        match self {
            Takes::Any => Type::Any,
            Takes::Bool => Type::Bool,
            Takes::Number => Type::Number,
            Takes::String => Type::String,
            Takes::List => list(Type::Any),
            Takes::Set => Type::Set(Box::new(Type::Any)),
            Takes::Map => Type::Map(Box::new(Type::Any)),
            Takes::Strings => list(Type::String),
            Takes::ListOfLists => list(list(Type::Any)),
            Takes::SetOfStrings => Type::Set(Box::new(Type::String)),
            Takes::MapOfStrings => Type::Map(Box::new(Type::String)),
            Takes::MapOfStringLists => Type::Map(Box::new(list(Type::String))),
            Takes::Bools => list(Type::Bool),
        }
    }
}

impl Parameter {
    pub(super) const fn new(name: &'static str, takes: Takes) -> Self {
        Parameter {
            name,
            takes,
            allow_null: false,
        }
    }

    pub(super) const fn or_null(mut self) -> Self {
        self.allow_null = true;
        self
    }
}

/// A parameter that takes any value as it is.
pub(super) const fn any(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::Any)
}

pub(super) const fn string(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::String)
}

pub(super) const fn number(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::Number)
}

pub(super) const fn list(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::List)
}

pub(super) const fn strings(name: &'static str) -> Parameter {
    Parameter::new(name, Takes::Strings)
}

impl Function {
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        run: Implementation,
    ) -> Self {
        Function {
            name,
            parameters,
            rest: None,
            looks_inside: false,
            handles_unknown: false,
            gives_scalar: false,
            run,
        }
    }

    pub(super) const fn with_rest(mut self, rest: Parameter) -> Self {
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

    pub(super) fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.rest.as_ref())
    }
}

/// One call of a function with its converted arguments.
pub(super) struct Call<'a> {
    pub(super) function: &'a Function,
    pub(super) arguments: &'a [Value],
    pub(super) context: &'a Context<'a>,
}

impl Call<'_> {
    /// The provenance of a computed result: the call, then the places outside it that the arguments come
    /// from.
    pub(super) fn from(&self) -> Provenance {
        origin::computed(self.context.span, self.arguments)
    }

    /// A collection of taken members ([`taken`]): its own place is the call alone, since each member tells
    /// where it comes from.
    pub(super) fn collection(&self, kind: Kind) -> Value {
        Value::new(kind, Provenance::new(Via::Literal, self.context.span))
    }

    pub(super) fn value(&self, kind: Kind) -> Value {
        Value::new(kind, self.from())
    }

    pub(super) fn bool(&self, value: bool) -> Result<Value, EvalError> {
        Ok(self.value(Kind::Bool(value)))
    }

    /// A text as the result, if the budget still allows it.
    pub(super) fn string(&self, text: impl Into<std::sync::Arc<str>>) -> Result<Value, EvalError> {
        let text = text.into();
        if !self.context.budget.spend_text(text.len()) {
            return Ok(self.limit());
        }
        Ok(self.value(Kind::String(text)))
    }

    /// Spends for so many produced elements; when it is false the result is [`Call::limit`].
    pub(super) fn afford(&self, elements: usize) -> bool {
        self.context.budget.spend_steps(elements as u64)
    }

    /// The result when the budget is used up.
    pub(super) fn limit(&self) -> Value {
        let reason = Reason::Limit {
            what: format!("{}() produces more than this run evaluates", self.function.name),
        };
        Value::unknown(Unknown::new(reason, self.context.span), self.from())
    }

    /// The result that hangs on an unknown part of the arguments. The same function over the same
    /// arguments is the same unknown. Must only be called when some part is unknown.
    pub(super) fn unknown(&self) -> Value {
        let known: Vec<u64> = self.arguments.iter().map(Value::content_hash).collect();
        let what = (self.function.name, known);
        let unknowns = self.arguments.iter().filter_map(Value::first_unknown);
        let unknown = Unknown::derived(what, unknowns).unwrap_or_else(|| {
            let what = format!("{}()", self.function.name);
            Unknown::new(Reason::Unsupported { what }, self.context.span)
        });
        let unknown = match self.function.gives_scalar {
            true => unknown.scalar(),
            false => unknown,
        };
        Value::unknown(unknown, self.from())
    }

    /// The function's own error.
    pub(super) fn error(&self, message: impl std::fmt::Display) -> EvalError {
        let message = format!("Call to function \"{}\" failed: {message}.", self.function.name);
        EvalError::new(message, self.context.span)
    }

    /// An argument that the function refuses, by its position.
    pub(super) fn argument_error(&self, index: usize, message: impl std::fmt::Display) -> EvalError {
        let name = self
            .function
            .parameter(index)
            .map_or("", |parameter| parameter.name);
        let message = format!("Invalid value for \"{name}\" parameter: {message}.");
        EvalError::new(message, self.context.span)
    }
}
