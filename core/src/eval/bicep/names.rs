//! What a name means: in Bicep a parameter, a variable and a resource are all named alike.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::syntax::bicep::tree::{
    Expression, ExpressionKind, File, ImportedNames, Name, Property, Statement, StatementKind, Type,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Parameter,
    /// Also what another file exports.
    Variable,
    /// A resource or module.
    Symbol,
    /// The names of another file: `import * as shared`.
    Imports,
    /// The element or index of a loop, the parameter of a lambda.
    Local,
}

/// The names that a loop, a lambda or a function gives.
pub(super) struct Scope<'t> {
    pub(super) names: Vec<&'t Name>,
    pub(super) meaning: Meaning,
}

/// The names of a file.
pub(super) struct Names<'t> {
    declared: HashMap<&'t str, Meaning>,
    /// Symbols of resources inside others, with those of their parents.
    nested: HashSet<String>,
    pub(super) types: HashMap<&'t str, (&'t Type, &'t Statement)>,
}

impl<'t> Names<'t> {
    pub(super) fn of(file: &'t File) -> Self {
        let mut names = Names {
            declared: HashMap::new(),
            nested: HashSet::new(),
            types: HashMap::new(),
        };
        for statement in &file.statements {
            names.declare(statement);
        }
        names
    }

    fn declare(&mut self, statement: &'t Statement) {
        let (name, meaning) = match &statement.kind {
            StatementKind::Parameter(parameter) => (&parameter.name, Meaning::Parameter),
            StatementKind::Variable { name, .. } => (name, Meaning::Variable),
            StatementKind::Module(module) => (&module.name, Meaning::Symbol),
            StatementKind::Resource(resource) => {
                self.nest(&resource.name.text, &resource.value);
                (&resource.name, Meaning::Symbol)
            }
            StatementKind::Type { name, value } => {
                self.types.insert(&name.text, (value, statement));
                return;
            }
            StatementKind::Import(import) => {
                match &import.names {
                    ImportedNames::All(name) => {
                        self.declared.insert(&name.text, Meaning::Imports);
                    }
                    ImportedNames::List(list) => {
                        for (name, alias) in list {
                            let here = alias.as_ref().unwrap_or(name);
                            self.declared.insert(&here.text, Meaning::Variable);
                        }
                    }
                }
                return;
            }
            _ => return,
        };
        self.declared.insert(&name.text, meaning);
    }

    fn nest(&mut self, parent: &str, value: &Expression) {
        for statement in nested(value) {
            if let StatementKind::Resource(resource) = &statement.kind {
                let symbol = joined(parent, &resource.name.text);
                self.nest(&symbol, &resource.value);
                self.nested.insert(symbol);
            }
        }
    }

    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.declared.get(name).copied()
    }

    /// The symbol of a resource inside another one.
    pub(super) fn nested(&self, parent: &str, name: &str) -> Option<Arc<str>> {
        let symbol = joined(parent, name);
        self.nested.contains(&symbol).then(|| symbol.into())
    }
}

pub(super) fn joined(parent: &str, name: &str) -> String {
    format!("{parent}::{name}")
}

/// The resources that are written in the body of a resource.
pub(super) fn nested(value: &Expression) -> Vec<&Statement> {
    match &value.kind {
        ExpressionKind::Object(properties) => properties
            .iter()
            .filter_map(|property| match property {
                Property::Resource(statement) => Some(&**statement),
                _ => None,
            })
            .collect(),
        ExpressionKind::If(_, body) => nested(body),
        ExpressionKind::For(parsed) => nested(&parsed.body),
        _ => Vec::new(),
    }
}
