//! ARM templates, and Bicep files as what they compile to.

pub mod functions;
pub mod roots;
pub mod template;
