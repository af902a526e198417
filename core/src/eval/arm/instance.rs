//! One template being deployed once: its names are evaluated when something asks for them, once each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::access;
use super::evaluation::Evaluation;
use super::names::NameKey;
use super::scope::{Planned, Scope};
use super::template::{Parameter, ResourceDeclaration, Shape, Template};
use crate::eval::catalogue::KnownModule;
use crate::eval::choice;
use crate::eval::deployment::{Address, ModuleStep, Presence};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::home::Home;
use crate::eval::memo::Memo;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::rooted::Calling;
use crate::eval::value::{Kind, PathStep, Reason, Unknown, Value};
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
    pub(super) imports: Memo<Arc<str>, Option<Rc<Instance<'e>>>>,
    pub(super) expansions: Memo<usize, Rc<[Planned]>>,
    pub(super) resource_names: Memo<(usize, usize), Value>,
    pub(super) bodies: Memo<(usize, usize), Value>,
    pub(super) views: Memo<(usize, usize), Value>,
    pub(super) deployments: Memo<(usize, usize), Option<Rc<Instance<'e>>>>,
    pub(super) declared: RefCell<Option<Declared>>,
    /// The scopes that are being worked out.
    pub(super) targets: RefCell<Vec<Span>>,
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
    /// With `known` it stands for a module whose files are not there.
    Called {
        by: Scope<'e>,
        position: usize,
        known: Option<KnownModule>,
    },
    /// Those of the template around it.
    Outer(Scope<'e>),
    /// Its own, with values from another language; others may have values too, for the reason in `open`.
    Given {
        values: Vec<(Arc<str>, Value)>,
        open: Option<Unknown>,
    },
}

impl Calling for Instance<'_> {
    fn let_go(&self) {
        self.declared.take();
        self.expansions.take();
        let below = self.deployments.take().into_iter().chain(self.imports.take());
        for instance in below.flatten() {
            instance.let_go();
        }
        if let Names::Root { files } = &self.names {
            for file in files {
                file.let_go();
            }
        }
    }
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
            targets: RefCell::default(),
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
                Names::Root { .. } | Names::Given { .. } => false,
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
        if let Some(switch) = self.switch(parameter) {
            return Ok(switch);
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

    /// Whether the version of a known module has what a parameter of it stands for.
    fn switch(&self, parameter: &Parameter) -> Option<Value> {
        let Names::Called {
            known: Some(known), ..
        } = &self.names
        else {
            return None;
        };
        let from = Provenance::new(Via::Literal, parameter.name_span);
        Some(match known.switch(&parameter.name)? {
            Ok(is_so) => Value::new(Kind::Bool(is_so), from),
            Err(_) => {
                let what = "the version of the module".to_owned();
                let scope = format!("{} {}", self.path_text(), parameter.name);
                let unknown = Unknown::named(Reason::External { what }, &scope, parameter.name_span);
                Value::unknown(unknown.scalar(), from)
            }
        })
    }

    /// The resource that deploys this, where the text of this is not the user's.
    pub(super) fn known_by(&self) -> Option<&ResourceDeclaration> {
        match &self.names {
            Names::Called {
                by,
                position,
                known: Some(_),
            } => by.instance.declaration(*position),
            _ => None,
        }
    }

    pub(super) fn home(&self) -> Option<Home> {
        Some(Home {
            text: self.template.file,
            call: self.known_by()?.header,
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
            Names::Called { by, position, .. } => {
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
            Names::Given { values, open } => {
                let mut values = values.iter().rev();
                let value = values.find(|(given, _)| given.eq_ignore_ascii_case(name));
                let value = value.map(|(_, value)| value.clone()).or_else(|| {
                    let span = self.template.start();
                    let unknown = open.as_ref()?.step(PathStep::Attribute(name.clone()), span);
                    Some(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
                });
                value.map(Ok)
            }
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
            let value = self.scope().evaluate(&output.value);
            match self.home() {
                Some(home) => home.evaluated(value),
                None => value.map(|value| Value {
                    from: value.from.used_at(Via::ModuleOutput, output.value.span),
                    ..value
                }),
            }
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
