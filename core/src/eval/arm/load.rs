//! Files to templates, by what their names say they are.

use super::reader;
use super::template::{ParameterFile, Template};
use crate::eval::bicep;
use crate::eval::catalogue::KnownModule;
use crate::source::Unreadable;
use crate::source::discovery::DocumentNotation;
use crate::syntax::Trees;

pub(super) fn template(trees: &Trees, path: &str) -> Result<Template, Unreadable> {
    if is_bicep(path) {
        let parsed = trees.bicep(path)?;
        return Ok(bicep::template(&parsed.source, &parsed.tree));
    }
    let parsed = trees.json(path)?;
    Ok(reader::template(&parsed.source, &parsed.tree))
}

/// The template that stands for a module whose files are not there.
pub(super) fn known(trees: &Trees, module: &KnownModule) -> Template {
    let parsed = trees.built_in_bicep(module.path, module.text);
    bicep::template(&parsed.source, &parsed.tree)
}

pub(super) fn parameter_file(trees: &Trees, path: &str) -> Result<ParameterFile, Unreadable> {
    if is_bicep(path) {
        let parsed = trees.bicep(path)?;
        return Ok(bicep::parameter_file(&parsed.source, &parsed.tree));
    }
    let parsed = trees.json(path)?;
    Ok(reader::parameter_file(&parsed.source, &parsed.tree))
}

fn is_bicep(path: &str) -> bool {
    matches!(
        DocumentNotation::of(path),
        Some(DocumentNotation::Bicep | DocumentNotation::BicepParameters)
    )
}
