//! Terraform's configuration language, in its native and its JSON syntax.

mod comments;
mod convert;
#[cfg(test)]
mod dump;
mod native;
mod recovery;
mod repair;
mod scan;
mod template;
#[cfg(test)]
mod tests;
pub mod tree;

use crate::source::FileId;
use crate::syntax::SyntaxError;

/// Which of the two notations a file is in; its name decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    Native,
    Json,
}

impl Notation {
    pub fn of(path: &str) -> Self {
        if path.ends_with(".json") {
            Notation::Json
        } else {
            Notation::Native
        }
    }
}

/// The tree of a file. Never fails: what does not parse is left out and stands in `errors`.
pub fn parse(file: FileId, text: &str, notation: Notation) -> tree::File {
    match notation {
        Notation::Native => native::parse(file, text),
        Notation::Json => tree::File {
            body: tree::Body {
                attributes: Vec::new(),
                blocks: Vec::new(),
                span: crate::source::Span::new(file, 0, text.len()),
                incomplete: true,
            },
            errors: Vec::new(),
            comments: Vec::new(),
        },
    }
}

/// The parts of a template that stands in a file of its own. Its spans lie in the template's text.
pub fn parse_template(file: FileId, text: &str) -> Result<Vec<tree::TemplatePart>, SyntaxError> {
    template::standalone(file, text)
}
