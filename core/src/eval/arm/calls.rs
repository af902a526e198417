//! Calls: what looks at the deployment is answered here, everything else by the tables of functions.

use std::sync::Arc;

use super::expression::object_of;
use super::functions::{self, Argument, Context, Lambda};
use super::ids::RESOURCE_GROUP_TYPE;
use super::logic;
use super::reader::{KEY_VAULT_SECRET, PIPELINE_VALUE};
use super::scope::{Bound, Scope};
use crate::eval::choice;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind, Piece, Reason, Unknown, Value};
use crate::source::Span;
use crate::syntax::arm::expression::{Call, Expression, ExpressionKind};

/// Namespaces that Bicep's own functions can be called by.
const OWN_NAMESPACES: [&str; 2] = ["az", "sys"];

impl<'e> Scope<'e> {
    pub(super) fn call(&self, call: &Call, span: Span) -> Evaluated {
        let namespace = call.namespace.as_deref();
        let is_own = namespace.is_none_or(|namespace| {
            OWN_NAMESPACES
                .iter()
                .any(|own| own.eq_ignore_ascii_case(namespace))
        });
        let user = if is_own { None } else { namespace };
        if let Some(result) = self.user_function(user, &call.name, &call.arguments, span) {
            return result;
        }
        if !is_own {
            let what = format!("{}.{}()", namespace.unwrap_or_default(), call.name);
            return Err(EvalError::new(format!("There is no function {what}."), span));
        }
        let name = call.name.to_ascii_lowercase();
        if let Some(result) = self.deployment_function(&name, call, span) {
            return result;
        }
        self.plain_function(&name, call, span)
    }

    /// The functions that look at names, loops and the deployment, and those that choose.
    fn deployment_function(&self, name: &str, call: &Call, span: Span) -> Option<Evaluated> {
        let arguments = call.arguments.as_slice();
        Some(match name {
            "parameters" => self.named(arguments, span, "parameters", |scope, name| {
                match scope.argument(name) {
                    Some(Some(argument)) => Ok(argument.clone()),
                    Some(None) if scope.is_in_function() => Err(EvalError::new(
                        format!("The function has no parameter {name}."),
                        span,
                    )),
                    _ => scope.instance.parameter(name, span),
                }
            }),
            "variables" => self.named(arguments, span, "variables", |scope, name| {
                scope.instance.variable(name, span)
            }),
            "lambdavariables" => self.named(arguments, span, "lambdaVariables", |scope, name| {
                let found = scope.variable(name).cloned();
                found.ok_or_else(|| EvalError::new(format!("There is no lambda variable {name}."), span))
            }),
            "copyindex" => self.copy_index_call(arguments, span),
            "if" => {
                let [test, yes, no] = arguments else {
                    return Some(Err(EvalError::new("if() needs three arguments.", span)));
                };
                match self.evaluate(test) {
                    Ok(test) => logic::select(&test, &|| self.evaluate(yes), &|| self.evaluate(no), span),
                    Err(error) => Err(error),
                }
            }
            "and" | "or" => {
                if arguments.len() < 2 {
                    let message = format!("{name}() needs two arguments or more.");
                    return Some(Err(EvalError::new(message, span)));
                }
                let mut operands = arguments.iter().map(|argument| self.evaluate(argument));
                logic::all(&mut operands, name == "or", span)
            }
            "not" => {
                let [operand] = arguments else {
                    return Some(Err(EvalError::new("not() needs one argument.", span)));
                };
                self.evaluate(operand)
                    .and_then(|operand| logic::not(&operand, span))
            }
            "coalesce" if arguments.is_empty() => Err(EvalError::new("coalesce() needs an argument.", span)),
            "coalesce" => self.coalesce(arguments, span),
            "split" => return self.split_id(arguments, span),
            "reference" => self.reference(arguments, span),
            "resourceinfo" => self.resource_info(arguments, span),
            "resourceid"
            | "subscriptionresourceid"
            | "tenantresourceid"
            | "extensionresourceid"
            | "managementgroupresourceid" => self.resource_id_call(name, call, span),
            "resourcegroup" => Ok(self.resource_group(call, span)),
            "subscription" => Ok(self.subscription(call, span)),
            "deployment"
            | "environment"
            | "tenant"
            | "managementgroup"
            | "deployer"
            | "providers"
            | "references"
            | "pickzones"
            | "readenvironmentvariable"
            | "externalinput" => Ok(self.outside(call, span)),
            _ if name.starts_with("list") || name == "getsecret" => Ok(self.outside(call, span)),
            _ if name.eq_ignore_ascii_case(PIPELINE_VALUE) => {
                let text = arguments.first().and_then(Expression::as_text);
                let what = format!("what takes the place of {}", text.map_or("a token", |text| text));
                let unknown = Unknown::named(Reason::External { what }, "", span).scalar();
                Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
            }
            _ if name.eq_ignore_ascii_case(KEY_VAULT_SECRET) => {
                let name = "a secret of a key vault".to_owned();
                let unknown = Unknown::new(Reason::Sensitive { name }, span);
                Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
            }
            _ => return None,
        })
    }

    /// The parts of an id that is not known as a whole; none for other texts. Neither a subscription nor a
    /// name holds a slash.
    fn split_id(&self, arguments: &[Expression], span: Span) -> Option<Evaluated> {
        let [id, delimiter] = arguments else {
            return None;
        };
        if delimiter.as_text().is_none_or(|delimiter| &**delimiter != "/") {
            return None;
        }
        let id = self.evaluate(id).ok()?;
        let Kind::Unknown(unknown) = &id.kind else {
            return None;
        };
        let is_id = |piece: &Piece| matches!(piece, Piece::Text(text) if text.starts_with("/subscriptions/"));
        if !unknown.pieces().first().is_some_and(is_id) {
            return None;
        }
        let parts = super::names::segments(&id, span);
        Some(Ok(Value::new(Kind::Tuple(parts.into()), id.from)))
    }

    /// A function whose first argument is a name.
    fn named(
        &self,
        arguments: &[Expression],
        span: Span,
        function: &str,
        find: impl Fn(&Self, &str) -> Evaluated,
    ) -> Evaluated {
        let [argument] = arguments else {
            return Err(EvalError::new(format!("{function}() needs one name."), span));
        };
        if let Some(name) = argument.as_text() {
            return find(self, name);
        }
        let name = self.evaluate(argument)?;
        choice::map(&name, &mut |name| match &name.kind {
            Kind::String(text) => find(self, text),
            Kind::Unknown(_) => {
                let from = Provenance::computed(span, [&name.from]);
                Ok(super::expression::derived(function, &[name], from))
            }
            _ => Err(EvalError::new(format!("{function}() needs a name."), span)),
        })
    }

    /// `copyIndex()`, `copyIndex(1)`, `copyIndex('name')`, `copyIndex('name', 1)`
    fn copy_index_call(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let mut name = None;
        let mut offset = None;
        for argument in arguments {
            let value = self.evaluate(argument)?;
            match &value.kind {
                Kind::String(text) => name = Some(text.clone()),
                _ => offset = Some(value),
            }
        }
        let Some(index) = self.copy_index(name.as_deref()) else {
            return Err(EvalError::new(
                "There is no loop of this name around copyIndex().",
                span,
            ));
        };
        let Some(offset) = offset else {
            return Ok(index.clone());
        };
        let arguments = [Argument::Value(index.clone()), Argument::Value(offset)];
        self.table("add", &arguments, span)
            .unwrap_or_else(|| Err(EvalError::new("copyIndex() cannot be computed.", span)))
    }

    fn coalesce(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let Some((first, rest)) = arguments.split_first() else {
            return Ok(Value::new(Kind::Null, Provenance::new(Via::Literal, span)));
        };
        let value = self.evaluate(first)?;
        if rest.is_empty() {
            return Ok(value);
        }
        choice::map(&value, &mut |value| match &value.kind {
            Kind::Null => self.coalesce(rest, span),
            // It may be null. An id or name of a resource never is.
            Kind::Unknown(unknown) if !unknown.is_scalar() && unknown.edge().is_none() => {
                let is_null = Unknown::derived("is not null", [unknown]);
                let Some(condition) = is_null else {
                    return Ok(value.clone());
                };
                let condition = crate::eval::value::Condition { unknown: condition };
                choice::join(condition, Ok(value.clone()), self.coalesce(rest, span), span)
            }
            _ => Ok(value.clone()),
        })
    }

    /// `resourceInfo('vnet')`: what is known of a resource by its symbolic name.
    fn resource_info(&self, arguments: &[Expression], span: Span) -> Evaluated {
        let name = arguments.first().and_then(Expression::as_text);
        let Some(resource) = name.and_then(|name| self.symbol_instance(name, None)) else {
            return Err(EvalError::new(
                "resourceInfo() needs the symbolic name of a resource.",
                span,
            ));
        };
        let from = Provenance::new(Via::Literal, span);
        let members = vec![("id", resource.id(span)), ("name", resource.name())];
        Ok(object_of(members, None, from))
    }

    fn resource_group(&self, call: &Call, span: Span) -> Value {
        let expression = Expression::new(ExpressionKind::Call(Box::new(call.clone())), span);
        let place = self.place(&expression);
        let from = Provenance::new(Via::Literal, span);
        let scope = match &place.resource_group {
            Some(group) => format!("resource group {:x}", group.content_hash()),
            None => "resource group".to_owned(),
        };
        let outside = |what: &str| {
            let what = format!("resourceGroup().{what}");
            Value::unknown(
                Unknown::named(Reason::External { what }, &scope, span),
                from.clone(),
            )
        };
        let rest = Unknown::named(
            Reason::External {
                what: "resourceGroup()".to_owned(),
            },
            &scope,
            span,
        );
        let mut members = vec![
            ("id", place.id(span)),
            ("location", outside("location")),
            ("type", Value::string(RESOURCE_GROUP_TYPE, from.clone())),
        ];
        if let Some(group) = place.resource_group {
            members.push(("name", group));
        }
        object_of(members, Some(rest), from)
    }

    fn subscription(&self, call: &Call, span: Span) -> Value {
        let expression = Expression::new(ExpressionKind::Call(Box::new(call.clone())), span);
        let place = self.place(&expression);
        let from = Provenance::new(Via::Literal, span);
        let scope = format!("subscription {:x}", place.subscription.content_hash());
        let what = "subscription()".to_owned();
        let rest = Unknown::named(Reason::External { what }, &scope, span);
        let members = vec![
            ("id", place.id(span)),
            ("subscriptionId", place.subscription.clone()),
        ];
        object_of(members, Some(rest), from)
    }

    /// What Azure or the machine knows and the files do not: the same wherever it is asked in a deployment.
    fn outside(&self, call: &Call, span: Span) -> Value {
        let arguments = call
            .arguments
            .iter()
            .map(|argument| self.evaluate_or_invalid(argument));
        let known: Vec<u64> = arguments.map(|argument| argument.content_hash()).collect();
        let place = format!("{} {known:x?}", self.instance.path_text());
        let what = format!("{}()", call.name);
        let unknown = Unknown::named(Reason::External { what }, &place, span);
        Value::unknown(unknown, Provenance::new(Via::Literal, span))
    }

    fn plain_function(&self, name: &str, call: &Call, span: Span) -> Evaluated {
        let applied: Vec<Option<AppliedLambda<'_, 'e>>> = call
            .arguments
            .iter()
            .map(|argument| self.lambda(argument))
            .collect();
        let closures: Vec<_> = applied
            .iter()
            .map(|lambda| {
                let lambda = lambda.as_ref()?;
                Some(move |values: &[Value]| lambda.apply(values))
            })
            .collect();
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for ((argument, lambda), closure) in call.arguments.iter().zip(&applied).zip(&closures) {
            arguments.push(match (lambda, closure) {
                (Some(lambda), Some(closure)) => Argument::Lambda(Lambda {
                    parameters: lambda.parameters.len(),
                    apply: closure,
                }),
                _ => Argument::Value(self.evaluate(argument)?),
            });
        }
        if let Some(result) = self.table(name, &arguments, span) {
            return result;
        }
        let what = format!("{}()", call.name);
        let unknown = Unknown::new(Reason::Unsupported { what }, span);
        Ok(Value::unknown(unknown, Provenance::new(Via::Literal, span)))
    }

    fn table(&self, name: &str, arguments: &[Argument<'_>], span: Span) -> Option<Evaluated> {
        let instance = &self.instance;
        let files = instance.evaluation.files_from(&instance.template.folder);
        let context = Context {
            span,
            files: &files,
            budget: &instance.evaluation.budget,
        };
        functions::call(name, arguments, &context)
    }

    /// The argument as a lambda, when it is one: Bicep's own, or `lambda('item', …)`.
    fn lambda<'a>(&'a self, argument: &'a Expression) -> Option<AppliedLambda<'a, 'e>> {
        match &argument.kind {
            ExpressionKind::Lambda(lambda) => Some(AppliedLambda {
                scope: self,
                parameters: lambda.parameters.clone(),
                body: &lambda.body,
            }),
            ExpressionKind::Call(call) if call.name.eq_ignore_ascii_case("lambda") => {
                let (body, parameters) = call.arguments.split_last()?;
                let parameters = parameters.iter().filter_map(|name| name.as_text().cloned());
                Some(AppliedLambda {
                    scope: self,
                    parameters: parameters.collect(),
                    body,
                })
            }
            _ => None,
        }
    }
}

/// A lambda and what is around it.
struct AppliedLambda<'a, 'e> {
    scope: &'a Scope<'e>,
    parameters: Vec<Arc<str>>,
    body: &'a Expression,
}

impl AppliedLambda<'_, '_> {
    fn apply(&self, values: &[Value]) -> Evaluated {
        let mut inside = self.scope.clone();
        for (name, value) in self.parameters.iter().zip(values) {
            inside = inside.with(Bound::Variable {
                name: name.clone(),
                value: value.clone(),
            });
        }
        match inside.in_body {
            true => Ok(inside.part(self.body)),
            false => inside.evaluate(self.body),
        }
    }
}
