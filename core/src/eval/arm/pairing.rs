//! Which parameter file belongs to which template.

use std::sync::Arc;

use super::links::{assigned_parameters, declared_parameters};
use crate::eval::documents::{DocumentKind, Recognised};
use crate::syntax::Trees;

/// Those of the files beside a template that hold values for its parameters: those whose name begins with that of
/// the template and of no other; and those that are named after no template here, when the template declares
/// every parameter in them.
pub(super) fn parameter_files<'d>(trees: &Trees, beside: &[Recognised<'d>], template: &str) -> Vec<&'d str> {
    let templates = beside.iter().filter(|document| document.kind.is_template());
    let stems: Vec<String> = templates.map(|document| stem(document.path)).collect();
    let own = stem(template);
    let mut declared: Option<Vec<Arc<str>>> = None;
    let mut files = Vec::new();
    let is_candidate = |document: &&Recognised<'_>| document.kind == DocumentKind::Parameters;
    for document in beside.iter().filter(is_candidate) {
        let owner = stems
            .iter()
            .filter(|stem| names(&file_name(document.path), stem))
            .max_by_key(|stem| stem.len());
        let is_own = match owner {
            Some(owner) => *owner == own,
            None => {
                let declared = declared.get_or_insert_with(|| declared_parameters(trees, template));
                let assigned = assigned_parameters(trees, document.path);
                let is_declared = |name: &Arc<str>| {
                    declared
                        .iter()
                        .any(|declared| declared.eq_ignore_ascii_case(name))
                };
                !assigned.is_empty() && assigned.iter().all(is_declared)
            }
        };
        if is_own {
            files.push(document.path);
        }
    }
    files
}

/// Whether a file with parameters is named after a template: `main.parameters.prod.json`, `main-params.json`.
fn names(file: &str, stem: &str) -> bool {
    let rest = file.strip_prefix(stem).unwrap_or_default();
    rest.starts_with(['.', '-', '_']) && rest.contains("param")
}

fn stem(path: &str) -> String {
    let name = file_name(path);
    name.rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem)
        .to_owned()
}

/// In lower case: names differ in their case more often than they mean different files.
fn file_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase()
}
