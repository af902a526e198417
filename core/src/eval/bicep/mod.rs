//! Bicep files to the declarations of templates: what the ARM evaluator works on.

mod calls;
mod declarations;
mod expressions;
mod names;
mod resources;
#[cfg(test)]
mod tests;
mod types;

use std::sync::Arc;

use super::arm::template::{ParameterFile, Template};
use crate::source::SourceFile;
use crate::syntax::bicep::tree::File;
use names::{Names, Scope};

/// The declarations of a `.bicep` file.
pub fn template(source: &SourceFile, file: &File) -> Template {
    Lowering::new(file).template(source)
}

/// What a `.bicepparam` file assigns.
pub fn parameter_file(source: &SourceFile, file: &File) -> ParameterFile {
    Lowering::new(file).parameter_file(source)
}

/// One file on its way to declarations.
struct Lowering<'t> {
    file: &'t File,
    names: Names<'t>,
    /// The names that loops, lambdas and functions give around the expression, the innermost last.
    scopes: Vec<Scope<'t>>,
    /// The symbols of the resources around the expression, each with those of its parents: `vnet::nodes`.
    enclosing: Vec<Arc<str>>,
}

impl<'t> Lowering<'t> {
    fn new(file: &'t File) -> Self {
        Lowering {
            file,
            names: Names::of(file),
            scopes: Vec::new(),
            enclosing: Vec::new(),
        }
    }
}
