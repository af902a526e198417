//! Resource ids: made from what they are made of, and taken apart.

use std::rc::Rc;
use std::sync::Arc;

use super::access;
use super::instance::{Instance, Place};
use super::names::{joined, only_or_joined, segments, shown};
use super::scope::{Planned, Scope};
use super::template::ResourceDeclaration;
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, Piece, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::{Call, Expression, ExpressionKind};

pub(super) const RESOURCE_GROUP_TYPE: &str = "Microsoft.Resources/resourceGroups";

fn text(text: &str, span: Span) -> Value {
    Value::string(text, Provenance::new(Via::Literal, span))
}

impl Place {
    /// `/subscriptions/…/resourceGroups/…`
    pub(super) fn id(&self, span: Span) -> Value {
        let mut parts = vec![text("/subscriptions/", span), self.subscription.clone()];
        if let Some(group) = &self.resource_group {
            parts.extend([text("/resourceGroups/", span), group.clone()]);
        }
        // Where a template goes is written nowhere in it, so there is no place to tell.
        let from = Provenance::new(Via::Literal, span);
        Value::new(joined(&parts, span).kind, from)
    }
}

/// `target/providers/Microsoft.Network/virtualNetworks/hub/subnets/nodes`
pub(super) fn resource_id(target: &Value, kind: &str, name: &Value, span: Span) -> Value {
    let id = choice::map(name, &mut |name| {
        let names = segments(name, span);
        if kind.eq_ignore_ascii_case(RESOURCE_GROUP_TYPE) {
            return Ok(joined(
                &[target.clone(), text("/resourceGroups/", span), name.clone()],
                span,
            ));
        }
        let mut types = kind.split('/');
        let provider = types.next().unwrap_or_default();
        let types: Vec<&str> = types.collect();
        let mut parts = vec![target.clone(), text("/providers/", span), text(provider, span)];
        if types.len() == names.len() {
            for (kind, name) in types.iter().zip(names) {
                parts.extend([text(&format!("/{kind}/"), span), name]);
            }
        } else {
            // Which part of the name belongs to which type is not known.
            parts.extend([text(&format!("/{}/", types.join("/")), span), name.clone()]);
        }
        Ok(joined(&parts, span))
    });
    let id = id.unwrap_or_else(EvalError::into_value);
    match &id.kind {
        Kind::Unknown(unknown) => {
            let what = format!("{kind} {}", shown(name));
            let unknown = unknown.explained(Reason::External { what }, span);
            Value::unknown(unknown, id.from)
        }
        _ => id,
    }
}

/// The type and whole name in an id, or in the short form `Microsoft.Network/virtualNetworks/hub` of a
/// resource of the same group.
pub(super) fn kind_and_name(id: &str) -> Option<(String, String)> {
    let rest = match id.rsplit_once("/providers/") {
        Some((_, rest)) => rest,
        None if id.split('/').next()?.contains('.') => id,
        None => return None,
    };
    let mut parts = rest.split('/');
    let mut kind = parts.next()?.to_owned();
    let mut names: Vec<&str> = Vec::new();
    while let (Some(part), Some(name)) = (parts.next(), parts.next()) {
        kind.push('/');
        kind.push_str(part);
        names.push(name);
    }
    (!names.is_empty()).then(|| (kind, names.join("/")))
}

impl<'e> Instance<'e> {
    /// The id of what an instance of a resource is deployed to: a resource group, a subscription, or the
    /// resource that it extends.
    pub(super) fn target(self: &Rc<Self>, declaration: &ResourceDeclaration, planned: &Planned) -> Value {
        let Some(expression) = &declaration.scope else {
            // A child is where its parent is, which may be in another resource group.
            let placed = self.ancestor_with_scope(declaration, planned);
            return match placed.as_ref().and_then(|it| Some((it, it.declaration()?))) {
                Some((ancestor, declaration)) => ancestor.instance.target(declaration, &ancestor.planned),
                None => self.place.id(declaration.header),
            };
        };
        // A resource can name itself as its scope.
        if self.targets.borrow().contains(&expression.span) {
            return self.cycle("the scope of a resource".to_owned(), expression.span);
        }
        self.targets.borrow_mut().push(expression.span);
        let target = self.named_target(expression, planned);
        self.targets.borrow_mut().pop();
        target
    }

    fn named_target(self: &Rc<Self>, expression: &Expression, planned: &Planned) -> Value {
        let scope = self.scope_of(planned);
        if let Some(resource) = scope.resource_instance(expression) {
            return resource.id(expression.span);
        }
        let span = expression.span;
        let value = scope.evaluate_or_invalid(expression);
        let target = choice::map(&value, &mut |value| {
            let starts_with_slash = |unknown: &Unknown| match unknown.pieces().first() {
                Some(Piece::Text(text)) => text.starts_with('/'),
                Some(Piece::Unknown(_)) => true,
                None => unknown.edge().is_some(),
            };
            let is_whole = match &value.kind {
                Kind::String(text) => text.starts_with('/'),
                Kind::Unknown(unknown) => starts_with_slash(unknown) || unknown.pieces().is_empty(),
                _ => return Ok(scope.place(expression).id(span)),
            };
            if is_whole {
                return Ok(value.clone());
            }
            // `Microsoft.Network/virtualNetworks/hub` of the same resource group.
            let place = self.place.id(span);
            let Some((kind, name)) = short_id(value, span) else {
                return Ok(joined(&[place, text("/providers/", span), value.clone()], span));
            };
            Ok(match self.declared_as(&kind, &name) {
                Some(resource) => resource.id(span),
                None => resource_id(&place, &kind, &name, span),
            })
        });
        target.unwrap_or_else(EvalError::into_value)
    }
}

/// The type and the whole name in `Microsoft.Network/virtualNetworks/hub`.
fn short_id(id: &Value, span: Span) -> Option<(String, Value)> {
    let segments = segments(id, span);
    let (provider, rest) = segments.split_first()?;
    let mut kind = provider.as_str()?.to_owned();
    let mut names = Vec::new();
    for pair in rest.chunks(2) {
        let [part, name] = pair else {
            return None;
        };
        kind.push('/');
        kind.push_str(part.as_str()?);
        if !names.is_empty() {
            names.push(text("/", span));
        }
        names.push(name.clone());
    }
    (!names.is_empty()).then(|| (kind, only_or_joined(names, span)))
}

impl<'e> Scope<'e> {
    /// What a `scope` expression means: `resourceGroup('network')`, `subscription()`, a resource group.
    pub(super) fn place(&self, expression: &Expression) -> Place {
        let here = &self.instance.place;
        if let ExpressionKind::Call(call) = &expression.kind {
            let argument = |index: usize| {
                let argument = call.arguments.get(index);
                argument.map(|argument| self.evaluate_or_invalid(argument))
            };
            match call.name.to_ascii_lowercase().as_str() {
                "resourcegroup" => {
                    return match (argument(0), argument(1)) {
                        (Some(subscription), Some(group)) => Place {
                            subscription,
                            resource_group: Some(group),
                        },
                        (Some(group), None) => Place {
                            subscription: here.subscription.clone(),
                            resource_group: Some(group),
                        },
                        _ => here.clone(),
                    };
                }
                "subscription" => {
                    return Place {
                        subscription: argument(0).unwrap_or_else(|| here.subscription.clone()),
                        resource_group: None,
                    };
                }
                "tenant" | "managementgroup" => {
                    return Place {
                        subscription: here.subscription.clone(),
                        resource_group: None,
                    };
                }
                _ => {}
            }
        }
        if let Some(resource) = self.resource_instance(expression) {
            let is_group = resource
                .declaration()
                .is_some_and(|declaration| declaration.kind.eq_ignore_ascii_case(RESOURCE_GROUP_TYPE));
            return match is_group {
                true => Place {
                    subscription: here.subscription.clone(),
                    resource_group: Some(resource.name()),
                },
                false => here.clone(),
            };
        }
        let value = self.evaluate_or_invalid(expression);
        let name = access::member(&value, &"name".into(), true, expression.span);
        Place {
            subscription: here.subscription.clone(),
            resource_group: name.ok().filter(|name| !name.is_null()),
        }
    }

    /// `resourceId`, `subscriptionResourceId` and their relatives.
    pub(super) fn resource_id_call(&self, function: &str, call: &Call, span: Span) -> Evaluated {
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            values.push(self.evaluate(argument)?);
        }
        let is_type = |value: &Value| {
            value
                .as_str()
                .is_some_and(|text| text.contains('/') && !text.starts_with('/'))
        };
        let Some(at) = values.iter().position(is_type) else {
            let unknown = super::expression::derived(
                function,
                &values.iter().collect::<Vec<_>>(),
                Provenance::computed(span, values.iter().map(|value| &value.from)),
            );
            return match unknown.is_null() {
                true => Err(EvalError::new(
                    format!("{function}() needs a resource type."),
                    span,
                )),
                false => Ok(unknown),
            };
        };
        let (before, rest) = values.split_at(at);
        let Some((kind, names)) = rest.split_first() else {
            return Err(EvalError::new(
                format!("{function}() needs a resource type."),
                span,
            ));
        };
        let kind: Arc<str> = kind.as_str().unwrap_or_default().into();
        let mut parts = Vec::new();
        for (position, name) in names.iter().enumerate() {
            if position > 0 {
                parts.push(text("/", span));
            }
            parts.push(name.clone());
        }
        let name = only_or_joined(parts, span);
        let here = &self.instance.place;
        let group = |subscription: &Value, group: Option<&Value>| Place {
            subscription: subscription.clone(),
            resource_group: group.cloned(),
        };
        let in_target = |target: &Value| {
            let id = resource_id(target, &kind, &name, span);
            Ok(self.own_id(&id, &kind, &name, span).unwrap_or(id))
        };
        let place = match (function, before) {
            ("tenantresourceid", _) => return in_target(&text("", span)),
            // Bicep writes the deployments of other resource groups as extensions of these.
            ("extensionresourceid", [target, ..]) => return in_target(target),
            ("managementgroupresourceid", [group]) => {
                let start = text("/providers/Microsoft.Management/managementGroups/", span);
                return in_target(&joined(&[start, group.clone()], span));
            }
            ("subscriptionresourceid", [subscription, ..]) => group(subscription, None),
            ("subscriptionresourceid", []) => group(&here.subscription, None),
            (_, [subscription, name, ..]) => group(subscription, Some(name)),
            // In a template of a subscription one argument before the type is the subscription.
            (_, [one]) => match here.resource_group {
                Some(_) => group(&here.subscription, Some(one)),
                None => group(one, None),
            },
            (_, []) => here.clone(),
        };
        let id = resource_id(&place.id(span), &kind, &name, span);
        let own = self.own_id(&id, &kind, &name, span);
        Ok(own.unwrap_or_else(|| self.instance.outside_id(id, &kind, &name, &place, span)))
    }

    /// The id as that of a resource of this template. The same name in another resource group is another
    /// resource.
    fn own_id(&self, id: &Value, kind: &str, name: &Value, span: Span) -> Option<Value> {
        let own = self.instance.declared_as(kind, name)?.id(span);
        let is_same = own.content_hash() == id.content_hash();
        is_same.then(|| Value::new(own.kind, id.from.clone()))
    }
}
