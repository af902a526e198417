//! A root module with its variables to everything it would deploy.

use std::rc::Rc;
use std::sync::Arc;

use super::embedded;
use super::evaluation::Evaluation;
use super::instance::Instance;
use super::module_source::{BlockRef, ModuleSource, ResourceName};
use super::provider;
use super::roots::Root;
use super::variables::RootVariables;
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::{Address, Deployment, InstanceKey, Mode, Resource};
use crate::eval::observer::Observer;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::rooted::Rooted;
use crate::eval::value::{Kind, Value};
use crate::settings::VariableInputs;
use crate::source::{FileId, Span};
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{
    Block, Body, Expression, ExpressionKind, ObjectKey, TemplatePart, Traversal, TraversalStepKind,
};

/// Evaluates a root module. Never fails: what could not be read or evaluated stands in the deployment's
/// problems and in the reasons of its unknown values.
///
/// `allowed` are the folders whose files functions like `file` may read, besides the root's own. Resources
/// whose type the catalogue declines are left out; others may still refer to them.
pub fn deployment(
    trees: &Trees,
    root: &Root,
    inputs: &VariableInputs,
    allowed: &[String],
    catalogue: &dyn Catalogue,
) -> Deployment {
    let evaluation = evaluation(trees, root, inputs, allowed, catalogue, None);
    let source = evaluation
        .module_in(&root.folder)
        .unwrap_or_else(|| Arc::new(ModuleSource::default()));
    let provider_version = provider::version(trees, &root.folder, &source);
    let instance = Rooted::new(Instance::root(&evaluation, source));
    let subscription = provider::subscription(&instance);
    let mut resources = Vec::new();
    collect(&instance, catalogue, &mut resources);
    drop(instance);
    resources.sort_by(|one: &Resource, other| one.address.cmp(&other.address));
    let (problems, files) = evaluation.into_parts();
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_cached_key(|file| trees.sources.file(*file).path.clone());
    Deployment {
        name: root.name.clone(),
        root: root.folder.clone(),
        resources,
        files,
        problems,
        provider_version,
        subscription,
    }
}

/// The evaluation of a root module before anything is evaluated.
pub(super) fn evaluation<'e>(
    trees: &'e Trees,
    root: &'e Root,
    inputs: &VariableInputs,
    allowed: &[String],
    catalogue: &'e dyn Catalogue,
    observer: Option<Rc<Observer>>,
) -> Evaluation<'e> {
    let mut variables = RootVariables::new(trees, &root.variable_files, inputs);
    let problems = std::mem::take(&mut variables.problems);
    let files = std::mem::take(&mut variables.files);
    let evaluation = Evaluation::new(trees, &root.folder, allowed, variables, catalogue, observer);
    for problem in problems {
        evaluation.note(problem);
    }
    for file in files {
        evaluation.note_file(file);
    }
    evaluation
}

fn collect(instance: &Rc<Instance<'_>>, catalogue: &dyn Catalogue, into: &mut Vec<Resource>) {
    for name in &instance.source.resource_order {
        if let Some(declared) = instance
            .source
            .resources
            .get(name)
            .filter(|_| catalogue.takes_part(&name.kind))
        {
            collect_resource(instance, name, declared, into);
        }
    }
    for name in &instance.source.module_order {
        let Some(call) = instance.module_call(name) else {
            continue;
        };
        for (_, child) in &call.instances {
            // Each instance costs, so that modules that multiply each other end.
            if instance.evaluation.shared.budget.spend_steps(10) {
                collect(child, catalogue, into);
            } else {
                instance.note_limit(
                    Some("the evaluation steps of this deployment are used up".to_owned()),
                    call_span(instance, name),
                );
                return;
            }
        }
    }
}

fn call_span(instance: &Instance<'_>, name: &Arc<str>) -> Span {
    match instance.source.modules.get(name) {
        Some(call) => call.get().header,
        None => Span::new(FileId(0), 0, 0),
    }
}

fn collect_resource(
    instance: &Rc<Instance<'_>>,
    name: &ResourceName,
    declared: &BlockRef,
    into: &mut Vec<Resource>,
) {
    let block = declared.get();
    let expansion = instance.expansion(name, declared);
    let depends_on = dependencies(instance, block);
    let ignore_changes = ignored_changes(block);
    for planned in &expansion.instances {
        if let Some(deployed) = embedded::resources(instance, name, block, planned) {
            into.extend(deployed.resources);
            for problem in deployed.problems {
                instance.evaluation.note(problem);
            }
            for file in deployed.files {
                instance.evaluation.note_file(file);
            }
            continue;
        }
        let body = Kind::Object(instance.body(name, declared, planned));
        let body = Value::new(body, Provenance::new(Via::Use, block.header));
        let presence = instance.presence.and(&planned.presence);
        let home = instance.home();
        let called = home.and_then(|_| instance.call());
        into.push(Resource {
            address: instance.address(name, planned.key.clone()),
            schema: name.kind.clone(),
            body: home.map_or_else(|| body.clone(), |home| home.value(&body)),
            presence: home.map_or_else(|| presence.clone(), |home| home.presence(&presence)),
            header: called.map_or(block.header, |call| call.header),
            span: called.map_or(block.span, |call| call.span),
            depends_on: depends_on.clone(),
            ignore_changes: ignore_changes.clone(),
            also: Vec::new(),
            resource_group: None,
            change: None,
        });
    }
}

/// The resources of the same module that a block names, in `depends_on` or anywhere in its body.
fn dependencies(instance: &Instance<'_>, block: &Block) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    each_expression(&block.body, &mut |expression| {
        if let ExpressionKind::Traversal(traversal) = &expression.kind
            && let Some(name) = referenced(traversal)
            && instance.source.resources.contains_key(&name)
        {
            let address = instance.address(&name, InstanceKey::Single);
            if !found.contains(&address) {
                found.push(address);
            }
        }
    });
    found
}

fn referenced(traversal: &Traversal) -> Option<ResourceName> {
    let ExpressionKind::Name(first) = &traversal.on.kind else {
        return None;
    };
    let step = |position: usize| match &traversal.steps.get(position)?.kind {
        TraversalStepKind::Attribute(name) => Some(name.clone()),
        _ => None,
    };
    if matches!(
        &**first,
        "var" | "local" | "module" | "each" | "count" | "path" | "self" | "terraform"
    ) {
        return None;
    }
    if &**first == "data" {
        return Some(ResourceName {
            mode: Mode::Data,
            kind: step(0)?,
            name: step(1)?,
        });
    }
    Some(ResourceName {
        mode: Mode::Managed,
        kind: first.clone(),
        name: step(0)?,
    })
}

fn ignored_changes(block: &Block) -> Vec<Arc<str>> {
    let lifecycle = block
        .body
        .blocks
        .iter()
        .filter(|inner| &*inner.kind == "lifecycle");
    let mut names = Vec::new();
    for attribute in lifecycle.flat_map(|lifecycle| &lifecycle.body.attributes) {
        if &*attribute.name != "ignore_changes" {
            continue;
        }
        let items = match &attribute.value.kind {
            ExpressionKind::Tuple(items) => items.as_slice(),
            _ => std::slice::from_ref(&attribute.value),
        };
        names.extend(items.iter().filter_map(|item| match &item.kind {
            ExpressionKind::Name(name) | ExpressionKind::String(name) => Some(name.clone()),
            ExpressionKind::Traversal(traversal) => match &traversal.on.kind {
                ExpressionKind::Name(name) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        }));
    }
    names
}

/// Visits every expression of a body, the outer ones before those inside them.
fn each_expression(body: &Body, visit: &mut dyn FnMut(&Expression)) {
    for attribute in &body.attributes {
        walk(&attribute.value, visit);
    }
    for block in &body.blocks {
        each_expression(&block.body, visit);
    }
}

fn walk(expression: &Expression, visit: &mut dyn FnMut(&Expression)) {
    visit(expression);
    match &expression.kind {
        ExpressionKind::Template(parts) => walk_parts(parts, visit),
        ExpressionKind::Tuple(items) => items.iter().for_each(|item| walk(item, visit)),
        ExpressionKind::Object(items) => {
            for item in items {
                if let ObjectKey::Expression(key) = &item.key {
                    walk(key, visit);
                }
                walk(&item.value, visit);
            }
        }
        ExpressionKind::Traversal(traversal) => {
            walk(&traversal.on, visit);
            for step in &traversal.steps {
                if let TraversalStepKind::Index(index) = &step.kind {
                    walk(index, visit);
                }
            }
        }
        ExpressionKind::Call(call) => call.arguments.iter().for_each(|argument| walk(argument, visit)),
        ExpressionKind::Unary(_, inner) | ExpressionKind::Parenthesis(inner) => walk(inner, visit),
        ExpressionKind::Binary(_, left, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        ExpressionKind::Conditional(conditional) => {
            walk(&conditional.test, visit);
            walk(&conditional.yes, visit);
            walk(&conditional.no, visit);
        }
        ExpressionKind::For(each) => {
            walk(&each.collection, visit);
            each.key_result.iter().for_each(|key| walk(key, visit));
            walk(&each.result, visit);
            each.condition.iter().for_each(|condition| walk(condition, visit));
        }
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Name(_)
        | ExpressionKind::Unreadable(_) => {}
    }
}

fn walk_parts(parts: &[TemplatePart], visit: &mut dyn FnMut(&Expression)) {
    for part in parts {
        match part {
            TemplatePart::Literal(..) => {}
            TemplatePart::Interpolation(expression) => walk(expression, visit),
            TemplatePart::If { test, yes, no } => {
                walk(test, visit);
                walk_parts(yes, visit);
                walk_parts(no, visit);
            }
            TemplatePart::For { collection, body, .. } => {
                walk(collection, visit);
                walk_parts(body, visit);
            }
        }
    }
}
