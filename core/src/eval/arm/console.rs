//! Single expressions, as they stand in a template: `[concat('a', 'b')]`.

use std::sync::Arc;

use super::deployment::place;
use super::evaluation::Evaluation;
use super::instance::{Instance, Names};
use super::load;
use super::template::Template;
use crate::eval::deployment::Presence;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::rooted::Rooted;
use crate::source::{FileSystem, Sources};
use crate::syntax::Trees;
use crate::syntax::arm::parse;

/// The value of one expression, or why Azure would refuse it. Parameters, variables and resources are those of
/// `main.json` in the current folder of the file system, if there is one.
pub fn evaluate(text: &str, file_system: Arc<dyn FileSystem>) -> Evaluated {
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let evaluation = Evaluation::new(&trees, ".", &[], &|_: &str| true, None);
    // The place of the expression: a file that is not there.
    let file = trees.sources.placeholder("console").id;
    let template = load::template(&trees, "main.json").unwrap_or_else(|_| Template::empty(file, ".".into()));
    let place = place(&template);
    let names = Names::Root { files: Vec::new() };
    let (template, path) = (Arc::new(template), Arc::from([]));
    let instance = Rooted::new(Instance::new(
        &evaluation,
        template,
        path,
        Presence::Certain,
        place,
        names,
    ));
    let parsed = parse(file, text, 0);
    match parsed.errors.first() {
        Some(error) => Err(EvalError::new(error.message.clone(), error.span)),
        None => instance.scope().evaluate(&parsed.expression),
    }
}
