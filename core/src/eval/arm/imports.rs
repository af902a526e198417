//! What other files export: variables and functions by the names that they have here.

use std::rc::Rc;
use std::sync::Arc;

use super::instance::{Instance, Names};
use super::template::Imported;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;

impl<'e> Instance<'e> {
    pub(super) fn imported_variable(self: &Rc<Self>, name: &str, span: Span) -> Option<Evaluated> {
        for import in &self.template.imports {
            match &import.names {
                Imported::Names(names) => {
                    let Some((exported, _)) = names.iter().find(|(_, here)| here.eq_ignore_ascii_case(name))
                    else {
                        continue;
                    };
                    return Some(match self.imported(&import.path, import.path_span) {
                        Some(file) => file.variable(exported, span),
                        None => Ok(self.missing(&import.path, import.path_span)),
                    });
                }
                Imported::All(alias) if alias.eq_ignore_ascii_case(name) => {
                    let Some(file) = self.imported(&import.path, import.path_span) else {
                        return Some(Ok(self.missing(&import.path, import.path_span)));
                    };
                    let exported = file
                        .template
                        .variables
                        .iter()
                        .filter(|variable| variable.is_exported);
                    let members = exported.map(|variable| {
                        let value = file.variable(&variable.name, span);
                        (variable.name.clone(), value.unwrap_or_else(EvalError::into_value))
                    });
                    let entries = Entries {
                        members: members.collect(),
                        open: None,
                    };
                    let from = Provenance::new(Via::Literal, import.path_span);
                    return Some(Ok(Value::new(Kind::Object(entries.into()), from)));
                }
                Imported::All(_) => {}
            }
        }
        None
    }

    fn missing(&self, path: &str, span: Span) -> Value {
        let source = path.to_owned();
        let unknown = Unknown::new(Reason::ModuleNotFound { source }, span);
        Value::unknown(unknown, Provenance::new(Via::Literal, span))
    }

    /// The file of an import, as a template of its own that has no parameters.
    pub(super) fn imported(self: &Rc<Self>, path: &Arc<str>, span: Span) -> Option<Rc<Instance<'e>>> {
        self.imports.get(
            path,
            || None,
            || {
                let found = self
                    .evaluation
                    .reachable(&self.template.folder, path, span)
                    .ok()?;
                let template = self.evaluation.template(&found)?;
                Some(Instance::new(
                    self.evaluation,
                    template,
                    self.path.clone(),
                    self.presence.clone(),
                    self.place.clone(),
                    Names::Root { files: Vec::new() },
                ))
            },
        )
    }

    /// A function of another file, called by the name that it has here.
    pub(super) fn imported_function(
        self: &Rc<Self>,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<(Rc<Instance<'e>>, Arc<str>)> {
        for import in &self.template.imports {
            let exported = match (&import.names, namespace) {
                (Imported::Names(names), None) => {
                    let found = names.iter().find(|(_, here)| here.eq_ignore_ascii_case(name));
                    found.map(|(exported, _)| exported.clone())
                }
                (Imported::All(alias), Some(called)) if alias.eq_ignore_ascii_case(called) => {
                    Some(name.into())
                }
                _ => None,
            };
            if let Some(exported) = exported {
                let file = self.imported(&import.path, import.path_span)?;
                return Some((file, exported));
            }
        }
        None
    }
}
