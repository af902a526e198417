//! One template being deployed once: its names are evaluated when something asks for them, once each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::access;
use super::evaluation::Evaluation;
use super::names::NameKey;
use super::scope::{Bound, Planned, Scope};
use super::template::{Imported, Parameter, Shape, Template, UserFunction};
use crate::eval::choice;
use crate::eval::deployment::{Address, ModuleStep, Presence};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::memo::Memo;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::{Expression, Member, Name};

pub(super) struct Instance<'e> {
    pub(super) evaluation: &'e Evaluation<'e>,
    pub(super) template: Arc<Template>,
    /// The deployments on the way from the root.
    pub(super) path: Arc<[ModuleStep]>,
    /// Of this deployment, with that of those around it.
    pub(super) presence: Presence,
    pub(super) place: Place,
    names: Names<'e>,
    parameters: Memo<Arc<str>, Evaluated>,
    variables: Memo<Arc<str>, Evaluated>,
    outputs: Memo<Arc<str>, Evaluated>,
    imports: Memo<Arc<str>, Option<Rc<Instance<'e>>>>,
    pub(super) expansions: Memo<usize, Rc<[Planned]>>,
    pub(super) resource_names: Memo<(usize, usize), Value>,
    pub(super) bodies: Memo<(usize, usize), Value>,
    pub(super) views: Memo<(usize, usize), Value>,
    pub(super) deployments: Memo<(usize, usize), Option<Rc<Instance<'e>>>>,
    pub(super) declared: RefCell<Option<Declared>>,
}

/// The resources of a template by what ids and references call them; none while the names are worked out.
pub(super) type Declared = Option<Rc<DeclaredNames>>;

#[derive(Default)]
pub(super) struct DeclaredNames {
    /// By type in lower case and whole name.
    pub(super) by_name: HashMap<(String, NameKey), Vec<(usize, usize)>>,
    pub(super) by_address: HashMap<Address, (usize, usize)>,
}

/// What a template is deployed to.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) subscription: Value,
    /// None when it is deployed to a subscription or above.
    pub(super) resource_group: Option<Value>,
}

/// Where the parameters and variables of an instance are.
pub(super) enum Names<'e> {
    /// Its own, with values from parameter files; the last file wins.
    Root { files: Vec<Rc<Instance<'e>>> },
    /// Its own, with values from the resource at this position of another template.
    Called { by: Scope<'e>, position: usize },
    /// Those of the template around it.
    Outer(Scope<'e>),
}

impl<'e> Instance<'e> {
    pub(super) fn new(
        evaluation: &'e Evaluation<'e>,
        template: Arc<Template>,
        path: Arc<[ModuleStep]>,
        presence: Presence,
        place: Place,
        names: Names<'e>,
    ) -> Rc<Self> {
        Rc::new(Instance {
            evaluation,
            template,
            path,
            presence,
            place,
            names,
            parameters: Memo::default(),
            variables: Memo::default(),
            outputs: Memo::default(),
            imports: Memo::default(),
            expansions: Memo::default(),
            resource_names: Memo::default(),
            bodies: Memo::default(),
            views: Memo::default(),
            deployments: Memo::default(),
            declared: RefCell::default(),
        })
    }

    /// Where the declarations of this instance are evaluated: with outer scope inside the loops that the
    /// nested deployment is in.
    pub(super) fn scope(self: &Rc<Self>) -> Scope<'e> {
        let frame = match &self.names {
            Names::Outer(scope) => scope.frame.clone(),
            _ => None,
        };
        Scope {
            instance: self.clone(),
            frame,
            in_body: false,
        }
    }

    /// Lets values be worked out again that may lack the edges of ids.
    pub(super) fn forget_values(&self) {
        self.parameters.forget();
        self.variables.forget();
        self.expansions.forget();
    }

    /// The deployment whose template this one's expressions belong to, with outer scope.
    pub(super) fn around(&self) -> Option<&Rc<Self>> {
        match &self.names {
            Names::Outer(scope) => Some(&scope.instance),
            _ => None,
        }
    }

    /// Names the deployment among all of a root's; empty for the root.
    pub(super) fn path_text(&self) -> String {
        let steps: Vec<String> = self
            .path
            .iter()
            .map(|step| format!("{}{}", step.name, step.key))
            .collect();
        steps.join("/")
    }

    pub(super) fn is_inside(&self, template: &Arc<Template>) -> bool {
        let is_same = self.template.file == template.file;
        is_same
            || match &self.names {
                Names::Called { by: scope, .. } | Names::Outer(scope) => scope.instance.is_inside(template),
                Names::Root { .. } => false,
            }
    }

    pub(super) fn cycle(&self, what: String, span: Span) -> Value {
        let unknown = Unknown::new(Reason::Cycle { what }, span);
        Value::unknown(unknown, Provenance::new(Via::Literal, span))
    }

    /// The value of a name that is not declared: an error, unless a part of the template is missing.
    fn undeclared(&self, what: &str, span: Span) -> Evaluated {
        if self.template.is_incomplete {
            let unknown = Unknown::named(Reason::Incomplete, what, span);
            return Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)));
        }
        Err(EvalError::new(
            format!("{what} is not declared in this template."),
            span,
        ))
    }

    pub(super) fn parameter(self: &Rc<Self>, name: &str, span: Span) -> Evaluated {
        if let Names::Outer(outer) = &self.names {
            return outer.instance.parameter(name, span);
        }
        let mut declared = self.template.parameters.iter();
        let Some(parameter) = declared.find(|parameter| parameter.name.eq_ignore_ascii_case(name)) else {
            return self.undeclared(&format!("Parameter {name}"), span);
        };
        let on_cycle = || Ok(self.cycle(format!("parameter {name}"), parameter.name_span));
        self.parameters
            .get(&parameter.name, on_cycle, || self.assigned_parameter(parameter))
    }

    fn assigned_parameter(self: &Rc<Self>, parameter: &Parameter) -> Evaluated {
        let name = format!("parameter {}", parameter.name);
        let declared = Provenance::new(Via::VariableDefault, parameter.name_span);
        if parameter.is_secure {
            let reason = Reason::Sensitive { name };
            return Ok(Value::unknown(
                Unknown::new(reason, parameter.name_span),
                declared,
            ));
        }
        let Some(assigned) = self.assigned(&parameter.name) else {
            if let Some(default) = self.default_value(parameter) {
                return default;
            }
            if parameter.is_nullable {
                return Ok(Value::new(Kind::Null, declared));
            }
            let unknown = Unknown::unassigned(name, &self.path_text(), parameter.name_span);
            let unknown = match parameter.shape {
                Shape::Scalar => unknown.scalar(),
                _ => unknown,
            };
            return Ok(Value::unknown(unknown, declared));
        };
        // Null means that nothing is assigned, under each condition.
        choice::map(&assigned?, &mut |leaf| match leaf.is_null() {
            true => self.default_value(parameter).unwrap_or_else(|| Ok(leaf.clone())),
            false => Ok(leaf.clone()),
        })
    }

    fn default_value(self: &Rc<Self>, parameter: &Parameter) -> Option<Evaluated> {
        let default = parameter.default.as_ref()?;
        let value = self.scope().evaluate(default);
        Some(value.map(|value| Value {
            from: value.from.named(Via::VariableDefault, default.span),
            ..value
        }))
    }

    /// What is given to a parameter from outside.
    fn assigned(self: &Rc<Self>, name: &Arc<str>) -> Option<Evaluated> {
        match &self.names {
            Names::Root { files } => {
                let declares = |file: &&Rc<Instance<'e>>| {
                    let parameters = &file.template.parameters;
                    parameters
                        .iter()
                        .any(|parameter| parameter.name.eq_ignore_ascii_case(name))
                };
                let file = files.iter().rev().find(declares)?;
                let value = file.parameter(name, file.template.start());
                Some(value.map(|value| {
                    let written = value.from.nearest().span;
                    Value {
                        from: value.from.named(Via::VariableFile, written),
                        ..value
                    }
                }))
            }
            Names::Called { by, position } => {
                let nested = by
                    .instance
                    .template
                    .resources
                    .get(*position)?
                    .deployment
                    .as_ref()?;
                argument(by, &nested.parameters, name)
            }
            Names::Outer(_) => None,
        }
    }

    pub(super) fn variable(self: &Rc<Self>, name: &str, span: Span) -> Evaluated {
        if let Names::Outer(outer) = &self.names {
            return outer.instance.variable(name, span);
        }
        let mut declared = self.template.variables.iter();
        let Some(variable) = declared.find(|variable| variable.name.eq_ignore_ascii_case(name)) else {
            return match self.imported_variable(name, span) {
                Some(value) => value,
                None => self.undeclared(&format!("Variable {name}"), span),
            };
        };
        let on_cycle = || Ok(self.cycle(format!("variable {name}"), variable.name_span));
        self.variables.get(&variable.name, on_cycle, || {
            let value = self.scope().evaluate(&variable.value)?;
            let from = value.from.used_at(Via::Local, variable.value.span);
            Ok(Value { from, ..value })
        })
    }

    fn imported_variable(self: &Rc<Self>, name: &str, span: Span) -> Option<Evaluated> {
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
    fn imported(self: &Rc<Self>, path: &Arc<str>, span: Span) -> Option<Rc<Instance<'e>>> {
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

    /// A user-defined function and the instance that it is declared in.
    pub(super) fn function(
        self: &Rc<Self>,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<(Rc<Instance<'e>>, &UserFunction)> {
        let is_meant = |function: &&UserFunction| {
            let is_in = match (&function.namespace, namespace) {
                (Some(own), Some(called)) => own.eq_ignore_ascii_case(called),
                (None, None) => true,
                _ => false,
            };
            is_in && function.name.eq_ignore_ascii_case(name)
        };
        let own = self.template.functions.iter().find(is_meant);
        own.map(|function| (self.clone(), function))
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

    /// The outer template's names, when this one has none of its own.
    pub(super) fn outer(&self) -> Option<&Scope<'e>> {
        match &self.names {
            Names::Outer(scope) => Some(scope),
            _ => None,
        }
    }

    pub(super) fn output(self: &Rc<Self>, name: &Arc<str>, span: Span) -> Evaluated {
        let mut declared = self.template.outputs.iter();
        let Some(output) = declared.find(|output| output.name.eq_ignore_ascii_case(name)) else {
            return self.undeclared(&format!("Output {name}"), span);
        };
        let on_cycle = || Ok(self.cycle(format!("output {name}"), output.name_span));
        self.outputs.get(&output.name, on_cycle, || {
            if output.is_secure {
                let reason = Reason::Sensitive {
                    name: format!("output {name}"),
                };
                let unknown = Unknown::new(reason, output.name_span);
                let from = Provenance::new(Via::ModuleOutput, output.name_span);
                return Ok(Value::unknown(unknown, from));
            }
            let value = self.scope().evaluate(&output.value)?;
            let from = value.from.used_at(Via::ModuleOutput, output.value.span);
            Ok(Value { from, ..value })
        })
    }
}

/// The value of a parameter among the members of `params`, evaluated where the module is called.
fn argument(scope: &Scope<'_>, members: &[Member], name: &Arc<str>) -> Option<Evaluated> {
    let given = |expression: &Expression| {
        let value = scope.evaluate(expression)?;
        let from = value.from.named(Via::ModuleArgument, expression.span);
        Ok(Value { from, ..value })
    };
    // The last one wins.
    for member in members.iter().rev() {
        match member {
            Member::Named {
                name: Name::Plain { text, .. },
                value,
            } if text.eq_ignore_ascii_case(name) => return Some(given(value)),
            Member::Named { .. } => {}
            Member::Spread(expression) => {
                let spread = match given(expression) {
                    Ok(spread) => spread,
                    Err(error) => return Some(Err(error)),
                };
                match &spread.kind {
                    Kind::Object(entries) if access::find(entries, name).is_none() => {
                        if let Some(open) = &entries.open {
                            return Some(Ok(Value::unknown(open.clone(), spread.from.clone())));
                        }
                    }
                    _ => return Some(access::member(&spread, name, true, expression.span)),
                }
            }
        }
    }
    None
}

impl Scope<'_> {
    /// A call of a user-defined function.
    pub(super) fn user_function(
        &self,
        namespace: Option<&str>,
        name: &str,
        arguments: &[Expression],
        span: Span,
    ) -> Option<Evaluated> {
        let instance = match self.instance.outer() {
            Some(outer) => outer.instance.clone(),
            None => self.instance.clone(),
        };
        let imported = instance.imported_function(namespace, name);
        let (instance, function) = match &imported {
            Some((file, exported)) => file.function(None, exported)?,
            None => instance.function(namespace, name)?,
        };
        let values = arguments
            .iter()
            .map(|argument| self.evaluate_or_invalid(argument));
        let bound = Bound::Function {
            arguments: function.parameters.iter().cloned().zip(values).collect(),
        };
        let inside = Scope {
            instance: instance.clone(),
            frame: None,
            in_body: false,
        };
        let result = inside.with(bound).evaluate(&function.body);
        Some(result.map(|value| {
            let from = value.from.used_at(Via::Literal, span);
            Value { from, ..value }
        }))
    }
}
