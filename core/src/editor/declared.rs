//! How places are called: the declaration that a text belongs to, and the line that it is on.

use std::sync::Arc;

use super::FileAddress;
use super::notation::Notation;
use crate::source::Span;
use crate::source::discovery::folder_of;
use crate::syntax::Trees;
use crate::syntax::bicep::tree::{Statement, StatementKind};
use crate::syntax::hcl::tree::Block;
use crate::syntax::json::tree::{Json, JsonKind};

/// What a text is declared as: ``variable `vnet_cidr` ``.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) kind: DeclaredKind,
    pub(super) name: String,
    /// The attribute or property of the declaration that the text is in.
    pub(super) property: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DeclaredKind {
    Variable,
    Parameter,
    Local,
    Module,
    Output,
    Resource,
}

impl DeclaredKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            DeclaredKind::Variable => "variable",
            DeclaredKind::Parameter => "parameter",
            DeclaredKind::Local => "local value",
            DeclaredKind::Module => "module",
            DeclaredKind::Output => "output",
            DeclaredKind::Resource => "resource",
        }
    }
}

/// The declaration around a text. None where nothing has a name.
pub(super) fn around(trees: &Trees, span: Span) -> Option<Declared> {
    let path = &trees.sources.file(span.file).path;
    match Notation::of(path) {
        Notation::Terraform => {
            let tree = trees.hcl(path).ok()?.tree;
            let mut attributes = tree.body.attributes.iter();
            if let Some(assigned) = attributes.find(|attribute| attribute.span.contains(span)) {
                return Some(Declared {
                    kind: DeclaredKind::Variable,
                    name: assigned.name.to_string(),
                    property: None,
                });
            }
            let mut blocks = tree.body.blocks.iter();
            in_block(blocks.find(|block| block.span.contains(span))?, span)
        }
        Notation::Json => in_json(trees.json(path).ok()?.tree.value.as_ref()?, span),
        Notation::Bicep => {
            let tree = trees.bicep(path).ok()?.tree;
            let mut statements = tree.statements.iter();
            in_statement(statements.find(|statement| statement.span.contains(span))?)
        }
    }
}

fn in_block(block: &Block, span: Span) -> Option<Declared> {
    let label = |position: usize| block.labels.get(position).map(|label| label.text.to_string());
    let mut attributes = block.body.attributes.iter();
    let attribute = attributes.find(|attribute| attribute.span.contains(span));
    let property = attribute.map(|attribute| attribute.name.to_string());
    let mut blocks = block.body.blocks.iter();
    let property = property.or_else(|| {
        let inner = blocks.find(|inner| inner.span.contains(span))?;
        Some(inner.kind.to_string())
    });
    let (kind, name) = match &*block.kind {
        "variable" => (DeclaredKind::Variable, label(0)?),
        "output" => (DeclaredKind::Output, label(0)?),
        "module" => (DeclaredKind::Module, label(0)?),
        "resource" => (DeclaredKind::Resource, format!("{}.{}", label(0)?, label(1)?)),
        "data" => (
            DeclaredKind::Resource,
            format!("data.{}.{}", label(0)?, label(1)?),
        ),
        "locals" => (DeclaredKind::Local, property.clone()?),
        _ => return None,
    };
    Some(Declared { kind, name, property })
}

fn in_statement(statement: &Statement) -> Option<Declared> {
    let (kind, name) = match &statement.kind {
        StatementKind::Parameter(parameter) => (DeclaredKind::Parameter, &parameter.name),
        StatementKind::Variable { name, .. } => (DeclaredKind::Variable, name),
        StatementKind::Resource(resource) => (DeclaredKind::Resource, &resource.name),
        StatementKind::Module(module) => (DeclaredKind::Module, &module.name),
        StatementKind::Output(output) => (DeclaredKind::Output, &output.name),
        _ => return None,
    };
    Some(Declared {
        kind,
        name: name.text.to_string(),
        property: None,
    })
}

/// In a template, nested ones included, and in files with parameters.
fn in_json(root: &Json, span: Span) -> Option<Declared> {
    let mut found = None;
    let mut next = Some(root);
    let mut within: Option<Arc<str>> = None;
    while let Some(json) = next.take() {
        match &json.kind {
            JsonKind::Object(properties) => {
                if let Some(kind) = json.get("type").and_then(Json::as_text)
                    && kind.contains('/')
                {
                    found = Some((DeclaredKind::Resource, kind.to_string()));
                }
                let mut properties = properties.iter();
                let Some(property) = properties.find(|property| property.span.contains(span)) else {
                    break;
                };
                let kind = match within.as_deref() {
                    Some("parameters") => Some(DeclaredKind::Parameter),
                    Some("variables") => Some(DeclaredKind::Variable),
                    Some("outputs") => Some(DeclaredKind::Output),
                    _ => None,
                };
                if let Some(kind) = kind {
                    found = Some((kind, property.name.to_string()));
                }
                within = Some(property.name.clone());
                next = Some(&property.value);
            }
            JsonKind::Array(elements) => {
                within = None;
                next = elements.iter().find(|element| element.span.contains(span));
            }
            _ => {}
        }
    }
    let (kind, name) = found?;
    Some(Declared {
        kind,
        name,
        property: None,
    })
}

/// `network/main.tf:12`, seen from a folder, and as a link where the caller has addresses.
pub(super) fn line(trees: &Trees, span: Span, from: &str, address: &FileAddress<'_>) -> String {
    let file = trees.sources.file(span.file);
    let line = file.position(span.start).line;
    let shown = format!("{}:{line}", relative(from, &file.path));
    match address(&file.path, line) {
        Some(address) => format!("[{shown}]({address})"),
        None => shown,
    }
}

/// The folder of a deployment's root, which paths are shown from.
pub(super) fn folder_of_root(root: &str) -> &str {
    let ends = [".json", ".bicep"];
    match ends.iter().any(|end| root.ends_with(end)) {
        true => folder_of(root),
        false => root,
    }
}

fn relative(folder: &str, path: &str) -> String {
    let split = |path: &str| -> Vec<String> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.map(str::to_owned).collect()
    };
    let (folder, path) = (split(folder), split(path));
    let common = folder.iter().zip(&path).take_while(|(one, other)| one == other);
    let common = common.count();
    let up = std::iter::repeat_n("..".to_owned(), folder.len() - common);
    let parts: Vec<String> = up.chain(path.into_iter().skip(common)).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_seen_from_the_folder_of_the_deployment() {
        assert_eq!(relative(".", "main.tf"), "main.tf");
        assert_eq!(relative("/work/infra", "/work/infra/main.tf"), "main.tf");
        assert_eq!(
            relative("envs/dev", "modules/network/main.tf"),
            "../../modules/network/main.tf"
        );
    }
}
