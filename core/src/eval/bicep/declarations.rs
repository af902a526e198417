//! Parameters, variables, outputs, functions and imports.

use std::sync::Arc;

use super::Lowering;
use super::names::Meaning;
use super::types::{decorator, is_decorated};
use crate::eval::arm::template::{
    Import, Imported, Output, Parameter, ParameterFile, Scope, Template, UserFunction, Variable,
};
use crate::source::discovery::folder_of;
use crate::source::{SourceFile, Span};
use crate::syntax::bicep::tree::{
    self, Expression, ExpressionKind as Kind, Function, ImportedNames, Statement, StatementKind,
};

impl<'t> Lowering<'t> {
    pub(super) fn template(mut self, source: &SourceFile) -> Template {
        let mut template = Template {
            errors: self.file.errors.clone(),
            ..Template::empty(source.id, folder_of(&source.path).into())
        };
        let file = self.file;
        for statement in &file.statements {
            match &statement.kind {
                StatementKind::TargetScope(scope) => template.scope = scope_of(scope),
                StatementKind::Parameter(parameter) => {
                    template.parameters.push(self.parameter(parameter, statement));
                }
                StatementKind::Variable { name, value, .. } => {
                    template.variables.push(self.variable(name, value, statement));
                }
                StatementKind::Function(function) => template.functions.push(self.function(function)),
                StatementKind::Resource(resource) => {
                    self.resource(resource, statement.span, &mut template.resources);
                }
                StatementKind::Module(module) => {
                    template.resources.push(self.module(module, statement.span));
                }
                StatementKind::Output(output) => template.outputs.push(Output {
                    name: output.name.text.clone(),
                    name_span: output.name.span,
                    value: self.expression(&output.value),
                    condition: None,
                    is_secure: is_decorated(&statement.decorators, "secure"),
                }),
                StatementKind::Import(import) => template.imports.extend(imported(import)),
                StatementKind::Broken => template.is_incomplete = true,
                _ => {}
            }
        }
        template
    }

    pub(super) fn parameter_file(mut self, source: &SourceFile) -> ParameterFile {
        let mut read = ParameterFile {
            file: source.id,
            folder: folder_of(&source.path).into(),
            using: None,
            extends: None,
            parameters: Vec::new(),
            variables: Vec::new(),
            functions: Vec::new(),
            imports: Vec::new(),
            errors: self.file.errors.clone(),
        };
        let file = self.file;
        for statement in &file.statements {
            match &statement.kind {
                StatementKind::Using { path, .. } => read.using = path_of(path),
                StatementKind::Extends(path) => read.extends = path_of(path),
                StatementKind::Parameter(parameter) => {
                    if let Some(value) = &parameter.value {
                        let value = self.variable(&parameter.name, value, statement);
                        read.parameters.push(value);
                    }
                }
                StatementKind::Variable { name, value, .. } => {
                    read.variables.push(self.variable(name, value, statement));
                }
                StatementKind::Function(function) => read.functions.push(self.function(function)),
                StatementKind::Import(import) => read.imports.extend(imported(import)),
                _ => {}
            }
        }
        read
    }

    fn parameter(&mut self, parameter: &'t tree::Parameter, statement: &'t Statement) -> Parameter {
        let declared = parameter.declared_type.as_ref();
        let meant = declared.map(|declared| self.meant(declared)).unwrap_or_default();
        let allowed = match decorator(&statement.decorators, "allowed") {
            Some([values]) => Some(self.expression(values)),
            _ => match (meant.allowed, declared) {
                (Some(values), Some(declared)) if !values.is_empty() => {
                    Some(Self::array_of(values, declared))
                }
                _ => None,
            },
        };
        Parameter {
            name: parameter.name.text.clone(),
            name_span: parameter.name.span,
            span: statement.span,
            default: parameter.value.as_ref().map(|value| self.expression(value)),
            allowed,
            shape: meant.shape,
            is_nullable: meant.is_nullable,
            is_secure: meant.is_secure || is_decorated(&statement.decorators, "secure"),
        }
    }

    fn variable(&mut self, name: &tree::Name, value: &'t Expression, statement: &Statement) -> Variable {
        Variable {
            name: name.text.clone(),
            name_span: name.span,
            value: self.expression(value),
            is_exported: is_decorated(&statement.decorators, "export"),
        }
    }

    fn function(&mut self, function: &'t Function) -> UserFunction {
        let names = function.parameters.iter().map(|(name, _)| name).collect();
        let body = self.inside(names, Meaning::Parameter, |inside| {
            inside.expression(&function.body)
        });
        UserFunction {
            namespace: None,
            name: function.name.text.clone(),
            name_span: function.name.span,
            parameters: function
                .parameters
                .iter()
                .map(|(name, _)| name.text.clone())
                .collect(),
            body,
        }
    }
}

fn scope_of(scope: &Expression) -> Scope {
    match &scope.kind {
        Kind::Text(text) => match text.as_ref() {
            "subscription" => Scope::Subscription,
            "managementGroup" => Scope::ManagementGroup,
            "tenant" => Scope::Tenant,
            _ => Scope::ResourceGroup,
        },
        _ => Scope::default(),
    }
}

fn path_of(path: &Expression) -> Option<(Arc<str>, Span)> {
    match &path.kind {
        Kind::Text(text) => Some((text.clone(), path.span)),
        _ => None,
    }
}

fn imported(import: &tree::Import) -> Option<Import> {
    let (path, path_span) = path_of(&import.path)?;
    let names = match &import.names {
        ImportedNames::All(name) => Imported::All(name.text.clone()),
        ImportedNames::List(names) => Imported::Names(
            names
                .iter()
                .map(|(name, alias)| {
                    let here = alias.as_ref().unwrap_or(name);
                    (name.text.clone(), here.text.clone())
                })
                .collect(),
        ),
    };
    Some(Import {
        path,
        path_span,
        names,
    })
}
