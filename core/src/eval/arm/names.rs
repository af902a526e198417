//! Names of resources: put together, compared, and shown.

use std::sync::Arc;

use crate::eval::distribution::distribute;
use crate::eval::error::EvalError;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Kind, Piece, Reason, Unknown, Value};
use crate::source::Span;

/// A name as far as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum NameKey {
    /// In lower case: Azure's names are the same in any case.
    Text(String),
    Unknown(u64),
}

impl NameKey {
    pub(super) fn of(value: &Value) -> Option<NameKey> {
        match &value.kind {
            Kind::String(text) => Some(NameKey::Text(text.to_lowercase())),
            Kind::Unknown(unknown) => Some(NameKey::Unknown(unknown.identity())),
            Kind::OneOf(_) => Some(NameKey::Unknown(value.content_hash())),
            _ => None,
        }
    }
}

/// Texts one after the other.
pub(super) fn joined(parts: &[Value], span: Span) -> Value {
    let mut join = |parts: &[Value]| {
        let from = Provenance::computed(span, parts.iter().map(|part| &part.from));
        let mut pieces = Vec::with_capacity(parts.len());
        let mut is_known = true;
        for part in parts {
            pieces.push(match &part.kind {
                Kind::String(text) => Piece::Text(text.clone()),
                Kind::Number(number) => Piece::Text(number.decimal().to_plain_string().into()),
                Kind::Bool(value) => Piece::Text(if *value { "True" } else { "False" }.into()),
                Kind::Unknown(unknown) => {
                    is_known = false;
                    Piece::Unknown(unknown.clone())
                }
                _ => return Err(EvalError::new("A text is needed in a name.", span)),
            });
        }
        if is_known {
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_ref(),
                    Piece::Unknown(_) => "",
                })
                .collect();
            return Ok(Value::string(text, from));
        }
        match Unknown::text(pieces) {
            Some(unknown) => Ok(Value::unknown(unknown, from)),
            None => Err(EvalError::new("A text is needed in a name.", span)),
        }
    };
    let whole = distribute(parts, false, span, &mut join);
    let whole = whole.unwrap_or_else(|| {
        let unknowns = parts.iter().filter_map(Value::first_unknown);
        let known: Vec<u64> = parts.iter().map(Value::content_hash).collect();
        let from = Provenance::computed(span, parts.iter().map(|part| &part.from));
        match Unknown::derived(("joined", known), unknowns) {
            Some(unknown) => Ok(Value::unknown(unknown, from)),
            None => Err(EvalError::new("A text is needed in a name.", span)),
        }
    });
    whole.unwrap_or_else(EvalError::into_value)
}

/// The parts of a name or id between slashes; what is unknown in it holds none.
pub(super) fn segments(name: &Value, span: Span) -> Vec<Value> {
    match &name.kind {
        Kind::String(whole) => whole
            .split('/')
            .map(|part| Value::string(part, name.from.clone()))
            .collect(),
        Kind::Unknown(unknown) if !unknown.pieces().is_empty() => {
            let mut segments = Vec::new();
            let mut current: Vec<Value> = Vec::new();
            for piece in unknown.pieces() {
                match piece {
                    Piece::Unknown(unknown) => {
                        current.push(Value::unknown(unknown.clone(), name.from.clone()));
                    }
                    Piece::Text(whole) => {
                        for (position, part) in whole.split('/').enumerate() {
                            if position > 0 {
                                segments.push(only_or_joined(std::mem::take(&mut current), span));
                            }
                            if !part.is_empty() {
                                current.push(Value::string(part, name.from.clone()));
                            }
                        }
                    }
                }
            }
            segments.push(only_or_joined(current, span));
            segments
        }
        _ => vec![name.clone()],
    }
}

/// A single part is itself, so that it stays the same unknown.
pub(super) fn only_or_joined(mut parts: Vec<Value>, span: Span) -> Value {
    match parts.len() {
        1 => parts.remove(0),
        _ => joined(&parts, span),
    }
}

/// A name for users: `aks-{prefix}` when a part of it is not known.
pub(super) fn shown(value: &Value) -> Arc<str> {
    match &value.kind {
        Kind::String(text) => text.clone(),
        Kind::Unknown(unknown) => shown_unknown(unknown).into(),
        Kind::OneOf(one_of) => format!("{}|{}", shown(&one_of.yes), shown(&one_of.no)).into(),
        _ => "{?}".into(),
    }
}

fn shown_unknown(unknown: &Unknown) -> String {
    if unknown.pieces().is_empty() {
        return match unknown.reason() {
            Reason::Unassigned { name } | Reason::Sensitive { name } => {
                format!("{{{}}}", name.strip_prefix("parameter ").unwrap_or(name))
            }
            _ => "{?}".to_owned(),
        };
    }
    let pieces = unknown.pieces().iter().map(|piece| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Unknown(unknown) => shown_unknown(unknown),
    });
    pieces.collect()
}
