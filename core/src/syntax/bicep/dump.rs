//! A tree as text, for tests: one node per line with the text that its span covers.

use std::fmt::Write as _;

use super::tree::{
    Decorator, Expression, ExpressionKind, File, ImportedNames, Item, Module, Name, Part, Property, Resource,
    Statement, StatementKind, Type, TypeKind,
};
use crate::source::Span;

pub(super) fn file(file: &File, text: &str) -> String {
    let mut dump = Dump {
        text,
        out: String::new(),
    };
    for statement in &file.statements {
        dump.statement(statement, 0);
    }
    for comment in &file.comments {
        dump.line(0, "comment", comment.span);
    }
    for error in &file.errors {
        dump.line(0, &format!("error {}", error.message), error.span);
    }
    dump.out
}

/// One statement.
pub(super) fn statement(statement: &Statement, text: &str) -> String {
    let mut dump = Dump {
        text,
        out: String::new(),
    };
    dump.statement(statement, 0);
    dump.out
}

struct Dump<'a> {
    text: &'a str,
    out: String,
}

impl Dump<'_> {
    fn line(&mut self, level: usize, what: &str, span: Span) {
        let read = self.text.get(span.start as usize..span.end as usize);
        let read = read.unwrap_or("<no such text>").escape_debug().to_string();
        let length = read.chars().count();
        let read = match length > 60 {
            true => {
                let start: String = read.chars().take(28).collect();
                let end: String = read.chars().skip(length - 28).collect();
                format!("{start} … {end}")
            }
            false => read,
        };
        let _ = writeln!(self.out, "{}{what} ‹{read}›", "  ".repeat(level));
    }

    fn decorators(&mut self, decorators: &[Decorator], level: usize) {
        for decorator in decorators {
            self.line(level, "@", decorator.span);
            self.expression("", &decorator.call, level + 1);
        }
    }

    fn statement(&mut self, statement: &Statement, level: usize) {
        let mut head = |what: String| self.line(level, &what, statement.span);
        let inner = level + 1;
        match &statement.kind {
            StatementKind::TargetScope(value) => {
                head("targetScope".to_owned());
                self.expression("= ", value, inner);
            }
            StatementKind::Metadata { name, value } => {
                head(format!("metadata {}", name.text));
                self.expression("= ", value, inner);
            }
            StatementKind::Assert { name, value } => {
                head(format!("assert {}", name.text));
                self.expression("= ", value, inner);
            }
            StatementKind::Parameter(parameter) => {
                head(format!("param {}", parameter.name.text));
                self.optional_type(parameter.declared_type.as_ref(), inner);
                self.optional("= ", parameter.value.as_ref(), inner);
            }
            StatementKind::Variable {
                name,
                declared_type,
                value,
            } => {
                head(format!("var {}", name.text));
                self.optional_type(declared_type.as_ref(), inner);
                self.expression("= ", value, inner);
            }
            StatementKind::Type { name, value } => {
                head(format!("type {}", name.text));
                self.declared_type(value, inner);
            }
            StatementKind::Function(function) => {
                head(format!("func {}", function.name.text));
                for (name, declared_type) in &function.parameters {
                    self.line(inner, "parameter", name.span);
                    self.optional_type(declared_type.as_ref(), inner + 1);
                }
                self.optional_type(function.result.as_ref(), inner);
                self.expression("=> ", &function.body, inner);
            }
            StatementKind::Resource(resource) => {
                head(format!("resource {}", resource.name.text));
                self.resource(resource, inner);
            }
            StatementKind::Module(module) => {
                head(format!("module {}", module.name.text));
                self.module(module, inner);
            }
            StatementKind::Test(module) => {
                head(format!("test {}", module.name.text));
                self.module(module, inner);
            }
            StatementKind::Output(output) => {
                head(format!("output {}", output.name.text));
                self.optional_type(output.declared_type.as_ref(), inner);
                self.expression("= ", &output.value, inner);
            }
            StatementKind::Import(import) => {
                head("import".to_owned());
                match &import.names {
                    ImportedNames::All(name) => self.line(inner, "* as", name.span),
                    ImportedNames::List(names) => {
                        for (name, alias) in names {
                            self.line(inner, "name", name.span);
                            self.optional_name("as", alias.as_ref(), inner + 1);
                        }
                    }
                }
                self.expression("from ", &import.path, inner);
            }
            StatementKind::Extension {
                specification,
                configuration,
                alias,
            } => {
                head("extension".to_owned());
                self.expression("", specification, inner);
                self.optional("with ", configuration.as_ref(), inner);
                self.optional_name("as", alias.as_ref(), inner);
            }
            StatementKind::ExtensionConfiguration { alias, configuration } => {
                head(format!("extensionConfig {}", alias.text));
                self.expression("with ", configuration, inner);
            }
            StatementKind::Using { path, configuration } => {
                head("using".to_owned());
                self.expression("", path, inner);
                self.optional("with ", configuration.as_ref(), inner);
            }
            StatementKind::Extends(path) => {
                head("extends".to_owned());
                self.expression("", path, inner);
            }
            StatementKind::Broken => head("broken".to_owned()),
        }
        self.decorators(&statement.decorators, inner);
    }

    fn resource(&mut self, resource: &Resource, level: usize) {
        self.line(level, "header", resource.header);
        self.expression("", &resource.specification, level);
        if resource.is_existing {
            self.line(level, "existing", resource.header);
        }
        self.expression("= ", &resource.value, level);
    }

    fn module(&mut self, module: &Module, level: usize) {
        self.line(level, "header", module.header);
        self.expression("", &module.path, level);
        self.expression("= ", &module.value, level);
    }

    fn optional(&mut self, role: &str, value: Option<&Expression>, level: usize) {
        if let Some(value) = value {
            self.expression(role, value, level);
        }
    }

    fn optional_name(&mut self, role: &str, name: Option<&Name>, level: usize) {
        if let Some(name) = name {
            self.line(level, role, name.span);
        }
    }

    fn optional_type(&mut self, declared_type: Option<&Type>, level: usize) {
        if let Some(declared_type) = declared_type {
            self.declared_type(declared_type, level);
        }
    }

    fn declared_type(&mut self, declared_type: &Type, level: usize) {
        let mut head = |what: &str| self.line(level, &format!("type {what}"), declared_type.span);
        let inner = level + 1;
        match &declared_type.kind {
            TypeKind::Name(name) => head(name),
            TypeKind::Literal(value) => {
                head("literal");
                self.expression("", value, inner);
            }
            TypeKind::Array(of) => {
                head("[]");
                self.declared_type(of, inner);
            }
            TypeKind::Tuple(items) => {
                head("tuple");
                items.iter().for_each(|item| self.declared_type(item, inner));
            }
            TypeKind::Object(members) => {
                head("object");
                for member in members {
                    self.line(inner, "member", member.span);
                    self.optional_name("name", member.name.as_ref(), inner + 1);
                    self.declared_type(&member.value, inner + 1);
                    self.decorators(&member.decorators, inner + 1);
                }
            }
            TypeKind::Union(members) => {
                head("union");
                members
                    .iter()
                    .for_each(|member| self.declared_type(member, inner));
            }
            TypeKind::Nullable(of) => {
                head("nullable");
                self.declared_type(of, inner);
            }
            TypeKind::Part(of, name) => {
                head(&format!("part {name}"));
                self.declared_type(of, inner);
            }
            TypeKind::Parameterised { name, arguments } => {
                head(&format!("{name}<>"));
                arguments
                    .iter()
                    .for_each(|argument| self.declared_type(argument, inner));
            }
            TypeKind::Other => head("other"),
            TypeKind::Broken => head("broken"),
        }
    }

    fn expression(&mut self, role: &str, value: &Expression, level: usize) {
        let mut head = |what: &str| self.line(level, &format!("{role}{what}"), value.span);
        let inner = level + 1;
        match &value.kind {
            ExpressionKind::Null => head("null"),
            ExpressionKind::Boolean(boolean) => head(&format!("boolean {boolean}")),
            ExpressionKind::Integer(digits) => head(&format!("integer {digits}")),
            ExpressionKind::Text(text) => head(&format!("text {text:?}")),
            ExpressionKind::Name(name) => head(&format!("name {name}")),
            ExpressionKind::Broken => head("broken"),
            ExpressionKind::Interpolation(parts) => {
                head("interpolation");
                for part in parts {
                    match part {
                        Part::Text(text, span) => self.line(inner, &format!("text {text:?}"), *span),
                        Part::Expression(hole) => self.expression("${} ", hole, inner),
                    }
                }
            }
            ExpressionKind::Array(items) => {
                head("array");
                for item in items {
                    match item {
                        Item::One(item) => self.expression("", item, inner),
                        Item::Spread(item) => self.expression("... ", item, inner),
                    }
                }
            }
            ExpressionKind::Object(properties) => {
                head("object");
                for property in properties {
                    match property {
                        Property::Named { name, value, span } => {
                            self.line(inner, "property", *span);
                            self.expression("", name, inner + 1);
                            self.expression(": ", value, inner + 1);
                        }
                        Property::Resource(statement) => self.statement(statement, inner),
                        Property::Spread(value) => self.expression("... ", value, inner),
                        Property::Broken(span) => self.line(inner, "broken", *span),
                    }
                }
            }
            ExpressionKind::Parenthesised(value) => {
                head("()");
                self.expression("", value, inner);
            }
            ExpressionKind::Unary(operator, value) => {
                head(&format!("{operator:?}"));
                self.expression("", value, inner);
            }
            ExpressionKind::Binary(operator, left, right) => {
                head(&format!("{operator:?}"));
                self.expression("", left, inner);
                self.expression("", right, inner);
            }
            ExpressionKind::Conditional(parts) => {
                head("conditional");
                for (role, part) in ["", "? ", ": "].into_iter().zip(parts.iter()) {
                    self.expression(role, part, inner);
                }
            }
            ExpressionKind::Call(call) => {
                head(&format!("call {}", call.name.text));
                self.optional("on ", call.target.as_ref(), inner);
                call.arguments
                    .iter()
                    .for_each(|argument| self.expression("", argument, inner));
            }
            ExpressionKind::Member(member) => {
                let safe = if member.is_safe { "?" } else { "" };
                head(&format!(".{safe}{}", member.name.text));
                self.expression("", &member.target, inner);
            }
            ExpressionKind::Index(index) => {
                let safe = if index.is_safe { "?" } else { "" };
                let from_end = if index.is_from_end { "^" } else { "" };
                head(&format!("[{safe}{from_end}]"));
                self.expression("", &index.target, inner);
                self.expression("at ", &index.index, inner);
            }
            ExpressionKind::Nested(target, name) => {
                head(&format!("::{}", name.text));
                self.expression("", target, inner);
            }
            ExpressionKind::NotNull(value) => {
                head("!");
                self.expression("", value, inner);
            }
            ExpressionKind::Lambda(lambda) => {
                let names: Vec<&str> = lambda.parameters.iter().map(|name| &*name.text).collect();
                head(&format!("({}) =>", names.join(", ")));
                self.expression("", &lambda.body, inner);
            }
            ExpressionKind::For(parsed) => {
                head("for");
                self.optional_name("item", parsed.item.as_ref(), inner);
                self.optional_name("index", parsed.index.as_ref(), inner);
                self.expression("in ", &parsed.over, inner);
                self.expression(": ", &parsed.body, inner);
            }
            ExpressionKind::If(condition, body) => {
                head("if");
                self.expression("", condition, inner);
                self.expression("", body, inner);
            }
        }
    }
}
