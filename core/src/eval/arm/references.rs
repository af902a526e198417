//! From symbolic names, ids and `reference()` to the resources that they mean.

use std::rc::Rc;
use std::sync::Arc;

use super::access;
use super::expression::object_of;
use super::instance::{DeclaredNames, Instance, Place};
use super::names::{self, NameKey};
use super::resource_instance::{ABSENT, Outputs, ResourceInstance};
use super::scope::{Planned, Scope};
use crate::eval::deployment::{Address, InstanceKey, Mode, Presence, Resource};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Kind, PathStep, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::{Expression, ExpressionKind};

impl<'e> Scope<'e> {
    /// The instance that a symbolic name means, with the index when its resource is a loop.
    pub(super) fn resource_instance(&self, expression: &Expression) -> Option<ResourceInstance<'e>> {
        match &expression.kind {
            ExpressionKind::Symbol(name) => self.symbol_instance(name, None),
            ExpressionKind::Index(index) => match &index.target.kind {
                ExpressionKind::Symbol(name) => self.symbol_instance(name, Some(&index.index)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn symbol_instance(
        &self,
        name: &str,
        index: Option<&Expression>,
    ) -> Option<ResourceInstance<'e>> {
        let (position, declaration) = self.instance.template.symbol(name)?;
        let planned = self.instance.expansion(position);
        let found = |index: usize, planned: &Planned| ResourceInstance {
            instance: self.instance.clone(),
            position,
            index,
            planned: planned.clone(),
        };
        if declaration.repeat.is_none() && index.is_none() {
            return Some(match planned.as_ref() {
                [only] => found(0, only),
                _ => found(ABSENT, &self.instance.base()),
            });
        }
        if let [only] = planned.as_ref()
            && only.key == InstanceKey::Template
        {
            // One stands for all.
            index?;
            return Some(found(0, only));
        }
        let value = self.evaluate(index?).ok()?;
        let Kind::Number(number) = &value.kind else {
            return None;
        };
        let key = InstanceKey::Index(number.as_u64()?);
        let mut deployed = planned.iter().enumerate();
        if let Some((at, planned)) = deployed.find(|(_, planned)| planned.key == key) {
            return Some(found(at, planned));
        }
        if !declaration.is_existing {
            return None;
        }
        // What is only read is there whatever its condition says: nothing is deployed either way.
        let all = self.instance.all_planned(declaration);
        let absent = all.iter().find(|planned| planned.key == key)?;
        Some(found(ABSENT, absent))
    }

    /// Members of a resource that are known without its body.
    pub(super) fn member_of_resource(
        &self,
        target: &Expression,
        name: &Arc<str>,
        span: Span,
    ) -> Result<Option<Value>, EvalError> {
        let Some(resource) = self.resource_instance(target) else {
            return Ok(None);
        };
        let Some(declaration) = resource.declaration() else {
            return Ok(None);
        };
        let literal =
            |text: &Arc<str>| Value::string(text.clone(), Provenance::new(Via::Literal, declaration.header));
        Ok(match name.to_ascii_lowercase().as_str() {
            "id" => Some(resource.id(span)),
            "name" => {
                let scope = resource.instance.scope_of(&resource.planned);
                Some(scope.evaluate_or_invalid(&declaration.name))
            }
            "type" => Some(literal(&declaration.kind)),
            "apiversion" => declaration.api_version.as_ref().map(literal),
            "outputs" if resource.is_deployment() => Some(resource.outputs(Outputs::Values, span)),
            _ => None,
        })
    }

    pub(super) fn resource_value(&self, resource: &ResourceInstance<'e>, span: Span) -> Evaluated {
        if !resource.is_deployment() {
            return Ok(resource.view(span));
        }
        let from = Provenance::new(Via::Literal, span);
        let members = vec![
            ("id", resource.id(span)),
            ("name", resource.name()),
            ("outputs", resource.outputs(Outputs::Values, span)),
        ];
        Ok(object_of(members, None, from))
    }

    /// All instances of a loop as an array.
    pub(super) fn all_instances(&self, name: &Arc<str>, span: Span) -> Evaluated {
        let Some((position, _)) = self.instance.template.symbol(name) else {
            return Err(EvalError::new(
                format!("{name} is not declared in this template."),
                span,
            ));
        };
        let from = Provenance::new(Via::Literal, span);
        let planned = self.instance.expansion(position);
        let certain = planned
            .iter()
            .all(|planned| matches!(planned.presence, Presence::Certain));
        if !certain {
            let what = format!("the instances of {name}");
            let unknown = Unknown::named(Reason::Computed { what }, &self.instance.path_text(), span);
            return Ok(Value::unknown(unknown, from));
        }
        let mut elements = Vec::with_capacity(planned.len());
        for (index, planned) in planned.iter().enumerate() {
            if let InstanceKey::Index(at) = planned.key {
                while (elements.len() as u64) < at {
                    let message = format!("{name}[{}] is not deployed", elements.len());
                    let unknown = Unknown::new(Reason::Invalid { message }, span);
                    elements.push(Value::unknown(unknown, from.clone()));
                }
            }
            let resource = ResourceInstance {
                instance: self.instance.clone(),
                position,
                index,
                planned: planned.clone(),
            };
            elements.push(self.resource_value(&resource, span)?);
        }
        Ok(Value::new(Kind::Tuple(elements.into()), from))
    }

    /// `reference(…)`: what Azure knows of a resource after its deployment.
    pub(super) fn reference(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let Some(first) = arguments.first() else {
            return Err(EvalError::new("reference() needs a resource.", span));
        };
        let named = self.evaluate(first)?;
        let is_full = match arguments.get(2) {
            Some(third) => self
                .evaluate(third)?
                .as_str()
                .is_some_and(|word| word.eq_ignore_ascii_case("full")),
            None => false,
        };
        crate::eval::choice::map(&named, &mut |named| {
            let symbol = named.as_str().and_then(|text| self.symbol_instance(text, None));
            let Some(resource) = symbol.or_else(|| self.instance.declared_here_or_around(named)) else {
                let from = Provenance::computed(span, [&named.from]);
                let what = format!("reference({})", names::shown(named));
                let place = format!("reference {:x}", named.content_hash());
                let unknown = Unknown::named(Reason::External { what }, &place, span);
                return Ok(Value::unknown(unknown, from));
            };
            if resource.is_deployment() {
                let from = Provenance::new(Via::Literal, span);
                let outputs = resource.outputs(Outputs::Wrapped, span);
                let properties = object_of(vec![("outputs", outputs)], None, from.clone());
                return Ok(match is_full {
                    true => object_of(vec![("properties", properties)], None, from),
                    false => properties,
                });
            }
            let view = resource.view(span);
            match is_full {
                true => Ok(view),
                false => access::member(&view, &"properties".into(), false, span),
            }
        })
    }
}

impl<'e> Instance<'e> {
    /// The id of a resource that is not deployed here as an edge to it, so that the deployment that makes it
    /// can be looked for.
    pub(super) fn outside_id(
        &self,
        id: Value,
        kind: &str,
        name: &Value,
        place: &Place,
        header: Span,
    ) -> Value {
        let (Kind::Unknown(unknown), Some(group)) = (&id.kind, &place.resource_group) else {
            return id;
        };
        if !self.evaluation.is_wanted(kind) || unknown.edge().is_some() {
            return id;
        }
        let address = Address {
            module: self.path.clone(),
            mode: Mode::Data,
            kind: kind.into(),
            name: names::shown(name),
            // The same name in another resource group is another resource.
            key: InstanceKey::Key(format!("{:x}.{:x}", name.content_hash(), group.content_hash()).into()),
        };
        let from = Provenance::new(Via::Use, header);
        let members = vec![
            ("name", name.clone()),
            ("type", Value::string(kind, from.clone())),
            ("scope", place.id(header)),
        ];
        self.evaluation.note_outside(Resource {
            address: address.clone(),
            schema: kind.into(),
            body: object_of(members, None, from),
            presence: Presence::Certain,
            header,
            span: header,
            depends_on: Vec::new(),
            ignore_changes: Vec::new(),
            also: Vec::new(),
            resource_group: Some(group.clone()),
            change: None,
        });
        let edge = Edge {
            address,
            path: vec![PathStep::Attribute("id".into())],
        };
        let tied = unknown.with_edge(unknown.reason().clone(), edge, unknown.span());
        Value::unknown(tied, id.from.clone())
    }

    /// The resources of this template by name and address; none while their names are worked out.
    fn declared_names(self: &Rc<Self>) -> Option<Rc<DeclaredNames>> {
        if let Some(known) = &*self.declared.borrow() {
            return known.clone();
        }
        *self.declared.borrow_mut() = Some(None);
        let mut found = DeclaredNames::default();
        for (position, declaration) in self.template.resources.iter().enumerate() {
            for (index, planned) in self.expansion(position).iter().enumerate() {
                let name = self.resource_name(position, index, planned);
                if let Some(key) = NameKey::of(&name) {
                    let key = (declaration.kind.to_lowercase(), key);
                    found.by_name.entry(key).or_default().push((position, index));
                }
                if !declaration.is_existing {
                    let address = self.address(position, index, planned);
                    found.by_address.entry(address).or_insert((position, index));
                }
            }
        }
        let found = Some(Rc::new(found));
        *self.declared.borrow_mut() = Some(found.clone());
        // A name such as `guid(variables('identityId'))` has asked for ids before they could be found.
        self.forget_values();
        found
    }

    fn at(self: &Rc<Self>, (position, index): (usize, usize)) -> Option<ResourceInstance<'e>> {
        let planned = self.expansion(position);
        Some(ResourceInstance {
            instance: self.clone(),
            position,
            index,
            planned: planned.get(index)?.clone(),
        })
    }

    /// The only resource of a type and name in this template.
    pub(super) fn declared_as(self: &Rc<Self>, kind: &str, name: &Value) -> Option<ResourceInstance<'e>> {
        let names = self.declared_names()?;
        let key = (kind.to_lowercase(), NameKey::of(name)?);
        match names.by_name.get(&key)?.as_slice() {
            [only] => self.at(*only),
            _ => None,
        }
    }

    /// The same, and with outer scope in the templates whose expressions these are.
    fn declared_here_or_around(self: &Rc<Self>, value: &Value) -> Option<ResourceInstance<'e>> {
        self.declared_by(value)
            .or_else(|| self.around()?.declared_here_or_around(value))
    }

    /// The resource of this template that an id or a plain name means.
    pub(super) fn declared_by(self: &Rc<Self>, value: &Value) -> Option<ResourceInstance<'e>> {
        match &value.kind {
            Kind::Unknown(unknown) => {
                let edge = unknown.edge()?;
                let names = self.declared_names()?;
                self.at(*names.by_address.get(&edge.address)?)
            }
            Kind::String(text) => match super::ids::kind_and_name(text) {
                Some((kind, name)) => {
                    let name = Value::string(name, value.from.clone());
                    self.declared_as(&kind, &name)
                }
                None => {
                    let names = self.declared_names()?;
                    let wanted = NameKey::Text(text.to_lowercase());
                    let mut found = names.by_name.iter().filter(|((_, name), _)| *name == wanted);
                    let (_, first) = found.next()?;
                    match (first.as_slice(), found.next()) {
                        ([only], None) => self.at(*only),
                        _ => None,
                    }
                }
            },
            _ => None,
        }
    }
}
