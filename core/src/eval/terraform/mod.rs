//! Terraform's language: modules, variables, expressions and functions.

mod body;
pub mod console;
pub mod conversion;
mod deployment;
mod embedded;
mod evaluation;
mod expansion;
mod expression;
pub mod functions;
mod instance;
mod module_source;
mod observation;
pub(in crate::eval) mod provider;
mod references;
mod resource_value;
pub mod roots;
mod type_expression;
pub mod types;
mod unification;
mod variables;

pub use deployment::deployment;
pub(in crate::eval) use observation::observe;
