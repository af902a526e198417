//! Objects, arrays, loops, conditions and parentheses.

use std::sync::Arc;

use super::super::lexer::{Token, TokenKind};
use super::super::tree::{Expression, ExpressionKind, For, Item, Property};
use super::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn object(&mut self, may_nest: bool) -> Parsed<Expression> {
        let open = self.expect(TokenKind::LeftBrace, "expected `{`")?;
        let mut height = 0;
        let properties = self.deeper(|parser| {
            let mut properties = Vec::new();
            let is_broken = parser.elements(open, TokenKind::RightBrace, |parser| {
                let from = parser.at;
                let start = parser.start();
                match parser.property(open, may_nest) {
                    Ok(property) => {
                        properties.extend(property);
                        height = height.max(parser.height);
                        Ok(())
                    }
                    Err(failed) => {
                        parser.recover(from);
                        properties.push(Property::Broken(parser.span_from(start)));
                        Err(failed)
                    }
                }
            });
            let is_said = properties
                .iter()
                .any(|property| matches!(property, Property::Broken(_)));
            if is_broken && !is_said {
                let end = parser.span_from(parser.start());
                properties.push(Property::Broken(end));
            }
            Ok(properties)
        })?;
        self.higher(height)?;
        Ok(Expression {
            kind: ExpressionKind::Object(properties),
            span: self.span_from(open.start),
        })
    }

    fn property(&mut self, open: Token, may_nest: bool) -> Parsed<Option<Property>> {
        let token = self.token(0);
        let is_resource = self.is_word(0, "resource") && self.token(1).kind == TokenKind::Identifier;
        if token.kind == TokenKind::At && !may_nest && self.begins_statement(0, true) {
            self.is_abandoned_here(open);
            return Ok(None);
        }
        if may_nest && (token.kind == TokenKind::At || is_resource) {
            return Ok(self.nested_resource(open));
        }
        if self.take(TokenKind::Ellipsis) {
            return Ok(Some(Property::Spread(self.expression()?)));
        }
        let name = match token.kind {
            TokenKind::Identifier => {
                let name = self.advance();
                Expression {
                    kind: ExpressionKind::Name(Arc::from(self.text_of(name))),
                    span: self.span_of(name),
                }
            }
            TokenKind::Text | TokenKind::TextStart => self.text_expression()?,
            _ => return Err(self.unexpected("expected the name of a property")),
        };
        self.expect(TokenKind::Colon, "expected `:` after the property's name")?;
        let value = self.expression()?;
        Ok(Some(Property::Named {
            name,
            value,
            span: self.span_from(token.start),
        }))
    }

    pub(super) fn array(&mut self) -> Parsed<Expression> {
        let (TokenKind::Identifier, ahead) = self.past(1) else {
            return self.plain_array();
        };
        match self.is_word(1 + ahead, "for") {
            true => self.loop_expression(None),
            false => self.plain_array(),
        }
    }

    /// As `past_line_end`, so many tokens on.
    fn past(&self, ahead: usize) -> (TokenKind, usize) {
        let more = usize::from(self.token(ahead).kind == TokenKind::NewLine);
        (self.token(ahead + more).kind, more)
    }

    fn plain_array(&mut self) -> Parsed<Expression> {
        let open = self.advance();
        let mut height = 0;
        let items = self.deeper(|parser| {
            let mut items = Vec::new();
            let is_broken = parser.elements(open, TokenKind::RightBracket, |parser| {
                let from = parser.at;
                let start = parser.start();
                let is_spread = parser.take(TokenKind::Ellipsis);
                let (item, result) = match parser.expression() {
                    Ok(value) if is_spread => (Item::Spread(value), Ok(())),
                    Ok(value) => (Item::One(value), Ok(())),
                    Err(failed) => {
                        parser.recover(from);
                        (Item::One(parser.broken(parser.span_from(start))), Err(failed))
                    }
                };
                height = height.max(parser.height);
                items.push(item);
                result
            });
            if is_broken {
                let end = parser.span_from(parser.start());
                items.push(Item::One(parser.broken(end)));
            }
            Ok(items)
        })?;
        self.higher(height)?;
        Ok(Expression {
            kind: ExpressionKind::Array(items),
            span: self.span_from(open.start),
        })
    }

    /// `[for item in list: body]`. The body of a resource or module is an object or a condition.
    pub(super) fn loop_expression(&mut self, may_nest: Option<bool>) -> Parsed<Expression> {
        let open = self.expect(TokenKind::LeftBracket, "expected `[`")?;
        let parsed = self.deeper(|parser| parser.loop_parts(open, may_nest))?;
        self.higher(self.height)?;
        Ok(Expression {
            kind: ExpressionKind::For(Box::new(parsed)),
            span: self.span_from(open.start),
        })
    }

    fn loop_parts(&mut self, open: Token, may_nest: Option<bool>) -> Parsed<For> {
        self.skip_line_end();
        if !self.take_word("for") {
            return Err(self.unexpected("expected `for`"));
        }
        let (item, index) = if self.take(TokenKind::LeftParenthesis) {
            let item = self.name("expected the name of the loop's element")?;
            self.expect(TokenKind::Comma, "expected `,` and the name of the loop's index")?;
            let index = self.name("expected the name of the loop's index")?;
            self.expect(TokenKind::RightParenthesis, "expected `)`")?;
            (Some(item), Some(index))
        } else {
            (Some(self.name("expected the name of the loop's element")?), None)
        };
        if !self.take_word("in") {
            return Err(self.unexpected("expected `in` and a list"));
        }
        let over = self.expression()?;
        let height = self.height;
        self.expect(
            TokenKind::Colon,
            "expected `:` and what the loop makes of each element",
        )?;
        let body = match may_nest {
            Some(may_nest) => self.body(may_nest)?,
            None if self.is_word(0, "if") => self.condition(false)?,
            None => self.expression()?,
        };
        self.height = height.max(self.height);
        self.skip_line_end();
        if !self.take(TokenKind::RightBracket) && !self.is_abandoned(open) {
            return Err(self.unexpected("expected `]` at the end of the loop"));
        }
        Ok(For {
            item,
            index,
            over,
            body,
        })
    }

    /// `if (condition) { … }`
    pub(super) fn condition(&mut self, may_nest: bool) -> Parsed<Expression> {
        let start = self.advance().start;
        if !self.is(TokenKind::LeftParenthesis) {
            return Err(self.unexpected("expected `(` and a condition"));
        }
        let condition = self.parenthesised()?;
        let height = self.height;
        let body = self.object(may_nest)?;
        self.higher(height.max(self.height))?;
        Ok(Expression {
            kind: ExpressionKind::If(Box::new(condition), Box::new(body)),
            span: self.span_from(start),
        })
    }

    pub(super) fn parenthesised(&mut self) -> Parsed<Expression> {
        let open = self.advance();
        let inner = self.deeper(|parser| {
            parser.skip_line_end();
            let inner = parser.expression()?;
            parser.skip_line_end();
            if !parser.take(TokenKind::RightParenthesis) && !parser.is_abandoned(open) {
                return Err(parser.unexpected("expected `)`"));
            }
            Ok(inner)
        })?;
        self.higher(self.height)?;
        Ok(Expression {
            kind: ExpressionKind::Parenthesised(Box::new(inner)),
            span: self.span_from(open.start),
        })
    }
}
