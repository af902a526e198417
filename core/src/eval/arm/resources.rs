//! The instances of declared resources, with their names, addresses and bodies.

use std::rc::Rc;
use std::sync::Arc;

use super::expression::{MAXIMUM_ELEMENTS, limit};
use super::instance::{Instance, Names};
use super::names;
use super::scope::{Bound, Frame, Planned, Scope};
use super::template::{Over, Parent, Repeat, ResourceDeclaration, Source};
use crate::eval::arm::evaluation::MAXIMUM_LEVELS;
use crate::eval::choice;
use crate::eval::deployment::{Address, InstanceKey, Mode, ModuleStep, Presence, Problem};
use crate::eval::error::EvalError;
use crate::eval::existence::{Existence, existence, under_presence};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::Expression;

impl<'e> Instance<'e> {
    pub(super) fn declaration(&self, position: usize) -> Option<&ResourceDeclaration> {
        self.template.resources.get(position)
    }

    /// The scope inside the loop that an instance of a resource is made by.
    pub(super) fn scope_of(self: &Rc<Self>, planned: &Planned) -> Scope<'e> {
        Scope {
            instance: self.clone(),
            frame: planned.frame.clone(),
            in_body: false,
        }
    }

    /// The instances of a resource; none when its condition is known not to hold.
    pub(super) fn expansion(self: &Rc<Self>, position: usize) -> Rc<[Planned]> {
        let none = || -> Rc<[Planned]> { Rc::from([]) };
        self.expansions.get(&position, none, || {
            let Some(declaration) = self.declaration(position) else {
                return none();
            };
            let mut planned = self.all_planned(declaration);
            if let Some(condition) = &declaration.condition {
                planned.retain_mut(|planned| self.decide(condition, planned));
            }
            planned.retain(|planned| !self.presence.and(&planned.presence).is_impossible());
            planned.into()
        })
    }

    /// The instances whatever the resource's condition says.
    pub(super) fn all_planned(self: &Rc<Self>, declaration: &ResourceDeclaration) -> Vec<Planned> {
        let mut planned = Vec::new();
        for base in self.bases(declaration) {
            match &declaration.repeat {
                Some(repeat) => self.repeated(repeat, &base, &mut planned),
                None => planned.push(base),
            }
        }
        planned
    }

    /// One for each instance of the resource that the declaration is written in.
    fn bases(self: &Rc<Self>, declaration: &ResourceDeclaration) -> Vec<Planned> {
        let Some(Parent::Enclosing(parent)) = &declaration.parent else {
            return vec![self.base()];
        };
        let parents = self.expansion(*parent);
        let bases = parents.iter().enumerate().map(|(index, parent)| Planned {
            parent: Some(index),
            ..parent.clone()
        });
        bases.collect()
    }

    /// A resource without loop or condition.
    pub(super) fn base(self: &Rc<Self>) -> Planned {
        Planned {
            key: InstanceKey::Single,
            frame: self.scope().frame,
            presence: Presence::Certain,
            parent: None,
        }
    }

    fn repeated(self: &Rc<Self>, repeat: &Repeat, base: &Planned, into: &mut Vec<Planned>) {
        let scope = self.scope_of(base);
        let (Over::Count(expression) | Over::Elements(expression)) = &repeat.over;
        let span = expression.span;
        let over = scope.evaluate_or_invalid(expression);
        let number = match largest(&over, span) {
            Ok(number) => number,
            Err(unknown) => {
                into.push(template_instance(repeat, base, unknown, span));
                return;
            }
        };
        if number > MAXIMUM_ELEMENTS || !self.evaluation.budget.spend_steps(number as u64) {
            let message = format!(
                "the loop makes {number} instances, more than {MAXIMUM_ELEMENTS}: they are checked as one"
            );
            self.evaluation.note(Problem::Limit { message, span });
            if let Kind::Unknown(unknown) = limit("number of instances of one resource", span).kind {
                into.push(template_instance(repeat, base, unknown, span));
            }
            return;
        }
        for index in 0..number {
            let exists = existence(&over, &|leaf| length(leaf).is_some_and(|length| index < length));
            if matches!(exists, Existence::Never) {
                continue;
            }
            let presence = exists.presence(&over, span);
            let item = match &repeat.over {
                Over::Count(_) => None,
                Over::Elements(_) => Some(under_presence(element(&over, index, span), &presence)),
            };
            let at = Value::new(Kind::Number(index.into()), Provenance::new(Via::Iteration, span));
            into.push(Planned {
                key: InstanceKey::Index(match base.parent {
                    None => index as u64,
                    Some(_) => into.len() as u64,
                }),
                frame: bound(repeat, base.frame.clone(), item, at),
                presence: base.presence.and(&presence),
                parent: base.parent,
            });
        }
    }

    /// Whether the instance can exist; its presence takes the condition on.
    fn decide(self: &Rc<Self>, condition: &Expression, planned: &mut Planned) -> bool {
        let value = self.scope_of(planned).evaluate_or_invalid(condition);
        let value = choice::map(&value, &mut |leaf| match &leaf.kind {
            Kind::Unknown(unknown) => Ok(choice::either(unknown, true, &leaf.from)),
            _ => Ok(leaf.clone()),
        });
        let value = value.unwrap_or_else(EvalError::into_value);
        let exists = existence(&value, &|leaf| match &leaf.kind {
            Kind::String(text) => text.eq_ignore_ascii_case("true"),
            other => matches!(other, Kind::Bool(true)),
        });
        if matches!(exists, Existence::Never) {
            return false;
        }
        let presence = exists.presence(&value, condition.span);
        planned.presence = planned.presence.and(&presence);
        true
    }

    /// The whole name of an instance: of a child with that of its parents.
    pub(super) fn resource_name(self: &Rc<Self>, position: usize, index: usize, planned: &Planned) -> Value {
        let Some(declaration) = self.declaration(position) else {
            return self.cycle("a name".to_owned(), self.template.start());
        };
        let on_cycle = || self.cycle("the name of a resource".to_owned(), declaration.name.span);
        self.resource_names.get(&(position, index), on_cycle, || {
            let scope = self.scope_of(planned);
            let own = scope.evaluate_or_invalid(&declaration.name);
            match self.parent_name(declaration, planned) {
                Some(parent) => {
                    let span = declaration.name.span;
                    let slash = Value::string("/", Provenance::new(Via::Literal, span));
                    names::joined(&[parent, slash, own], span)
                }
                None => own,
            }
        })
    }

    pub(super) fn address(self: &Rc<Self>, position: usize, index: usize, planned: &Planned) -> Address {
        let kind = self
            .declaration(position)
            .map_or_else(|| "".into(), |it| it.kind.clone());
        Address {
            module: self.path.clone(),
            mode: Mode::Managed,
            kind,
            name: names::shown(&self.resource_name(position, index, planned)),
            // Names can be the same, or not be known: the place of the declaration tells them apart.
            key: match planned.key {
                InstanceKey::Template => InstanceKey::Template,
                _ => InstanceKey::Key(format!("{position}.{index}").into()),
            },
        }
    }

    /// The resource as Azure would be asked for it.
    pub(super) fn body(self: &Rc<Self>, position: usize, index: usize, planned: &Planned) -> Value {
        let Some(declaration) = self.declaration(position) else {
            return self.cycle("a resource".to_owned(), self.template.start());
        };
        let on_cycle = || self.cycle(declaration.kind.to_string(), declaration.header);
        self.bodies.get(&(position, index), on_cycle, || {
            let scope = Scope {
                in_body: true,
                ..self.scope_of(planned)
            };
            let written = scope.object(&declaration.body, declaration.span);
            let written = written.unwrap_or_else(EvalError::into_value);
            let from = Provenance::new(Via::Use, declaration.header);
            let Kind::Object(entries) = &written.kind else {
                return Value::new(written.kind, from);
            };
            let mut entries = (**entries).clone();
            let name = self.resource_name(position, index, planned);
            entries
                .members
                .insert("name".into(), name.used_at(declaration.name.span));
            let kind = Value::string(declaration.kind.clone(), from.clone());
            entries.members.insert("type".into(), kind);
            if let Some(version) = &declaration.api_version {
                let version = Value::string(version.clone(), from.clone());
                entries.members.insert("apiVersion".into(), version);
            }
            let target = self.target(declaration, planned).used_at(declaration.header);
            entries.members.insert("scope".into(), target);
            if self.template.is_incomplete && entries.open.is_none() {
                entries.open = Some(Unknown::new(Reason::Incomplete, declaration.span));
            }
            Value::new(Kind::Object(entries.into()), from)
        })
    }

    /// The deployment that an instance of a nested template or module makes; none when its template cannot
    /// be read.
    pub(super) fn nested(
        self: &Rc<Self>,
        position: usize,
        index: usize,
        planned: &Planned,
    ) -> Option<Rc<Instance<'e>>> {
        self.deployments.get(
            &(position, index),
            || None,
            || {
                let declaration = self.declaration(position)?;
                let nested = declaration.deployment.as_ref()?;
                let (template, known) = match &nested.source {
                    Source::Inline(template) => (template.clone(), None),
                    Source::File { path, span } => (self.template_file(path, *span)?, None),
                    Source::Elsewhere { name, span } => match self.evaluation.known_module(name) {
                        Some((template, known)) => (template, Some(known)),
                        None => {
                            self.evaluation.note_missing(name, *span);
                            return None;
                        }
                    },
                };
                let span = declaration.header;
                let is_file = matches!(nested.source, Source::File { .. });
                if self.path.len() >= MAXIMUM_LEVELS || is_file && self.is_inside(&template) {
                    let message = match is_file && self.is_inside(&template) {
                        true => "this module is a part of itself".to_owned(),
                        false => format!("templates deploy templates deeper than {MAXIMUM_LEVELS} levels"),
                    };
                    self.evaluation.note(Problem::Limit { message, span });
                    return None;
                }
                // Each instance costs, so that templates that multiply each other end.
                if !self.evaluation.budget.spend_steps(10) {
                    let message = "the evaluation steps of this deployment are used up".to_owned();
                    self.evaluation.note(Problem::Limit { message, span });
                    return None;
                }
                let scope = self.scope_of(planned);
                let names = match nested.is_inner_scope {
                    true => Names::Called {
                        by: scope,
                        position,
                        known,
                    },
                    false => Names::Outer(scope),
                };
                let name = match &declaration.symbol {
                    Some(symbol) => symbol.clone(),
                    None => names::shown(&self.resource_name(position, index, planned)),
                };
                let step = ModuleStep {
                    name,
                    key: planned.key.clone(),
                };
                Some(Instance::new(
                    self.evaluation,
                    template,
                    self.path.iter().cloned().chain([step]).collect(),
                    self.presence.and(&planned.presence),
                    self.place_of(declaration, planned),
                    names,
                ))
            },
        )
    }

    fn template_file(&self, path: &Arc<str>, span: Span) -> Option<Arc<super::template::Template>> {
        match self.evaluation.reachable(&self.template.folder, path, span) {
            Ok(found) => self.evaluation.template(&found),
            Err(unknown) => {
                let source = match unknown.reason() {
                    Reason::ModuleNotFound { source } => source.clone(),
                    _ => path.to_string(),
                };
                self.evaluation.note(Problem::ModuleNotFound { source, span });
                None
            }
        }
    }

    /// Addresses that `dependsOn` names.
    pub(super) fn depends_on(self: &Rc<Self>, position: usize, planned: &Planned) -> Vec<Address> {
        let Some(declaration) = self.declaration(position) else {
            return Vec::new();
        };
        let scope = self.scope_of(planned);
        let mut addresses = Vec::new();
        for expression in &declaration.depends_on {
            let found = scope.resource_instance(expression).or_else(|| {
                let value = scope.evaluate(expression).ok()?;
                scope.instance.declared_by(&value)
            });
            addresses.extend(found.and_then(|found| found.address()));
        }
        addresses
    }
}

fn length(leaf: &Value) -> Option<usize> {
    match &leaf.kind {
        Kind::Number(number) => number.as_u64().and_then(|number| usize::try_from(number).ok()),
        _ => leaf.elements().map(<[Value]>::len),
    }
}

/// The largest number of instances that any leaf makes.
fn largest(value: &Value, span: Span) -> Result<usize, Unknown> {
    match &value.kind {
        Kind::OneOf(one_of) => Ok(largest(&one_of.yes, span)?.max(largest(&one_of.no, span)?)),
        Kind::Unknown(unknown) => Err(unknown.clone()),
        _ => length(value).ok_or_else(|| {
            let message = "a loop needs a number or an array".to_owned();
            Unknown::new(Reason::Invalid { message }, span)
        }),
    }
}

fn element(over: &Value, index: usize, span: Span) -> Value {
    let found = choice::map(over, &mut |leaf| {
        let element = leaf.elements().and_then(|elements| elements.get(index));
        let element = element.ok_or_else(|| EvalError::new("This element does not exist.", span))?;
        Ok(super::access::taken(element, leaf))
    });
    found.unwrap_or_else(EvalError::into_value)
}

/// The names of a loop inside it.
fn bound(repeat: &Repeat, outer: Option<Rc<Frame>>, item: Option<Value>, at: Value) -> Option<Rc<Frame>> {
    let mut frame = outer;
    let mut push = |bound: Bound| {
        frame = Some(Rc::new(Frame {
            bound,
            outer: frame.take(),
        }));
    };
    push(Bound::Copy {
        name: repeat.name.clone(),
        index: at.clone(),
        is_of_resource: true,
    });
    if let Some(index) = &repeat.index {
        push(Bound::Variable {
            name: index.clone(),
            value: at.clone(),
        });
    }
    if let Some(name) = &repeat.item {
        push(Bound::Variable {
            name: name.clone(),
            value: item.unwrap_or(at),
        });
    }
    frame
}

/// One instance that stands for an unknown number.
fn template_instance(repeat: &Repeat, base: &Planned, unknown: Unknown, span: Span) -> Planned {
    let from = Provenance::new(Via::Iteration, span);
    let part = |name: &str| {
        let derived = Unknown::derived((name, span), [&unknown]).unwrap_or_else(|| unknown.clone());
        Value::unknown(derived, from.clone())
    };
    let number = Unknown::derived(("instances", span), [&unknown]).unwrap_or_else(|| unknown.clone());
    Planned {
        key: InstanceKey::Template,
        frame: bound(repeat, base.frame.clone(), Some(part("item")), part("index")),
        presence: base.presence.and(&Presence::AnyNumber(number)),
        parent: base.parent,
    }
}
