//! What the expressions in a range of a file turn out to be in a root module: only what lies there is
//! evaluated, with all that it needs, whether or not a resource asks for it.

use std::rc::Rc;
use std::sync::Arc;

use super::deployment::evaluation;
use super::embedded;
use super::expansion::Planned;
use super::expression::Scope;
use super::instance::{Instance, attribute};
use super::module_source::{ModuleSource, ResourceName};
use super::roots::Root;
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::Mode;
use crate::eval::error::EvalError;
use crate::eval::observer::{Observer, Within};
use crate::eval::rooted::Rooted;
use crate::settings::{VariableInputs, VariableOption};
use crate::source::discovery::is_configuration;
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Attribute, Block, Body, ExpressionKind};

/// Arguments of a module call that are no variables of the module.
const CALL_ARGUMENTS: [&str; 3] = ["depends_on", "providers", "source"];

/// Lets the observer see what lies in its range, in each instance of the module that the file belongs to.
/// Never fails, like evaluating.
pub(in crate::eval) fn observe(
    trees: &Trees,
    root: &Root,
    inputs: &VariableInputs,
    allowed: &[String],
    catalogue: &dyn Catalogue,
    observer: &Rc<Observer>,
) {
    let evaluation = evaluation(trees, root, inputs, allowed, catalogue, Some(observer.clone()));
    let source = evaluation
        .module_in(&root.folder)
        .unwrap_or_else(|| Arc::new(ModuleSource::default()));
    let instance = Rooted::new(Instance::root(&evaluation, source));
    let file = trees.sources.file(observer.range().file);
    let options = inputs.options.iter().filter_map(|option| match option {
        VariableOption::File(path) => Some(path),
        VariableOption::Assignment { .. } => None,
    });
    let is_variable_file = root.variable_files.iter().chain(options).any(|path| {
        let read = trees.sources.read(path);
        read.is_ok_and(|read| read.id == file.id)
    });
    let is_configuration = file.path.rsplit('/').next().is_some_and(is_configuration);
    let parsed = match is_configuration || is_variable_file {
        true => trees.hcl(&file.path).ok(),
        false => None,
    };
    let observation = Observation {
        observer,
        body: parsed.as_ref().map(|parsed| &parsed.tree.body),
    };
    match observation.body {
        Some(body) if is_variable_file => observation.assignments(body, &instance),
        _ => observation.instance(&instance),
    }
}

struct Observation<'o> {
    observer: &'o Observer,
    /// Of the observed file; none when it is no configuration, and then perhaps a template that a resource
    /// deploys.
    body: Option<&'o Body>,
}

impl Observation<'_> {
    fn instance(&self, instance: &Rc<Instance<'_>>) {
        match self.body {
            Some(body) if instance.source.files.contains(&self.observer.range().file) => {
                let blocks = body.blocks.iter();
                for block in blocks.filter(|block| self.observer.wants(block.span)) {
                    self.block(instance, block);
                }
            }
            Some(_) => {}
            None => self.templates(instance),
        }
        for name in &instance.source.module_order {
            let Some(call) = instance.module_call(name) else {
                continue;
            };
            for (_, child) in &call.instances {
                if instance.evaluation.shared.budget.spend_steps(10) {
                    self.instance(child);
                }
            }
        }
    }

    /// Lets templates that the module's resources deploy tell of themselves.
    fn templates(&self, instance: &Rc<Instance<'_>>) {
        for (name, declared) in &instance.source.resources {
            if !embedded::deploys_template(name) {
                continue;
            }
            for planned in &instance.expansion(name, declared).instances {
                embedded::resources(instance, name, declared.get(), planned);
            }
        }
    }

    fn block(&self, instance: &Rc<Instance<'_>>, block: &Block) {
        let label = |position: usize| block.labels.get(position).map(|label| label.text.clone());
        match (&*block.kind, label(0), label(1)) {
            ("variable", Some(name), _) => self.variable(instance, block, &name),
            ("locals", ..) => {
                for attribute in self.wanted(&block.body) {
                    let value = instance.local(&attribute.name, attribute.name_span);
                    let value = value.unwrap_or_else(EvalError::into_value);
                    let within = Within::modules(instance.path.clone());
                    self.observer.note_name(attribute.name_span, &value, within);
                }
            }
            ("output", Some(name), _) => {
                if is_sensitive(block) {
                    self.observer
                        .hide(block.span, format!("output {name}"), block.header);
                }
                let value = instance.output(&name, block.header);
                let value = value.unwrap_or_else(EvalError::into_value);
                let within = Within::modules(instance.path.clone());
                self.observer.note_name(block.header, &value, within);
            }
            ("module", Some(name), _) => self.module(instance, block, &name),
            ("provider", ..) => instance.scoped(None, |scope| self.attributes(&block.body, scope)),
            (mode @ ("resource" | "data"), Some(kind), Some(name)) => {
                let mode = match mode {
                    "data" => Mode::Data,
                    _ => Mode::Managed,
                };
                self.resource(instance, block, &ResourceName { mode, kind, name });
            }
            _ => {}
        }
    }

    fn variable(&self, instance: &Rc<Instance<'_>>, block: &Block, name: &Arc<str>) {
        if is_sensitive(block) {
            self.observer
                .hide(block.span, format!("var.{name}"), block.header);
        }
        let value = instance.variable(name, block.header);
        let value = value.unwrap_or_else(EvalError::into_value);
        let within = Within::modules(instance.path.clone());
        self.observer.note_name(block.header, &value, within);
        if let Some(default) = attribute(block, "default") {
            instance.scoped(None, |scope| scope.evaluate_or_invalid(default));
        }
    }

    fn resource(&self, instance: &Rc<Instance<'_>>, block: &Block, name: &ResourceName) {
        let Some(declared) = instance.source.resources.get(name) else {
            return;
        };
        instance.scoped(None, |scope| self.loops(block, scope));
        for planned in &instance.expansion(name, declared).instances {
            instance.body(name, declared, planned);
        }
    }

    /// The `count` or `for_each` of a block.
    fn loops(&self, block: &Block, scope: &Scope<'_>) {
        for name in ["count", "for_each"] {
            let attributes = block.body.attributes.iter();
            for attribute in attributes.filter(|attribute| &*attribute.name == name) {
                self.attribute(attribute, scope);
            }
        }
    }

    fn module(&self, instance: &Rc<Instance<'_>>, block: &Block, name: &Arc<str>) {
        instance.scoped(None, |scope| self.loops(block, scope));
        let call = instance.module_call(name);
        let child = call.as_ref().and_then(|call| call.instances.first());
        let child = child.map(|(_, child)| child.source.clone());
        let planned = call.iter().flat_map(|call| &call.expansion.instances);
        let mut bounds: Vec<_> = planned.map(|Planned { bound, .. }| bound.as_ref()).collect();
        // Of a module that is not there nothing is expanded.
        if call.as_ref().is_none_or(|call| call.missing.is_some()) {
            bounds.push(None);
        }
        for argument in self.wanted(&block.body) {
            let argument_name = &*argument.name;
            if CALL_ARGUMENTS.contains(&argument_name) || matches!(argument_name, "count" | "for_each") {
                continue;
            }
            let variable = child
                .as_ref()
                .and_then(|child| child.variables.get(&argument.name));
            if variable.is_some_and(|variable| is_sensitive(variable.get())) {
                let name = format!("var.{argument_name}");
                self.observer.hide(argument.span, name, argument.name_span);
            }
            for bound in &bounds {
                instance.scoped(*bound, |scope| self.attribute(argument, scope));
            }
        }
    }

    /// The lines of a variable file.
    fn assignments(&self, body: &Body, root: &Rc<Instance<'_>>) {
        for attribute in self.wanted(body) {
            let declared = root.source.variables.get(&attribute.name);
            if declared.is_some_and(|declared| is_sensitive(declared.get())) {
                let name = format!("var.{}", attribute.name);
                self.observer.hide(attribute.span, name, attribute.name_span);
            }
            root.scoped(None, |scope| {
                let value = scope.evaluate_or_invalid(&attribute.value);
                let within = Within::modules(root.path.clone());
                self.observer.note_name(attribute.name_span, &value, within);
            });
        }
    }

    fn attributes(&self, body: &Body, scope: &Scope<'_>) {
        for attribute in self.wanted(body) {
            self.attribute(attribute, scope);
        }
        for block in &body.blocks {
            self.attributes(&block.body, scope);
        }
    }

    fn attribute(&self, attribute: &Attribute, scope: &Scope<'_>) {
        if self.observer.wants(attribute.span) {
            let value = scope.evaluate_or_invalid(&attribute.value);
            scope.observe_name(attribute.name_span, &value);
        }
    }

    fn wanted<'b>(&self, body: &'b Body) -> impl Iterator<Item = &'b Attribute> {
        let attributes = body.attributes.iter();
        attributes.filter(|attribute| self.observer.wants(attribute.span))
    }
}

fn is_sensitive(block: &Block) -> bool {
    let flag = attribute(block, "sensitive").map(|flag| &flag.kind);
    matches!(flag, Some(ExpressionKind::Bool(true)))
}
