//! Types of parameters, outputs and functions.

use std::sync::Arc;

use super::super::lexer::TokenKind;
use super::super::tree::{Expression, ExpressionKind, Name, Type, TypeKind, TypeMember, UnaryOperator};
use super::{Parsed, Parser};

impl Parser<'_> {
    /// The type of a declaration, whose name is known by now: what is wrong with the type leaves the rest
    /// of the declaration standing.
    pub(super) fn declared_type(&mut self) -> Type {
        let from = self.at;
        let start = self.start();
        if self.is_word(0, "resource") && self.token(1).kind != TokenKind::Less {
            self.advance();
            if matches!(self.kind(), TokenKind::Text | TokenKind::TextStart) {
                // What is wrong with the text is in the errors.
                let _ = self.text_expression();
            }
            return self.made(TypeKind::Other, start);
        }
        self.type_expression().unwrap_or_else(|_| {
            self.recover_to(from, |kind| kind == TokenKind::Assign);
            self.made(TypeKind::Broken, start)
        })
    }

    fn made(&self, kind: TypeKind, start: u32) -> Type {
        Type {
            kind,
            span: self.span_from(start),
        }
    }

    fn is_before_alternative(&self) -> bool {
        self.past_line_end().0 == TokenKind::Pipe
    }

    /// `'a' | 'b'`, also over several lines with a `|` at the start of each.
    pub(super) fn type_expression(&mut self) -> Parsed<Type> {
        let start = self.token(self.past_line_end().1).start;
        let mut alternatives = Vec::new();
        if self.is_before_alternative() {
            self.skip_line_end();
            self.advance();
        }
        let mut height = 0;
        loop {
            alternatives.push(self.alternative()?);
            height = height.max(self.height);
            if !self.is_before_alternative() {
                break;
            }
            self.skip_line_end();
            self.advance();
        }
        if alternatives.len() == 1
            && let Some(only) = alternatives.pop()
        {
            return Ok(only);
        }
        self.higher(height)?;
        Ok(self.made(TypeKind::Union(alternatives), start))
    }

    fn alternative(&mut self) -> Parsed<Type> {
        let sign = self.token(0);
        let operator = match sign.kind {
            TokenKind::Minus => Some(UnaryOperator::Minus),
            TokenKind::Plus => Some(UnaryOperator::Plus),
            TokenKind::Exclamation => Some(UnaryOperator::Not),
            _ => None,
        };
        if operator.is_some() {
            self.advance();
        }
        let base = self.type_path()?;
        let Some(operator) = operator else {
            return Ok(base);
        };
        self.higher(self.height)?;
        let kind = match base.kind {
            TypeKind::Literal(literal) => {
                let kind = ExpressionKind::Unary(operator, Box::new(literal));
                let span = self.span_from(sign.start);
                TypeKind::Literal(Expression { kind, span })
            }
            _ => TypeKind::Other,
        };
        Ok(self.made(kind, sign.start))
    }

    /// A type and what is made of it: `string[]`, `config.subnets[*].name?`.
    fn type_path(&mut self) -> Parsed<Type> {
        let start = self.start();
        let mut target = self.primary_type()?;
        loop {
            let height = self.height;
            let kind = match self.kind() {
                TokenKind::LeftBracket => {
                    self.advance();
                    let kind = match self.kind() {
                        TokenKind::RightBracket => TypeKind::Array(Box::new(target)),
                        TokenKind::Asterisk => {
                            self.advance();
                            TypeKind::Part(Box::new(target), Arc::from("*"))
                        }
                        _ => {
                            let from = self.start();
                            self.deeper(Self::expression)?;
                            let span = self.span_from(from);
                            let index = self.text.get(span.start as usize..span.end as usize);
                            TypeKind::Part(Box::new(target), Arc::from(index.unwrap_or_default()))
                        }
                    };
                    self.expect(TokenKind::RightBracket, "expected `]`")?;
                    kind
                }
                TokenKind::Dot => {
                    self.advance();
                    if self.take(TokenKind::Asterisk) {
                        TypeKind::Part(Box::new(target), Arc::from("*"))
                    } else {
                        let name = self.name("expected a name after the dot")?;
                        match self.kind() {
                            TokenKind::Less => self.parameterised(name)?,
                            _ => TypeKind::Part(Box::new(target), name.text),
                        }
                    }
                }
                TokenKind::Question => {
                    self.advance();
                    TypeKind::Nullable(Box::new(target))
                }
                TokenKind::Exclamation => {
                    self.advance();
                    TypeKind::Other
                }
                _ => return Ok(target),
            };
            self.higher(height.max(self.height))?;
            target = self.made(kind, start);
        }
    }

    fn parameterised(&mut self, name: Name) -> Parsed<TypeKind> {
        let open = self.advance();
        let mut arguments = Vec::new();
        self.deeper(|parser| {
            parser.listed(open, TokenKind::Greater, |parser| {
                arguments.push(parser.type_expression()?);
                Ok(())
            });
            Ok(())
        })?;
        Ok(TypeKind::Parameterised {
            name: name.text,
            arguments,
        })
    }

    fn primary_type(&mut self) -> Parsed<Type> {
        let token = self.token(0);
        self.height = 1;
        let kind = match token.kind {
            TokenKind::Text | TokenKind::TextStart => {
                let text = self.text_expression()?;
                match text.kind {
                    ExpressionKind::Text(_) => TypeKind::Literal(text),
                    _ => TypeKind::Other,
                }
            }
            TokenKind::Integer => {
                self.advance();
                let kind = ExpressionKind::Integer(Arc::from(self.text_of(token)));
                let span = self.span_of(token);
                TypeKind::Literal(Expression { kind, span })
            }
            TokenKind::LeftBrace => self.object_type()?,
            TokenKind::LeftBracket => self.tuple_type()?,
            TokenKind::LeftParenthesis => {
                let open = self.advance();
                let inner = self.deeper(|parser| {
                    parser.skip_line_end();
                    let inner = parser.type_expression()?;
                    parser.skip_line_end();
                    if !parser.take(TokenKind::RightParenthesis) && !parser.is_abandoned(open) {
                        return Err(parser.unexpected("expected `)`"));
                    }
                    Ok(inner)
                })?;
                return Ok(inner);
            }
            TokenKind::Identifier => {
                let name = self.name("expected a type")?;
                let span = name.span;
                let literal = |kind| TypeKind::Literal(Expression { kind, span });
                match &*name.text {
                    "true" => literal(ExpressionKind::Boolean(true)),
                    "false" => literal(ExpressionKind::Boolean(false)),
                    "null" => literal(ExpressionKind::Null),
                    _ if self.is(TokenKind::Less) => self.parameterised(name)?,
                    _ => TypeKind::Name(name.text),
                }
            }
            _ => return Err(self.unexpected("expected a type")),
        };
        Ok(self.made(kind, token.start))
    }

    fn object_type(&mut self) -> Parsed<TypeKind> {
        let open = self.advance();
        let mut members = Vec::new();
        let mut height = 0;
        self.deeper(|parser| {
            parser.elements(open, TokenKind::RightBrace, |parser| {
                let start = parser.start();
                let decorators = parser.decorators();
                let name = match parser.kind() {
                    TokenKind::Asterisk => {
                        parser.advance();
                        None
                    }
                    TokenKind::Text | TokenKind::TextStart => {
                        let text = parser.text_expression()?;
                        match text.kind {
                            ExpressionKind::Text(name) => Some(Name {
                                text: name,
                                span: text.span,
                            }),
                            _ => None,
                        }
                    }
                    _ => Some(parser.name("expected the name of a property")?),
                };
                parser.expect(TokenKind::Colon, "expected `:` and a type")?;
                let value = parser.type_expression()?;
                height = height.max(parser.height);
                members.push(TypeMember {
                    decorators,
                    name,
                    value,
                    span: parser.span_from(start),
                });
                Ok(())
            });
            Ok(())
        })?;
        self.higher(height)?;
        Ok(TypeKind::Object(members))
    }

    fn tuple_type(&mut self) -> Parsed<TypeKind> {
        let open = self.advance();
        let mut items = Vec::new();
        let mut height = 0;
        self.deeper(|parser| {
            parser.elements(open, TokenKind::RightBracket, |parser| {
                parser.decorators();
                items.push(parser.type_expression()?);
                height = height.max(parser.height);
                Ok(())
            });
            Ok(())
        })?;
        self.higher(height)?;
        Ok(TypeKind::Tuple(items))
    }
}
