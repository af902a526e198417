//! A tree whose text stands further up or down in its file than when it was read.

use super::tree::{
    Attribute, Block, Body, Expression, ExpressionKind, ObjectItem, ObjectKey, TemplatePart, Traversal,
    TraversalStepKind,
};
use crate::source::Span;

pub(super) fn span(span: &mut Span, by: i64) {
    let shifted = |offset: u32| u32::try_from(i64::from(offset) + by).unwrap_or(u32::MAX);
    span.start = shifted(span.start);
    span.end = shifted(span.end);
}

pub(super) fn attribute(attribute: &mut Attribute, by: i64) {
    span(&mut attribute.name_span, by);
    span(&mut attribute.span, by);
    expression(&mut attribute.value, by);
}

pub(super) fn block(block: &mut Block, by: i64) {
    for label in &mut block.labels {
        span(&mut label.span, by);
    }
    span(&mut block.header, by);
    span(&mut block.span, by);
    body(&mut block.body, by);
}

fn body(body: &mut Body, by: i64) {
    span(&mut body.span, by);
    for attribute in &mut body.attributes {
        self::attribute(attribute, by);
    }
    for block in &mut body.blocks {
        self::block(block, by);
    }
}

fn expression(expression: &mut Expression, by: i64) {
    span(&mut expression.span, by);
    match &mut expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Name(_)
        | ExpressionKind::Unreadable(_) => {}
        ExpressionKind::Template(template) => parts(template, by),
        ExpressionKind::Tuple(elements) => expressions(elements, by),
        ExpressionKind::Object(items) => items.iter_mut().for_each(|item| object_item(item, by)),
        ExpressionKind::Traversal(on) => traversal(on, by),
        ExpressionKind::Call(call) => {
            span(&mut call.name_span, by);
            expressions(&mut call.arguments, by);
        }
        ExpressionKind::Unary(_, on) | ExpressionKind::Parenthesis(on) => self::expression(on, by),
        ExpressionKind::Binary(_, left, right) => {
            self::expression(left, by);
            self::expression(right, by);
        }
        ExpressionKind::Conditional(conditional) => {
            self::expression(&mut conditional.test, by);
            self::expression(&mut conditional.yes, by);
            self::expression(&mut conditional.no, by);
        }
        ExpressionKind::For(parsed) => {
            self::expression(&mut parsed.collection, by);
            expressions(&mut parsed.key_result, by);
            self::expression(&mut parsed.result, by);
            expressions(&mut parsed.condition, by);
        }
    }
}

fn expressions<'a>(all: impl IntoIterator<Item = &'a mut Expression>, by: i64) {
    for one in all {
        expression(one, by);
    }
}

fn object_item(item: &mut ObjectItem, by: i64) {
    match &mut item.key {
        ObjectKey::Name(_, place) => span(place, by),
        ObjectKey::Expression(key) => expression(key, by),
    }
    expression(&mut item.value, by);
}

fn traversal(traversal: &mut Traversal, by: i64) {
    expression(&mut traversal.on, by);
    for step in &mut traversal.steps {
        span(&mut step.span, by);
        if let TraversalStepKind::Index(index) = &mut step.kind {
            expression(index, by);
        }
    }
}

fn parts(template: &mut [TemplatePart], by: i64) {
    for part in template {
        match part {
            TemplatePart::Literal(_, place) => span(place, by),
            TemplatePart::Interpolation(inner) => expression(inner, by),
            TemplatePart::If { test, yes, no } => {
                expression(test, by);
                parts(yes, by);
                parts(no, by);
            }
            TemplatePart::For { collection, body, .. } => {
                expression(collection, by);
                parts(body, by);
            }
        }
    }
}
