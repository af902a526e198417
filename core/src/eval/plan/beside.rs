//! The configuration that a plan was made from, when it lies where the plan does.

use std::collections::BTreeSet;

use crate::source::discovery::{Folder, folder_of};
use crate::source::joined;
use crate::syntax::Trees;
use crate::syntax::raw_json::RawJson;

/// The nearest folder at the plan or above it that declares every resource and module call that the root
/// module had when the plan was made.
pub fn source_beside(trees: &Trees, plan: &str, folders: &[Folder]) -> Option<String> {
    let is_module = |path: &str| {
        let found = folders.binary_search_by(|folder| folder.path.as_str().cmp(path));
        found
            .ok()
            .and_then(|index| folders.get(index))
            .filter(|folder| !folder.configuration.is_empty())
    };
    let mut candidates = above(plan).filter_map(is_module).peekable();
    candidates.peek()?;
    let planned = planned_names(trees, plan);
    if planned.is_empty() {
        return None;
    }
    candidates
        .find(|folder| planned.is_subset(&declared_names(trees, folder)))
        .map(|folder| folder.path.clone())
}

/// The folder of a file and all above it, nearest first.
fn above(file: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder_of(file)), |folder| {
        let next = folder_of(folder);
        (next != *folder).then_some(next)
    })
}

/// The resources and module calls of a plan's root module: `azurerm_subnet.nodes`, `module.network`.
fn planned_names(trees: &Trees, plan: &str) -> BTreeSet<String> {
    let Ok(file) = trees.sources.read(plan) else {
        return BTreeSet::new();
    };
    let configuration = RawJson::document(&file.text).member("configuration");
    let Some(module) = configuration.and_then(|configuration| configuration.member("root_module")) else {
        return BTreeSet::new();
    };
    let resources = module.member("resources");
    let addresses = resources
        .into_iter()
        .flat_map(RawJson::elements)
        .filter_map(|resource| Some(resource.member("address")?.as_text()?.into_owned()));
    let calls = module.member("module_calls");
    let calls = calls.into_iter().flat_map(RawJson::members);
    addresses
        .chain(calls.map(|(name, _)| format!("module.{name}")))
        .collect()
}

fn declared_names(trees: &Trees, folder: &Folder) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for name in &folder.configuration {
        let Ok(parsed) = trees.hcl(&joined(&folder.path, name)) else {
            continue;
        };
        for block in &parsed.tree.body.blocks {
            let labels: Vec<&str> = block.labels.iter().map(|label| label.text.as_ref()).collect();
            names.extend(match (block.kind.as_ref(), labels.as_slice()) {
                ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
                ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
                ("module", [name]) => Some(format!("module.{name}")),
                _ => None,
            });
        }
    }
    names
}
