//! Templates: text with values, conditions and loops in it.

use std::sync::Arc;

use super::{Bound, Evaluated, Scope, computed_from, limit_reached};
use crate::eval::choice;
use crate::eval::error::EvalError;
use crate::eval::terraform::conversion::convert;
use crate::eval::terraform::types::Type;
use crate::eval::value::{Kind, Piece, Unknown, Value};
use crate::source::Span;
use crate::syntax::hcl::tree::TemplatePart;

impl Scope<'_> {
    /// A template with one interpolation and nothing else is that value, of whatever type.
    pub(crate) fn template(&self, parts: &[TemplatePart], span: Span) -> Evaluated {
        if let [TemplatePart::Interpolation(only)] = parts {
            return self.evaluate(only);
        }
        let values = self.parts(parts, span)?;
        joined(&values, span)
    }

    fn parts(&self, parts: &[TemplatePart], span: Span) -> Result<Vec<Value>, EvalError> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                TemplatePart::Literal(text, span) => {
                    let from = crate::eval::provenance::Provenance::new(
                        crate::eval::provenance::Via::Literal,
                        *span,
                    );
                    values.push(Value::string(text.clone(), from));
                }
                TemplatePart::Interpolation(expression) => {
                    let value = self.evaluate(expression)?;
                    values.push(choice::map(&value, &mut |value| text_of(value, expression.span))?);
                }
                TemplatePart::If { test, yes, no } => {
                    let test = self.evaluate(test)?;
                    let yes = self.parts(yes, span).and_then(|values| joined(&values, span));
                    let no = self.parts(no, span).and_then(|values| joined(&values, span));
                    values.push(super::operators::select(&test, &yes, &no, span)?);
                }
                TemplatePart::For {
                    key,
                    value,
                    collection,
                    body,
                } => {
                    let collection = self.evaluate(collection)?;
                    let mut render = |collection: &Value| {
                        let items = match super::for_expressions::items(collection, span)? {
                            Ok(items) => items,
                            Err(unknown) => return Ok(Value::unknown(unknown, collection.from.clone())),
                        };
                        let mut texts = Vec::with_capacity(items.len());
                        for (item_key, item) in items {
                            let bound = Bound {
                                name: value,
                                value: &item,
                                outer: self.bound,
                            };
                            let key_bound = key.as_ref().map(|name| Bound {
                                name,
                                value: &item_key,
                                outer: Some(&bound),
                            });
                            let inner = self.with(key_bound.as_ref().unwrap_or(&bound));
                            texts.extend(inner.parts(body, span)?);
                        }
                        joined(&texts, span)
                    };
                    values.push(choice::map(&collection, &mut render)?);
                }
            }
        }
        for value in &values {
            if let Kind::String(text) = &value.kind
                && !self.shared.budget.spend_text(text.len())
            {
                return Ok(vec![limit_reached(
                    "bytes of text that this deployment produces",
                    span,
                )]);
            }
        }
        Ok(values)
    }
}

/// The text that a value puts into a template.
pub(super) fn text_of(value: &Value, span: Span) -> Evaluated {
    if value.is_null() {
        return Err(EvalError::new(
            "The expression result is null. Cannot include a null value in a string template.",
            span,
        ));
    }
    convert(value, &Type::String).map_err(|message| {
        EvalError::new(
            format!("Cannot include the given value in a string template: {message}."),
            span,
        )
    })
}

/// The texts one after the other; with unknown parts an unknown that keeps the known ones.
fn joined(values: &[Value], span: Span) -> Evaluated {
    let Some(position) = values
        .iter()
        .position(|value| matches!(value.kind, Kind::OneOf(_)))
    else {
        return Ok(joined_plain(values, span));
    };
    let mut values = values.to_vec();
    let chosen = match values.get(position) {
        Some(chosen) => chosen.clone(),
        None => return Ok(joined_plain(&values, span)),
    };
    let Kind::OneOf(one_of) = &chosen.kind else {
        return Ok(joined_plain(&values, span));
    };
    let identity = one_of.condition.identity();
    let mut side = |when: bool| {
        let taken: Vec<Value> = values
            .iter_mut()
            .map(|value| choice::under(value, identity, when).unwrap_or_else(|| value.clone()))
            .collect();
        // A condition is taken once for all parts, so each turn has one choice fewer.
        joined(&taken, span)
    };
    let (yes, no) = (side(true), side(false));
    choice::join(one_of.condition.clone(), yes, no, span)
}

fn joined_plain(values: &[Value], span: Span) -> Value {
    let from = computed_from(span, values);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut text = String::new();
    for value in values {
        match &value.kind {
            Kind::String(part) => text.push_str(part),
            Kind::Unknown(unknown) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text).into()));
                }
                if unknown.pieces().is_empty() {
                    pieces.push(Piece::Unknown(unknown.clone()));
                } else {
                    pieces.extend(unknown.pieces().iter().cloned());
                }
            }
            _ => {}
        }
    }
    if pieces.is_empty() {
        return Value::string(text, from);
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text.into()));
    }
    match Unknown::text(pieces) {
        Some(unknown) => Value::unknown(unknown, from),
        None => Value::string(Arc::<str>::from(""), from),
    }
}
