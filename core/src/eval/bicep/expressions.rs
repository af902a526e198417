//! Expressions of Bicep to those of ARM, with the functions that the Bicep compiler would write.

use std::sync::Arc;

use super::Lowering;
use super::names::{Meaning, Scope, joined};
use crate::source::Span;
use crate::syntax::arm::expression::{Access, Expression, ExpressionKind, Index, Item, Lambda, Member, Name};
use crate::syntax::bicep::tree::{
    self, BinaryOperator, ExpressionKind as Kind, For, Part, Property, UnaryOperator,
};

impl<'t> Lowering<'t> {
    pub(super) fn expression(&mut self, written: &'t tree::Expression) -> Expression {
        let span = written.span;
        let kind = match &written.kind {
            Kind::Null => ExpressionKind::Null,
            Kind::Boolean(value) => ExpressionKind::Boolean(*value),
            Kind::Integer(digits) => ExpressionKind::Number(digits.clone()),
            Kind::Text(text) => ExpressionKind::Text(text.clone()),
            Kind::Interpolation(parts) => return self.interpolation(parts, span),
            Kind::Array(items) => ExpressionKind::Array(
                items
                    .iter()
                    .map(|item| match item {
                        tree::Item::One(item) => Item::One(self.expression(item)),
                        tree::Item::Spread(item) => Item::Spread(self.expression(item)),
                    })
                    .collect(),
            ),
            Kind::Object(properties) => ExpressionKind::Object(self.members(properties)),
            Kind::Name(name) => return self.name(name, span),
            Kind::Parenthesised(inner) | Kind::NotNull(inner) => return self.expression(inner),
            Kind::Unary(operator, operand) => return self.unary(*operator, operand, span),
            Kind::Binary(operator, left, right) => return self.binary(*operator, left, right, span),
            Kind::Conditional(parts) => {
                let parts = parts.iter().map(|part| self.expression(part)).collect();
                return Expression::call("if", parts, span);
            }
            Kind::Call(call) => return self.call(call, span),
            Kind::Member(member) => {
                let target = self.expression(&member.target);
                ExpressionKind::Member(Box::new(Access {
                    is_safe: member.is_safe || may_be_cut_short(&member.target, &target),
                    target,
                    name: member.name.text.clone(),
                    name_span: member.name.span,
                }))
            }
            Kind::Index(index) => {
                let target = self.expression(&index.target);
                ExpressionKind::Index(Box::new(Index {
                    is_safe: index.is_safe || may_be_cut_short(&index.target, &target),
                    target,
                    index: self.expression(&index.index),
                    is_from_end: index.is_from_end,
                }))
            }
            Kind::Nested(target, name) => self.nested(target, name),
            Kind::Lambda(lambda) => {
                let body = self.inside(lambda.parameters.iter().collect(), Meaning::Local, |inside| {
                    inside.expression(&lambda.body)
                });
                ExpressionKind::Lambda(Box::new(Lambda {
                    parameters: lambda.parameters.iter().map(|name| name.text.clone()).collect(),
                    body,
                }))
            }
            Kind::For(parsed) => return self.value_loop(parsed, span),
            // Only around the body of a resource, where the reader of resources takes it apart.
            Kind::If(..) | Kind::Broken => ExpressionKind::Broken,
        };
        Expression::new(kind, span)
    }

    /// Reads something that sees more names.
    pub(super) fn inside<T>(
        &mut self,
        names: Vec<&'t tree::Name>,
        meaning: Meaning,
        read: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.scopes.push(Scope { names, meaning });
        let result = read(self);
        self.scopes.pop();
        result
    }

    /// What a name means here: the innermost declaration counts.
    fn name(&self, name: &Arc<str>, span: Span) -> Expression {
        let named = |function: &str| {
            let text = Expression::new(ExpressionKind::Text(name.clone()), span);
            Expression::call(function, vec![text], span)
        };
        if let Some(symbol) = self.nested_symbol(name) {
            return Expression::new(ExpressionKind::Symbol(symbol), span);
        }
        match self.meaning(name) {
            Some(Meaning::Parameter) => named("parameters"),
            Some(Meaning::Local) => named("lambdaVariables"),
            Some(Meaning::Symbol) => Expression::new(ExpressionKind::Symbol(name.clone()), span),
            // What is not declared is an error that the evaluator knows how to say.
            Some(Meaning::Variable | Meaning::Imports) | None => named("variables"),
        }
    }

    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        let scope = self.scopes.iter().rev().find(|scope| {
            let mut names = scope.names.iter();
            names.any(|known| known.text.as_ref() == name)
        });
        match scope {
            Some(scope) => Some(scope.meaning),
            None => self.names.meaning(name),
        }
    }

    /// A resource that is written inside one of those around the expression.
    fn nested_symbol(&self, name: &str) -> Option<Arc<str>> {
        let mut enclosing = self.enclosing.iter().rev();
        enclosing.find_map(|parent| self.names.nested(parent, name))
    }

    /// `vnet::nodes`, also `vnets[0]::nodes`.
    fn nested(&mut self, target: &'t tree::Expression, name: &tree::Name) -> ExpressionKind {
        match self.expression(target).kind {
            ExpressionKind::Symbol(parent) => ExpressionKind::Symbol(joined(&parent, &name.text).into()),
            ExpressionKind::Index(mut index) => {
                let ExpressionKind::Symbol(parent) = &index.target.kind else {
                    return ExpressionKind::Broken;
                };
                let symbol = joined(parent, &name.text).into();
                index.target.kind = ExpressionKind::Symbol(symbol);
                ExpressionKind::Index(index)
            }
            _ => ExpressionKind::Broken,
        }
    }

    fn interpolation(&mut self, parts: &'t [Part], span: Span) -> Expression {
        let mut format = String::new();
        let mut arguments = Vec::new();
        for part in parts {
            match part {
                Part::Text(text, _) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
                Part::Expression(hole) => {
                    format.push_str(&format!("{{{}}}", arguments.len()));
                    arguments.push(self.expression(hole));
                }
            }
        }
        let format = Expression::new(ExpressionKind::Text(format.into()), span);
        let arguments = std::iter::once(format).chain(arguments).collect();
        Expression::call("format", arguments, span)
    }

    /// The members of an object. A part that could not be read is one whose members nobody knows.
    pub(super) fn members(&mut self, properties: &'t [Property]) -> Vec<Member> {
        let members = properties.iter().filter_map(|property| self.member(property));
        members.collect()
    }

    pub(super) fn member(&mut self, property: &'t Property) -> Option<Member> {
        Some(match property {
            Property::Named { name, value, .. } => {
                let value = self.expression(value);
                let name = match &name.kind {
                    Kind::Name(text) | Kind::Text(text) => Name::Plain {
                        text: text.clone(),
                        span: name.span,
                    },
                    _ => Name::Computed(self.expression(name)),
                };
                Member::Named { name, value }
            }
            Property::Spread(value) => Member::Spread(self.expression(value)),
            Property::Broken(span) => Member::Spread(Expression::new(ExpressionKind::Broken, *span)),
            Property::Resource(_) => return None,
        })
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &'t tree::Expression, span: Span) -> Expression {
        match (operator, &operand.kind) {
            (UnaryOperator::Not, _) => {
                let operand = self.expression(operand);
                Expression::call("not", vec![operand], span)
            }
            (UnaryOperator::Plus, _) => self.expression(operand),
            (UnaryOperator::Minus, Kind::Integer(digits)) => {
                Expression::new(ExpressionKind::Number(format!("-{digits}").into()), span)
            }
            (UnaryOperator::Minus, _) => {
                let zero = Expression::new(ExpressionKind::Number("0".into()), span);
                let operand = self.expression(operand);
                Expression::call("sub", vec![zero, operand], span)
            }
        }
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &'t tree::Expression,
        right: &'t tree::Expression,
        span: Span,
    ) -> Expression {
        let not = |inner| Expression::call("not", vec![inner], span);
        let function = match operator {
            // A chain of these is one call of many arguments, however long it is.
            BinaryOperator::And | BinaryOperator::Or | BinaryOperator::Coalesce => {
                return self.chain(operator, left, right, span);
            }
            BinaryOperator::NotEqual => return not(self.both("equals", left, right, span)),
            BinaryOperator::EqualIgnoringCase => return self.equal_ignoring_case(left, right, span),
            BinaryOperator::NotEqualIgnoringCase => {
                return not(self.equal_ignoring_case(left, right, span));
            }
            BinaryOperator::Add => "add",
            BinaryOperator::Subtract => "sub",
            BinaryOperator::Multiply => "mul",
            BinaryOperator::Divide => "div",
            BinaryOperator::Modulo => "mod",
            BinaryOperator::Equal => "equals",
            BinaryOperator::Less => "less",
            BinaryOperator::LessOrEqual => "lessOrEquals",
            BinaryOperator::Greater => "greater",
            BinaryOperator::GreaterOrEqual => "greaterOrEquals",
        };
        self.both(function, left, right, span)
    }

    fn both(
        &mut self,
        function: &str,
        left: &'t tree::Expression,
        right: &'t tree::Expression,
        span: Span,
    ) -> Expression {
        let arguments = vec![self.expression(left), self.expression(right)];
        Expression::call(function, arguments, span)
    }

    fn equal_ignoring_case(
        &mut self,
        left: &'t tree::Expression,
        right: &'t tree::Expression,
        span: Span,
    ) -> Expression {
        let lowered = [left, right].map(|side| {
            let value = self.expression(side);
            Expression::call("toLower", vec![value], side.span)
        });
        Expression::call("equals", lowered.into(), span)
    }

    fn chain(
        &mut self,
        operator: BinaryOperator,
        left: &'t tree::Expression,
        right: &'t tree::Expression,
        span: Span,
    ) -> Expression {
        let mut operands = vec![right];
        let mut first = left;
        while let Kind::Binary(same, left, right) = &first.kind
            && *same == operator
        {
            operands.push(&**right);
            first = &**left;
        }
        operands.push(first);
        let operands = operands
            .into_iter()
            .rev()
            .map(|operand| self.expression(operand))
            .collect();
        let function = match operator {
            BinaryOperator::And => "and",
            BinaryOperator::Or => "or",
            _ => "coalesce",
        };
        Expression::call(function, operands, span)
    }

    /// `[for item in list: value]` is `map(list, item => value)`, with a filter around the list.
    fn value_loop(&mut self, parsed: &'t For, span: Span) -> Expression {
        let names: Vec<&tree::Name> = parsed.item.iter().chain(&parsed.index).collect();
        let mut over = self.expression(&parsed.over);
        let mut body = &parsed.body;
        if let Kind::If(condition, value) = &body.kind {
            let test = self.loop_lambda(&names, condition);
            over = Expression::call("filter", vec![over, test], span);
            body = &**value;
        }
        let body = self.loop_lambda(&names, body);
        Expression::call("map", vec![over, body], span)
    }

    fn loop_lambda(&mut self, names: &[&'t tree::Name], body: &'t tree::Expression) -> Expression {
        let value = self.inside(names.to_vec(), Meaning::Local, |inside| inside.expression(body));
        let lambda = Lambda {
            parameters: names.iter().map(|name| name.text.clone()).collect(),
            body: value,
        };
        Expression::new(ExpressionKind::Lambda(Box::new(lambda)), body.span)
    }
}

/// Whether the steps before this one have a safe one: where `a.?b` is null, `a.?b.c[0]` is so too. A
/// parenthesis or a `!` ends that.
fn may_be_cut_short(written: &tree::Expression, target: &Expression) -> bool {
    let is_step = matches!(written.kind, Kind::Member(_) | Kind::Index(_));
    is_step
        && match &target.kind {
            ExpressionKind::Member(access) => access.is_safe,
            ExpressionKind::Index(index) => index.is_safe,
            _ => false,
        }
}
