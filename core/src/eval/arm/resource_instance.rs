//! One instance of a declared resource: its id, what is known of it, the outputs of a deployment.

use std::rc::Rc;
use std::sync::Arc;

use super::expression::object_of;
use super::instance::Instance;
use super::names;
use super::scope::Planned;
use super::template::ResourceDeclaration;
use crate::eval::deployment::Address;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Entries, Kind, PathStep, Reason, Unknown, Value};
use crate::source::Span;

/// The number of an instance that is not deployed, since the condition of its resource does not hold.
pub(super) const ABSENT: usize = usize::MAX;

/// One instance of a declared resource, deployed or existing.
pub(super) struct ResourceInstance<'e> {
    pub(super) instance: Rc<Instance<'e>>,
    pub(super) position: usize,
    pub(super) index: usize,
    pub(super) planned: Planned,
}

impl<'e> ResourceInstance<'e> {
    pub(super) fn declaration(&self) -> Option<&ResourceDeclaration> {
        self.instance.declaration(self.position)
    }

    pub(super) fn is_existing(&self) -> bool {
        self.declaration()
            .is_some_and(|declaration| declaration.is_existing)
    }

    /// The whole name.
    pub(super) fn name(&self) -> Value {
        self.instance
            .resource_name(self.position, self.index, &self.planned)
    }

    /// None for a resource that is deployed elsewhere.
    pub(super) fn address(&self) -> Option<Address> {
        let is_here = !self.is_existing() && self.index != ABSENT;
        is_here.then(|| self.instance.address(self.position, self.index, &self.planned))
    }

    pub(super) fn id(&self, span: Span) -> Value {
        let Some(declaration) = self.declaration() else {
            return self.instance.cycle("an id".to_owned(), span);
        };
        let target = self.instance.target(declaration, &self.planned);
        let name = self.name();
        let id = super::ids::resource_id(&target, &declaration.kind, &name, span);
        // What the name is made of says nothing about the reference.
        let id = Value::new(id.kind, Provenance::new(Via::Literal, span));
        let Some(address) = self.address() else {
            let place = self.instance.place_of(declaration, &self.planned);
            return self
                .instance
                .outside_id(id, &declaration.kind, &name, &place, declaration.header);
        };
        let Kind::Unknown(unknown) = &id.kind else {
            return id;
        };
        let edge = Edge {
            address,
            path: vec![PathStep::Attribute("id".into())],
        };
        let reason = Reason::Computed {
            what: edge.to_string(),
        };
        Value::unknown(unknown.with_edge(reason, edge, span), id.from)
    }

    /// What is known of the resource: as written, and open to what Azure adds.
    pub(super) fn view(&self, span: Span) -> Value {
        let Some(declaration) = self.declaration() else {
            return self.instance.cycle("a resource".to_owned(), span);
        };
        let Some(address) = self.address() else {
            let what = match &declaration.symbol {
                Some(symbol) => symbol.to_string(),
                None => declaration.kind.to_string(),
            };
            let place = format!("{} {}", self.instance.path_text(), names::shown(&self.name()));
            let unknown = Unknown::named(Reason::External { what }, &place, declaration.header);
            return Value::unknown(unknown, Provenance::new(Via::Literal, span));
        };
        let on_cycle = || self.instance.cycle(address.to_string(), declaration.header);
        self.instance
            .views
            .get(&(self.position, self.index), on_cycle, || {
                let body = self.instance.body(self.position, self.index, &self.planned);
                let edge = Edge {
                    address: address.clone(),
                    path: Vec::new(),
                };
                let mut view = opened(&body, &edge, declaration.header);
                if let Kind::Object(entries) = &view.kind {
                    let mut entries = Entries::clone(entries);
                    entries.members.insert("id".into(), self.id(declaration.header));
                    view.kind = Kind::Object(entries.into());
                }
                view
            })
    }

    /// The outputs of a deployment by name: as values in Bicep, as `{ "value": … }` in ARM.
    pub(super) fn outputs(&self, form: Outputs, span: Span) -> Value {
        let from = Provenance::new(Via::Literal, span);
        let deployed = match self.index {
            ABSENT => None,
            _ => self.instance.nested(self.position, self.index, &self.planned),
        };
        let Some(deployed) = deployed else {
            let source = self
                .declaration()
                .and_then(|declaration| declaration.deployment.as_ref());
            let (source, at) = match source.map(|nested| &nested.source) {
                Some(
                    super::template::Source::Elsewhere { name, span }
                    | super::template::Source::File { path: name, span },
                ) => (name.to_string(), *span),
                _ => ("that is not deployed".to_owned(), span),
            };
            let place = format!("{} {} outputs", self.instance.path_text(), self.position);
            let unknown = Unknown::named(Reason::ModuleNotFound { source }, &place, at);
            return Value::unknown(unknown, from);
        };
        let members = deployed.template.outputs.iter().map(|output| {
            let value = deployed
                .output(&output.name, span)
                .unwrap_or_else(EvalError::into_value);
            let value = match form {
                Outputs::Values => value,
                Outputs::Wrapped => {
                    let from = value.from.clone();
                    object_of(vec![("value", value)], None, from)
                }
            };
            (output.name.clone(), value)
        });
        let entries = Entries {
            members: members.collect(),
            open: None,
        };
        Value::new(Kind::Object(entries.into()), from)
    }

    pub(super) fn is_deployment(&self) -> bool {
        self.declaration()
            .is_some_and(|declaration| declaration.deployment.is_some())
    }
}

/// How the outputs of a deployment are read.
#[derive(Clone, Copy)]
pub(super) enum Outputs {
    Values,
    Wrapped,
}

/// The value with every object in it open to members that are known only after the deployment.
fn opened(value: &Value, edge: &Edge, span: Span) -> Value {
    let inner = |value: &Value, step: PathStep| {
        let mut edge = edge.clone();
        edge.path.push(step);
        opened(value, &edge, span)
    };
    let kind = match &value.kind {
        Kind::Object(entries) => {
            let members = entries
                .members
                .iter()
                .map(|(name, member)| (name.clone(), inner(member, PathStep::Attribute(name.clone()))));
            let open = entries.open.clone();
            let open = open.unwrap_or_else(|| Unknown::attribute(edge.clone(), span));
            Kind::Object(Arc::new(Entries {
                members: members.collect(),
                open: Some(open),
            }))
        }
        Kind::Tuple(elements) => {
            let elements = elements.iter().zip(0..);
            Kind::Tuple(
                elements
                    .map(|(element, index)| inner(element, PathStep::Index(index)))
                    .collect(),
            )
        }
        Kind::OneOf(one_of) => Kind::OneOf(Arc::new(crate::eval::value::OneOf {
            condition: one_of.condition.clone(),
            yes: opened(&one_of.yes, edge, span),
            no: opened(&one_of.no, edge, span),
        })),
        other => other.clone(),
    };
    Value::new(kind, value.from.clone())
}
