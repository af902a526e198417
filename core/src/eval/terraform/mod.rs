//! Terraform's language: modules, variables, expressions and functions.

pub mod error;
pub mod functions;
