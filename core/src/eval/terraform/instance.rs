//! One instance of a module: its names are evaluated when something asks for them, once each.

use std::rc::Rc;
use std::sync::Arc;

use super::conversion::convert;
use super::evaluation::Evaluation;
use super::expansion::{self, Expansion};
use super::expression::{Bound, Evaluated, Scope};
use super::module_source::{BlockRef, ModuleSource, ResourceName};
use super::types::Type;
use crate::eval::deployment::{InstanceKey, ModuleStep, Presence, Problem};
use crate::eval::error::EvalError;
use crate::eval::home::Home;
use crate::eval::memo::Memo;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::rooted::Calling;
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{Block, Expression, ExpressionKind};

pub(super) struct Instance<'e> {
    pub(super) evaluation: &'e Evaluation<'e>,
    pub(super) source: Arc<ModuleSource>,
    pub(super) path: Arc<[ModuleStep]>,
    /// Of this instance, with that of its callers.
    pub(super) presence: Presence,
    caller: Option<Caller<'e>>,
    variables: Memo<Arc<str>, Evaluated>,
    locals: Memo<Arc<str>, Evaluated>,
    outputs: Memo<Arc<str>, Evaluated>,
    pub(super) bodies: Memo<(ResourceName, InstanceKey), Arc<Entries>>,
    /// Attributes that are not in bodies, by their names.
    pub(super) unread: Memo<(ResourceName, InstanceKey, Arc<str>), Value>,
    resources: Memo<ResourceName, Rc<Expansion>>,
    /// All instances of a resource as one value.
    pub(super) collections: Memo<ResourceName, Evaluated>,
    modules: Memo<Arc<str>, Rc<ModuleCall<'e>>>,
}

struct Caller<'e> {
    instance: Rc<Instance<'e>>,
    block: BlockRef,
    bound: Option<(&'static str, Value)>,
}

/// A module call and its instances.
pub(super) struct ModuleCall<'e> {
    pub(super) expansion: Expansion,
    /// Why nothing is known of what the module holds.
    pub(super) missing: Option<Unknown>,
    pub(super) instances: Vec<(InstanceKey, Rc<Instance<'e>>)>,
}

impl Calling for Instance<'_> {
    fn let_go(&self) {
        for call in self.modules.take() {
            for (_, instance) in &call.instances {
                instance.let_go();
            }
        }
    }
}

impl<'e> Instance<'e> {
    pub(super) fn root(evaluation: &'e Evaluation<'e>, source: Arc<ModuleSource>) -> Rc<Self> {
        Rc::new(Self::new(
            evaluation,
            source,
            Arc::new([]),
            Presence::Certain,
            None,
        ))
    }

    fn new(
        evaluation: &'e Evaluation<'e>,
        source: Arc<ModuleSource>,
        path: Arc<[ModuleStep]>,
        presence: Presence,
        caller: Option<Caller<'e>>,
    ) -> Self {
        Instance {
            evaluation,
            source,
            path,
            presence,
            caller,
            variables: Memo::default(),
            locals: Memo::default(),
            outputs: Memo::default(),
            bodies: Memo::default(),
            unread: Memo::default(),
            resources: Memo::default(),
            collections: Memo::default(),
            modules: Memo::default(),
        }
    }

    /// Evaluates something in the scope of this instance.
    pub(super) fn scoped<T>(
        self: &Rc<Self>,
        bound: Option<&(&'static str, Value)>,
        evaluate: impl FnOnce(&Scope<'_>) -> T,
    ) -> T {
        let bound = bound.map(|(name, value)| Bound {
            name,
            value,
            outer: None,
        });
        let scope = Scope {
            names: self,
            files: self.evaluation,
            shared: &self.evaluation.shared,
            bound: bound.as_ref(),
        };
        evaluate(&scope)
    }

    /// `module.network.module.subnets["a"]`, or the empty text for the root.
    pub(super) fn path_text(&self) -> String {
        let steps: Vec<String> = self
            .path
            .iter()
            .map(|step| format!("module.{}{}", step.name, step.key))
            .collect();
        steps.join(".")
    }

    /// Whether this instance is of the module in a folder, or was called from one that is.
    pub(super) fn is_inside(&self, folder: &str) -> bool {
        let caller = self.caller.as_ref();
        self.source.folder == folder || caller.is_some_and(|caller| caller.instance.is_inside(folder))
    }

    pub(super) fn cycle(&self, what: String, span: Span) -> Value {
        let unknown = Unknown::new(Reason::Cycle { what }, span);
        Value::unknown(unknown, Provenance::new(Via::Literal, span))
    }

    /// The value of a name that is not declared: an error, unless a part of the module is missing.
    pub(super) fn undeclared(&self, what: &str, span: Span) -> Evaluated {
        if let Some(known) = &self.source.known {
            let source = known.name.clone();
            let scope = format!("{} {what}", self.path_text());
            let unknown = Unknown::named(Reason::ModuleNotFound { source }, &scope, span);
            return Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)));
        }
        match &self.source.incomplete {
            Some(unknown) => Ok(Value::unknown(
                Unknown::derived(("undeclared", what), [unknown]).unwrap_or_else(|| unknown.clone()),
                Provenance::new(Via::Literal, span),
            )),
            None => Err(EvalError::new(
                format!("{what} is not declared in this module."),
                span,
            )),
        }
    }

    pub(super) fn local(self: &Rc<Self>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(local) = self.source.locals.get(name) else {
            return self.undeclared(&format!("local.{name}"), span);
        };
        let attribute = local.get();
        let on_cycle = || Ok(self.cycle(format!("local.{name}"), attribute.name_span));
        self.locals.get(name, on_cycle, || {
            let value = self.scoped(None, |scope| scope.evaluate(&attribute.value))?;
            let from = value.from.used_at(Via::Local, attribute.value.span);
            Ok(Value { from, ..value })
        })
    }

    pub(super) fn output(self: &Rc<Self>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(output) = self.source.outputs.get(name) else {
            return self.undeclared(&format!("output {name}"), span);
        };
        let Some(expression) = attribute(output.get(), "value") else {
            return self.undeclared(&format!("output {name}"), span);
        };
        let on_cycle = || Ok(self.cycle(format!("output {name}"), output.get().header));
        self.outputs.get(name, on_cycle, || {
            let value = self.scoped(None, |scope| scope.evaluate(expression));
            let Some(home) = self.home() else {
                let value = value?;
                let from = value.from.used_at(Via::ModuleOutput, expression.span);
                return Ok(Value { from, ..value });
            };
            home.evaluated(value)
        })
    }

    pub(super) fn variable(self: &Rc<Self>, name: &Arc<str>, span: Span) -> Evaluated {
        let Some(declared) = self.source.variables.get(name) else {
            return self.undeclared(&format!("var.{name}"), span);
        };
        let block = declared.get();
        let on_cycle = || Ok(self.cycle(format!("var.{name}"), block.header));
        self.variables
            .get(name, on_cycle, || self.assigned_variable(name, block))
    }

    fn assigned_variable(self: &Rc<Self>, name: &Arc<str>, block: &Block) -> Evaluated {
        let flag = |name: &str, otherwise: bool| match attribute(block, name).map(|value| &value.kind) {
            Some(ExpressionKind::Bool(value)) => *value,
            _ => otherwise,
        };
        if flag("sensitive", false) {
            let reason = Reason::Sensitive {
                name: format!("var.{name}"),
            };
            let from = Provenance::new(Via::VariableDefault, block.header);
            return Ok(Value::unknown(Unknown::new(reason, block.header), from));
        }
        let assigned = match &self.caller {
            Some(caller) => self.switch(name, block).or_else(|| caller.argument(name)),
            None => self.evaluation.assigned(name, block),
        };
        let default = attribute(block, "default");
        let nullable = flag("nullable", true);
        let value = match (assigned, default) {
            (Some(value), Some(default)) if !nullable => {
                let value = value?;
                // null given to a variable that takes none means its default, under each condition.
                crate::eval::choice::map(&value, &mut |leaf| {
                    if leaf.is_null() {
                        self.default_value(default)
                    } else {
                        Ok(leaf.clone())
                    }
                })?
            }
            (Some(value), _) => value?,
            (None, Some(default)) => self.default_value(default)?,
            (None, None) => {
                let unknown = Unknown::unassigned(format!("var.{name}"), &self.path_text(), block.header);
                let from = Provenance::new(Via::VariableDefault, block.header);
                Value::unknown(unknown, from)
            }
        };
        match attribute(block, "type") {
            Some(constraint) => self.converted(&value, constraint, name),
            None => Ok(value),
        }
    }

    /// Whether the version of a known module has what a variable of it stands for.
    fn switch(&self, name: &str, block: &Block) -> Option<Evaluated> {
        let known = self.source.known.as_ref()?;
        let from = Provenance::new(Via::Literal, block.header);
        Some(Ok(match known.module.switch(name)? {
            Ok(is_so) => Value::new(Kind::Bool(is_so), from),
            Err(_) => {
                let what = format!("the version of {}", known.name);
                let scope = format!("{} {name}", self.path_text());
                let unknown = Unknown::named(Reason::External { what }, &scope, block.header);
                Value::unknown(unknown.scalar(), from)
            }
        }))
    }

    /// The call that made this instance.
    pub(super) fn call(&self) -> Option<&Block> {
        self.caller.as_ref().map(|caller| caller.block.get())
    }

    /// Where the text of this instance is not the user's.
    pub(super) fn home(&self) -> Option<Home> {
        Some(Home {
            text: self.source.known.as_ref()?.text,
            call: self.call()?.header,
        })
    }

    fn default_value(self: &Rc<Self>, default: &Expression) -> Evaluated {
        let value = self.scoped(None, |scope| scope.evaluate(default))?;
        let from = value.from.named(Via::VariableDefault, default.span);
        Ok(Value { from, ..value })
    }

    fn converted(self: &Rc<Self>, value: &Value, constraint: &Expression, name: &str) -> Evaluated {
        let of = Type::from_expression(constraint, &mut |default| {
            self.scoped(None, |scope| scope.evaluate_or_invalid(default))
        })?;
        crate::eval::choice::map(value, &mut |leaf| {
            convert(leaf, &of).map_err(|message| {
                EvalError::new(
                    format!("The value of var.{name} is not suitable: {message}."),
                    leaf.from.nearest().span,
                )
            })
        })
    }

    /// The instances of a resource of this module.
    pub(super) fn expansion(self: &Rc<Self>, name: &ResourceName, declared: &BlockRef) -> Rc<Expansion> {
        let block = declared.get();
        let on_cycle = || {
            let unknown = Unknown::new(
                Reason::Cycle {
                    what: format!("{}.{}", name.kind, name.name),
                },
                block.header,
            );
            Rc::new(Expansion {
                form: expansion::Form::Template(unknown),
                instances: Vec::new(),
            })
        };
        self.resources.get(name, on_cycle, || {
            let (expansion, limit) = self.scoped(None, |scope| expansion::expand(block, scope));
            self.note_limit(limit, block.header);
            Rc::new(expansion)
        })
    }

    pub(super) fn note_limit(&self, message: Option<String>, span: Span) {
        if let Some(message) = message {
            let span = self.home().map_or(span, |home| home.span(span));
            self.evaluation.note(Problem::Limit { message, span });
        }
    }

    /// A call of this module with its instances.
    pub(super) fn module_call(self: &Rc<Self>, name: &Arc<str>) -> Option<Rc<ModuleCall<'e>>> {
        let declared = self.source.modules.get(name)?;
        let block = declared.get();
        let missing = |unknown: Unknown| ModuleCall {
            expansion: Expansion {
                form: expansion::Form::Single,
                instances: Vec::new(),
            },
            missing: Some(unknown),
            instances: Vec::new(),
        };
        let on_cycle = || {
            let what = format!("module.{name}");
            Rc::new(missing(Unknown::new(Reason::Cycle { what }, block.header)))
        };
        let call = self.modules.get(name, on_cycle, || {
            let source = match self.evaluation.called_module(self, name, block) {
                Ok(source) => source,
                Err(unknown) => return Rc::new(missing(unknown)),
            };
            let (expansion, limit) = self.scoped(None, |scope| expansion::expand(block, scope));
            self.note_limit(limit, block.header);
            let instances = expansion.instances.iter().map(|planned| {
                let step = ModuleStep {
                    name: name.clone(),
                    key: planned.key.clone(),
                };
                let caller = Caller {
                    instance: self.clone(),
                    block: declared.clone(),
                    bound: planned.bound.clone(),
                };
                let instance = Instance::new(
                    self.evaluation,
                    source.clone(),
                    self.path.iter().cloned().chain([step]).collect(),
                    self.presence.and(&planned.presence),
                    Some(caller),
                );
                (planned.key.clone(), Rc::new(instance))
            });
            Rc::new(ModuleCall {
                instances: instances.collect(),
                expansion: expansion.clone(),
                missing: None,
            })
        });
        Some(call)
    }
}

impl Caller<'_> {
    /// The argument of the call for a variable, evaluated where the call is.
    fn argument(&self, name: &str) -> Option<Evaluated> {
        let expression = attribute(self.block.get(), name)?;
        let value = self
            .instance
            .scoped(self.bound.as_ref(), |scope| scope.evaluate(expression));
        Some(value.map(|value| Value {
            from: value.from.named(Via::ModuleArgument, expression.span),
            kind: value.kind,
        }))
    }
}

/// The expression of an attribute of a block.
pub(super) fn attribute<'b>(block: &'b Block, name: &str) -> Option<&'b Expression> {
    let attributes = &block.body.attributes;
    let found = attributes.iter().find(|attribute| &*attribute.name == name)?;
    Some(&found.value)
}

/// The value that stands for everything in a module that is not there.
pub(super) fn missing_value(unknown: &Unknown, span: Span) -> Value {
    Value {
        kind: Kind::Unknown(unknown.clone()),
        from: Provenance::new(Via::Literal, span),
    }
}
