//! Which other files a template, a Bicep file or a file with parameters names.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::eval::documents::DocumentKind;
use crate::source::discovery::{DocumentNotation, folder_of};
use crate::source::joined;
use crate::syntax::Trees;
use crate::syntax::bicep::tree::{Expression, ExpressionKind, File, StatementKind};
use crate::syntax::json::tree::{Json, JsonKind};

/// The files that one file names, as paths of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// Templates that are deployed as parts of this one.
    pub(super) modules: Vec<String>,
    /// What a file with parameters is for.
    pub(super) using: Option<String>,
    /// Everything else that is read for it: imports, loaded text, what a file with parameters builds on.
    pub(super) others: Vec<String>,
}

/// The links of a template in JSON.
pub(super) fn of_template(trees: &Trees, path: &str) -> Links {
    let mut links = Links::default();
    // Most templates link no file, and for those the text alone tells.
    let text = trees.sources.read(path);
    if !text.is_ok_and(|file| file.text.contains("elativePath") || file.text.contains("elativepath")) {
        return links;
    }
    let Ok(parsed) = trees.json(path) else {
        return links;
    };
    let folder = folder_of(path);
    let mut pending: Vec<&Json> = parsed.tree.value.iter().collect();
    while let Some(json) = pending.pop() {
        match &json.kind {
            JsonKind::Array(elements) => pending.extend(elements),
            JsonKind::Object(properties) => {
                for property in properties {
                    let is = |name: &str| property.name.eq_ignore_ascii_case(name);
                    let relative = property.value.get("relativePath").and_then(Json::as_text);
                    let file = relative.filter(|path| !path.starts_with('['));
                    let file = file.map(|path| joined(folder, path));
                    if is("templateLink") {
                        links.modules.extend(file);
                    } else if is("parametersLink") {
                        links.others.extend(file);
                    }
                    pending.push(&property.value);
                }
            }
            _ => {}
        }
    }
    links
}

/// The links of a `.bicep` or `.bicepparam` file.
pub(super) fn of_bicep(trees: &Trees, path: &str) -> Links {
    let mut links = Links::default();
    let Some(tree) = bicep(trees, path) else {
        return links;
    };
    let folder = folder_of(path);
    let local = |expression: &Expression| local_path(folder, expression);
    for statement in &tree.statements {
        match &statement.kind {
            StatementKind::Module(module) => links.modules.extend(local(&module.path)),
            StatementKind::Import(import) => links.others.extend(local(&import.path)),
            StatementKind::Using { path, .. } => links.using = local(path),
            StatementKind::Extends(path) => links.others.extend(local(path)),
            _ => {}
        }
    }
    if let Ok(file) = trees.sources.read(path) {
        let loaded = loaded_files(&file.text);
        links
            .others
            .extend(loaded.into_iter().map(|path| joined(folder, path)));
    }
    links
}

/// The parameters that a template declares, as far as its file can be read.
pub(super) fn declared_parameters(trees: &Trees, path: &str) -> Vec<Arc<str>> {
    if is_bicep(path) {
        let tree = bicep(trees, path);
        let statements = tree.iter().flat_map(|tree| &tree.statements);
        let names = statements.filter_map(|statement| match &statement.kind {
            StatementKind::Parameter(parameter) => Some(parameter.name.text.clone()),
            _ => None,
        });
        return names.collect();
    }
    assigned_parameters(trees, path)
}

/// The names in `parameters` at the top of a JSON file: in a template those that it declares, in a file with
/// parameters those that it assigns.
pub(super) fn assigned_parameters(trees: &Trees, path: &str) -> Vec<Arc<str>> {
    let Ok(parsed) = trees.json(path) else {
        return Vec::new();
    };
    let parameters = parsed.tree.value.as_ref().and_then(|json| json.get("parameters"));
    let properties = parameters.and_then(Json::as_object).unwrap_or_default();
    properties.iter().map(|property| property.name.clone()).collect()
}

/// Whether a Bicep file deploys nothing and only declares what others import.
pub(super) fn is_library(trees: &Trees, path: &str) -> bool {
    let Some(tree) = Some(path)
        .filter(|path| is_bicep(path))
        .and_then(|path| bicep(trees, path))
    else {
        return false;
    };
    let is_declaration = |kind: &StatementKind| {
        matches!(
            kind,
            StatementKind::Type { .. }
                | StatementKind::Function(_)
                | StatementKind::Variable { .. }
                | StatementKind::Import(_)
                | StatementKind::Metadata { .. }
                | StatementKind::TargetScope(_)
        )
    };
    let mut statements = tree.statements.iter();
    tree.errors.is_empty()
        && !tree.statements.is_empty()
        && statements.all(|statement| is_declaration(&statement.kind))
}

/// Adds what in a file of this kind decides which deployments there are.
pub(in crate::eval) fn influence(trees: &Trees, path: &str, kind: DocumentKind, hasher: &mut impl Hasher) {
    let links = match kind {
        DocumentKind::Template { .. } => of_template(trees, path),
        DocumentKind::Bicep | DocumentKind::BicepParameters => of_bicep(trees, path),
        DocumentKind::Parameters | DocumentKind::Plan => Links::default(),
    };
    (links.modules, links.using, links.others).hash(hasher);
    if kind == DocumentKind::Plan {
        // The folder that it was made from is told by all that it plans.
        let text = trees.sources.read(path).map(|file| file.text.clone());
        text.unwrap_or_default().hash(hasher);
        return;
    }
    declared_parameters(trees, path).hash(hasher);
    is_library(trees, path).hash(hasher);
}

fn is_bicep(path: &str) -> bool {
    DocumentNotation::of(path) == Some(DocumentNotation::Bicep)
}

fn bicep(trees: &Trees, path: &str) -> Option<Arc<File>> {
    trees.bicep(path).ok().map(|parsed| parsed.tree)
}

/// A file that is written out; None for one of a registry, a template spec or an expression.
fn local_path(folder: &str, path: &Expression) -> Option<String> {
    match &path.kind {
        ExpressionKind::Text(path) if !path.contains(':') => Some(joined(folder, path)),
        _ => None,
    }
}

const LOADING_FUNCTIONS: &[&str] = &["TextContent", "JsonContent", "YamlContent", "FileAsBase64"];

/// The paths in calls such as `loadTextContent('policy.json')`. One in a comment does no harm: at most a
/// deployment is looked at that need not be.
fn loaded_files(text: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    for (start, word) in text.match_indices("load") {
        let rest = text.get(start + word.len()..).unwrap_or_default();
        let Some(rest) = LOADING_FUNCTIONS.iter().find_map(|name| rest.strip_prefix(name)) else {
            continue;
        };
        let argument = rest.trim_start().strip_prefix('(').map(str::trim_start);
        let path = argument.and_then(|argument| argument.strip_prefix('\''));
        if let Some((path, _)) = path.and_then(|path| path.split_once('\'')) {
            paths.push(path);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::loaded_files;

    #[test]
    fn calls_that_load_a_file_are_found_in_the_text() {
        let text = "var a = loadTextContent('a.txt')\nvar b = json(loadJsonContent (\n  '../b.json', 'x'))\n\
            var c = loadTextContent(path)\nvar d = 'loading'\nvar e = loadFileAsBase64('";
        assert_eq!(loaded_files(text), ["a.txt", "../b.json"]);
    }
}
