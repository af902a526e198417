//! The attribute, property or block of a text that sets a property of a resource.

use crate::rules::Blame;
use crate::source::discovery::{DocumentNotation, is_configuration, is_variable_file};
use crate::source::{SourceFile, Span};
use crate::syntax::Trees;
use crate::syntax::bicep::tree as bicep;
use crate::syntax::hcl::tree as hcl;
use crate::syntax::json::tree::{Json, JsonKind};

use super::{is_owned, written_steps};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    /// An attribute or block of a body.
    Body,
    /// A member of an object in Terraform's native syntax.
    Object,
    Json,
    Bicep,
}

/// A member of a body or object, or an element of a list.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) notation: Notation,
    pub(crate) name: String,
    /// Without quotes; empty at the start for an element.
    pub(crate) name_span: Span,
    pub(crate) value: Span,
    /// From the name, with its quotes, to the end of the value.
    pub(crate) span: Span,
    /// The body or object.
    pub(crate) container: Span,
    pub(crate) previous: Option<Span>,
    pub(crate) next: Option<Span>,
    /// The names of all members.
    pub(crate) names: Vec<String>,
}

/// Where the resource sets the property of this fact.
pub(super) fn of(fact: &Blame, trees: &Trees) -> Option<Member> {
    let name = fact.site.property_name();
    let path = path(fact, trees)?;
    let member = path.into_iter().next_back()?;
    member.name.eq_ignore_ascii_case(name).then_some(member)
}

/// The block or list that holds this fact and is called as its property.
pub(super) fn block_of(fact: &Blame, trees: &Trees) -> Option<Member> {
    let name = fact.site.property_name();
    let mut path = path(fact, trees)?.into_iter();
    path.rfind(|member| member.name.eq_ignore_ascii_case(name))
}

/// The members around the place where the resource itself says something of this fact, outermost first.
fn path(fact: &Blame, trees: &Trees) -> Option<Vec<Member>> {
    let span = written_steps(fact).next()?.span;
    if !fact.site.owner.block.contains(span) || !is_owned(span, &trees.sources) {
        return None;
    }
    Some(around(span, trees))
}

/// The members whose value holds a span, outermost first.
pub(crate) fn around(span: Span, trees: &Trees) -> Vec<Member> {
    let file = trees.sources.file(span.file);
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let mut found = Vec::new();
    if name.ends_with(".json") {
        if let Ok(parsed) = trees.json(&file.path)
            && let Some(root) = &parsed.tree.value
        {
            in_json(root, span, &file, &mut found);
        }
    } else if is_configuration(name) || is_variable_file(name) {
        if let Ok(parsed) = trees.hcl(&file.path) {
            in_body(&parsed.tree.body, span, &mut found);
        }
    } else if matches!(
        DocumentNotation::of(name),
        Some(DocumentNotation::Bicep | DocumentNotation::BicepParameters)
    ) && let Ok(parsed) = trees.bicep(&file.path)
    {
        for statement in &parsed.tree.statements {
            in_statement(statement, span, &mut found);
        }
    }
    found
}

fn in_body(body: &hcl::Body, span: Span, found: &mut Vec<Member>) {
    let names = || {
        let attributes = body.attributes.iter().map(|attribute| attribute.name.to_string());
        attributes.collect::<Vec<_>>()
    };
    let member = |name: &str, name_span: Span, value: Span, whole: Span| Member {
        notation: Notation::Body,
        name: name.to_owned(),
        name_span,
        value,
        span: whole,
        container: body.span,
        previous: None,
        next: None,
        names: names(),
    };
    for attribute in &body.attributes {
        let value = attribute.value.span;
        if value.contains(span) {
            found.push(member(
                &attribute.name,
                attribute.name_span,
                value,
                attribute.span,
            ));
            in_expression(&attribute.value, span, found);
        }
    }
    for block in &body.blocks {
        if block.span.contains(span) {
            found.push(member(&block.kind, block.header, block.body.span, block.span));
            in_body(&block.body, span, found);
        }
    }
}

fn in_expression(expression: &hcl::Expression, span: Span, found: &mut Vec<Member>) {
    match &expression.kind {
        hcl::ExpressionKind::Object(items) => {
            let names: Vec<(String, Span)> = items.iter().map(|item| key(&item.key)).collect();
            for (index, item) in items.iter().enumerate() {
                if !item.value.span.contains(span) {
                    continue;
                }
                let whole = |index: usize| {
                    let (item, (_, name)) = (items.get(index)?, names.get(index)?);
                    Some(name.to(item.value.span))
                };
                let Some((name, name_span)) = names.get(index) else {
                    continue;
                };
                found.push(Member {
                    notation: Notation::Object,
                    name: name.clone(),
                    name_span: *name_span,
                    value: item.value.span,
                    span: name_span.to(item.value.span),
                    container: expression.span,
                    previous: index.checked_sub(1).and_then(whole),
                    next: whole(index + 1),
                    names: names.iter().map(|(name, _)| name.clone()).collect(),
                });
                in_expression(&item.value, span, found);
            }
        }
        hcl::ExpressionKind::Tuple(elements) => {
            let spans: Vec<Span> = elements.iter().map(|element| element.span).collect();
            if let Some(index) = spans.iter().position(|element| element.contains(span)) {
                found.extend(element(Notation::Object, &spans, index, expression.span));
                if let Some(inner) = elements.get(index) {
                    in_expression(inner, span, found);
                }
            }
        }
        hcl::ExpressionKind::Parenthesis(inner) => in_expression(inner, span, found),
        _ => {}
    }
}

fn key(key: &hcl::ObjectKey) -> (String, Span) {
    match key {
        hcl::ObjectKey::Name(name, span) => (name.to_string(), *span),
        hcl::ObjectKey::Expression(expression) => match &expression.kind {
            hcl::ExpressionKind::String(text) => (text.to_string(), expression.span),
            _ => (String::new(), expression.span),
        },
    }
}

fn in_json(json: &Json, span: Span, file: &SourceFile, found: &mut Vec<Member>) {
    match &json.kind {
        JsonKind::Object(properties) => {
            // The span of a property may begin inside its quotes.
            let whole = |index: usize| {
                let property = properties.get(index)?;
                let before = file.text.get(..property.name_span.start as usize)?;
                let quote = u32::from(before.ends_with('"'));
                Some(Span {
                    start: property.name_span.start - quote,
                    ..property.name_span.to(property.value.span)
                })
            };
            for (index, property) in properties.iter().enumerate() {
                let (true, Some(own)) = (property.value.span.contains(span), whole(index)) else {
                    continue;
                };
                found.push(Member {
                    notation: Notation::Json,
                    name: property.name.to_string(),
                    name_span: property.name_span,
                    value: property.value.span,
                    span: own,
                    container: json.span,
                    previous: index.checked_sub(1).and_then(whole),
                    next: whole(index + 1),
                    names: properties
                        .iter()
                        .map(|property| property.name.to_string())
                        .collect(),
                });
                in_json(&property.value, span, file, found);
            }
        }
        JsonKind::Array(elements) => {
            let spans: Vec<Span> = elements.iter().map(|element| element.span).collect();
            if let Some(index) = spans.iter().position(|element| element.contains(span)) {
                found.extend(element(Notation::Json, &spans, index, json.span));
                if let Some(inner) = elements.get(index) {
                    in_json(inner, span, file, found);
                }
            }
        }
        _ => {}
    }
}

fn in_statement(statement: &bicep::Statement, span: Span, found: &mut Vec<Member>) {
    use bicep::StatementKind;
    if !statement.span.contains(span) {
        return;
    }
    match &statement.kind {
        StatementKind::Parameter(parameter) => {
            if let Some(value) = &parameter.value {
                in_bicep(value, span, found);
            }
        }
        StatementKind::Variable { value, .. } => in_bicep(value, span, found),
        StatementKind::Resource(resource) => in_bicep(&resource.value, span, found),
        StatementKind::Module(module) => in_bicep(&module.value, span, found),
        _ => {}
    }
}

fn in_bicep(expression: &bicep::Expression, span: Span, found: &mut Vec<Member>) {
    use bicep::{ExpressionKind, Item, Property};
    match &expression.kind {
        ExpressionKind::Object(properties) => in_properties(properties, expression.span, span, found),
        ExpressionKind::Array(items) => {
            let values: Vec<&bicep::Expression> = items
                .iter()
                .map(|item| match item {
                    Item::One(value) | Item::Spread(value) => value,
                })
                .collect();
            let spans: Vec<Span> = values.iter().map(|value| value.span).collect();
            if let Some(index) = spans.iter().position(|element| element.contains(span)) {
                found.extend(element(Notation::Bicep, &spans, index, expression.span));
                if let Some(inner) = values.get(index) {
                    in_bicep(inner, span, found);
                }
            }
        }
        ExpressionKind::Parenthesised(inner) | ExpressionKind::If(_, inner) => in_bicep(inner, span, found),
        ExpressionKind::For(each) => in_bicep(&each.body, span, found),
        _ => {}
    }
    fn in_properties(properties: &[Property], container: Span, span: Span, found: &mut Vec<Member>) {
        let whole = |index: usize| match properties.get(index)? {
            Property::Named { span, .. } | Property::Broken(span) => Some(*span),
            Property::Resource(statement) => Some(statement.span),
            Property::Spread(expression) => Some(expression.span),
        };
        let name_of = |property: &Property| match property {
            Property::Named { name, .. } => match &name.kind {
                ExpressionKind::Name(text) | ExpressionKind::Text(text) => text.to_string(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        for (index, property) in properties.iter().enumerate() {
            match property {
                Property::Named {
                    name,
                    value,
                    span: own,
                } if value.span.contains(span) => {
                    found.push(Member {
                        notation: Notation::Bicep,
                        name: name_of(property),
                        name_span: name.span,
                        value: value.span,
                        span: *own,
                        container,
                        previous: index.checked_sub(1).and_then(whole),
                        next: whole(index + 1),
                        names: properties.iter().map(name_of).collect(),
                    });
                    in_bicep(value, span, found);
                }
                Property::Resource(statement) => in_statement(statement, span, found),
                _ => {}
            }
        }
    }
}

fn element(notation: Notation, spans: &[Span], index: usize, list: Span) -> Option<Member> {
    let span = *spans.get(index)?;
    Some(Member {
        notation,
        name: String::new(),
        name_span: Span {
            end: span.start,
            ..span
        },
        value: span,
        span,
        container: list,
        previous: index.checked_sub(1).and_then(|index| spans.get(index)).copied(),
        next: spans.get(index + 1).copied(),
        names: Vec::new(),
    })
}
