//! akslint's library: infrastructure code in, findings about Azure Kubernetes Service networks out.

pub mod eval;
pub mod model;
pub mod source;
pub mod syntax;
