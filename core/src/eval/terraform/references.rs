//! What the names of a module denote: `var.x`, `local.x`, `module.x`, `path.x` and resources.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::expansion::{Expansion, Form, Planned};
use super::expression::{Evaluated, Names, Scope};
use super::instance::{Instance, ModuleCall, missing_value};
use super::module_source::ResourceName;
use crate::eval::choice;
use crate::eval::deployment::{InstanceKey, Mode, ModuleStep};
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{TraversalStep, TraversalStepKind};

impl Names for Rc<Instance<'_>> {
    fn resolve(
        &self,
        name: &str,
        steps: &[TraversalStep],
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError> {
        let step = |position: usize| match steps.get(position).map(|step| &step.kind) {
            Some(TraversalStepKind::Attribute(name)) => Ok(name),
            _ => Err(EvalError::new(
                format!("\"{name}\" must be followed by an attribute name."),
                span,
            )),
        };
        match name {
            "var" => Ok((self.variable(step(0)?, span)?, 1)),
            "local" => Ok((self.local(step(0)?, span)?, 1)),
            "module" => self.module_value(step(0)?, steps, scope, span),
            "path" => Ok((self.path_value(step(0)?, span)?, 1)),
            "terraform" => {
                let what = format!("terraform.{}", step(0)?);
                let unknown = Unknown::new(Reason::External { what }, span);
                Ok((Value::unknown(unknown, Provenance::new(Via::Literal, span)), 1))
            }
            "each" | "count" | "self" => {
                Err(EvalError::new(format!("\"{name}\" is not available here."), span))
            }
            "data" => {
                let name = ResourceName {
                    mode: Mode::Data,
                    kind: step(0)?.clone(),
                    name: step(1)?.clone(),
                };
                self.resource_value(&name, steps, 2, scope, span)
            }
            kind => {
                let name = ResourceName {
                    mode: Mode::Managed,
                    kind: kind.into(),
                    name: step(0)?.clone(),
                };
                self.resource_value(&name, steps, 1, scope, span)
            }
        }
    }

    fn modules(&self) -> Option<Arc<[ModuleStep]>> {
        Some(self.path.clone())
    }
}

impl Instance<'_> {
    fn path_value(&self, name: &str, span: Span) -> Evaluated {
        let from = Provenance::new(Via::Literal, span);
        match name {
            "root" => Ok(Value::string(".", from)),
            "module" => Ok(Value::string(
                self.evaluation.relative_to_root(&self.source.folder),
                from,
            )),
            "cwd" => {
                let reason = Reason::External {
                    what: "path.cwd".to_owned(),
                };
                Ok(Value::unknown(Unknown::new(reason, span), from))
            }
            _ => Err(EvalError::new(format!("path.{name} does not exist."), span)),
        }
    }

    /// The value of `module.name`. Only the output that the next steps ask for is evaluated: others may
    /// depend on what is being worked out.
    fn module_value(
        self: &Rc<Self>,
        name: &Arc<str>,
        steps: &[TraversalStep],
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError> {
        let Some(call) = self.module_call(name) else {
            return Ok((self.undeclared(&format!("module.{name}"), span)?, 1));
        };
        if let Some(unknown) = &call.missing {
            return Ok((missing_value(unknown, span), 1));
        }
        let output = |position: usize| match steps.get(position).map(|step| &step.kind) {
            Some(TraversalStepKind::Attribute(name)) => Some(name),
            _ => None,
        };
        let instance = |planned: &Planned, wanted: Option<&Arc<str>>| {
            let position = call.instances.binary_search_by(|(key, _)| key.cmp(&planned.key));
            match position.ok().and_then(|position| call.instances.get(position)) {
                Some((_, instance)) => instance.outputs_value(wanted, span),
                None => self.undeclared(&format!("module.{name}{}", planned.key), span),
            }
        };
        if let Some(planned) = one_instance(&call.expansion, steps.get(1), scope) {
            return Ok((instance(planned, output(2))?, 2));
        }
        let is_single = matches!(call.expansion.form, Form::Single);
        let wanted = output(1).or_else(|| if is_single { None } else { output(2) });
        let value = shaped(&call.expansion, span, &|planned| instance(planned, wanted))
            .or_else(|| template_module(&call, wanted, span))
            .unwrap_or_else(|| self.undeclared(&format!("module.{name}"), span));
        Ok((value?, 1))
    }

    fn outputs_value(self: &Rc<Self>, wanted: Option<&Arc<str>>, span: Span) -> Evaluated {
        let mut members = BTreeMap::new();
        let names = match wanted {
            Some(name) => std::slice::from_ref(name),
            None => self.source.output_order.as_slice(),
        };
        for name in names {
            let value = match (self.output(name, span), wanted) {
                (Ok(value), _) => value,
                (Err(error), Some(_)) => return Err(error),
                (Err(error), None) => error.into_value(),
            };
            members.insert(name.clone(), value);
        }
        let entries = Entries { members, open: None };
        Ok(Value::new(
            Kind::Object(entries.into()),
            Provenance::new(Via::Literal, span),
        ))
    }
}

/// The instance that the next step picks by a known key, unless which instances there are is a choice.
pub(super) fn one_instance<'x>(
    expansion: &'x Expansion,
    next: Option<&TraversalStep>,
    scope: &Scope<'_>,
) -> Option<&'x Planned> {
    let (Form::Count(form) | Form::ForEach(form)) = &expansion.form else {
        return None;
    };
    if matches!(form.kind, Kind::OneOf(_)) {
        return None;
    }
    let index = match &next?.kind {
        TraversalStepKind::Index(index) => scope.evaluate(index).ok()?,
        TraversalStepKind::LegacyIndex(index) => {
            return planned(expansion, &InstanceKey::Index(*index));
        }
        _ => return None,
    };
    match (&index.kind, &expansion.form) {
        (Kind::String(key), Form::ForEach(_)) => planned(expansion, &InstanceKey::Key(key.clone())),
        (Kind::Number(number), Form::Count(_)) => planned(expansion, &InstanceKey::Index(number.as_u64()?)),
        _ => None,
    }
}

/// The instance with this key; they are sorted by it.
fn planned<'x>(expansion: &'x Expansion, key: &InstanceKey) -> Option<&'x Planned> {
    let instances = &expansion.instances;
    let position = instances.binary_search_by(|planned| planned.key.cmp(key)).ok()?;
    instances.get(position)
}

/// The value of a name with instances: itself, a tuple or an object of them. None for a template.
pub(super) fn shaped(
    expansion: &Expansion,
    span: Span,
    value: &dyn Fn(&Planned) -> Evaluated,
) -> Option<Evaluated> {
    let from = Provenance::new(Via::Iteration, span);
    match &expansion.form {
        Form::Single => expansion.instances.first().map(value),
        Form::Template(_) => None,
        Form::Count(count) => Some(choice::map(count, &mut |leaf| {
            let number = match &leaf.kind {
                Kind::Number(number) => number.as_u64().unwrap_or(0),
                _ => 0,
            };
            let mut elements = Vec::new();
            for index in 0..number {
                if let Some(planned) = planned(expansion, &InstanceKey::Index(index)) {
                    elements.push(value(planned)?);
                }
            }
            Ok(Value::new(Kind::Tuple(elements.into()), from.clone()))
        })),
        Form::ForEach(keys) => Some(choice::map(keys, &mut |leaf| {
            let mut members = BTreeMap::new();
            let mut add = |key: &Arc<str>| -> Result<(), EvalError> {
                if let Some(planned) = planned(expansion, &InstanceKey::Key(key.clone())) {
                    members.insert(key.clone(), value(planned)?);
                }
                Ok(())
            };
            let mut open = None;
            match &leaf.kind {
                Kind::Map(entries) | Kind::Object(entries) => {
                    for key in entries.members.keys() {
                        add(key)?;
                    }
                    open = entries.open.clone();
                }
                Kind::Set(elements) => {
                    for element in elements.iter() {
                        if let Kind::String(key) = &element.kind {
                            add(key)?;
                        }
                    }
                }
                _ => {}
            }
            let entries = Entries { members, open };
            Ok(Value::new(Kind::Object(entries.into()), from.clone()))
        })),
    }
}

/// The outputs of the one instance that stands for an unknown number; any key leads to it.
fn template_module(call: &Rc<ModuleCall<'_>>, wanted: Option<&Arc<str>>, span: Span) -> Option<Evaluated> {
    let Form::Template(unknown) = &call.expansion.form else {
        return None;
    };
    let (_, instance) = call.instances.first()?;
    let value = wanted.and_then(|name| instance.output(name, span).ok());
    let edge = value.and_then(|value| value.first_unknown().cloned());
    let unknown = edge
        .filter(|unknown| unknown.edge().is_some())
        .and_then(|unknown| shortened(&unknown, span))
        .or_else(|| Unknown::derived(("module", span), [unknown]))
        .unwrap_or_else(|| unknown.clone());
    Some(Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span))))
}

/// An edge without its last step, since the step by name that follows adds it again.
fn shortened(unknown: &Unknown, span: Span) -> Option<Unknown> {
    let mut edge = unknown.edge()?.clone();
    edge.path.pop()?;
    Some(Unknown::edge_to(unknown.reason().clone(), edge, span))
}
