//! The values that a root module's variables are given from outside, in Terraform's order of precedence.

use std::collections::HashMap;
use std::sync::Arc;

use super::evaluation::{Evaluation, NoNames};
use super::expression::{Evaluated, Scope};
use super::instance::attribute;
use crate::eval::deployment::Problem;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, Value};
use crate::settings::{VariableInputs, VariableOption};
use crate::source::FileId;
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Block, Expression, ExpressionKind, File};
use crate::syntax::hcl::{Notation, parse};

/// For each variable the last assignment, which wins.
#[derive(Debug, Default)]
pub(super) struct RootVariables {
    assigned: HashMap<String, Assignment>,
    pub(super) files: Vec<FileId>,
    pub(super) problems: Vec<Problem>,
}

#[derive(Debug)]
enum Assignment {
    /// A line of a variable file.
    Line { file: Arc<File>, index: usize },
    /// Text from the command line or the environment.
    Text(String),
}

impl RootVariables {
    /// Environment variables first, then the files in their order, then the options in theirs.
    pub(super) fn new(trees: &Trees, files: &[String], inputs: &VariableInputs) -> Self {
        let mut variables = RootVariables::default();
        for (name, value) in &inputs.environment {
            variables.assign(name, Assignment::Text(value.clone()));
        }
        for path in files {
            variables.add_file(trees, path);
        }
        for option in &inputs.options {
            match option {
                VariableOption::File(path) => variables.add_file(trees, path),
                VariableOption::Assignment { name, value } => {
                    variables.assign(name, Assignment::Text(value.clone()));
                }
            }
        }
        variables
    }

    fn assign(&mut self, name: &str, assignment: Assignment) {
        self.assigned.insert(name.to_owned(), assignment);
    }

    fn add_file(&mut self, trees: &Trees, path: &str) {
        let parsed = match trees.hcl(path) {
            Ok(parsed) => parsed,
            Err(unreadable) => {
                self.problems.push(Problem::Unreadable {
                    path: path.to_owned(),
                    reason: unreadable.to_string(),
                });
                return;
            }
        };
        self.files.push(parsed.source.id);
        let errors = parsed.tree.errors.iter().cloned();
        self.problems.extend(errors.map(Problem::Syntax));
        for (index, attribute) in parsed.tree.body.attributes.iter().enumerate() {
            let file = parsed.tree.clone();
            self.assign(&attribute.name, Assignment::Line { file, index });
        }
    }

    /// The value assigned to a variable, before it is converted to the declared type.
    pub(super) fn value(&self, name: &str, block: &Block, evaluation: &Evaluation<'_>) -> Option<Evaluated> {
        let scope = Scope {
            names: &NoNames,
            files: evaluation,
            shared: &evaluation.shared,
            bound: None,
        };
        match self.assigned.get(name)? {
            Assignment::Line { file, index } => {
                let expression = &file.body.attributes.get(*index)?.value;
                Some(scope.evaluate(expression).map(|value| Value {
                    from: value.from.named(Via::VariableFile, expression.span),
                    kind: value.kind,
                }))
            }
            Assignment::Text(text) => {
                let from = Provenance::new(Via::VariableOption, block.header);
                if takes_text(attribute(block, "type")) {
                    return Some(Ok(Value::string(text.as_str(), from)));
                }
                let parsed = parse(block.header.file, &format!("value = {text}\n"), Notation::Native);
                let value = match parsed.body.attributes.first() {
                    Some(attribute) if parsed.errors.is_empty() => scope.evaluate(&attribute.value),
                    _ => Ok(Value::string(text.as_str(), from.clone())),
                };
                Some(value.map(|value| relocated(value, &from)))
            }
        }
    }
}

/// Whether text from outside is the value itself, as for a variable of a primitive type or without one.
fn takes_text(constraint: Option<&Expression>) -> bool {
    match constraint.map(|constraint| &constraint.kind) {
        None => true,
        Some(ExpressionKind::Name(name) | ExpressionKind::String(name)) => {
            matches!(&**name, "string" | "number" | "bool")
        }
        Some(_) => false,
    }
}

/// The value with every part at the declaration of the variable: the text it was read from is in no file.
fn relocated(value: Value, from: &Provenance) -> Value {
    let list = |elements: &Arc<[Value]>| {
        elements
            .iter()
            .map(|element| relocated(element.clone(), from))
            .collect()
    };
    let kind = match value.kind {
        Kind::List(elements) => Kind::List(list(&elements)),
        Kind::Tuple(elements) => Kind::Tuple(list(&elements)),
        Kind::Set(elements) => Kind::Set(list(&elements)),
        Kind::Map(entries) | Kind::Object(entries) => {
            let members = entries.members.iter();
            let members = members.map(|(name, value)| (name.clone(), relocated(value.clone(), from)));
            Kind::Object(Arc::new(crate::eval::value::Entries {
                members: members.collect(),
                open: entries.open.clone(),
            }))
        }
        other => other,
    };
    Value::new(kind, from.clone())
}
