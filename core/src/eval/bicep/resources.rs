//! Resources and modules.

use std::sync::Arc;

use super::Lowering;
use super::names::{Meaning, joined, nested};
use crate::eval::arm::template::{
    DEPLOYMENT_TYPE, Nested, Over, Parent, Repeat, ResourceDeclaration, Source,
};
use crate::source::Span;
use crate::syntax::arm::expression::{Expression, ExpressionKind, Item, Member};
use crate::syntax::bicep::tree::{
    self, ExpressionKind as Kind, Module, Name, Property, Resource, StatementKind,
};

/// The resource that others are written in.
struct Outer {
    position: usize,
    kind: Arc<str>,
    api_version: Option<Arc<str>>,
}

/// A resource's body with what is written around it.
struct Wrapped<'t> {
    names: Vec<&'t Name>,
    repeat: Option<Repeat>,
    condition: Option<&'t tree::Expression>,
    body: &'t tree::Expression,
}

/// The properties of a body: those with a meaning of their own, and the rest.
#[derive(Default)]
struct Properties {
    name: Option<Expression>,
    parent: Option<Expression>,
    scope: Option<Expression>,
    depends_on: Vec<Expression>,
    parameters: Vec<Member>,
    rest: Vec<Member>,
}

impl<'t> Lowering<'t> {
    pub(super) fn resource(
        &mut self,
        resource: &'t Resource,
        span: Span,
        resources: &mut Vec<ResourceDeclaration>,
    ) {
        self.resource_in(resource, span, None, resources);
    }

    fn resource_in(
        &mut self,
        resource: &'t Resource,
        span: Span,
        outer: Option<&Outer>,
        resources: &mut Vec<ResourceDeclaration>,
    ) {
        let symbol: Arc<str> = match self.enclosing.last() {
            Some(parent) => joined(parent, &resource.name.text).into(),
            None => resource.name.text.clone(),
        };
        let (kind, api_version) = kind_of(&resource.specification, outer);
        let position = resources.len();
        self.enclosing.push(symbol.clone());
        let wrapped = self.wrapped(&resource.value);
        let (properties, condition) = self.body(&wrapped, false);
        let parent = match outer {
            Some(outer) => Some(Parent::Enclosing(outer.position)),
            None => properties.parent.and_then(parent_of),
        };
        let broken = || Expression::new(ExpressionKind::Broken, wrapped.body.span);
        resources.push(ResourceDeclaration {
            symbol: Some(symbol),
            kind: kind.clone(),
            api_version: api_version.clone(),
            name: properties.name.unwrap_or_else(broken),
            parent,
            condition,
            repeat: wrapped.repeat,
            is_existing: resource.is_existing,
            scope: properties.scope,
            body: properties.rest,
            depends_on: properties.depends_on,
            deployment: None,
            header: resource.header,
            span,
        });
        let inner = Outer {
            position,
            kind,
            api_version,
        };
        self.inside(wrapped.names, Meaning::Local, |inside| {
            for statement in nested(&resource.value) {
                if let StatementKind::Resource(resource) = &statement.kind {
                    inside.resource_in(resource, statement.span, Some(&inner), resources);
                }
            }
        });
        self.enclosing.pop();
    }

    pub(super) fn module(&mut self, module: &'t Module, span: Span) -> ResourceDeclaration {
        let wrapped = self.wrapped(&module.value);
        let (properties, condition) = self.body(&wrapped, true);
        // A module without a name has one of the compiler's making. It names nothing but the deployment.
        let own_name = || Expression::new(ExpressionKind::Text(module.name.text.clone()), module.name.span);
        ResourceDeclaration {
            symbol: Some(module.name.text.clone()),
            kind: DEPLOYMENT_TYPE.into(),
            api_version: None,
            name: properties.name.unwrap_or_else(own_name),
            parent: None,
            condition,
            repeat: wrapped.repeat,
            is_existing: false,
            scope: properties.scope,
            body: properties.rest,
            depends_on: properties.depends_on,
            deployment: Some(Nested {
                source: source_of(&module.path),
                parameters: properties.parameters,
                is_inner_scope: true,
            }),
            header: module.header,
            span,
        }
    }

    /// Takes the loop and the condition off a body.
    fn wrapped(&mut self, value: &'t tree::Expression) -> Wrapped<'t> {
        let mut wrapped = Wrapped {
            names: Vec::new(),
            repeat: None,
            condition: None,
            body: value,
        };
        if let Kind::For(parsed) = &value.kind {
            wrapped.names = parsed.item.iter().chain(&parsed.index).collect();
            wrapped.repeat = Some(Repeat {
                name: Arc::default(),
                over: Over::Elements(self.expression(&parsed.over)),
                item: parsed.item.as_ref().map(|name| name.text.clone()),
                index: parsed.index.as_ref().map(|name| name.text.clone()),
                span: parsed.over.span,
            });
            wrapped.body = &parsed.body;
        }
        if let Kind::If(condition, body) = &wrapped.body.kind {
            wrapped.condition = Some(&**condition);
            wrapped.body = &**body;
        }
        wrapped
    }

    fn body(&mut self, wrapped: &Wrapped<'t>, is_module: bool) -> (Properties, Option<Expression>) {
        self.inside(wrapped.names.clone(), Meaning::Local, |inside| {
            let condition = wrapped.condition.map(|condition| inside.expression(condition));
            (inside.properties(wrapped.body, is_module), condition)
        })
    }

    fn properties(&mut self, body: &'t tree::Expression, is_module: bool) -> Properties {
        let mut found = Properties::default();
        let Kind::Object(properties) = &body.kind else {
            let broken = Expression::new(ExpressionKind::Broken, body.span);
            found.rest.push(Member::Spread(broken.clone()));
            found.parameters.push(Member::Spread(broken));
            return found;
        };
        for property in properties {
            if let Property::Named { name, value, .. } = property
                && let Kind::Name(name) | Kind::Text(name) = &name.kind
            {
                match name.as_ref() {
                    "name" => found.name = Some(self.expression(value)),
                    "parent" => found.parent = Some(self.expression(value)),
                    "scope" => found.scope = Some(self.expression(value)),
                    "dependsOn" => found.depends_on = self.dependencies(value),
                    "params" if is_module => {
                        found.parameters = match &value.kind {
                            Kind::Object(properties) => self.members(properties),
                            _ => vec![Member::Spread(self.expression(value))],
                        };
                    }
                    _ => found.rest.extend(self.member(property)),
                }
                continue;
            }
            if let Property::Broken(span) = property {
                // Nobody knows which property it was.
                let broken = Expression::new(ExpressionKind::Broken, *span);
                found.parameters.push(Member::Spread(broken));
            }
            found.rest.extend(self.member(property));
        }
        found
    }

    fn dependencies(&mut self, value: &'t tree::Expression) -> Vec<Expression> {
        let lowered = self.expression(value);
        match lowered.kind {
            ExpressionKind::Array(items) => items
                .into_iter()
                .map(|item| match item {
                    Item::One(item) | Item::Spread(item) => item,
                })
                .collect(),
            _ => vec![lowered],
        }
    }
}

fn parent_of(parent: Expression) -> Option<Parent> {
    let span = parent.span;
    match parent.kind {
        ExpressionKind::Symbol(name) => Some(Parent::Symbol {
            name,
            index: None,
            span,
        }),
        ExpressionKind::Index(index) => match index.target.kind {
            ExpressionKind::Symbol(name) => Some(Parent::Symbol {
                name,
                index: Some(index.index),
                span,
            }),
            _ => None,
        },
        _ => None,
    }
}

/// The whole type and the version of a resource's `'type@version'`.
fn kind_of(specification: &tree::Expression, outer: Option<&Outer>) -> (Arc<str>, Option<Arc<str>>) {
    let Kind::Text(text) = &specification.kind else {
        return (Arc::default(), None);
    };
    let (kind, version) = match text.split_once('@') {
        Some((kind, version)) => (kind, Some(Arc::from(version))),
        None => (text.as_ref(), None),
    };
    match outer {
        Some(outer) => (
            format!("{}/{kind}", outer.kind).into(),
            version.or_else(|| outer.api_version.clone()),
        ),
        None => (kind.into(), version),
    }
}

fn source_of(path: &tree::Expression) -> Source {
    let span = path.span;
    let name = match &path.kind {
        Kind::Text(text) => text.clone(),
        _ => Arc::default(),
    };
    let is_elsewhere = ["br:", "br/", "ts:", "ts/"]
        .iter()
        .any(|scheme| name.starts_with(scheme));
    match is_elsewhere || name.is_empty() {
        true => Source::Elsewhere { name, span },
        false => Source::File { path: name, span },
    }
}
