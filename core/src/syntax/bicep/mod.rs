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
    let mut read = parser::parse(file, text);
    let unsaid = read.errors.len().saturating_sub(MAXIMUM_ERRORS);
    read.errors.truncate(MAXIMUM_ERRORS);
    if unsaid > 0
        && let Some(last) = read.errors.last_mut()
    {
        last.message = format!("{} (and {unsaid} more places in this file)", last.message);
    }
    read
}

/// How many errors of one file are said; the rest is counted.
const MAXIMUM_ERRORS: usize = 100;
