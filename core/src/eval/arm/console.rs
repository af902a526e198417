//! Single expressions, as they stand in a template: `[concat('a', 'b')]`, without a template around them.

use std::sync::Arc;

use super::functions::{self, Argument, Context, Files, Lambda, Member, member};
use crate::eval::budget::Budget;
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::origin::taken;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, PathStep, Reason, Unknown, Value};
use crate::source::{FileId, Span};
use crate::syntax::arm::expression::{Call, Expression, ExpressionKind};
use crate::syntax::arm::parse;

/// The value of an expression, or why Azure would refuse it. `parameters('x')` is what `parameter` says.
pub fn evaluate(text: &str, parameter: &dyn Fn(&str) -> Option<Value>, files: &dyn Files) -> Evaluated {
    let parsed = parse(FileId(0), text, 0);
    if let Some(error) = parsed.errors.into_iter().next() {
        return Err(EvalError::new(error.message, error.span));
    }
    let console = Console {
        parameter,
        files,
        budget: Budget::new(),
    };
    console.value(&parsed.expression, &Variables::None)
}

struct Console<'a> {
    parameter: &'a dyn Fn(&str) -> Option<Value>,
    files: &'a dyn Files,
    budget: Budget,
}

/// The parameters of the lambda expressions around an expression, innermost first.
enum Variables<'a> {
    None,
    Some {
        names: &'a [Arc<str>],
        values: &'a [Value],
        outer: &'a Variables<'a>,
    },
}

impl Variables<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Variables::None => None,
            Variables::Some { names, values, outer } => {
                let place = names.iter().position(|known| functions::same_name(known, name));
                place
                    .and_then(|place| values.get(place))
                    .or_else(|| outer.get(name))
            }
        }
    }
}

impl Console<'_> {
    fn value(&self, expression: &Expression, variables: &Variables<'_>) -> Evaluated {
        let span = expression.span;
        let literal = |kind: Kind| Ok(Value::new(kind, Provenance::new(Via::Literal, span)));
        match &expression.kind {
            ExpressionKind::Null => literal(Kind::Null),
            ExpressionKind::Boolean(value) => literal(Kind::Bool(*value)),
            ExpressionKind::Text(text) => literal(Kind::String(text.clone())),
            ExpressionKind::Number(number) => match number.parse() {
                Ok(number) => literal(Kind::Number(number)),
                Err(()) => Err(EvalError::new(format!("`{number}` is no number."), span)),
            },
            ExpressionKind::Call(call) => self.call(call, span, variables),
            ExpressionKind::Member(access) => {
                let target = self.value(&access.target, variables)?;
                choice::map(&target, &mut |target| member_of(target, &access.name, span))
            }
            ExpressionKind::Index(access) => {
                let target = self.value(&access.target, variables)?;
                let index = self.value(&access.index, variables)?;
                choice::map_pair(&target, &index, &mut |target, index| {
                    element_of(target, index, span)
                })
            }
            ExpressionKind::Array(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::Symbol(_)
            | ExpressionKind::Lambda(_)
            | ExpressionKind::Copy(_)
            | ExpressionKind::Broken => Err(EvalError::new("This is no expression.", span)),
        }
    }

    fn call(&self, call: &Call, span: Span, variables: &Variables<'_>) -> Evaluated {
        let named = |name: &str| call.name.eq_ignore_ascii_case(name);
        let written = || match call.arguments.as_slice() {
            [only] => only.as_text(),
            _ => None,
        };
        if named("if")
            && let [condition, yes, no] = call.arguments.as_slice()
            && let Kind::Bool(holds) = self.value(condition, variables)?.kind
        {
            return self.value(if holds { yes } else { no }, variables);
        }
        if named("lambdaVariables") {
            let value = written().and_then(|name| variables.get(name).cloned());
            return value.ok_or_else(|| EvalError::new("There is no such lambda variable.", span));
        }
        if named("parameters") {
            let value = written().and_then(|name| (self.parameter)(name));
            return value.ok_or_else(|| EvalError::new("There is no such parameter.", span));
        }
        self.plain_call(call, span, variables)
    }

    fn plain_call(&self, call: &Call, span: Span, variables: &Variables<'_>) -> Evaluated {
        let context = Context {
            span,
            files: self.files,
            budget: &self.budget,
        };
        // The closures of the lambda expressions must outlive the arguments.
        let lambdas: Vec<_> = call.arguments.iter().map(as_lambda).collect();
        let closures: Vec<_> = lambdas
            .iter()
            .map(|lambda| {
                lambda.as_ref().map(|(names, body)| {
                    move |values: &[Value]| {
                        let inner = Variables::Some {
                            names,
                            values,
                            outer: variables,
                        };
                        self.value(body, &inner)
                    }
                })
            })
            .collect();
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for ((expression, lambda), closure) in call.arguments.iter().zip(&lambdas).zip(&closures) {
            arguments.push(match (lambda, closure) {
                (Some((names, _)), Some(apply)) => Argument::Lambda(Lambda {
                    parameters: names.len(),
                    apply,
                }),
                _ => Argument::Value(self.value(expression, variables)?),
            });
        }
        let unheard = || {
            let what = format!("{}()", call.name);
            let unknown = Unknown::new(Reason::Unsupported { what }, span);
            Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
        };
        functions::call(&call.name, &arguments, &context).unwrap_or_else(unheard)
    }
}

/// `lambda('item', 'index', …)`: the names and the body.
fn as_lambda(expression: &Expression) -> Option<(Vec<Arc<str>>, &Expression)> {
    let ExpressionKind::Call(call) = &expression.kind else {
        return None;
    };
    let (body, names) = call.arguments.split_last()?;
    let names: Option<Vec<Arc<str>>> = names.iter().map(|name| name.as_text().cloned()).collect();
    call.name.eq_ignore_ascii_case("lambda").then_some((names?, body))
}

fn member_of(target: &Value, name: &str, span: Span) -> Evaluated {
    let step = |unknown: &Unknown| {
        let step = PathStep::Attribute(name.into());
        Ok(Value::unknown(unknown.step(step, span), target.from.clone()))
    };
    match (&target.kind, target.entries()) {
        (Kind::Unknown(unknown), _) => step(unknown),
        (_, Some(entries)) => match member(entries, name) {
            Member::Found(found) => Ok(taken(found, target)),
            Member::Unknown(unknown) => step(unknown),
            Member::Missing => Err(EvalError::new(format!("There is no member '{name}'."), span)),
        },
        _ => Err(EvalError::new(
            format!("'{name}' is read from what is no object."),
            span,
        )),
    }
}

fn element_of(target: &Value, index: &Value, span: Span) -> Evaluated {
    match (&target.kind, &index.kind) {
        (_, Kind::String(name)) => member_of(target, name, span),
        (Kind::Unknown(unknown), Kind::Number(number)) => {
            let step = PathStep::Index(number.as_u64().unwrap_or(u64::MAX));
            Ok(Value::unknown(unknown.step(step, span), target.from.clone()))
        }
        (_, Kind::Number(number)) => {
            let place = number.as_u64().and_then(|place| usize::try_from(place).ok());
            let elements = target.elements().unwrap_or_default();
            let element = place.and_then(|place| elements.get(place));
            let missing = || EvalError::new(format!("There is no element {number}."), span);
            element.map(|element| taken(element, target)).ok_or_else(missing)
        }
        (_, Kind::Unknown(unknown)) => {
            let what = ("[]", target.content_hash());
            let derived = Unknown::derived(what, [unknown]).unwrap_or_else(|| unknown.clone());
            Ok(Value::unknown(derived, target.from.clone()))
        }
        _ => Err(EvalError::new("An index is a number or a name.", span)),
    }
}
