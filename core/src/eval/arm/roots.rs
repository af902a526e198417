//! Which templates and Bicep files are deployed, and with which parameter file each.

use std::collections::{BTreeMap, BTreeSet};

use super::links::{self, Links};
use super::pairing;
use crate::eval::calls::Calls;
use crate::eval::documents::{DocumentKind, Recognised};
use crate::settings::Settings;
use crate::source::discovery::{Discovered, DocumentNotation, folder_of};
use crate::syntax::Trees;

/// A template and the parameter file of one deployment of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The ARM template or Bicep file.
    pub path: String,
    /// JSON or `.bicepparam`.
    pub parameter_file: Option<String>,
    /// The path, and in brackets the parameter file: `infra/main.bicep (prod.bicepparam)`.
    pub name: String,
}

/// The deployments that were asked for, in the order of their names.
///
/// A template is deployed when no other that was found uses it as a module, and besides with each
/// `.bicepparam` that names it. Each parameter file of a template makes one deployment of it; without any
/// there is one all the same. When the options name parameter files, they say what is meant. When a path
/// names a file, the deployments that contain it are asked for.
pub(in crate::eval) fn roots(
    trees: &Trees,
    documents: &[Recognised<'_>],
    discovered: &Discovered,
    settings: &Settings,
) -> Vec<Root> {
    let files = Files::new(trees, documents, &discovered.files);
    let with_parameter_files = settings.parameters.files.is_empty();
    let mut roots = Vec::new();
    for template in files.deployed() {
        let mut alternatives = Vec::new();
        if with_parameter_files {
            alternatives.extend(files.parameter_files(trees, template).into_iter().map(Some));
        }
        if alternatives.is_empty() {
            alternatives.push(None);
        }
        for parameter_file in alternatives {
            let read = [Some(template), parameter_file].into_iter().flatten();
            if read.into_iter().any(|file| files.is_asked_for(file)) {
                roots.push(Root::new(template, parameter_file));
            }
        }
    }
    for option in &settings.parameters.files {
        // A file that says what it is for asks for that deployment.
        if let Some(template) = used_by(trees, option)
            && !roots.iter().any(|root| root.path == template)
        {
            roots.push(Root::new(&template, None));
        }
    }
    roots.sort_by(|a, b| a.name.cmp(&b.name));
    roots
}

/// The template that a `.bicepparam` names.
pub(in crate::eval) fn used_by(trees: &Trees, parameter_file: &str) -> Option<String> {
    let is_bicep = DocumentNotation::of(parameter_file) == Some(DocumentNotation::BicepParameters);
    is_bicep.then(|| links::of_bicep(trees, parameter_file).using)?
}

impl Root {
    fn new(template: &str, parameter_file: Option<&str>) -> Self {
        let folder = folder_of(template);
        let from_there = |file: &str| match file.strip_prefix(folder) {
            Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/').to_owned(),
            _ => file.to_owned(),
        };
        Root {
            path: template.to_owned(),
            parameter_file: parameter_file.map(str::to_owned),
            name: match parameter_file {
                Some(file) => format!("{template} ({})", from_there(file)),
                None => template.to_owned(),
            },
        }
    }
}

/// The files of a run, and which of them names which.
struct Files<'d> {
    /// Templates, Bicep files and files with parameters, by path.
    documents: BTreeMap<&'d str, Recognised<'d>>,
    by_folder: BTreeMap<&'d str, Vec<Recognised<'d>>>,
    links: BTreeMap<&'d str, Links>,
    /// The templates that no other uses.
    roots: BTreeSet<&'d str>,
    /// By the template that they name.
    bicep_parameters: BTreeMap<String, Vec<&'d str>>,
    /// The paths of the run that are files.
    named: &'d [String],
}

impl<'d> Files<'d> {
    fn new(trees: &Trees, documents: &[Recognised<'d>], named: &'d [String]) -> Self {
        let documents = documents
            .iter()
            .filter(|document| document.kind != DocumentKind::Plan);
        let mut documents: BTreeMap<&str, Recognised<'_>> =
            documents.map(|document| (document.path, *document)).collect();
        let twins: Vec<&str> = documents
            .values()
            .filter(|document| is_twin(document, &documents, named))
            .map(|document| document.path)
            .collect();
        documents.retain(|path, _| !twins.contains(path));
        let mut by_folder: BTreeMap<&str, Vec<Recognised<'_>>> = BTreeMap::new();
        for document in documents.values() {
            let folder = folder_of(document.path);
            by_folder.entry(folder).or_default().push(*document);
        }
        let mut links = BTreeMap::new();
        let mut bicep_parameters: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (path, document) in &documents {
            let found = match document.kind {
                DocumentKind::Template { .. } => links::of_template(trees, path),
                DocumentKind::Bicep | DocumentKind::BicepParameters => links::of_bicep(trees, path),
                DocumentKind::Parameters | DocumentKind::Plan => continue,
            };
            if let Some(template) = &found.using {
                bicep_parameters.entry(template.clone()).or_default().push(path);
            }
            links.insert(*path, found);
        }
        let templates: Vec<&str> = documents
            .values()
            .filter(|document| document.kind.is_template())
            .map(|document| document.path)
            .collect();
        let calls = Calls::new(trees.sources.file_system(), &templates, |path| {
            links
                .get(path)
                .map_or_else(Vec::new, |links: &Links| links.modules.clone())
        });
        let roots = calls.roots().into_iter();
        let roots = roots.filter(|path| !links::is_library(trees, path)).collect();
        Files {
            documents,
            by_folder,
            links,
            roots,
            bicep_parameters,
            named,
        }
    }

    /// Every template that is deployed.
    fn deployed(&self) -> BTreeSet<&str> {
        let named = self.bicep_parameters.keys().map(String::as_str);
        self.roots.iter().copied().chain(named).collect()
    }

    /// The files that each make one deployment of a template.
    fn parameter_files(&self, trees: &Trees, template: &str) -> BTreeSet<&'d str> {
        let mut files: BTreeSet<&str> = BTreeSet::new();
        files.extend(self.bicep_parameters.get(template).into_iter().flatten());
        if self.roots.contains(template) {
            let beside = self.by_folder.get(folder_of(template));
            let beside = beside.map(Vec::as_slice).unwrap_or_default();
            files.extend(pairing::parameter_files(trees, beside, template));
        }
        files
    }

    /// Whether the file lies in a folder that was asked for, or a path names it or a file that is read for it.
    fn is_asked_for(&self, file: &str) -> bool {
        if self
            .documents
            .get(file)
            .is_some_and(|document| document.is_asked_for)
        {
            return true;
        }
        if self.named.is_empty() {
            return false;
        }
        let mut seen = BTreeSet::from([file]);
        let mut next = vec![file];
        while let Some(file) = next.pop() {
            if self.named.iter().any(|named| named == file) {
                return true;
            }
            let links = self.links.get(file).into_iter();
            for linked in links.flat_map(|links| links.modules.iter().chain(&links.others)) {
                if seen.insert(linked) {
                    next.push(linked);
                }
            }
        }
        false
    }
}

/// Whether a template is what Bicep made of a file beside it, which is linted in its place. One that a path
/// names without naming the Bicep file is meant itself.
fn is_twin(document: &Recognised<'_>, documents: &BTreeMap<&str, Recognised<'_>>, named: &[String]) -> bool {
    if document.kind != (DocumentKind::Template { is_compiled: true }) {
        return false;
    }
    let stem = document
        .path
        .rsplit_once('.')
        .map_or(document.path, |(stem, _)| stem);
    let mut sources = vec![format!("{stem}.bicep")];
    if let Some(folder) = stem.strip_suffix("azuredeploy") {
        // The name that the gallery of templates expects.
        sources.push(format!("{folder}main.bicep"));
    }
    let source = sources.iter().find(|source| {
        documents
            .get(source.as_str())
            .is_some_and(|it| it.kind == DocumentKind::Bicep)
    });
    let is_named = |path: &str| named.iter().any(|named| named == path);
    source.is_some_and(|source| !is_named(document.path) || is_named(source))
}
