//! What the names of a module denote: `var.x`, `local.x`, `module.x`, `path.x` and resources.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::body;
use super::expansion::{Expansion, Form, Planned};
use super::expression::{Evaluated, Names, Scope};
use super::instance::{Instance, ModuleCall, missing_value};
use super::module_source::{BlockRef, ResourceName};
use crate::eval::choice;
use crate::eval::deployment::{Address, InstanceKey, Mode, ModuleStep};
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Entries, Kind, OneOf, PathStep, Reason, Unknown, Value};
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

    /// The value of a resource, with an open end for the attributes that are known only after apply; and how
    /// many steps were used up. One instance that is picked by its key is all that is evaluated then.
    fn resource_value(
        self: &Rc<Self>,
        name: &ResourceName,
        steps: &[TraversalStep],
        used: usize,
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError> {
        let Some(declared) = self.source.resources.get(name) else {
            let prefix = if name.mode == Mode::Data { "data." } else { "" };
            let what = format!("{prefix}{}.{}", name.kind, name.name);
            return Ok((self.undeclared(&what, span)?, used));
        };
        let expansion = self.expansion(name, declared);
        if let Some(planned) = one_instance(&expansion, steps.get(used), scope) {
            return Ok((self.instance_value(name, declared, planned, span)?, used + 1));
        }
        // Whoever asks for all instances gets the same value: what differs, the place, only matters here.
        let all = self.collections.get(
            name,
            || Ok(self.cycle(format!("{}.{}", name.kind, name.name), span)),
            || self.all_instances(name, declared, &expansion, span),
        )?;
        let is_alone = matches!(expansion.form, Form::Single);
        let value = if is_alone { all } else { placed(&all, span) };
        Ok((value, used))
    }

    fn all_instances(
        self: &Rc<Self>,
        name: &ResourceName,
        declared: &BlockRef,
        expansion: &Expansion,
        span: Span,
    ) -> Evaluated {
        let instance = |planned: &Planned| self.instance_value(name, declared, planned, span);
        shaped(expansion, span, &instance).unwrap_or_else(|| {
            let edge = Edge {
                address: self.address(name, InstanceKey::Template),
                path: Vec::new(),
            };
            let unknown = Unknown::attribute(edge, span);
            Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
        })
    }

    pub(super) fn address(&self, name: &ResourceName, key: InstanceKey) -> Address {
        Address {
            module: self.path.clone(),
            mode: name.mode,
            kind: name.kind.clone(),
            name: name.name.clone(),
            key,
        }
    }

    fn instance_value(
        self: &Rc<Self>,
        name: &ResourceName,
        declared: &BlockRef,
        planned: &Planned,
        span: Span,
    ) -> Evaluated {
        let body = self.body(name, declared, planned);
        let edge = Edge {
            address: self.address(name, planned.key.clone()),
            path: Vec::new(),
        };
        let open = Unknown::attribute(edge, span);
        let from = Provenance::new(Via::ResourceAttribute, declared.get().header);
        let file = declared.get().header.file;
        let syntax = match self.evaluation.trees.sources.file(file).path.ends_with(".json") {
            true => Syntax::Json,
            false => Syntax::Native,
        };
        Ok(opened(&body, &open, from, span, syntax))
    }

    /// The body of one instance of a resource, evaluated once.
    pub(super) fn body(
        self: &Rc<Self>,
        name: &ResourceName,
        declared: &BlockRef,
        planned: &Planned,
    ) -> Arc<Entries> {
        let block = declared.get();
        let on_cycle = || {
            let what = self.address(name, planned.key.clone()).to_string();
            Arc::new(Entries {
                members: BTreeMap::new(),
                open: Some(Unknown::new(Reason::Cycle { what }, block.header)),
            })
        };
        let key = (name.clone(), planned.key.clone());
        self.bodies.get(&key, on_cycle, || {
            self.scoped(planned.bound.as_ref(), |scope| {
                Arc::new(body::resource_body(block, scope))
            })
        })
    }
}

/// The collection as it is referred to here, under each condition.
fn placed(collection: &Value, span: Span) -> Value {
    let from = Provenance::new(Via::Iteration, span);
    let kind = match &collection.kind {
        Kind::OneOf(one_of) => Kind::OneOf(Arc::new(OneOf {
            condition: one_of.condition.clone(),
            yes: placed(&one_of.yes, span),
            no: placed(&one_of.no, span),
        })),
        kind => kind.clone(),
    };
    Value::new(kind, from)
}

/// The instance that the next step picks by a known key, unless which instances there are is a choice.
fn one_instance<'x>(
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
fn shaped(expansion: &Expansion, span: Span, value: &dyn Fn(&Planned) -> Evaluated) -> Option<Evaluated> {
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

#[derive(Clone, Copy)]
enum Syntax {
    Native,
    Json,
}

/// A resource's body as others see it: what is not written may be filled in by the provider.
fn opened(body: &Entries, open: &Unknown, from: Provenance, span: Span, syntax: Syntax) -> Value {
    let members = body
        .members
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let value = match &value.kind {
                // Blocks are lists of objects, in JSON tuples of them; what such a block leaves out may be
                // computed as well.
                Kind::List(blocks) | Kind::Tuple(blocks) => {
                    let list = open.step(PathStep::Attribute(name.clone()), span);
                    let blocks = blocks.iter().enumerate().map(|(index, block)| match &block.kind {
                        Kind::Object(entries) => {
                            let open = list.step(PathStep::Index(index as u64), span);
                            opened(entries, &open, block.from.clone(), span, syntax)
                        }
                        _ => block.clone(),
                    });
                    let blocks = blocks.collect();
                    let kind = match &value.kind {
                        Kind::Tuple(_) => Kind::Tuple(blocks),
                        _ => Kind::List(blocks),
                    };
                    Value::new(kind, value.from.clone())
                }
                // JSON writes a single block as an object, just as it writes a map.
                Kind::Object(entries) if matches!(syntax, Syntax::Json) => {
                    let open = open.step(PathStep::Attribute(name.clone()), span);
                    opened(entries, &open, value.from.clone(), span, syntax)
                }
                _ => value.clone(),
            };
            (name.clone(), value)
        });
    let entries = Entries {
        members: members.collect(),
        open: Some(open.clone()),
    };
    Value::new(Kind::Object(entries.into()), from)
}
