//! Operators, calls and paths.

use std::sync::Arc;

use super::super::lexer::TokenKind;
use super::super::tree::{
    BinaryOperator, Call, Expression, ExpressionKind, Index, Lambda, Member, Name, UnaryOperator,
};
use super::{Parsed, Parser};

const EXPRESSION: &str = "expected an expression";

impl Parser<'_> {
    /// A whole expression. What stands after each `:` of `a ? b : c ? d : e` is no deeper level.
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let mut branches = Vec::new();
        let last = loop {
            let candidate = self.binary(0)?;
            let (next, ahead) = self.past_line_end();
            if next != TokenKind::Question {
                break candidate;
            }
            let height = self.height;
            self.at += ahead + 1;
            let yes = self.deeper(Self::expression)?;
            let (next, ahead) = self.past_line_end();
            if next != TokenKind::Colon {
                return Err(self.unexpected("expected `:` and what holds otherwise"));
            }
            self.at += ahead + 1;
            branches.push((candidate.span.start, candidate, yes, height.max(self.height)));
        };
        if branches.is_empty() {
            return Ok(last);
        }
        let mut result = last;
        for (from, condition, yes, height) in branches.into_iter().rev() {
            self.higher(height.max(self.height))?;
            let span = self.span_from(from);
            let parts = Box::new([condition, yes, result]);
            let kind = ExpressionKind::Conditional(parts);
            result = Expression { kind, span };
        }
        result.span = self.span_from(start);
        Ok(result)
    }

    /// Operators that bind more tightly than `least`.
    fn binary(&mut self, least: u8) -> Parsed<Expression> {
        let start = self.start();
        let mut left = self.unary()?;
        while let Some((operator, precedence)) = operator(self.kind()) {
            if precedence <= least {
                break;
            }
            let height = self.height;
            self.advance();
            let right = self.binary(precedence)?;
            self.higher(height.max(self.height))?;
            let kind = ExpressionKind::Binary(operator, Box::new(left), Box::new(right));
            let span = self.span_from(start);
            left = Expression { kind, span };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let mut operators = Vec::new();
        loop {
            let operator = match self.kind() {
                TokenKind::Exclamation => UnaryOperator::Not,
                TokenKind::Minus => UnaryOperator::Minus,
                TokenKind::Plus => UnaryOperator::Plus,
                _ => break,
            };
            operators.push((operator, self.advance().start));
        }
        let mut result = self.path_of_names()?;
        for (operator, start) in operators.into_iter().rev() {
            self.higher(self.height)?;
            let kind = ExpressionKind::Unary(operator, Box::new(result));
            let span = self.span_from(start);
            result = Expression { kind, span };
        }
        Ok(result)
    }

    /// A value and the steps from it: `vnet.properties.subnets[0].id`, `sys.concat('a', 'b')`.
    pub(super) fn path_of_names(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let mut target = self.primary()?;
        loop {
            let height = self.height;
            let kind = match self.kind() {
                TokenKind::LeftBracket => {
                    self.advance();
                    let is_safe = self.take(TokenKind::Question);
                    let is_from_end = self.take(TokenKind::Caret);
                    let index = self.deeper(|parser| {
                        let index = parser.expression()?;
                        parser.expect(TokenKind::RightBracket, "expected `]` after the index")?;
                        Ok(index)
                    })?;
                    ExpressionKind::Index(Box::new(Index {
                        target,
                        index,
                        is_safe,
                        is_from_end,
                    }))
                }
                TokenKind::Dot => {
                    self.advance();
                    let is_safe = self.take(TokenKind::Question);
                    let name = self.name("expected a name after the dot")?;
                    if self.is(TokenKind::LeftParenthesis) {
                        self.call(Some(target), name)?
                    } else {
                        ExpressionKind::Member(Box::new(Member {
                            target,
                            name,
                            is_safe,
                        }))
                    }
                }
                TokenKind::DoubleColon => {
                    self.advance();
                    let name = self.name("expected the name of a nested resource after `::`")?;
                    ExpressionKind::Nested(Box::new(target), name)
                }
                TokenKind::Exclamation => {
                    self.advance();
                    ExpressionKind::NotNull(Box::new(target))
                }
                _ => return Ok(target),
            };
            self.higher(height.max(self.height))?;
            let span = self.span_from(start);
            target = Expression { kind, span };
        }
    }

    fn call(&mut self, target: Option<Expression>, name: Name) -> Parsed<ExpressionKind> {
        let open = self.advance();
        let mut arguments = Vec::new();
        let mut height = self.height;
        self.deeper(|parser| {
            let is_broken = parser.listed(open, TokenKind::RightParenthesis, |parser| {
                let from = parser.at;
                let start = parser.start();
                match parser.expression() {
                    Ok(argument) => {
                        height = height.max(parser.height);
                        arguments.push(argument);
                        Ok(())
                    }
                    Err(failed) => {
                        parser.recover(from);
                        arguments.push(parser.broken(parser.span_from(start)));
                        Err(failed)
                    }
                }
            });
            let is_said = |argument: &Expression| matches!(argument.kind, ExpressionKind::Broken);
            if is_broken && !arguments.iter().any(is_said) {
                // Nobody may take the arguments that are there for all of them.
                let end = parser.span_from(parser.start());
                arguments.push(parser.broken(end));
            }
            Ok(())
        })?;
        self.height = height;
        Ok(ExpressionKind::Call(Box::new(Call {
            target,
            name,
            arguments,
        })))
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let token = self.token(0);
        self.height = 1;
        let kind = match token.kind {
            TokenKind::Text | TokenKind::TextStart => return self.text_expression(),
            TokenKind::LeftBrace => return self.object(false),
            TokenKind::LeftBracket => return self.array(),
            TokenKind::LeftParenthesis if self.is_lambda() => return self.lambda(),
            TokenKind::LeftParenthesis => return self.parenthesised(),
            TokenKind::Integer => {
                self.advance();
                ExpressionKind::Integer(Arc::from(self.text_of(token)))
            }
            TokenKind::Identifier if self.token(1).kind == TokenKind::Arrow => return self.lambda(),
            TokenKind::Identifier => {
                self.advance();
                if self.is(TokenKind::LeftParenthesis) {
                    let name = Name {
                        text: Arc::from(self.text_of(token)),
                        span: self.span_of(token),
                    };
                    self.height = 0;
                    let kind = self.call(None, name)?;
                    self.higher(self.height)?;
                    kind
                } else {
                    match self.text_of(token) {
                        "true" => ExpressionKind::Boolean(true),
                        "false" => ExpressionKind::Boolean(false),
                        "null" => ExpressionKind::Null,
                        name => ExpressionKind::Name(Arc::from(name)),
                    }
                }
            }
            _ => return Err(self.unexpected(EXPRESSION)),
        };
        Ok(Expression {
            kind,
            span: self.span_from(token.start),
        })
    }

    /// Whether the parenthesis here holds a lambda's parameters: names, and an arrow after them.
    fn is_lambda(&self) -> bool {
        let mut ahead = 1;
        let line_end = |ahead: &mut usize| {
            if self.token(*ahead).kind == TokenKind::NewLine {
                *ahead += 1;
            }
        };
        line_end(&mut ahead);
        while self.token(ahead).kind == TokenKind::Identifier {
            ahead += 1;
            line_end(&mut ahead);
            if self.token(ahead).kind != TokenKind::Comma {
                break;
            }
            ahead += 1;
            line_end(&mut ahead);
        }
        self.token(ahead).kind == TokenKind::RightParenthesis
            && self.token(ahead + 1).kind == TokenKind::Arrow
    }

    fn lambda(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let mut parameters = Vec::new();
        let has_list = self.take(TokenKind::LeftParenthesis);
        while !self.is(TokenKind::Arrow) {
            let token = self.advance();
            if token.kind == TokenKind::Identifier {
                parameters.push(Name {
                    text: Arc::from(self.text_of(token)),
                    span: self.span_of(token),
                });
            } else if !has_list || token.kind == TokenKind::EndOfFile {
                return Err(self.unexpected(EXPRESSION));
            }
        }
        self.advance();
        if !(self.is(TokenKind::NewLine) && self.begins_statement(1, true)) {
            self.skip_line_end();
        }
        let body = self.deeper(Self::expression)?;
        self.higher(self.height)?;
        Ok(Expression {
            kind: ExpressionKind::Lambda(Box::new(Lambda { parameters, body })),
            span: self.span_from(start),
        })
    }
}

/// The higher, the more tightly it binds.
fn operator(kind: TokenKind) -> Option<(BinaryOperator, u8)> {
    Some(match kind {
        TokenKind::Coalesce => (BinaryOperator::Coalesce, 1),
        TokenKind::Or => (BinaryOperator::Or, 2),
        TokenKind::And => (BinaryOperator::And, 3),
        TokenKind::Equal => (BinaryOperator::Equal, 4),
        TokenKind::NotEqual => (BinaryOperator::NotEqual, 4),
        TokenKind::EqualIgnoringCase => (BinaryOperator::EqualIgnoringCase, 4),
        TokenKind::NotEqualIgnoringCase => (BinaryOperator::NotEqualIgnoringCase, 4),
        TokenKind::Less => (BinaryOperator::Less, 5),
        TokenKind::LessOrEqual => (BinaryOperator::LessOrEqual, 5),
        TokenKind::Greater => (BinaryOperator::Greater, 5),
        TokenKind::GreaterOrEqual => (BinaryOperator::GreaterOrEqual, 5),
        TokenKind::Plus => (BinaryOperator::Add, 6),
        TokenKind::Minus => (BinaryOperator::Subtract, 6),
        TokenKind::Asterisk => (BinaryOperator::Multiply, 7),
        TokenKind::Slash => (BinaryOperator::Divide, 7),
        TokenKind::Percent => (BinaryOperator::Modulo, 7),
        _ => return None,
    })
}
