//! Terraform's configuration language, in its native and its JSON syntax.

mod convert;
#[cfg(test)]
mod dump;
mod json;
mod native;
mod overrides;
mod pieces;
mod recovery;
mod repair;
mod scan;
mod shift;
mod template;
#[cfg(test)]
mod tests;
pub mod tree;

pub use overrides::merge_overrides;

use std::sync::Arc;

use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

/// The notation of a file; its name decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Native,
    /// `.tf.json`: the blocks of a module as JSON.
    Json,
    /// Any other `.json`: values of variables, read literally.
    JsonValues,
}

impl Notation {
    pub fn of(path: &str) -> Self {
        if path.ends_with(".tf.json") || path.ends_with(".tofu.json") {
            Notation::Json
        } else if path.ends_with(".json") {
            Notation::JsonValues
        } else {
            Notation::Native
        }
    }
}

/// The tree of a file. Never fails: what does not parse is left out and stands in `errors`.
pub fn parse(file: FileId, text: &str, notation: Notation) -> tree::File {
    match notation {
        Notation::Native => pieces::parse(file, text),
        Notation::Json => json::configuration(file, text),
        Notation::JsonValues => json::values(file, text),
    }
}

/// The same tree as [`parse`] gives, made from an earlier tree of the file: only the top-level blocks whose
/// text is new are read. `previous_text` is what `previous` was read from, in the same notation. A tree that
/// nobody else holds is not copied.
pub fn parse_again(
    file: FileId,
    text: &str,
    notation: Notation,
    previous: Arc<tree::File>,
    previous_text: &str,
) -> tree::File {
    match notation {
        Notation::Native => pieces::parse_again(file, text, previous, previous_text),
        Notation::Json | Notation::JsonValues => parse(file, text, notation),
    }
}

/// The parts of a template that stands in a file of its own. Its spans lie in the template's text.
pub fn parse_template(file: FileId, text: &str) -> Result<Vec<tree::TemplatePart>, SyntaxError> {
    let part = native::Part {
        file,
        written: text,
        offset: 0,
        offsets: None,
    };
    native::template(part).map_err(|failure| SyntaxError {
        span: Span::new(file, failure.at, failure.at),
        message: recovery::translated(&failure),
    })
}
