//! The expression language of ARM templates, `[concat(parameters('prefix'), '-vnet')]`, as a tree. Bicep
//! becomes the same tree, so that there is one evaluator for both.

mod decode;
pub mod expression;
mod parse;
mod print;
#[cfg(test)]
mod tests;

pub use parse::{MAXIMUM_DEPTH, Parsed, parse};
