//! ARM templates, and Bicep files as what they compile to.

pub mod functions;
mod links;
mod pairing;
pub mod roots;
pub mod template;
