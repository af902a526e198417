//! Single expressions, as at the prompt of `terraform console` in an empty folder.

use std::sync::Arc;

use super::evaluation::Evaluation;
use super::instance::Instance;
use super::module_source::ModuleSource;
use super::variables::RootVariables;
use crate::eval::error::EvalError;
use crate::eval::rooted::Rooted;
use crate::eval::value::Value;
use crate::source::{FileSystem, Sources};
use crate::syntax::Trees;
use crate::syntax::hcl::{Notation, parse};

/// The value of one expression, or why Terraform would refuse it. Variables, locals and resources are those
/// of the configuration in the current folder of the file system, if there is one.
pub fn evaluate(text: &str, file_system: Arc<dyn FileSystem>) -> Result<Value, EvalError> {
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let evaluation = Evaluation::new(&trees, ".", &[], RootVariables::default(), &|_: &str| true, None);
    let source = evaluation
        .module_in(".")
        .unwrap_or_else(|| Arc::new(ModuleSource::default()));
    let root = Rooted::new(Instance::root(&evaluation, source));
    // The place of the expression: a file that is not there.
    let file = trees.sources.placeholder("console");
    let parsed = parse(file.id, &format!("value = (\n{text}\n)\n"), Notation::Native);
    if let Some(error) = parsed.errors.first() {
        return Err(EvalError::new(error.message.clone(), error.span));
    }
    match parsed.body.attributes.first() {
        Some(attribute) => root.scoped(None, |scope| scope.evaluate(&attribute.value)),
        None => Err(EvalError::new("This is no expression.", parsed.body.span)),
    }
}
