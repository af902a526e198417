//! The expression language of ARM templates, `[concat(parameters('prefix'), '-vnet')]`, as a tree. Bicep
//! becomes the same tree, so that there is one evaluator for both.

pub mod expression;
