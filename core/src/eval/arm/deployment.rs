//! A template with its parameters to everything it would deploy.

use std::rc::Rc;
use std::sync::Arc;

use super::evaluation::Evaluation;
use super::instance::{Instance, Names, Place};
use super::reader::folder_of;
use super::roots::Root;
use super::same_resource;
use super::template::{Parameter, ParameterFile, Scope as TemplateScope, Shape, Template};
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::{Deployment, Presence, Problem, Resource};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::rooted::Rooted;
use crate::eval::value::{Kind, Reason, Unknown, Value};
use crate::settings::ParameterInputs;
use crate::source::Span;
use crate::syntax::Trees;

/// How many parameter files may build on each other.
const MAXIMUM_EXTENDS: usize = 16;

/// Evaluates a template. Never fails: what could not be read or evaluated stands in the deployment's
/// problems and in the reasons of its unknown values.
///
/// `allowed` are the folders whose files may be read, besides the template's own. Resources whose type
/// the catalogue declines are left out; others may still refer to them.
pub fn deployment(
    trees: &Trees,
    root: &Root,
    inputs: &ParameterInputs,
    allowed: &[String],
    catalogue: &dyn Catalogue,
) -> Deployment {
    let evaluation = Evaluation::new(trees, folder_of(&root.path), allowed, catalogue, None);
    let mut resources = Vec::new();
    let mut subscription = None;
    if let Some(template) = evaluation.template(&root.path) {
        let place = place(&template);
        if let Kind::String(_) = place.subscription.kind {
            subscription = Some(place.subscription.clone());
        }
        let paths = root.parameter_file.iter().chain(&inputs.files);
        let files = paths
            .flat_map(|path| parameters_of(&evaluation, path, &place))
            .collect();
        let names = Names::Root { files };
        let path = Arc::from([]);
        let instance = Rooted::new(Instance::new(
            &evaluation,
            template,
            path,
            Presence::Certain,
            place,
            names,
        ));
        collect(&instance, &mut resources);
        resources = same_resource::joined(resources);
        resources.extend(evaluation.take_outside());
    } else if let Some(read) = root
        .parameter_file
        .as_deref()
        .and_then(|path| evaluation.parameter_file(path))
        && let Some((source, span)) = read.using
    {
        let source = source.to_string();
        evaluation.note(Problem::ModuleNotFound { source, span });
    }
    resources.sort_by(|one: &Resource, other| one.address.cmp(&other.address));
    let (problems, files) = evaluation.into_parts();
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_cached_key(|file| trees.sources.file(*file).path.clone());
    Deployment {
        name: root.name.clone(),
        root: root.path.clone(),
        resources,
        files,
        problems,
        provider_version: None,
        subscription,
    }
}

/// Where the template of a root goes: nobody says it in a file.
pub(super) fn place(template: &Template) -> Place {
    let span = template.start();
    let outside = |what: &str| {
        let what = what.to_owned();
        let unknown = Unknown::named(Reason::External { what }, "", span).scalar();
        Value::unknown(unknown, Provenance::new(Via::Literal, span))
    };
    Place {
        subscription: outside("subscription().subscriptionId"),
        resource_group: match template.scope {
            TemplateScope::ResourceGroup => Some(outside("resourceGroup().name")),
            _ => None,
        },
    }
}

/// A parameter file and those that it builds on, the farthest first, each as a template whose parameters
/// have the values as defaults: so they can use variables, functions and each other.
pub(super) fn parameters_of<'e>(
    evaluation: &'e Evaluation<'e>,
    path: &str,
    place: &Place,
) -> Vec<Rc<Instance<'e>>> {
    let mut files = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next.take() {
        let Some(read) = evaluation.parameter_file(&path) else {
            break;
        };
        if let Some((base, span)) = &read.extends {
            if files.len() >= MAXIMUM_EXTENDS {
                let message =
                    format!("parameter files build on each other more than {MAXIMUM_EXTENDS} times");
                evaluation.note(Problem::Limit { message, span: *span });
            } else {
                next = evaluation.reachable(&read.folder, base, *span).ok();
                if next.is_none() {
                    let source = base.to_string();
                    evaluation.note(Problem::ModuleNotFound { source, span: *span });
                }
            }
        }
        files.push(Instance::new(
            evaluation,
            Arc::new(as_template(read)),
            Arc::from([]),
            Presence::Certain,
            place.clone(),
            Names::Root { files: Vec::new() },
        ));
    }
    files.reverse();
    files
}

fn as_template(file: ParameterFile) -> Template {
    let parameters = file.parameters.into_iter().map(|assigned| Parameter {
        name: assigned.name,
        name_span: assigned.name_span,
        span: Span {
            end: assigned.value.span.end,
            ..assigned.name_span
        },
        default: Some(assigned.value),
        allowed: None,
        shape: Shape::Any,
        is_nullable: true,
        is_secure: false,
    });
    Template {
        parameters: parameters.collect(),
        variables: file.variables,
        functions: file.functions,
        imports: file.imports,
        ..Template::empty(file.file, file.folder)
    }
}

pub(super) fn collect(instance: &Rc<Instance<'_>>, into: &mut Vec<Resource>) {
    for (position, declaration) in instance.template.resources.iter().enumerate() {
        if declaration.is_existing {
            continue;
        }
        let is_deployment = declaration.deployment.is_some();
        if !is_deployment && !instance.evaluation.is_wanted(&declaration.kind) {
            continue;
        }
        for (index, planned) in instance.expansion(position).iter().enumerate() {
            if is_deployment {
                if let Some(nested) = instance.nested(position, index, planned) {
                    collect(&nested, into);
                }
                continue;
            }
            let body = instance.body(position, index, planned);
            let presence = instance.presence.and(&planned.presence);
            let home = instance.home();
            let deployed = instance.known_by().unwrap_or(declaration);
            into.push(Resource {
                address: instance.address(position, index, planned),
                schema: declaration.kind.clone(),
                body: home.map_or_else(|| body.clone(), |home| home.value(&body)),
                presence: home.map_or_else(|| presence.clone(), |home| home.presence(&presence)),
                header: deployed.header,
                span: deployed.span,
                depends_on: instance.depends_on(position, planned),
                ignore_changes: Vec::new(),
                also: Vec::new(),
                resource_group: instance.place.resource_group.clone(),
                change: None,
            });
        }
    }
}
