//! Expressions to values, as Terraform evaluates them, with unknowns and choices carried along.

mod calls;
pub(super) mod equality;
mod for_expressions;
mod operators;
mod templates;
mod traversals;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use crate::eval::arithmetic;
use crate::eval::deployment::ModuleStep;
use crate::eval::observer::{Observer, Turn, Within};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::{
    BinaryOperator, Conditional, Expression, ExpressionKind, ObjectItem, ObjectKey, TraversalStep,
};

use super::conversion::convert;
use super::functions::Files;
use super::types::{Type, unify};
use crate::eval::budget::Budget;
use crate::eval::error::EvalError;

pub(super) use for_expressions::items;
use templates::text_of;

pub(super) use crate::eval::error::Evaluated;

/// What all expressions of one deployment share.
pub(super) struct Shared {
    pub budget: Budget,
    /// How deep the evaluation is nested at the moment, through locals, variables and modules.
    depth: Cell<u32>,
    /// Who wants to know what expressions turn out to be, if anybody does.
    pub observer: Option<Rc<Observer>>,
}

impl Shared {
    /// The deepest nesting: far more than people write, far less than a thread's stack holds.
    pub(super) const MAXIMUM_DEPTH: u32 = 3_000;

    pub(super) fn new(observer: Option<Rc<Observer>>) -> Self {
        Shared {
            budget: Budget::new(),
            depth: Cell::new(0),
            observer,
        }
    }
}

/// Resolves the names of a module: `var`, `local`, `module`, resources.
pub(super) trait Names {
    /// The value that a name and its first steps denote, and how many steps were used up for it.
    fn resolve(
        &self,
        name: &str,
        steps: &[TraversalStep],
        scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError>;

    /// The module instance whose names these are. None where the text that is evaluated is not that of the
    /// file that its spans name.
    fn modules(&self) -> Option<Arc<[ModuleStep]>> {
        None
    }
}

/// What an expression may refer to.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub names: &'a dyn Names,
    pub files: &'a dyn Files,
    pub shared: &'a Shared,
    /// `each`, `count`, iterators and the variables of for-expressions, innermost first.
    pub bound: Option<&'a Bound<'a>>,
}

/// One bound variable.
pub(super) struct Bound<'a> {
    pub name: &'a str,
    pub value: &'a Value,
    pub outer: Option<&'a Bound<'a>>,
}

impl<'a> Scope<'a> {
    /// The same scope with one more variable.
    pub(super) fn with<'b>(self, bound: &'b Bound<'b>) -> Scope<'b>
    where
        'a: 'b,
    {
        Scope {
            bound: Some(bound),
            ..self
        }
    }

    fn bound(&self, name: &str) -> Option<&'a Value> {
        let mut next = self.bound;
        while let Some(bound) = next {
            if bound.name == name {
                return Some(bound.value);
            }
            next = bound.outer;
        }
        None
    }

    /// The value of an expression.
    pub(super) fn evaluate(&self, expression: &Expression) -> Evaluated {
        let depth = self.shared.depth.get();
        if depth >= Shared::MAXIMUM_DEPTH || !self.shared.budget.spend_steps(1) {
            let what = if depth >= Shared::MAXIMUM_DEPTH {
                "nesting of expressions"
            } else {
                "evaluation steps of this deployment"
            };
            return Ok(limit_reached(what, expression.span));
        }
        self.shared.depth.set(depth + 1);
        let value = self.evaluate_kind(expression);
        self.shared.depth.set(depth);
        let value = match value {
            Ok(value) if produces(expression) && !self.shared.budget.affords(&value) => {
                Ok(limit_reached("parts of lists and objects", expression.span))
            }
            value => value,
        };
        if let Some(observer) = &self.shared.observer {
            self.observe(expression, &value, observer);
        }
        value
    }

    #[cold]
    fn observe(&self, expression: &Expression, result: &Evaluated, observer: &Observer) {
        if !observer.wants(expression.span) || is_written_out(expression) {
            return;
        }
        if let Some(modules) = self.names.modules() {
            if let ExpressionKind::Call(call) = &expression.kind
                && &*call.name == "sensitive"
            {
                observer.hide(expression.span, "sensitive(…)".to_owned(), call.name_span);
            }
            observer.note(expression.span, result, || self.within(modules));
        }
    }

    /// Notes the value of what has this name, when somebody wants to know.
    pub(super) fn observe_name(&self, span: Span, value: &Value) {
        if let Some(observer) = &self.shared.observer
            && observer.wants(span)
            && let Some(modules) = self.names.modules()
        {
            observer.note_name(span, value, self.within(modules));
        }
    }

    /// The instance that this scope is in.
    fn within(&self, modules: Arc<[ModuleStep]>) -> Within {
        let mut turns = Vec::new();
        let mut next = self.bound;
        while let Some(bound) = next {
            turns.push(Turn {
                name: bound.name.into(),
                at: turn_of(bound.value).clone(),
            });
            next = bound.outer;
        }
        turns.reverse();
        Within {
            turns,
            ..Within::modules(modules)
        }
    }

    /// The value, or an unknown that says why Terraform would refuse the expression.
    pub(super) fn evaluate_or_invalid(&self, expression: &Expression) -> Value {
        self.evaluate(expression)
            .unwrap_or_else(|error| error.into_value())
    }

    fn evaluate_kind(&self, expression: &Expression) -> Evaluated {
        let span = expression.span;
        let literal = |kind| Ok(Value::new(kind, Provenance::new(Via::Literal, span)));
        match &expression.kind {
            ExpressionKind::Null => literal(Kind::Null),
            ExpressionKind::Bool(value) => literal(Kind::Bool(*value)),
            ExpressionKind::Number(digits) => match arithmetic::parse(digits) {
                Some(number) => literal(Kind::Number(number)),
                None => Ok(limit_reached("digits of a number", span)),
            },
            ExpressionKind::String(text) => literal(Kind::String(text.clone())),
            ExpressionKind::Template(parts) => self.template(parts, span),
            ExpressionKind::Tuple(items) => {
                let mut elements = Vec::with_capacity(items.len());
                for item in items {
                    elements.push(self.evaluate(item)?);
                }
                literal(Kind::Tuple(elements.into()))
            }
            ExpressionKind::Object(items) => self.object(items, span),
            ExpressionKind::Name(name) => self.name(name, &[], span).map(|(value, _)| value),
            ExpressionKind::Traversal(traversal) => self.traversal(traversal, span),
            ExpressionKind::Call(call) => self.call(call, span),
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.evaluate(operand)?;
                operators::unary(*operator, &operand, span)
            }
            ExpressionKind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            ExpressionKind::Conditional(conditional) => self.conditional(conditional, span),
            ExpressionKind::For(each) => self.for_expression(each, span),
            ExpressionKind::Parenthesis(inner) => self.evaluate(inner),
            // Why stands among the file's errors.
            ExpressionKind::Unreadable(_) => {
                let unknown = Unknown::new(Reason::Incomplete, span);
                Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
            }
        }
    }

    /// A name and the steps that belong to it.
    fn name(&self, name: &str, steps: &[TraversalStep], span: Span) -> Result<(Value, usize), EvalError> {
        match self.bound(name) {
            Some(value) => Ok((value.clone(), 0)),
            None => self.names.resolve(name, steps, self, span),
        }
    }

    fn object(&self, items: &[ObjectItem], span: Span) -> Evaluated {
        let mut entries = Entries::default();
        for item in items {
            let value = self.evaluate(&item.value)?;
            match &item.key {
                ObjectKey::Name(name, _) => {
                    entries.members.insert(name.clone(), value);
                }
                ObjectKey::Expression(expression) => {
                    let key = self.evaluate(expression)?;
                    match convert(&key, &Type::String) {
                        Ok(Value {
                            kind: Kind::String(key),
                            ..
                        }) => {
                            entries.members.insert(key, value);
                        }
                        Ok(key) if key.is_null() => {
                            return Err(EvalError::new(
                                "Can't use a null value as a key.",
                                expression.span,
                            ));
                        }
                        Ok(key) => {
                            // Some member exists under a name that is not known.
                            if let Some(unknown) = key.first_unknown() {
                                entries.open = Some(unknown.clone());
                            }
                        }
                        Err(message) => {
                            return Err(EvalError::new(
                                format!("Can't use this value as a key: {message}."),
                                expression.span,
                            ));
                        }
                    }
                }
            }
        }
        let from = Provenance::new(Via::Literal, span);
        Ok(Value::new(Kind::Object(entries.into()), from))
    }

    fn binary(
        &self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        span: Span,
    ) -> Evaluated {
        let left = self.evaluate(left)?;
        let right = self.evaluate(right);
        if matches!(operator, BinaryOperator::And | BinaryOperator::Or) {
            return operators::logical(operator, &left, &right, span);
        }
        operators::binary(operator, &left, &right?, span)
    }

    fn conditional(&self, conditional: &Conditional, span: Span) -> Evaluated {
        let test = self.evaluate(&conditional.test)?;
        let yes = self.evaluate(&conditional.yes);
        let no = self.evaluate(&conditional.no);
        // Both results get one type, as Terraform does it; an error counts as a value of any type.
        let of = |result: &Evaluated| result.as_ref().map_or(Type::Any, Type::of);
        let (yes_type, no_type) = (of(&yes), of(&no));
        let common = if yes_type == no_type {
            None
        } else {
            let common = unify(&[yes_type, no_type]);
            if common.is_none() && test.is_wholly_known() {
                return Err(EvalError::new(
                    "The true and false result expressions must have consistent types.",
                    span,
                ));
            }
            common
        };
        let unified = |result: Evaluated| match (&common, result) {
            (Some(common), Ok(value)) => Ok(convert(&value, common).unwrap_or(value)),
            (_, result) => result,
        };
        let (yes, no) = (unified(yes), unified(no));
        operators::select(&test, &yes, &no, span)
    }
}

/// What tells one turn of a loop from another: the key or index, or the element.
fn turn_of(bound: &Value) -> &Value {
    let member = |name: &str| bound.entries().and_then(|entries| entries.members.get(name));
    member("key").or_else(|| member("index")).unwrap_or(bound)
}

/// Whether the text of an expression is its value, or the values of its parts put together.
fn is_written_out(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::String(_)
            | ExpressionKind::Tuple(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::Parenthesis(_)
    )
}

/// Whether an expression makes a list or object, and does not only name one.
fn produces(expression: &Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Tuple(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::Call(_)
            | ExpressionKind::For(_)
    )
}

/// The value of something that is beyond a bound.
pub(super) fn limit_reached(what: &str, span: Span) -> Value {
    let reason = Reason::Limit {
        what: what.to_owned(),
    };
    Value::unknown(Unknown::new(reason, span), Provenance::new(Via::Literal, span))
}

/// The provenance of what an expression computed: its own text, then the steps of the operands that lie
/// elsewhere.
pub(super) fn computed_from<'v>(span: Span, operands: impl IntoIterator<Item = &'v Value>) -> Provenance {
    Provenance::computed(span, operands.into_iter().map(|value| &value.from))
}
