//! Bicep: `.bicep` and `.bicepparam` files to one kind of tree.

pub mod tree;
