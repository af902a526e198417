//! Terraform's language: modules, variables, expressions and functions.

pub mod conversion;
pub mod error;
pub mod functions;
pub mod members;
pub mod roots;
pub mod types;
