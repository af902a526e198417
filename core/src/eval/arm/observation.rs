//! What the expressions in a range of a file turn out to be in a template: only what lies there is evaluated,
//! with all that it needs, whether or not a resource asks for it.

use std::rc::Rc;

use super::deployment::{parameters_of, place};
use super::evaluation::Evaluation;
use super::instance::{Instance, Names};
use super::reader::folder_of;
use super::roots::Root;
use super::scope::{Planned, Scope};
use super::template::{Nested, Over, ResourceDeclaration};
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::Presence;
use crate::eval::error::EvalError;
use crate::eval::observer::{Observer, Within};
use crate::eval::rooted::Rooted;
use crate::settings::ParameterInputs;
use crate::source::Span;
use crate::syntax::Trees;
use crate::syntax::arm::expression::{Expression, Member, Name};

/// Lets the observer see what lies in its range, in each deployment of the template that the file is. Never
/// fails, like evaluating.
pub(in crate::eval) fn observe(
    trees: &Trees,
    root: &Root,
    inputs: &ParameterInputs,
    allowed: &[String],
    catalogue: &dyn Catalogue,
    observer: &Rc<Observer>,
) {
    let evaluation = Evaluation::new(
        trees,
        folder_of(&root.path),
        allowed,
        catalogue,
        Some(observer.clone()),
    );
    let Some(template) = evaluation.template(&root.path) else {
        return;
    };
    let place = place(&template);
    let paths = root.parameter_file.iter().chain(&inputs.files);
    let files: Vec<_> = paths
        .flat_map(|path| parameters_of(&evaluation, path, &place))
        .collect();
    for file in &files {
        for parameter in template.parameters.iter().filter(|parameter| parameter.is_secure) {
            let mut assigned = file.template.parameters.iter();
            let assigned = assigned.find(|assigned| assigned.name.eq_ignore_ascii_case(&parameter.name));
            if let Some(assigned) = assigned {
                let name = format!("parameter {}", parameter.name);
                observer.hide(assigned.span, name, assigned.name_span);
            }
        }
        instance(file, observer);
    }
    let names = Names::Root { files };
    let root = Rooted::new(Instance::new(
        &evaluation,
        template,
        [].into(),
        Presence::Certain,
        place,
        names,
    ));
    instance(&root, observer);
}

/// The same for one deployment of a template and those that it makes.
pub(super) fn instance(instance: &Rc<Instance<'_>>, observer: &Observer) {
    declarations(instance, observer);
    for import in &instance.template.imports {
        // What that file itself imports it has for its own use.
        if let Some(imported) = instance.imported(&import.path, import.path_span) {
            declarations(&imported, observer);
        }
    }
    for (position, declaration) in instance.template.resources.iter().enumerate() {
        if declaration.deployment.is_none() {
            continue;
        }
        for (index, planned) in instance.expansion(position).iter().enumerate() {
            if let Some(nested) = instance.nested(position, index, planned) {
                self::instance(&nested, observer);
            }
        }
    }
}

fn declarations(instance: &Rc<Instance<'_>>, observer: &Observer) {
    let template = &instance.template;
    if template.file != observer.range().file {
        return;
    }
    let note = |span: Span, value: Result<_, EvalError>| {
        let value = value.unwrap_or_else(EvalError::into_value);
        observer.note_name(span, &value, Within::modules(instance.path.clone()));
    };
    for parameter in template.parameters.iter() {
        if !observer.wants(parameter.span) {
            continue;
        }
        if parameter.is_secure {
            let name = format!("parameter {}", parameter.name);
            observer.hide(parameter.span, name, parameter.name_span);
        }
        note(
            parameter.name_span,
            instance.parameter(&parameter.name, parameter.name_span),
        );
        if let Some(default) = &parameter.default {
            instance.scope().evaluate_or_invalid(default);
        }
    }
    for variable in &template.variables {
        if observer.wants(variable.name_span.to(variable.value.span)) {
            note(
                variable.name_span,
                instance.variable(&variable.name, variable.name_span),
            );
        }
    }
    for output in &template.outputs {
        let whole = output.name_span.to(output.value.span);
        if !observer.wants(whole) {
            continue;
        }
        if output.is_secure {
            observer.hide(whole, format!("output {}", output.name), output.name_span);
        }
        note(output.name_span, instance.output(&output.name, output.name_span));
    }
    for (position, declaration) in template.resources.iter().enumerate() {
        // The span of a resource with a symbolic name in JSON is that name alone.
        let is_whole = declaration.symbol.is_none() || declaration.span.contains(declaration.header);
        if observer.wants(declaration.span) || !is_whole {
            resource(instance, position, declaration, observer);
        }
    }
}

fn resource(
    instance: &Rc<Instance<'_>>,
    position: usize,
    declaration: &ResourceDeclaration,
    observer: &Observer,
) {
    if let Some(repeat) = &declaration.repeat {
        let (Over::Count(expression) | Over::Elements(expression)) = &repeat.over;
        wanted(&instance.scope(), expression, observer);
    }
    let deployed = instance.expansion(position);
    // One whose condition does not hold is shown as it would be.
    let planned: Vec<Planned> = match deployed.is_empty() {
        true => instance.all_planned(declaration),
        false => deployed.to_vec(),
    };
    for (index, planned) in planned.iter().enumerate() {
        let scope = instance.scope_of(planned);
        let parts = [
            Some(&declaration.name),
            declaration.condition.as_ref(),
            declaration.scope.as_ref(),
        ];
        for part in parts.into_iter().flatten() {
            wanted(&scope, part, observer);
        }
        let Some(nested) = &declaration.deployment else {
            instance.body(position, index, planned);
            continue;
        };
        let child = match deployed.is_empty() {
            true => None,
            false => instance.nested(position, index, planned),
        };
        arguments(&scope, declaration, nested, child.as_deref(), observer);
    }
}

/// What is given to the parameters of a nested deployment.
fn arguments(
    scope: &Scope<'_>,
    declaration: &ResourceDeclaration,
    nested: &Nested,
    child: Option<&Instance<'_>>,
    observer: &Observer,
) {
    let declared = child.iter().flat_map(|child| &child.template.parameters);
    for parameter in declared.filter(|parameter| parameter.is_secure) {
        for member in &nested.parameters {
            if let Member::Named {
                name: Name::Plain { text, span },
                value,
            } = member
                && text.eq_ignore_ascii_case(&parameter.name)
            {
                observer.hide(span.to(value.span), format!("parameter {text}"), *span);
            }
        }
    }
    // Evaluating notes the members; an object of them all is not needed.
    drop(scope.object(&nested.parameters, declaration.span));
}

fn wanted(scope: &Scope<'_>, expression: &Expression, observer: &Observer) {
    if observer.wants(expression.span) {
        scope.evaluate_or_invalid(expression);
    }
}
