//! Every deployment of a run, whatever it is written in.

use std::rc::Rc;
use std::sync::Arc;

use super::catalogue::Catalogue;
use super::deployment::Deployment;
use super::documents::{DocumentKind, Recognised, kind, recognised};
use super::observer::{Observed, Observer};
use super::{arm, plan, terraform};
use crate::settings::{ParameterInputs, Settings};
use crate::source::discovery::{Discovered, Document, DocumentNotation, reason, shown};
use crate::source::{SourceFile, Span, joined};
use crate::syntax::Trees;

/// What a deployment is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    Terraform(terraform::roots::Root),
    Template(arm::roots::Root),
    Plan(plan::Root),
}

/// The deployments of a run, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roots {
    pub roots: Vec<Root>,
    /// Paths in the options that are not what the option is for, and why.
    pub unusable: Vec<(String, String)>,
}

impl Root {
    /// How users know the deployment.
    pub fn name(&self) -> &str {
        match self {
            Root::Terraform(root) => &root.name,
            Root::Template(root) => &root.name,
            Root::Plan(root) => &root.name,
        }
    }
}

/// The deployments that were asked for.
pub fn roots(trees: &Trees, discovered: &Discovered, settings: &Settings) -> Roots {
    let documents = recognised(trees, &discovered.documents);
    let mut found = Roots::default();
    let is_recognised = |file: &String| documents.iter().any(|document| document.path == file);
    let terraform = if discovered.files.iter().any(is_recognised) {
        // Terraform reads none of these, even when it lies in a module's folder.
        let mut discovered = discovered.clone();
        discovered.files.retain(|file| !is_recognised(file));
        terraform::roots::roots(trees, &discovered, settings)
    } else {
        terraform::roots::roots(trees, discovered, settings)
    };
    found.roots.extend(terraform.into_iter().map(Root::Terraform));
    let templates = arm::roots::roots(trees, &documents, discovered, settings);
    let embedded = match templates.is_empty() {
        true => Embedded::default(),
        false => Embedded::new(trees, discovered),
    };
    let templates = templates.into_iter().filter(|root| {
        let is_named = discovered.files.contains(&root.path);
        is_named || !embedded.deploys(&root.path)
    });
    found.roots.extend(templates.map(Root::Template));
    let plans = plans(trees, &documents, discovered, settings);
    found.roots.extend(plans.into_iter().map(Root::Plan));
    found.unusable = unusable(trees, settings);
    found.roots.sort_by(|a, b| a.name().cmp(b.name()));
    found
}

/// Evaluates a root. Never fails: what could not be read or evaluated stands in the deployment's problems and
/// in the reasons of its unknown values.
///
/// `allowed` are the folders whose files may be read, besides the root's own. Resources whose type the catalogue
/// declines are left out.
pub fn deployment(
    trees: &Trees,
    root: &Root,
    settings: &Settings,
    allowed: &[String],
    catalogue: &dyn Catalogue,
) -> Deployment {
    match root {
        Root::Terraform(root) => terraform::deployment(trees, root, &settings.variables, allowed, catalogue),
        Root::Template(root) => {
            let inputs = parameters_for(trees, &root.path, &settings.parameters);
            arm::deployment(trees, root, &inputs, allowed, catalogue)
        }
        Root::Plan(root) => plan::deployment(trees, root, allowed, catalogue),
    }
}

/// What the expressions in a range of a file turn out to be in a deployment, in each of the instances that it
/// has there. Only they are evaluated, with all that they need. Never fails; the other arguments are those of
/// [`deployment`].
pub fn observed(
    trees: &Trees,
    root: &Root,
    settings: &Settings,
    allowed: &[String],
    catalogue: &dyn Catalogue,
    range: Span,
) -> Vec<Observed> {
    let observer = Rc::new(Observer::new(range));
    match root {
        Root::Terraform(root) => {
            terraform::observe(trees, root, &settings.variables, allowed, catalogue, &observer);
        }
        Root::Template(root) => {
            let inputs = parameters_for(trees, &root.path, &settings.parameters);
            arm::observe(trees, root, &inputs, allowed, catalogue, &observer);
        }
        Root::Plan(root) => plan::observe(trees, root, allowed, catalogue, &observer),
    }
    Rc::into_inner(observer)
        .map(Observer::into_observed)
        .unwrap_or_default()
}

/// The parameter files of the options, without those that say that they are for another template, and
/// without what is no such file, which is said once for the run.
fn parameters_for(trees: &Trees, template: &str, inputs: &ParameterInputs) -> ParameterInputs {
    let file_system = trees.sources.file_system();
    let files = inputs.files.iter().map(|file| shown(file_system, file));
    let files = files.filter(|file| {
        kind_of(trees, file).is_some_and(DocumentKind::is_parameters)
            && arm::roots::used_by(trees, file).is_none_or(|used| used == template)
    });
    ParameterInputs {
        files: files.collect(),
    }
}

/// The Terraform files that deploy templates: a template that one of them reads is judged there.
#[derive(Default)]
struct Embedded {
    /// Each folder with the texts of such files.
    readers: Vec<(String, Vec<Arc<SourceFile>>)>,
}

impl Embedded {
    fn new(trees: &Trees, discovered: &Discovered) -> Self {
        let mut readers = Vec::new();
        for folder in &discovered.folders {
            let paths = folder.configuration.iter().map(|name| joined(&folder.path, name));
            let files = paths.filter_map(|path| trees.sources.read(&path).ok());
            let deploying: Vec<_> = files
                .filter(|file| file.text.contains("template_deployment"))
                .collect();
            if !deploying.is_empty() {
                readers.push((folder.path.clone(), deploying));
            }
        }
        Embedded { readers }
    }

    /// Whether a file in a folder at the template or above it names the template in a quoted path.
    fn deploys(&self, template: &str) -> bool {
        self.readers.iter().any(|(folder, files)| {
            let below = match folder.as_str() {
                "." => Some(template),
                folder => template
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            below.is_some_and(|below| {
                let quoted = format!("{below}\"");
                files.iter().any(|file| file.text.contains(&quoted))
            })
        })
    }
}

fn plans(
    trees: &Trees,
    documents: &[Recognised<'_>],
    discovered: &Discovered,
    settings: &Settings,
) -> Vec<plan::Root> {
    let source = settings.plan_source.as_deref();
    let source = source.map(|source| shown(trees.sources.file_system(), source));
    let plans = documents
        .iter()
        .filter(|document| document.kind == DocumentKind::Plan);
    let asked_for = plans.filter(|plan| {
        let is_named = discovered.files.iter().any(|file| file == plan.path);
        plan.is_asked_for || is_named
    });
    let roots = asked_for.map(|document| plan::Root {
        path: document.path.to_owned(),
        source: source
            .clone()
            .or_else(|| plan::source_beside(trees, document.path, &discovered.folders)),
        name: document.path.to_owned(),
    });
    roots.collect()
}

/// What is wrong with the files and folders that options name.
fn unusable(trees: &Trees, settings: &Settings) -> Vec<(String, String)> {
    let file_system = trees.sources.file_system();
    let mut unusable = Vec::new();
    let mut expect = |path: &str, is_meant: fn(DocumentKind) -> bool, words: &str| {
        let path = shown(file_system, path);
        match trees.sources.read(&path) {
            Err(unreadable) => unusable.push((path, unreadable.to_string())),
            Ok(_) if kind_of(trees, &path).is_some_and(is_meant) => {}
            Ok(_) => unusable.push((path, words.to_owned())),
        }
    };
    for file in &settings.parameters.files {
        expect(
            file,
            DocumentKind::is_parameters,
            "it holds no parameters of a template",
        );
    }
    // A plan that cannot be read is among the paths that cannot.
    let is_readable = |path: &&String| trees.sources.read(path).is_ok();
    for plan in settings.plans.iter().filter(is_readable) {
        let is_plan = |kind| kind == DocumentKind::Plan;
        expect(
            plan,
            is_plan,
            "it is no plan: write one with `terraform show -json`",
        );
    }
    if let Some(source) = &settings.plan_source
        && let Err(error) = file_system.entries(source)
    {
        unusable.push((source.clone(), reason(&error)));
    }
    unusable
}

/// What a file is that an option names, whatever the ending of its name.
fn kind_of(trees: &Trees, path: &str) -> Option<DocumentKind> {
    let document = Document {
        path: path.to_owned(),
        notation: DocumentNotation::of(path).unwrap_or(DocumentNotation::Json),
        is_asked_for: false,
    };
    kind(trees, &document)
}
