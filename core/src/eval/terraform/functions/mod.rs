//! Terraform's functions, one table a family.

use std::cell::Cell;
use std::sync::Arc;

use super::error::EvalError;
use crate::eval::value::{Unknown, Value};
use crate::source::Span;

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

/// What one deployment may still spend. Once a bound is reached, everything more is unknown.
#[derive(Debug)]
pub struct Budget {
    pub steps: Cell<u64>,
    pub text: Cell<u64>,
}

impl Budget {
    pub const STEPS: u64 = 1_000_000;
    pub const TEXT: u64 = 16 * 1024 * 1024;

    pub fn new() -> Self {
        Budget {
            steps: Cell::new(Self::STEPS),
            text: Cell::new(Self::TEXT),
        }
    }

    /// Takes evaluation steps; false when they are used up.
    pub fn spend_steps(&self, count: u64) -> bool {
        Self::spend(&self.steps, count)
    }

    /// Takes bytes of produced text; false when they are used up.
    pub fn spend_text(&self, bytes: usize) -> bool {
        Self::spend(&self.text, bytes as u64)
    }

    fn spend(left: &Cell<u64>, amount: u64) -> bool {
        match left.get().checked_sub(amount) {
            Some(rest) => {
                left.set(rest);
                true
            }
            None => {
                left.set(0);
                false
            }
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}

/// Calls a function by its name (with or without `core::`).
pub fn call(name: &str, arguments: &[Value], context: &Context<'_>) -> Result<Value, EvalError> {
    let _ = arguments;
    Err(EvalError::new(
        format!("There is no function named \"{name}\"."),
        context.span,
    ))
}
