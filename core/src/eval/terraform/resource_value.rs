//! The value of a resource where it is referred to, and the body that it is made from.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::body;
use super::expansion::{Expansion, Form, Planned};
use super::expression::{Evaluated, Scope};
use super::instance::Instance;
use super::module_source::{BlockRef, ResourceName};
use super::references::{one_instance, shaped};
use crate::eval::deployment::{Address, InstanceKey, Mode};
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Entries, Kind, OneOf, PathStep, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{Attribute, TraversalStep, TraversalStepKind};

impl Instance<'_> {
    /// The value of a resource, with an open end for the attributes that are known only after apply; and how
    /// many steps were used up. One instance that is picked by its key is all that is evaluated then.
    pub(super) fn resource_value(
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
        let attribute = |position: usize| match steps.get(position).map(|step| &step.kind) {
            Some(TraversalStepKind::Attribute(name)) => Some(name),
            _ => None,
        };
        if let Some(planned) = one_instance(&expansion, steps.get(used), scope) {
            let wanted = attribute(used + 1);
            let value = self.instance_value(name, declared, planned, wanted, span);
            return Ok((value, used + 1));
        }
        if let (Form::Single, [planned], Some(wanted)) =
            (&expansion.form, expansion.instances.as_slice(), attribute(used))
        {
            let value = self.instance_value(name, declared, planned, Some(wanted), span);
            return Ok((value, used));
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
        let instance = |planned: &Planned| Ok(self.instance_value(name, declared, planned, None, span));
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

    /// One instance as an object, of which only the attribute that is wanted need be there.
    fn instance_value(
        self: &Rc<Self>,
        name: &ResourceName,
        declared: &BlockRef,
        planned: &Planned,
        wanted: Option<&Arc<str>>,
        span: Span,
    ) -> Value {
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
        let unread = self.unread(name, declared, planned, wanted);
        let part = match wanted {
            None if unread.is_empty() => return opened(&body, &open, from, span, syntax),
            None => body.members.clone(),
            Some(wanted) => {
                let member = body.members.get_key_value(wanted).into_iter();
                member
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            }
        };
        let part = Entries {
            members: part.into_iter().chain(unread).collect(),
            open: None,
        };
        opened(&part, &open, from, span, syntax)
    }

    /// Whether an attribute of resources is evaluated with their bodies. Observers see all of them.
    fn reads(&self, attribute: &str) -> bool {
        self.evaluation.shared.observer.is_some() || self.evaluation.catalogue.reads(attribute)
    }

    /// The attributes of a resource that are not in its body because only who refers to them reads them.
    fn unread(
        self: &Rc<Self>,
        name: &ResourceName,
        declared: &BlockRef,
        planned: &Planned,
        wanted: Option<&Arc<str>>,
    ) -> Vec<(Arc<str>, Value)> {
        let attributes = declared.get().body.attributes.iter().filter(|attribute| {
            wanted.is_none_or(|wanted| *wanted == attribute.name) && !self.reads(&attribute.name)
        });
        let value = |attribute: &Attribute| {
            let key = (name.clone(), planned.key.clone(), attribute.name.clone());
            let on_cycle = || self.cycle(format!("{}.{}", name.kind, attribute.name), attribute.name_span);
            self.unread.get(&key, on_cycle, || {
                self.scoped(planned.bound.as_ref(), |scope| {
                    body::attribute_value(attribute, scope)
                })
            })
        };
        let values = attributes.map(|attribute| (attribute.name.clone(), value(attribute)));
        values.collect()
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
                Arc::new(body::resource_body(block, scope, &|name| self.reads(name)))
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
