//! Files to templates, by what their names say they are.

use super::reader;
use super::template::{ParameterFile, Template};
use crate::source::Unreadable;
use crate::syntax::Trees;

pub(super) fn template(trees: &Trees, path: &str) -> Result<Template, Unreadable> {
    let parsed = trees.json(path)?;
    Ok(reader::template(&parsed.source, &parsed.tree))
}

pub(super) fn parameter_file(trees: &Trees, path: &str) -> Result<ParameterFile, Unreadable> {
    let parsed = trees.json(path)?;
    Ok(reader::parameter_file(&parsed.source, &parsed.tree))
}
