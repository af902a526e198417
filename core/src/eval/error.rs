//! An expression that Terraform or Azure would refuse. Terraform's `try` and `can` look at these; anywhere
//! else the value becomes unknown with the reason [`crate::eval::value::Reason::Invalid`].

use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Reason, Unknown, Value};
use crate::source::Span;

/// The result of an expression.
pub type Evaluated = Result<Value, EvalError>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    pub message: String,
    pub span: Span,
}

impl EvalError {
    pub fn new(message: impl Into<String>, span: Span) -> Self {
        EvalError {
            message: message.into(),
            span,
        }
    }

    /// The unknown value that stands for the refused expression.
    pub fn into_value(self) -> Value {
        let from = Provenance::new(Via::Literal, self.span);
        let reason = Reason::Invalid {
            message: self.message,
        };
        Value::unknown(Unknown::new(reason, self.span), from)
    }
}
