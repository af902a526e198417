//! Values of JSON syntax as expressions.

use std::borrow::Cow;

use jsonc_parser::ast::{ObjectProp, StringLit, Value};

use super::super::native::{self, Part};
use super::super::recovery;
use super::super::tree::{Expression, ExpressionKind, ObjectItem, ObjectKey, TemplatePart, UnaryOperator};
use super::{Json, range};
use crate::source::Span;

const MAXIMUM_NESTING: usize = 64;

/// How strings are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As templates; a string that is only an interpolation is its expression.
    Template,
    /// As the expressions that they hold: references and type constraints.
    Expression,
    /// As they are.
    Literal,
}

impl Json<'_> {
    pub(super) fn value(&mut self, value: &Value<'_>, reading: Reading, level: usize) -> Expression {
        let span = self.span(range(value));
        let kind = match value {
            Value::StringLit(text) => return self.string(text, reading),
            Value::NumberLit(number) => match number.value.strip_prefix('-') {
                None => ExpressionKind::Number(number.value.into()),
                Some(digits) => {
                    let mut digits_span = span;
                    digits_span.start += 1;
                    let number = Expression {
                        kind: ExpressionKind::Number(digits.into()),
                        span: digits_span,
                    };
                    ExpressionKind::Unary(UnaryOperator::Negate, Box::new(number))
                }
            },
            Value::BooleanLit(literal) => ExpressionKind::Bool(literal.value),
            Value::NullKeyword(_) => ExpressionKind::Null,
            Value::Array(_) | Value::Object(_) if level >= MAXIMUM_NESTING => {
                let range = range(value);
                self.error(range.start..range.start + 1, recovery::TOO_DEEP);
                ExpressionKind::Unreadable(recovery::TOO_DEEP.into())
            }
            Value::Array(array) => {
                let elements = array.elements.iter();
                ExpressionKind::Tuple(
                    elements
                        .map(|element| self.value(element, reading, level + 1))
                        .collect(),
                )
            }
            Value::Object(object) => {
                let mut items = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    if reading == Reading::Literal || !self.comment(property) {
                        items.push(self.item(property, reading, level));
                    }
                }
                ExpressionKind::Object(items)
            }
        };
        Expression { kind, span }
    }

    fn item(&mut self, property: &ObjectProp<'_>, reading: Reading, level: usize) -> ObjectItem {
        let name = property.name.as_str();
        let has_template = reading == Reading::Template && (name.contains("${") || name.contains("%{"));
        let key = match &property.name {
            jsonc_parser::ast::ObjectPropName::String(text) if has_template => {
                ObjectKey::Expression(self.string(text, reading))
            }
            name => ObjectKey::Name(name.as_str().into(), self.name_span(name)),
        };
        ObjectItem {
            key,
            value: self.value(&property.value, reading, level + 1),
        }
    }

    fn string(&mut self, text: &StringLit<'_>, reading: Reading) -> Expression {
        let span = self.span(text.range);
        let is_template = text.value.contains("${") || text.value.contains("%{");
        if reading == Reading::Literal || (reading == Reading::Template && !is_template) {
            return Expression {
                kind: ExpressionKind::String(text.value.as_ref().into()),
                span,
            };
        }
        let inside = text.range.start + 1..text.range.end.saturating_sub(1);
        let escaped = self.written.get(inside.clone()).unwrap_or_default();
        let offsets = match &text.value {
            Cow::Borrowed(_) => None,
            Cow::Owned(plain) => offsets(escaped, plain),
        };
        let is_mapped = offsets.is_some() || escaped == text.value;
        let part = Part {
            file: self.file,
            written: &text.value,
            offset: self.offset + inside.start,
            offsets: offsets.as_deref(),
        };
        let read = if is_template {
            native::template(part).map(|parts| template(parts, span))
        } else {
            native::expression(part, false)
        };
        match read {
            Ok(expression) if is_mapped => expression,
            Ok(_) => {
                let kind = ExpressionKind::Unreadable("its escape sequences are not those of JSON".into());
                Expression { kind, span }
            }
            Err(failure) => {
                let message = recovery::translated(&failure);
                self.error(
                    text.range.start..text.range.end,
                    format!("in this string: {message}"),
                );
                Expression {
                    kind: ExpressionKind::Unreadable(message.into()),
                    span,
                }
            }
        }
    }
}

/// The value of a template: a lone interpolation is the expression in it.
fn template(mut parts: Vec<TemplatePart>, span: Span) -> Expression {
    let kind = match parts.as_mut_slice() {
        [] => ExpressionKind::String("".into()),
        [TemplatePart::Literal(text, _)] => ExpressionKind::String(text.clone()),
        [TemplatePart::Interpolation(_)] => match parts.pop() {
            Some(TemplatePart::Interpolation(expression)) => return expression,
            _ => ExpressionKind::String("".into()),
        },
        _ => ExpressionKind::Template(parts),
    };
    Expression { kind, span }
}

/// Where each byte of a decoded JSON string, and its end, stands in the escaped text; `None` when the two do
/// not fit together.
fn offsets(escaped: &str, plain: &str) -> Option<Vec<usize>> {
    let mut offsets = Vec::with_capacity(plain.len() + 1);
    let mut at = 0;
    for letter in plain.chars() {
        let rest = escaped.get(at..)?;
        let length = match rest.as_bytes() {
            [b'\\', b'u', ..] if letter.len_utf16() == 2 => 12,
            [b'\\', b'u', ..] => 6,
            [b'\\', ..] => 2,
            _ => rest.chars().next()?.len_utf8(),
        };
        offsets.extend(std::iter::repeat_n(at, letter.len_utf8()));
        at += length;
    }
    offsets.push(at);
    (at == escaped.len()).then_some(offsets)
}
