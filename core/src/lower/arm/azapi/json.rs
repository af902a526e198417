//! The JSON text of a body as a value.

use std::sync::Arc;

use crate::eval::provenance::Provenance;
use crate::eval::value::{Entries, Kind, Value};

/// None when the text is no JSON. Every part of it comes from where the text does.
pub(super) fn decoded(text: &str, from: &Provenance) -> Option<Value> {
    let parsed: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(value(&parsed, from))
}

/// The parser itself bounds how deep the text nests.
fn value(json: &serde_json::Value, from: &Provenance) -> Value {
    let kind = match json {
        serde_json::Value::Null => Kind::Null,
        serde_json::Value::Bool(truth) => Kind::Bool(*truth),
        serde_json::Value::Number(number) => match number.to_string().parse() {
            Ok(number) => Kind::Number(number),
            Err(_) => Kind::String(number.to_string().into()),
        },
        serde_json::Value::String(text) => Kind::String(text.as_str().into()),
        serde_json::Value::Array(elements) => {
            Kind::Tuple(elements.iter().map(|element| value(element, from)).collect())
        }
        serde_json::Value::Object(members) => Kind::Object(Arc::new(Entries {
            members: members
                .iter()
                .map(|(name, member)| (Arc::from(name.as_str()), value(member, from)))
                .collect(),
            open: None,
        })),
    };
    Value::new(kind, from.clone())
}
