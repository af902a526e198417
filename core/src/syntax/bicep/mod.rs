//! Bicep: `.bicep` and `.bicepparam` files to one kind of tree.

#[cfg(test)]
mod dump;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
pub mod tree;

use crate::source::FileId;

/// The tree of a file. Never fails: what cannot be read is broken in the tree and stands in `errors`.
pub fn parse(file: FileId, text: &str) -> tree::File {
    parser::parse(file, text)
}
