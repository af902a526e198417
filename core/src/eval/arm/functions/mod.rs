//! The functions of the ARM language that look at their arguments alone.

use std::sync::Arc;

use crate::eval::budget::Budget;
use crate::eval::error::Evaluated;
use crate::eval::value::{Unknown, Value};
use crate::source::Span;

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

/// Calls a function by its name, in any case. None when there is no such function, or when it is one that
/// looks at the deployment: the evaluator answers for those.
pub fn call(_name: &str, _arguments: &[Argument<'_>], _context: &Context<'_>) -> Option<Evaluated> {
    None
}
