//! Expressions of hcl-edit to expressions of our tree.
//!
//! Names and digits are read from the text of the file by their span, not from the parsed node, so that a
//! parser input in which bytes were replaced still gives what the user wrote.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::expr as edit;

use super::template;
use super::tree::{
    BinaryOperator, Call, Conditional, Expression, ExpressionKind, For, ObjectItem, ObjectKey, Traversal,
    TraversalStep, TraversalStepKind, UnaryOperator,
};
use crate::source::{FileId, Span};

/// Where the parsed text stands in its file.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) file: FileId,
    /// The text as the user wrote it, as long as the text that was parsed.
    pub(super) written: &'a str,
    /// The offset of `written` in the file.
    pub(super) offset: usize,
    /// For text that was written with escapes: the offset of each of its bytes, and of its end, from `offset`.
    pub(super) offsets: Option<&'a [usize]>,
    /// The parsed text differs from what was written, see [`super::repair`].
    pub(super) repaired: bool,
    /// Where a quoted string goes on over a line end, which hcl-edit takes and Terraform refuses: nearly
    /// always a quote is missing.
    pub(super) line_end_in_string: &'a Cell<Option<usize>>,
}

impl Place<'_> {
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let offset = |at: usize| {
            self.offsets
                .and_then(|offsets| offsets.get(at))
                .copied()
                .unwrap_or(at)
        };
        let (start, end) = (offset(range.start), offset(range.end));
        Span::new(self.file, self.offset + start, self.offset + end)
    }

    /// Every node that is parsed from text has a range; the empty one is never seen.
    pub(super) fn range(&self, node: &impl hcl_edit::Span) -> Range<usize> {
        node.span().unwrap_or(0..0)
    }

    pub(super) fn written(&self, range: &Range<usize>) -> &str {
        self.written.get(range.clone()).unwrap_or_default()
    }

    /// Notes a line end in a piece of a quoted string.
    pub(super) fn check_one_line(&self, range: &Range<usize>) {
        if self.written(range).contains('\n') && self.line_end_in_string.get().is_none() {
            self.line_end_in_string.set(Some(range.start));
        }
    }

    pub(super) fn name(&self, node: &impl hcl_edit::Span) -> (Arc<str>, Span) {
        let range = self.range(node);
        (self.written(&range).into(), self.span(&range))
    }
}

pub(super) fn expression(parsed: &edit::Expression, place: Place<'_>) -> Expression {
    let range = place.range(parsed);
    let kind = match parsed {
        edit::Expression::Null(_) => ExpressionKind::Null,
        edit::Expression::Bool(value) => ExpressionKind::Bool(*value.value()),
        edit::Expression::Number(_) => number(&range, place),
        edit::Expression::String(value) => {
            place.check_one_line(&range);
            if place.repaired {
                let inside = range.start + 1..range.end.saturating_sub(1);
                ExpressionKind::String(template::unescaped(place.written(&inside)).into())
            } else {
                ExpressionKind::String(value.as_str().into())
            }
        }
        edit::Expression::Array(items) => {
            ExpressionKind::Tuple(items.iter().map(|item| expression(item, place)).collect())
        }
        edit::Expression::Object(object) => {
            let items = object.iter().map(|(key, value)| ObjectItem {
                key: object_key(key, place),
                value: expression(value.expr(), place),
            });
            ExpressionKind::Object(items.collect())
        }
        edit::Expression::StringTemplate(parsed) => {
            template::kind(parsed.iter().collect(), template::Form::Quoted, place)
        }
        edit::Expression::HeredocTemplate(parsed) => {
            let form = if place.written(&range).starts_with("<<-") {
                template::Form::IndentedHeredoc
            } else {
                template::Form::Heredoc
            };
            template::kind(parsed.template.iter().collect(), form, place)
        }
        edit::Expression::Parenthesis(inner) => {
            ExpressionKind::Parenthesis(Box::new(expression(inner.inner(), place)))
        }
        edit::Expression::Variable(_) => ExpressionKind::Name(place.written(&range).into()),
        edit::Expression::Conditional(conditional) => ExpressionKind::Conditional(Box::new(Conditional {
            test: expression(&conditional.cond_expr, place),
            yes: expression(&conditional.true_expr, place),
            no: expression(&conditional.false_expr, place),
        })),
        edit::Expression::FuncCall(parsed) => ExpressionKind::Call(Box::new(call(parsed, place))),
        edit::Expression::Traversal(parsed) => ExpressionKind::Traversal(Box::new(Traversal {
            on: expression(&parsed.expr, place),
            steps: parsed
                .operators
                .iter()
                .map(|step| traversal_step(step, place))
                .collect(),
        })),
        edit::Expression::UnaryOp(parsed) => ExpressionKind::Unary(
            match parsed.operator.value() {
                edit::UnaryOperator::Neg => UnaryOperator::Negate,
                edit::UnaryOperator::Not => UnaryOperator::Not,
            },
            Box::new(expression(&parsed.expr, place)),
        ),
        edit::Expression::BinaryOp(parsed) => ExpressionKind::Binary(
            binary_operator(*parsed.operator.value()),
            Box::new(expression(&parsed.lhs_expr, place)),
            Box::new(expression(&parsed.rhs_expr, place)),
        ),
        edit::Expression::ForExpr(parsed) => ExpressionKind::For(Box::new(for_expression(parsed, place))),
    };
    Expression {
        kind,
        span: place.span(&range),
    }
}

/// hcl-edit folds the sign into the number; here it is an operator, as in the language.
fn number(range: &Range<usize>, place: Place<'_>) -> ExpressionKind {
    let written = place.written(range);
    let Some(rest) = written.strip_prefix('-') else {
        return ExpressionKind::Number(written.into());
    };
    let digits = rest.len() - rest.bytes().rev().take_while(|byte| is_digit_byte(*byte)).count();
    let digits = range.start + 1 + digits..range.end;
    let number = Expression {
        kind: ExpressionKind::Number(place.written(&digits).into()),
        span: place.span(&digits),
    };
    ExpressionKind::Unary(UnaryOperator::Negate, Box::new(number))
}

fn is_digit_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')
}

fn object_key(key: &edit::ObjectKey, place: Place<'_>) -> ObjectKey {
    match key {
        edit::ObjectKey::Ident(name) => {
            let (name, span) = place.name(name);
            ObjectKey::Name(name, span)
        }
        edit::ObjectKey::Expression(key) => ObjectKey::Expression(expression(key, place)),
    }
}

fn call(parsed: &edit::FuncCall, place: Place<'_>) -> Call {
    let name = &parsed.name;
    let last = place.range(&name.name);
    let first = name
        .namespace
        .first()
        .map_or(last.clone(), |first| place.range(first));
    let mut text = String::new();
    for part in &name.namespace {
        text.push_str(place.written(&place.range(part)));
        text.push_str("::");
    }
    text.push_str(place.written(&last));
    Call {
        name: text.into(),
        name_span: place.span(&(first.start..last.end)),
        arguments: parsed
            .args
            .iter()
            .map(|argument| expression(argument, place))
            .collect(),
        expand_last: parsed.args.expand_final(),
    }
}

fn traversal_step(step: &hcl_edit::Decorated<edit::TraversalOperator>, place: Place<'_>) -> TraversalStep {
    let kind = match step.value() {
        edit::TraversalOperator::AttrSplat(_) => TraversalStepKind::AttributeSplat,
        edit::TraversalOperator::FullSplat(_) => TraversalStepKind::FullSplat,
        edit::TraversalOperator::GetAttr(name) => TraversalStepKind::Attribute(place.name(name).0),
        edit::TraversalOperator::Index(index) => TraversalStepKind::Index(expression(index, place)),
        edit::TraversalOperator::LegacyIndex(index) => TraversalStepKind::LegacyIndex(*index.value()),
    };
    TraversalStep {
        kind,
        span: place.span(&place.range(step)),
    }
}

fn binary_operator(operator: edit::BinaryOperator) -> BinaryOperator {
    match operator {
        edit::BinaryOperator::Eq => BinaryOperator::Equal,
        edit::BinaryOperator::NotEq => BinaryOperator::NotEqual,
        edit::BinaryOperator::LessEq => BinaryOperator::LessOrEqual,
        edit::BinaryOperator::GreaterEq => BinaryOperator::GreaterOrEqual,
        edit::BinaryOperator::Less => BinaryOperator::Less,
        edit::BinaryOperator::Greater => BinaryOperator::Greater,
        edit::BinaryOperator::Plus => BinaryOperator::Add,
        edit::BinaryOperator::Minus => BinaryOperator::Subtract,
        edit::BinaryOperator::Mul => BinaryOperator::Multiply,
        edit::BinaryOperator::Div => BinaryOperator::Divide,
        edit::BinaryOperator::Mod => BinaryOperator::Modulo,
        edit::BinaryOperator::And => BinaryOperator::And,
        edit::BinaryOperator::Or => BinaryOperator::Or,
    }
}

fn for_expression(parsed: &edit::ForExpr, place: Place<'_>) -> For {
    let intro = &parsed.intro;
    For {
        key: intro.key_var.as_ref().map(|name| place.name(name).0),
        value: place.name(&intro.value_var).0,
        collection: expression(&intro.collection_expr, place),
        key_result: parsed.key_expr.as_ref().map(|key| expression(key, place)),
        result: expression(&parsed.value_expr, place),
        grouping: parsed.grouping,
        condition: parsed
            .cond
            .as_ref()
            .map(|condition| expression(&condition.expr, place)),
    }
}
