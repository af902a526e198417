//! Declarations: `param`, `var`, `resource`, `module` and the like.

use super::super::lexer::{Token, TokenKind};
use super::super::tree::{
    Decorator, Expression, Function, Import, ImportedNames, Module, Name, Output, Parameter, Property,
    Resource, Statement, StatementKind,
};
use super::{Parsed, Parser};

const NOT_A_DECLARATION: &str = "expected a declaration, such as `param`, `var`, `resource` or `module`";
const BODY: &str = "expected `{`, `[for …]` or `if (…) {`";
const END_OF_LINE: &str = "expected the end of the line";

impl Parser<'_> {
    pub(super) fn file(&mut self) {
        loop {
            self.skip_line_end();
            self.abandoned_at = None;
            if self.is(TokenKind::EndOfFile) {
                return;
            }
            let from = self.at;
            let errors = self.errors.len();
            let start = self.start();
            let mut statement = self.statement();
            let ends = matches!(self.kind(), TokenKind::NewLine | TokenKind::EndOfFile);
            let is_broken = matches!(statement.kind, StatementKind::Broken);
            if (is_broken && !self.is_at_next_statement()) || !ends {
                if self.errors.len() == errors {
                    self.unexpected(END_OF_LINE);
                }
                self.at = self.at.max(from + 1);
                self.skip_to_statement();
                statement.span = self.span_from(start);
            }
            self.at = self.at.max(from + 1);
            self.statements.push(statement);
        }
    }

    /// Always gets past what it reads; a statement without an end has said why.
    fn statement(&mut self) -> Statement {
        let from = self.at;
        let start = self.start();
        let decorators = self.decorators();
        let kind = match self.declaration() {
            Ok(kind) => kind,
            Err(_) => {
                self.recover_statement(from);
                StatementKind::Broken
            }
        };
        Statement {
            decorators,
            kind,
            span: self.span_from(start),
        }
    }

    fn declaration(&mut self) -> Parsed<StatementKind> {
        let token = self.token(0);
        if token.kind == TokenKind::Identifier {
            match self.text_of(token) {
                "targetScope" => return self.target_scope(),
                "metadata" => return self.named(|name, value| StatementKind::Metadata { name, value }),
                "assert" => return self.named(|name, value| StatementKind::Assert { name, value }),
                "param" => return self.parameter(),
                "var" => return self.variable(),
                "type" => return self.type_declaration(),
                "func" => return self.function(),
                "resource" => return self.resource(),
                "module" => return Ok(StatementKind::Module(self.module()?)),
                "test" => return Ok(StatementKind::Test(self.module()?)),
                "output" => return self.output(),
                "import" if self.token(1).kind != TokenKind::Text => return self.import(),
                "import" | "extension" | "provider" => return self.extension(),
                "extensionConfig" => return self.extension_configuration(),
                "using" => return self.using(),
                "extends" => {
                    self.advance();
                    return Ok(StatementKind::Extends(self.path()?));
                }
                _ => {}
            }
        }
        let is_closing = matches!(
            token.kind,
            TokenKind::RightBrace | TokenKind::RightBracket | TokenKind::RightParenthesis
        );
        if is_closing {
            let message = format!("this `{}` closes nothing", self.text_of(token));
            return Err(self.error(self.span_of(token), message));
        }
        Err(self.unexpected(NOT_A_DECLARATION))
    }

    /// The value after the `=` of a declaration, whose name is known by now: what is wrong with the value
    /// leaves the declaration standing.
    fn assigned(&mut self) -> Expression {
        let from = self.at;
        let start = self.start();
        let message = "expected `=` and a value";
        let value = match self.expect(TokenKind::Assign, message) {
            Ok(_) => self.expression(),
            Err(failed) => Err(failed),
        };
        value.unwrap_or_else(|_| {
            self.recover_statement(from);
            self.broken(self.span_from(start))
        })
    }

    fn target_scope(&mut self) -> Parsed<StatementKind> {
        self.advance();
        self.expect(TokenKind::Assign, "expected `=` after `targetScope`")?;
        Ok(StatementKind::TargetScope(self.expression()?))
    }

    fn named(&mut self, make: impl FnOnce(Name, Expression) -> StatementKind) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected a name")?;
        let value = self.assigned();
        Ok(make(name, value))
    }

    fn parameter(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected the parameter's name")?;
        let has_type = !self.is(TokenKind::Assign);
        let declared_type = has_type.then(|| self.declared_type());
        let is_over =
            matches!(self.kind(), TokenKind::NewLine | TokenKind::EndOfFile) || self.is_at_next_statement();
        let value = (!is_over).then(|| self.assigned());
        Ok(StatementKind::Parameter(Parameter {
            name,
            declared_type,
            value,
        }))
    }

    fn variable(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected the variable's name")?;
        let has_type = !matches!(
            self.kind(),
            TokenKind::Assign | TokenKind::NewLine | TokenKind::EndOfFile
        );
        let declared_type = has_type.then(|| self.declared_type());
        let value = self.assigned();
        Ok(StatementKind::Variable {
            name,
            declared_type,
            value,
        })
    }

    fn output(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected the output's name")?;
        let has_type = !matches!(
            self.kind(),
            TokenKind::Assign | TokenKind::NewLine | TokenKind::EndOfFile
        );
        let declared_type = has_type.then(|| self.declared_type());
        let value = self.assigned();
        Ok(StatementKind::Output(Output {
            name,
            declared_type,
            value,
        }))
    }

    fn type_declaration(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected the type's name")?;
        self.expect(TokenKind::Assign, "expected `=` and a type")?;
        let value = self.declared_type();
        Ok(StatementKind::Type { name, value })
    }

    fn function(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let name = self.name("expected the function's name")?;
        let open = self.expect(
            TokenKind::LeftParenthesis,
            "expected `(` and the function's parameters",
        )?;
        let mut parameters = Vec::new();
        self.listed(open, TokenKind::RightParenthesis, |parser| {
            let name = parser.name("expected the name of a parameter")?;
            let declared_type = Some(parser.type_expression()?);
            parameters.push((name, declared_type));
            Ok(())
        });
        let result = match self.kind() {
            TokenKind::Arrow => None,
            _ => Some(self.type_expression()?),
        };
        self.expect(TokenKind::Arrow, "expected `=>` and what the function returns")?;
        self.skip_line_end();
        let body = self.expression()?;
        Ok(StatementKind::Function(Function {
            name,
            parameters,
            result,
            body,
        }))
    }

    fn resource(&mut self) -> Parsed<StatementKind> {
        let start = self.advance().start;
        let name = self.name("expected the resource's symbolic name")?;
        let specification =
            self.quoted("expected the resource's type, such as 'Microsoft.Network/…@2024-01-01'")?;
        let is_existing = self.take_word("existing");
        let header = self.span_from(start);
        let value = self.declared_body(true);
        Ok(StatementKind::Resource(Resource {
            name,
            specification,
            is_existing,
            value,
            header,
        }))
    }

    fn module(&mut self) -> Parsed<Module> {
        let start = self.advance().start;
        let name = self.name("expected the module's symbolic name")?;
        let path = self.path()?;
        let header = self.span_from(start);
        let value = self.declared_body(false);
        Ok(Module {
            name,
            path,
            value,
            header,
        })
    }

    /// `= { … }` of a resource or module. What is wrong with it leaves the symbol standing.
    fn declared_body(&mut self, may_nest: bool) -> Expression {
        let from = self.at;
        let start = self.start();
        let body = match self.expect(TokenKind::Assign, "expected `=` and a body") {
            Ok(_) => self.body(may_nest),
            Err(failed) => Err(failed),
        };
        body.unwrap_or_else(|_| {
            self.recover_statement(from);
            self.broken(self.span_from(start))
        })
    }

    /// An object, or a condition or loop around one.
    pub(super) fn body(&mut self, may_nest: bool) -> Parsed<Expression> {
        if self.is(TokenKind::NewLine) && self.is_word(1, "if") {
            self.advance();
        }
        match self.kind() {
            TokenKind::LeftBrace => self.object(may_nest),
            TokenKind::LeftBracket => self.loop_expression(Some(may_nest)),
            TokenKind::Identifier if self.is_word(0, "if") => self.condition(may_nest),
            _ => Err(self.unexpected(BODY)),
        }
    }

    fn import(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let names = if self.take(TokenKind::Asterisk) {
            if !self.take_word("as") {
                return Err(self.unexpected("expected `as` and a name"));
            }
            ImportedNames::All(self.name("expected a name")?)
        } else {
            let open = self.expect(TokenKind::LeftBrace, "expected `{`, `*` or a quoted extension")?;
            let mut names = Vec::new();
            self.elements(open, TokenKind::RightBrace, |parser| {
                let name = parser.imported_name()?;
                let alias = match parser.take_word("as") {
                    true => Some(parser.name("expected a name")?),
                    false => None,
                };
                names.push((name, alias));
                Ok(())
            });
            ImportedNames::List(names)
        };
        if !self.take_word("from") {
            return Err(self.unexpected("expected `from` and a path"));
        }
        let path = self.path()?;
        Ok(StatementKind::Import(Import { names, path }))
    }

    fn imported_name(&mut self) -> Parsed<Name> {
        let token = self.token(0);
        if token.kind != TokenKind::Text {
            return self.name("expected the name of something that the file exports");
        }
        let text = self.quoted("expected a name")?;
        match text.kind {
            super::super::tree::ExpressionKind::Text(name) => Ok(Name {
                text: name,
                span: text.span,
            }),
            _ => Err(self.error(text.span, "expected a name")),
        }
    }

    fn extension(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let specification = match self.kind() {
            TokenKind::Identifier => self.expression()?,
            _ => self.quoted("expected the extension's name")?,
        };
        // Older files have the configuration without `with`.
        let has_configuration = self.take_word("with") || self.is(TokenKind::LeftBrace);
        let configuration = match has_configuration {
            true => Some(self.expression()?),
            false => None,
        };
        let alias = match self.take_word("as") {
            true => Some(self.name("expected a name")?),
            false => None,
        };
        Ok(StatementKind::Extension {
            specification,
            configuration,
            alias,
        })
    }

    fn extension_configuration(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let alias = self.name("expected the extension's name")?;
        if !self.take_word("with") {
            return Err(self.unexpected("expected `with` and a configuration"));
        }
        let configuration = self.expression()?;
        Ok(StatementKind::ExtensionConfiguration { alias, configuration })
    }

    fn using(&mut self) -> Parsed<StatementKind> {
        self.advance();
        let path = match self.is_word(0, "none") {
            true => self.expression()?,
            false => self.path()?,
        };
        let configuration = match self.take_word("with") {
            true => Some(self.expression()?),
            false => None,
        };
        Ok(StatementKind::Using { path, configuration })
    }

    fn path(&mut self) -> Parsed<Expression> {
        self.quoted("expected a path in quotes")
    }

    fn quoted(&mut self, message: &str) -> Parsed<Expression> {
        match self.kind() {
            TokenKind::Text | TokenKind::TextStart => self.text_expression(),
            _ => Err(self.unexpected(message)),
        }
    }

    pub(super) fn decorators(&mut self) -> Vec<Decorator> {
        let mut decorators = Vec::new();
        while self.is(TokenKind::At) {
            let from = self.at;
            let start = self.advance().start;
            let call = self.path_of_names();
            let call = call.unwrap_or_else(|_| {
                self.recover(from);
                self.broken(self.span_from(start))
            });
            let span = self.span_from(start);
            decorators.push(Decorator { call, span });
            if self.is_at_next_statement() {
                break;
            }
            if !self.is(TokenKind::NewLine) {
                self.unexpected("expected the end of the line: what is decorated begins on the next one");
                if !self.is(TokenKind::Identifier) {
                    self.recover(from);
                }
            }
            self.skip_line_end();
        }
        decorators
    }

    /// A resource inside the body of another one, or nothing when it is no such resource.
    pub(super) fn nested_resource(&mut self, open: Token) -> Option<Property> {
        let from = self.at;
        let errors = self.errors.len();
        let statement = self.deeper(|parser| {
            let start = parser.start();
            let decorators = parser.decorators();
            if !parser.is_word(0, "resource") {
                return Err(parser.unexpected("expected a nested `resource` after this decorator"));
            }
            let kind = parser.resource()?;
            Ok(Statement {
                decorators,
                kind,
                span: parser.span_from(start),
            })
        });
        match statement {
            Ok(statement) => Some(Property::Resource(Box::new(statement))),
            Err(_) if self.begins_statement(0, true) => {
                // The decorators belong to a statement of the file, before which a brace is missing.
                self.errors.truncate(errors);
                self.is_abandoned(open);
                self.at = from;
                self.abandoned_at = Some(from);
                None
            }
            Err(_) => Some(Property::Broken(self.recover(from))),
        }
    }
}
