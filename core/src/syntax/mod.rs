//! Text to trees, one file at a time. A parser returns what it could read and says, with a span, what it
//! could not; it knows no Azure and no other file.

pub mod arm;
pub mod bicep;
pub mod hcl;
pub mod json;
pub mod raw_json;
mod trees;

pub use trees::{ParsedFile, Trees};

use crate::source::Span;

/// A place that does not follow the grammar. The rest of the file is still in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    pub message: String,
}
