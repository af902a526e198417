//! Which folders are root modules, and with which variable files each is deployed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::eval::calls::Calls;
use crate::settings::{Settings, VariableOption};
use crate::source::discovery::{Discovered, Folder, folder_of, is_automatic_variable_file};
use crate::source::joined;
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Body, ExpressionKind};

/// A root module and the variable files of one deployment of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    pub folder: String,
    /// The folder, and in brackets the variable file when the deployment was made for it:
    /// `infra (env/prod.tfvars)`.
    pub name: String,
    /// In Terraform's order, so that a later file wins: those that it reads by itself, then the one of this
    /// deployment. Files that the options name are not here; they come after these.
    pub variable_files: Vec<String>,
}

/// The deployments that were asked for, in the order of their names.
///
/// A root module is a folder that no other folder calls as a local module; of folders that only call each
/// other, the first. Every variable file below a root whose names are all variables of the root makes one
/// more deployment, unless the options name a variable file: then they say what is meant. When a path
/// names a file, the deployments that contain it are asked for.
pub fn roots(trees: &Trees, discovered: &Discovered, settings: &Settings) -> Vec<Root> {
    let folders: BTreeMap<&str, &Folder> = discovered
        .folders
        .iter()
        .map(|folder| (folder.path.as_str(), folder))
        .collect();
    let modules: Vec<&Folder> = discovered
        .folders
        .iter()
        .filter(|folder| !folder.configuration.is_empty())
        .collect();
    let paths: Vec<&str> = modules.iter().map(|module| module.path.as_str()).collect();
    let calls = Calls::new(trees.sources.file_system(), &paths, |path| {
        let folder = folders.get(path);
        folder.map_or_else(Vec::new, |folder| local_sources(trees, folder))
    });
    let names_file = |option: &VariableOption| matches!(option, VariableOption::File(_));
    let with_variants = !settings.variables.options.iter().any(names_file);

    let variable_files = if with_variants {
        variable_files_by_owner(&folders)
    } else {
        HashMap::new()
    };

    let mut roots = Vec::new();
    for folder in calls.roots() {
        let Some(module) = folders.get(folder) else {
            continue;
        };
        let reached = calls.reached_from(folder);
        let touches = |file: &String| reached.contains(folder_of(file));
        let is_asked_for = module.is_asked_for || discovered.files.iter().any(touches);
        let deployments = deployments(trees, module, variable_files.get(folder));
        roots.extend(deployments.into_iter().filter(|root| {
            let reads = |file: &String| root.variable_files.contains(file);
            is_asked_for || discovered.files.iter().any(reads)
        }));
    }
    roots.sort_by(|a, b| a.name.cmp(&b.name));
    roots
}

/// The folders that a folder calls as local modules.
fn local_sources(trees: &Trees, module: &Folder) -> Vec<String> {
    let mut sources = Vec::new();
    for name in &module.configuration {
        let path = joined(&module.path, name);
        // Most files call no module, and for those the text alone tells.
        let text = trees.sources.read(&path);
        if !text.is_ok_and(|file| file.text.contains("module")) {
            continue;
        }
        let Ok(parsed) = trees.hcl(&path) else {
            continue;
        };
        for block in &parsed.tree.body.blocks {
            if block.kind.as_ref() != "module" {
                continue;
            }
            let source = block.body.attributes.iter().find(|a| a.name.as_ref() == "source");
            if let Some(ExpressionKind::String(source)) = source.map(|source| &source.value.kind)
                && (source.starts_with("./") || source.starts_with("../"))
            {
                sources.push(joined(&module.path, source));
            }
        }
    }
    sources
}

/// The deployment without a variable file of its own, and those with one.
fn deployments(trees: &Trees, module: &Folder, candidates: Option<&Vec<String>>) -> Vec<Root> {
    let automatic = automatic_variable_files(trees, &module.path);
    let mut deployments = vec![Root {
        folder: module.path.clone(),
        name: module.path.clone(),
        variable_files: automatic.clone(),
    }];
    let mut declared = None;
    for file in candidates.into_iter().flatten() {
        let declared = declared.get_or_insert_with(|| declared_variables(trees, module));
        let Ok(parsed) = trees.hcl(file) else {
            continue;
        };
        if all_declared(&parsed.tree.body, declared) {
            let below = file.strip_prefix(module.path.as_str()).unwrap_or(file);
            let mut variable_files = automatic.clone();
            deployments.push(Root {
                folder: module.path.clone(),
                name: format!("{} ({})", module.path, below.trim_start_matches('/')),
                variable_files: {
                    variable_files.push(file.clone());
                    variable_files
                },
            });
        }
    }
    deployments
}

/// `terraform.tfvars`, `terraform.tfvars.json`, then the others by name. Terraform reads them whether or
/// not git ignores them, so they are looked up again.
pub(in crate::eval) fn automatic_variable_files(trees: &Trees, folder: &str) -> Vec<String> {
    let entries = trees.sources.file_system().entries(folder).unwrap_or_default();
    let names = entries.into_iter().map(|entry| entry.name);
    let mut names: Vec<String> = names.filter(|name| is_automatic_variable_file(name)).collect();
    let rank = |name: &str| match name {
        "terraform.tfvars" => 0,
        "terraform.tfvars.json" => 1,
        _ => 2,
    };
    names.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
    names.iter().map(|name| joined(folder, name)).collect()
}

/// The variable files in each root and below it that Terraform does not read by itself. What lies below
/// another folder with configuration belongs to that one.
fn variable_files_by_owner<'d>(folders: &BTreeMap<&'d str, &Folder>) -> HashMap<&'d str, Vec<String>> {
    let mut owned: HashMap<&str, Vec<String>> = HashMap::new();
    for folder in folders.values() {
        if folder.variable_files.is_empty() {
            continue;
        }
        let Some(owner) = owner(&folder.path, folders) else {
            continue;
        };
        let is_own = folder.path == owner;
        let names = folder.variable_files.iter();
        let names = names.filter(|name| !(is_own && is_automatic_variable_file(name)));
        let files = owned.entry(owner).or_default();
        files.extend(names.map(|name| joined(&folder.path, name)));
    }
    owned
}

/// The nearest folder with configuration, at a path or above it.
fn owner<'d>(path: &str, folders: &BTreeMap<&'d str, &Folder>) -> Option<&'d str> {
    let mut next = path;
    loop {
        if let Some((path, folder)) = folders.get_key_value(next)
            && !folder.configuration.is_empty()
        {
            return Some(path);
        }
        let above = folder_of(next);
        if above == next {
            return None;
        }
        next = above;
    }
}

fn declared_variables(trees: &Trees, module: &Folder) -> BTreeSet<String> {
    let mut declared = BTreeSet::new();
    for name in &module.configuration {
        let Ok(parsed) = trees.hcl(&joined(&module.path, name)) else {
            continue;
        };
        for block in &parsed.tree.body.blocks {
            if block.kind.as_ref() == "variable" {
                declared.extend(block.labels.first().map(|label| label.text.to_string()));
            }
        }
    }
    declared
}

fn all_declared(body: &Body, declared: &BTreeSet<String>) -> bool {
    let mut names = body.attributes.iter().map(|attribute| attribute.name.as_ref());
    !body.attributes.is_empty() && names.all(|name| declared.contains(name))
}
