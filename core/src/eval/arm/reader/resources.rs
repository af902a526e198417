//! The resources of a template, with their children and nested deployments.

use std::sync::Arc;

use super::parameter_file::KEY_VAULT_SECRET;
use super::{MAXIMUM_NESTING, Reader};
use crate::eval::arm::template::{
    DEPLOYMENT_TYPE, Nested, Over, Parent, Repeat, ResourceDeclaration, Source,
};
use crate::source::Span;
use crate::syntax::arm::expression::{Expression, ExpressionKind, Member};
use crate::syntax::json::tree::{Json, JsonKind, Property};

/// What is no part of a resource's body, since it is read by itself.
const OWN_PROPERTIES: [&str; 11] = [
    "type",
    "apiVersion",
    "name",
    "condition",
    "copy",
    "scope",
    "dependsOn",
    "resources",
    "existing",
    "resourceGroup",
    "subscriptionId",
];

impl Reader<'_> {
    /// An array of resources, or an object of them by their symbolic names.
    pub(super) fn resources(
        &mut self,
        resources: &Json,
        parent: Option<usize>,
        into: &mut Vec<ResourceDeclaration>,
    ) {
        match &resources.kind {
            JsonKind::Array(elements) => {
                for element in elements {
                    self.resource(element, None, parent, into);
                }
            }
            JsonKind::Object(properties) => {
                for property in properties {
                    self.resource(&property.value, Some(property), parent, into);
                }
            }
            _ => {}
        }
    }

    fn resource(
        &mut self,
        json: &Json,
        symbol: Option<&Property>,
        parent: Option<usize>,
        into: &mut Vec<ResourceDeclaration>,
    ) {
        // What is no resource (a comment, a half-typed element) says nothing.
        let Some(own_type) = json.property("type") else {
            return;
        };
        let Some(kind) = own_type.value.as_text() else {
            return;
        };
        let Some(name) = json.get("name") else {
            return;
        };
        let enclosing = parent.and_then(|parent| into.get(parent));
        // A child may repeat the whole type, and then has its whole name too.
        let is_whole = kind.split('/').next().is_some_and(|first| first.contains('.'));
        let (kind, parent): (Arc<str>, _) = match enclosing {
            Some(enclosing) if !is_whole => (
                format!("{}/{kind}", enclosing.kind).into(),
                parent.map(Parent::Enclosing),
            ),
            _ => (kind.clone(), None),
        };
        let is_deployment = kind.eq_ignore_ascii_case(DEPLOYMENT_TYPE);
        let is_existing = json.get("existing").and_then(Json::as_bool).unwrap_or(false);
        let position = into.len();
        let declaration = ResourceDeclaration {
            symbol: symbol.map(|property| property.name.clone()),
            api_version: json.get("apiVersion").and_then(Json::as_text).cloned(),
            name: self.expression(name),
            parent,
            condition: json.get("condition").map(|condition| self.expression(condition)),
            repeat: json.get("copy").and_then(|copy| self.repeat(copy)),
            is_existing,
            scope: self.scope(json, is_deployment || is_existing),
            body: self.members(json, &OWN_PROPERTIES),
            depends_on: json
                .get("dependsOn")
                .and_then(Json::as_array)
                .into_iter()
                .flatten()
                .map(|one| self.expression(one))
                .collect(),
            deployment: is_deployment.then(|| self.nested(json)),
            header: own_type.span,
            span: symbol.map_or(json.span, |symbol| symbol.span),
            kind,
        };
        into.push(declaration);
        if let Some(children) = json.get("resources") {
            self.resources(children, Some(position), into);
        }
    }

    fn repeat(&mut self, copy: &Json) -> Option<Repeat> {
        let name = copy.get("name").and_then(Json::as_text).cloned();
        Some(Repeat {
            name: name.unwrap_or_else(|| "".into()),
            over: Over::Count(self.expression(copy.get("count")?)),
            item: None,
            index: None,
            span: copy.span,
        })
    }

    /// Where a resource goes: nested deployments and existing resources can name a subscription and a
    /// resource group.
    fn scope(&mut self, json: &Json, may_name_group: bool) -> Option<Expression> {
        if let Some(scope) = json.get("scope") {
            return Some(self.expression(scope));
        }
        if !may_name_group {
            return None;
        }
        let subscription = json.get("subscriptionId");
        let group = json.get("resourceGroup");
        let span = group.or(subscription)?.span;
        let parts = [subscription, group].into_iter().flatten();
        let arguments = parts.map(|part| self.expression(part)).collect();
        let function = if group.is_some() {
            "resourceGroup"
        } else {
            "subscription"
        };
        Some(Expression::call(function, arguments, span))
    }

    fn nested(&mut self, json: &Json) -> Nested {
        let properties = json.get("properties");
        let get = |name: &str| properties.and_then(|properties| properties.get(name));
        let evaluated = get("expressionEvaluationOptions").and_then(|options| options.get("scope"));
        let is_inner_scope = evaluated
            .and_then(Json::as_text)
            .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
        let parameters = get("parameters").and_then(Json::as_object).unwrap_or_default();
        let parameters = parameters.iter().filter_map(|property| {
            let value = match (property.value.get("value"), property.value.get("reference")) {
                (Some(value), _) => self.expression(value),
                (None, Some(reference)) => Expression::call(KEY_VAULT_SECRET, Vec::new(), reference.span),
                // The whole parameter can be an expression that gives `{ "value": … }`.
                (None, None) if property.value.as_text().is_some() => {
                    let whole = self.expression(&property.value);
                    member_of(whole, "value")
                }
                (None, None) => return None,
            };
            Some(Member::plain(property.name.clone(), property.name_span, value))
        });
        let parameters = parameters.collect();
        Nested {
            source: self.nested_source(json, get("template"), get("templateLink")),
            parameters,
            // A linked template never sees the names of the one that links to it.
            is_inner_scope: is_inner_scope || get("template").is_none(),
        }
    }

    fn nested_source(&mut self, json: &Json, template: Option<&Json>, link: Option<&Json>) -> Source {
        if let Some(template) = template {
            if self.depth >= MAXIMUM_NESTING {
                self.error(
                    template.span,
                    format!("templates are nested deeper than {MAXIMUM_NESTING} levels"),
                );
                return elsewhere("a nested template", template.span);
            }
            self.depth += 1;
            let nested = self.template(template);
            self.depth -= 1;
            return Source::Inline(Arc::new(nested));
        }
        let Some(link) = link else {
            return elsewhere("a template that is not given", json.span);
        };
        let text = |name: &str| {
            let value = link.get(name)?;
            let text = value.as_text().filter(|text| !text.starts_with('['))?;
            Some((text.clone(), value.span))
        };
        if let Some((path, span)) = text("relativePath") {
            return Source::File { path, span };
        }
        match text("uri").or_else(|| text("id")) {
            Some((name, span)) => Source::Elsewhere { name, span },
            None => elsewhere("a linked template", link.span),
        }
    }
}

fn elsewhere(name: &str, span: Span) -> Source {
    Source::Elsewhere {
        name: name.into(),
        span,
    }
}

fn member_of(target: Expression, name: &str) -> Expression {
    use crate::syntax::arm::expression::Access;
    let span = target.span;
    let access = Access {
        target,
        name: name.into(),
        name_span: span,
        is_safe: true,
    };
    Expression::new(ExpressionKind::Member(Box::new(access)), span)
}
