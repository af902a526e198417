//! A plan to what is there once it is applied.

use std::collections::HashMap;
use std::sync::Arc;

use super::body::Reader;
use super::configuration::all_references;
use super::document::{Document, Planned};
use super::overlay::overlaid;
use super::references::{Resolver, referenced};
use super::secrets::secrets;
use super::source::Source;
use super::{Root, is_plan};
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::{Address, Change, Deployment, Problem, ProviderVersion, Resource};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::provider::one_major;
use crate::eval::value::{PathStep, Value};
use crate::source::{SourceFile, Span, Unreadable};
use crate::syntax::raw_json::{self, Ends, RawJson, RawKind};
use crate::syntax::{SyntaxError, Trees};

/// Reads a plan. Never fails: what cannot be read stands in the deployment's problems.
///
/// `allowed` are the folders whose files the configuration may read, besides its own. Resources whose type
/// the catalogue declines are left out; others may still refer to them.
pub fn deployment(trees: &Trees, root: &Root, allowed: &[String], catalogue: &dyn Catalogue) -> Deployment {
    let mut deployment = Deployment {
        name: root.name.clone(),
        root: root.source.clone().unwrap_or_else(|| root.path.clone()),
        resources: Vec::new(),
        files: Vec::new(),
        problems: Vec::new(),
        provider_version: None,
        subscription: None,
    };
    let file = match trees.sources.read(&root.path) {
        Ok(file) => file,
        Err(unreadable) => {
            note_unreadable(trees, &root.path, &unreadable, &mut deployment);
            return deployment;
        }
    };
    deployment.files.push(file.id);
    if let Some(error) = raw_json::error(file.id, &file.text) {
        deployment.problems.push(Problem::Syntax(error));
    } else if !is_plan(&file.text) {
        let message = "this is no plan as `terraform show -json` writes it".to_owned();
        let span = Span::new(file.id, 0, 0);
        deployment
            .problems
            .push(Problem::Syntax(SyntaxError { span, message }));
    }
    let ends = Ends::of(&file.text);
    let document = Document::new(&file.text, &ends);
    let source = root.source.as_deref();
    let source = source.and_then(|folder| Source::new(trees, folder, &document, allowed, catalogue));
    read(&file, &document, source.as_ref(), catalogue, &mut deployment);
    if let Some(source) = source {
        add_source(trees, source, &mut deployment);
    }
    let whole = RawJson::document(&file.text).with_ends(&ends);
    trees.sources.cover(file.id, &secrets(whole));
    deployment
        .resources
        .sort_by(|one, other| one.address.cmp(&other.address));
    deployment
}

fn note_unreadable(trees: &Trees, path: &str, unreadable: &Unreadable, deployment: &mut Deployment) {
    let placeholder = trees.sources.placeholder(path);
    deployment.files.push(placeholder.id);
    let span = Span::new(placeholder.id, 0, 0);
    deployment.problems.push(match unreadable {
        Unreadable::TooLarge | Unreadable::NotText(_) => Problem::Syntax(SyntaxError {
            span,
            message: format!("the plan is not read: {unreadable}"),
        }),
        Unreadable::NotFound | Unreadable::Failed(_) => Problem::Unreadable {
            path: path.to_owned(),
            reason: unreadable.to_string(),
        },
    });
}

/// The files of the configuration, and what only it knows exactly.
fn add_source(trees: &Trees, source: Source, into: &mut Deployment) {
    let mut files = source.deployment.files;
    files.append(&mut into.files);
    files.sort_by_cached_key(|file| trees.sources.file(*file).path.clone());
    files.dedup();
    into.files = files;
    into.provider_version = source.deployment.provider_version.or(into.provider_version);
    let own = into.subscription.take();
    into.subscription = match (source.deployment.subscription, own) {
        (Some(written), Some(planned)) => Some(overlaid(&planned, &written, true)),
        (written, planned) => planned.or(written),
    };
}

fn read(
    file: &SourceFile,
    document: &Document<'_>,
    source: Option<&Source>,
    catalogue: &dyn Catalogue,
    into: &mut Deployment,
) {
    let resolver = Resolver::new(document);
    let reader = Reader::new(file.id, &resolver, source.is_some());
    let mut orders: HashMap<Address, Vec<Address>> = HashMap::new();
    for planned in &document.resources {
        if !catalogue.takes_part(&planned.address.kind) {
            continue;
        }
        let block = Address {
            key: crate::eval::deployment::InstanceKey::Single,
            ..planned.address.clone()
        };
        let depends_on = orders
            .entry(block)
            .or_insert_with_key(|block| dependencies(&resolver, block))
            .clone();
        let mut resource = Resource {
            address: planned.address.clone(),
            schema: planned.address.kind.clone(),
            body: reader.body(planned),
            presence: crate::eval::deployment::Presence::Certain,
            header: planned.header.span(file.id),
            span: planned.whole.span(file.id),
            depends_on,
            ignore_changes: Vec::new(),
            also: Vec::new(),
            resource_group: None,
            change: change(&reader, planned).map(Box::new),
        };
        if let Some(declared) = source.and_then(|source| source.declared(&planned.address)) {
            let written = declared.resource;
            resource.body = overlaid(&resource.body, &written.body, declared.is_exact);
            resource.header = written.header;
            resource.span = written.span;
            resource.depends_on.clone_from(&written.depends_on);
            resource.ignore_changes.clone_from(&written.ignore_changes);
        }
        into.resources.push(resource);
    }
    if let Some(span) = reader.too_deep.get() {
        let message = "values are nested deeper than 64 levels here".to_owned();
        into.problems.push(Problem::Limit { message, span });
    }
    let unfinished = [
        (
            document.errored,
            "Terraform stopped with an error while it made this plan",
        ),
        (document.incomplete, "Terraform left changes for a later plan"),
    ];
    if let Some((place, why)) = unfinished.iter().find_map(|(place, why)| Some(((*place)?, why))) {
        into.problems.push(Problem::Unfinished {
            message: format!("the plan is not complete: {why}"),
            span: place.span(file.id),
        });
    }
    let providers = document
        .configuration
        .and_then(|configuration| configuration.member("provider_config"));
    let is_azurerm = |provider: &RawJson<'_>| {
        let name = provider.member("full_name").or_else(|| provider.member("name"));
        name.and_then(RawJson::as_text)
            .is_some_and(|name| name.rsplit('/').next() == Some("azurerm"))
    };
    let providers = providers.into_iter().flat_map(RawJson::members);
    let providers: Vec<RawJson<'_>> = providers.map(|(_, value)| value).filter(is_azurerm).collect();
    into.provider_version = providers.iter().find_map(|provider| version(*provider));
    if let [only] = providers.as_slice() {
        into.subscription = subscription(*only, document, file);
    }
}

fn version(provider: RawJson<'_>) -> Option<ProviderVersion> {
    one_major(&provider.member("version_constraint")?.as_text()?)
}

/// The subscription of the one azurerm provider.
fn subscription(provider: RawJson<'_>, document: &Document<'_>, file: &SourceFile) -> Option<Value> {
    let expression = provider.member("expressions")?.member("subscription_id")?;
    let value = expression.member("constant_value").or_else(|| {
        let references = super::configuration::references(expression);
        let [only] = references.as_slice() else {
            return None;
        };
        let name = only.strip_prefix("var.")?;
        if document.is_sensitive(name) {
            return None;
        }
        document.variables.get(name).copied()
    })?;
    let text = value.as_text()?;
    Some(Value::string(
        text.as_ref(),
        Provenance::new(Via::Literal, value.span(file.id)),
    ))
}

/// The resources of the same module that a block names.
fn dependencies(resolver: &Resolver<'_, '_>, block: &Address) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let Some(scope) = resolver.scope(block) else {
        return found;
    };
    let Some(configured) = scope.module.resource(block) else {
        return found;
    };
    let mut references: Vec<Arc<str>> = Vec::new();
    if let Some(expressions) = configured.expressions {
        all_references(expressions, &mut references);
    }
    let written = configured.depends_on;
    let written = written.into_iter().flat_map(RawJson::elements);
    references.extend(written.filter_map(|reference| Some(reference.as_text()?.as_ref().into())));
    for reference in references {
        if let Some(address) = referenced(&reference, &block.module)
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

fn change<'t>(reader: &Reader<'_, '_, 't>, planned: &Planned<'t>) -> Option<Change> {
    let change = planned.change?;
    let actions = change.member("actions")?;
    let words: Vec<Arc<str>> = actions
        .elements()
        .filter_map(|action| Some(action.as_text()?.as_ref().into()))
        .collect();
    let is_other = words.iter().any(|word| matches!(&**word, "update" | "delete"));
    let paths = change
        .member("replace_paths")
        .into_iter()
        .flat_map(RawJson::elements);
    let path = |path: RawJson<'t>| {
        let steps = path.elements().map(|step| match step.kind() {
            RawKind::Number => PathStep::Index(step.text().parse().unwrap_or_default()),
            _ => PathStep::Attribute(step.as_text().unwrap_or_default().into()),
        });
        steps.collect()
    };
    Some(Change {
        span: actions.span(reader.file),
        actions: words,
        reason: planned
            .action_reason
            .and_then(|reason| Some(reason.as_text()?.as_ref().into())),
        replace_paths: paths.map(path).collect(),
        before: if is_other { reader.before(planned) } else { None },
    })
}
