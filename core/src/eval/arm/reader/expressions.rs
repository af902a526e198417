//! JSON values with expressions in them.

use std::sync::Arc;

use super::{Reader, copies};
use crate::source::Span;
use crate::syntax::arm::expression::{Copy, Expression, ExpressionKind, Item, Member, Name};
use crate::syntax::arm::parse;
use crate::syntax::json::tree::{Json, JsonKind};

impl Reader<'_> {
    pub(super) fn expression(&mut self, json: &Json) -> Expression {
        let kind = match &json.kind {
            JsonKind::Null => ExpressionKind::Null,
            JsonKind::Boolean(value) => ExpressionKind::Boolean(*value),
            JsonKind::Number(number) => ExpressionKind::Number(number.clone()),
            JsonKind::Text(text) => return self.text(text, json.span),
            JsonKind::Array(elements) => {
                let elements = elements.iter().map(|element| Item::One(self.expression(element)));
                ExpressionKind::Array(elements.collect())
            }
            JsonKind::Object(_) => ExpressionKind::Object(self.members(json, &[])),
        };
        Expression::new(kind, json.span)
    }

    /// The members of an object but for those named, with what its `copy` makes.
    pub(super) fn members(&mut self, json: &Json, without: &[&str]) -> Vec<Member> {
        let mut members = Vec::new();
        for property in json.as_object().unwrap_or_default() {
            if without
                .iter()
                .any(|name| property.name.eq_ignore_ascii_case(name))
            {
                continue;
            }
            if let Some(copies) = copies(property) {
                for copy in copies {
                    if let Some((name, span, value)) = self.property_copy(copy) {
                        members.push(Member::plain(name, span, value));
                    }
                }
                continue;
            }
            let name = if property.name.starts_with('[') {
                Name::Computed(self.quoted(property.name_span, &property.name))
            } else {
                Name::Plain {
                    text: property.name.clone(),
                    span: property.name_span,
                }
            };
            members.push(Member::Named {
                name,
                value: self.expression(&property.value),
            });
        }
        members
    }

    /// A text, or the expression that it is. The span is that of the text with its quotes.
    fn text(&mut self, text: &Arc<str>, span: Span) -> Expression {
        if !text.starts_with('[') {
            return Expression::new(ExpressionKind::Text(text.clone()), span);
        }
        let inside = Span {
            start: span.start + 1,
            end: span.end.saturating_sub(1),
            ..span
        };
        let mut read = self.quoted(inside, text);
        if matches!(read.kind, ExpressionKind::Text(_)) {
            read.span = span;
        }
        read
    }

    /// What stands between quotes; `text` is the same with its escapes resolved.
    fn quoted(&mut self, inside: Span, text: &Arc<str>) -> Expression {
        let raw = self.text.get(inside.start as usize..inside.end as usize);
        let Some(raw) = raw else {
            return Expression::new(ExpressionKind::Text(text.clone()), inside);
        };
        let parsed = parse(self.file, raw, inside.start as usize);
        self.errors.extend(parsed.errors);
        parsed.expression
    }

    /// `{ "name": "subnets", "count": 3, "input": { … } }` as a member of its name.
    pub(super) fn property_copy(&mut self, copy: &Json) -> Option<(Arc<str>, Span, Expression)> {
        let name = copy.property("name")?;
        let text = name.value.as_text()?.clone();
        let looped = self.loop_of(&text, copy)?;
        Some((text, name.value.span, looped))
    }

    pub(super) fn loop_of(&mut self, name: &Arc<str>, copy: &Json) -> Option<Expression> {
        let looped = Copy {
            name: name.clone(),
            count: self.expression(copy.get("count")?),
            body: self.expression(copy.get("input")?),
        };
        Some(Expression::new(ExpressionKind::Copy(Box::new(looped)), copy.span))
    }
}
