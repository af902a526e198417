//! Functions that templates declare.

use std::rc::Rc;

use super::instance::Instance;
use super::scope::{Bound, Scope};
use super::template::UserFunction;
use crate::eval::error::Evaluated;
use crate::eval::provenance::Via;
use crate::eval::value::Value;
use crate::source::Span;
use crate::syntax::arm::expression::Expression;

impl<'e> Instance<'e> {
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
