//! ARM templates, and Bicep files as what they compile to.

mod access;
mod calls;
pub mod console;
mod deployment;
mod evaluation;
mod expression;
pub mod functions;
mod ids;
mod instance;
mod links;
mod load;
mod logic;
mod names;
mod pairing;
pub mod reader;
mod references;
mod resources;
pub mod roots;
mod scope;
pub mod template;

pub use deployment::deployment;
