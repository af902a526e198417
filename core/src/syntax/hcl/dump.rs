//! A tree as text, for tests: one node per line with the text it was read from.

use std::fmt::Write as _;

use super::tree::{
    Block, Body, Expression, ExpressionKind, File, ObjectKey, TemplatePart, TraversalStepKind,
};
use crate::source::Span;

pub(super) fn file(file: &File, text: &str) -> String {
    let mut dump = Dump {
        text,
        out: String::new(),
    };
    dump.body(&file.body, 0);
    for comment in &file.comments {
        dump.line(0, format!("comment {:?}", comment.text), comment.span);
    }
    for error in &file.errors {
        dump.line(0, format!("error {}", error.message), error.span);
    }
    dump.out
}

/// One block.
pub(super) fn block(block: &Block, text: &str) -> String {
    let mut dump = Dump {
        text,
        out: String::new(),
    };
    dump.block(block, 0);
    dump.out
}

struct Dump<'a> {
    text: &'a str,
    out: String,
}

impl Dump<'_> {
    fn line(&mut self, level: usize, what: String, span: Span) {
        let read = self.text.get(span.start as usize..span.end as usize);
        let read = read.unwrap_or("<no such text>").escape_debug().to_string();
        let read = if read.chars().count() > 60 {
            let start: String = read.chars().take(28).collect();
            let end: String = read.chars().skip(read.chars().count() - 28).collect();
            format!("{start} … {end}")
        } else {
            read
        };
        let _ = writeln!(self.out, "{}{what} ‹{read}›", "  ".repeat(level));
    }

    fn body(&mut self, body: &Body, level: usize) {
        if body.incomplete {
            self.line(level, "incomplete".to_owned(), body.span);
        }
        for attribute in &body.attributes {
            self.line(level, format!("attribute {}", attribute.name), attribute.span);
            self.expression("=", &attribute.value, level + 1);
        }
        for block in &body.blocks {
            self.block(block, level);
        }
    }

    fn block(&mut self, block: &Block, level: usize) {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        self.line(level, format!("block {} {labels:?}", block.kind), block.header);
        self.body(&block.body, level + 1);
    }

    fn expression(&mut self, role: &str, expression: &Expression, level: usize) {
        let span = expression.span;
        let mut node = |what: String| self.line(level, format!("{role} {what}"), span);
        let level = level + 1;
        match &expression.kind {
            ExpressionKind::Null => node("null".to_owned()),
            ExpressionKind::Bool(value) => node(value.to_string()),
            ExpressionKind::Number(digits) => node(format!("number {digits}")),
            ExpressionKind::String(text) => node(format!("string {text:?}")),
            ExpressionKind::Name(name) => node(format!("name {name}")),
            ExpressionKind::Unreadable(why) => node(format!("unreadable: {why}")),
            ExpressionKind::Template(parts) => {
                node("template".to_owned());
                self.parts(parts, level);
            }
            ExpressionKind::Tuple(items) => {
                node("tuple".to_owned());
                for item in items {
                    self.expression("-", item, level);
                }
            }
            ExpressionKind::Object(items) => {
                node("object".to_owned());
                for item in items {
                    match &item.key {
                        ObjectKey::Name(name, span) => self.line(level, format!("key {name}"), *span),
                        ObjectKey::Expression(key) => self.expression("key", key, level),
                    }
                    self.expression("=", &item.value, level + 1);
                }
            }
            ExpressionKind::Traversal(traversal) => {
                node("traversal".to_owned());
                self.expression("on", &traversal.on, level);
                for step in &traversal.steps {
                    match &step.kind {
                        TraversalStepKind::Attribute(name) => {
                            self.line(level, format!("attribute {name}"), step.span);
                        }
                        TraversalStepKind::Index(index) => {
                            self.line(level, "index".to_owned(), step.span);
                            self.expression("at", index, level + 1);
                        }
                        TraversalStepKind::LegacyIndex(index) => {
                            self.line(level, format!("legacy index {index}"), step.span);
                        }
                        TraversalStepKind::FullSplat => self.line(level, "full splat".to_owned(), step.span),
                        TraversalStepKind::AttributeSplat => {
                            self.line(level, "attribute splat".to_owned(), step.span);
                        }
                    }
                }
            }
            ExpressionKind::Call(call) => {
                let expand = if call.expand_last { " expanding" } else { "" };
                node(format!("call {}{expand}", call.name));
                for argument in &call.arguments {
                    self.expression("-", argument, level);
                }
            }
            ExpressionKind::Unary(operator, on) => {
                node(format!("{operator:?}"));
                self.expression("-", on, level);
            }
            ExpressionKind::Binary(operator, left, right) => {
                node(format!("{operator:?}"));
                self.expression("-", left, level);
                self.expression("-", right, level);
            }
            ExpressionKind::Conditional(conditional) => {
                node("conditional".to_owned());
                self.expression("if", &conditional.test, level);
                self.expression("then", &conditional.yes, level);
                self.expression("else", &conditional.no, level);
            }
            ExpressionKind::For(parsed) => {
                let grouping = if parsed.grouping { " grouping" } else { "" };
                node(format!("for {:?} {}{grouping}", parsed.key, parsed.value));
                self.expression("in", &parsed.collection, level);
                if let Some(key) = &parsed.key_result {
                    self.expression("key", key, level);
                }
                self.expression("result", &parsed.result, level);
                if let Some(condition) = &parsed.condition {
                    self.expression("if", condition, level);
                }
            }
            ExpressionKind::Parenthesis(inner) => {
                node("parenthesis".to_owned());
                self.expression("-", inner, level);
            }
        }
    }

    fn parts(&mut self, parts: &[TemplatePart], level: usize) {
        for part in parts {
            match part {
                TemplatePart::Literal(text, span) => self.line(level, format!("literal {text:?}"), *span),
                TemplatePart::Interpolation(inner) => self.expression("${}", inner, level),
                TemplatePart::If { test, yes, no } => {
                    self.expression("%{if}", test, level);
                    self.parts(yes, level + 1);
                    self.expression("%{else} of", test, level);
                    self.parts(no, level + 1);
                }
                TemplatePart::For {
                    key,
                    value,
                    collection,
                    body,
                } => {
                    self.expression(&format!("%{{for {key:?} {value}}}"), collection, level);
                    self.parts(body, level + 1);
                }
            }
        }
    }
}
