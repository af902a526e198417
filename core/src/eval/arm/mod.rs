//! ARM templates, and Bicep files as what they compile to.

mod access;
mod calls;
pub mod console;
mod deployment;
pub(in crate::eval) mod embedded;
mod evaluation;
mod expression;
pub mod functions;
mod ids;
mod imports;
mod instance;
pub(in crate::eval) mod links;
mod load;
mod logic;
mod names;
mod observation;
mod pairing;
mod parents;
pub mod reader;
mod references;
mod resource_instance;
mod resources;
pub mod roots;
mod same_resource;
mod scope;
pub mod template;
mod user_functions;

pub use deployment::deployment;
pub(in crate::eval) use observation::observe;
