//! An expression that Terraform would refuse. `try` and `can` look at these; anywhere else the value
//! becomes unknown with the reason [`crate::eval::value::Reason::Invalid`].

use crate::source::Span;

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
}
