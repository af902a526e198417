//! Function calls, and the functions that look at their arguments' errors: `try` and `can`.

use super::{Evaluated, Scope, text_of};
use crate::eval::choice;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::functions::{self, Context};
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::hcl;
use crate::syntax::hcl::tree::{Call, Expression};

impl Scope<'_> {
    pub(super) fn call(&self, call: &Call, span: Span) -> Evaluated {
        match call.name.strip_prefix("core::").unwrap_or(&call.name) {
            "try" => self.try_each(&call.arguments, span),
            "can" => self.can(&call.arguments, span),
            "templatestring" => self.template_string(&call.arguments, span),
            name => {
                let mut arguments = Vec::with_capacity(call.arguments.len());
                for argument in &call.arguments {
                    arguments.push(self.evaluate(argument)?);
                }
                if !call.expand_last {
                    return self.apply(name, &arguments, span);
                }
                let Some(last) = arguments.pop() else {
                    return self.apply(name, &arguments, span);
                };
                choice::map(&last, &mut |last| self.expanded(name, &arguments, last, span))
            }
        }
    }

    fn apply(&self, name: &str, arguments: &[Value], span: Span) -> Evaluated {
        let context = Context {
            span,
            files: self.files,
            budget: &self.shared.budget,
        };
        functions::call(name, arguments, &context)
    }

    /// `f(a, list...)`
    fn expanded(&self, name: &str, arguments: &[Value], last: &Value, span: Span) -> Evaluated {
        if let Kind::Unknown(_) = &last.kind {
            let operands: Vec<&Value> = arguments.iter().chain([last]).collect();
            let from = super::computed_from(span, operands.iter().copied());
            let unknown = super::operators::derived_unknown(name, &operands);
            return Ok(unknown.map_or_else(
                || Value::new(Kind::Null, from.clone()),
                |unknown| Value::unknown(unknown, from.clone()),
            ));
        }
        let Some(elements) = last.elements() else {
            return Err(EvalError::new(
                "The expanded final argument must be of a tuple, list or set type.",
                span,
            ));
        };
        let elements = elements
            .iter()
            .map(|element| super::traversals::member(element, last));
        let arguments: Vec<Value> = arguments.iter().cloned().chain(elements).collect();
        self.apply(name, &arguments, span)
    }

    /// The first argument that is no error. Where an argument is one only under a condition, the next one
    /// takes its place under that condition.
    fn try_each(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let Some((first, rest)) = arguments.split_first() else {
            let message = "No expression succeeded: all of the expressions given to \"try\" failed.";
            return Err(EvalError::new(message, span));
        };
        match self.evaluate(first) {
            Err(_) => self.try_each(rest, span),
            Ok(value) => choice::map(&value, &mut |leaf| {
                if choice::is_invalid(leaf) {
                    self.try_each(rest, span)
                } else {
                    Ok(leaf.clone())
                }
            }),
        }
    }

    fn can(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let [argument] = arguments else {
            return Err(EvalError::new("Function \"can\" expects one argument.", span));
        };
        let answer = |value| Ok(Value::new(Kind::Bool(value), Provenance::new(Via::Literal, span)));
        match self.evaluate(argument) {
            Err(_) => answer(false),
            Ok(value) => choice::map(&value, &mut |leaf| match &leaf.kind {
                Kind::Unknown(_) if !choice::is_invalid(leaf) => Ok(unknown_success(leaf, span)),
                _ => answer(!choice::is_invalid(leaf)),
            }),
        }
    }

    /// `templatestring(template, variables)`
    fn template_string(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let [template, variables] = arguments else {
            return Err(EvalError::new(
                "Function \"templatestring\" expects two arguments.",
                span,
            ));
        };
        let template = self.evaluate(template)?;
        let variables = self.evaluate(variables)?;
        choice::map(&template, &mut |template| {
            let template =
                convert(template, &Type::String).map_err(|message| EvalError::new(message, span))?;
            match &template.kind {
                Kind::String(text) => {
                    let value = self.render_text(text, &variables, span)?;
                    choice::map(&value, &mut |value| text_of(value, span))
                }
                Kind::Null => Err(EvalError::new("The template must not be null.", span)),
                _ => Ok(template.clone()),
            }
        })
    }

    /// The result of a template whose only names are the members of `variables`. A template that is one
    /// interpolation and nothing else has that value, which need not be text.
    pub(crate) fn render_text(&self, text: &str, variables: &Value, span: Span) -> Evaluated {
        let parts = hcl::parse_template(span.file, text)
            .map_err(|error| EvalError::new(format!("Invalid template: {}.", error.message), span))?;
        choice::map(variables, &mut |variables| {
            let names = TemplateNames { variables };
            let scope = Scope {
                names: &names,
                bound: None,
                ..*self
            };
            let value = scope.template(&parts, span)?;
            Ok(Value::new(value.kind, super::computed_from(span, [variables])))
        })
    }
}

/// Whether an unknown value would be an error is not known, but most that people ask about are values.
fn unknown_success(leaf: &Value, span: Span) -> Value {
    let from = super::computed_from(span, [leaf]);
    match super::operators::derived_unknown("can", &[leaf]) {
        Some(unknown) => Value::unknown(unknown, from),
        None => Value::new(Kind::Bool(true), from),
    }
}

/// The names that a template file may use.
struct TemplateNames<'a> {
    variables: &'a Value,
}

impl super::Names for TemplateNames<'_> {
    fn resolve(
        &self,
        name: &str,
        _steps: &[hcl::tree::TraversalStep],
        _scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError> {
        super::traversals::attribute(self.variables, &name.into(), span)
            .map(|value| (value, 0))
            .map_err(|_| {
                EvalError::new(
                    format!("The template uses \"{name}\", which it is not given."),
                    span,
                )
            })
    }
}
