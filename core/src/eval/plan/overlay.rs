//! The values of a plan at the places where the configuration writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Value};
use crate::source::Span;

/// The planned body of a resource, each value where the configuration has it. What is unknown in both keeps
/// the configuration's reference when `is_exact`: it is of the same instance.
pub(super) fn overlaid(planned: &Value, written: &Value, is_exact: bool) -> Value {
    let overlay = Overlay { is_exact };
    overlay.value(planned, written)
}

struct Overlay {
    is_exact: bool,
}

impl Overlay {
    fn value(&self, planned: &Value, written: &Value) -> Value {
        let written = branch(written, planned);
        match (&planned.kind, &written.kind) {
            (Kind::Unknown(unknown), _) => {
                let from = placed(planned, written);
                let is_secret = matches!(unknown.reason(), Reason::Sensitive { .. });
                if !is_secret && self.is_exact && is_reference(written) {
                    return Value::new(written.kind.clone(), from);
                }
                Value::new(planned.kind.clone(), from)
            }
            (Kind::Object(members), Kind::Object(source) | Kind::Map(source)) => {
                let entries = self.entries(members, source, written);
                Value::new(Kind::Object(entries.into()), placed(planned, written))
            }
            (Kind::List(elements), Kind::List(source) | Kind::Tuple(source) | Kind::Set(source)) => {
                let elements = self.elements(elements, source, written);
                Value::new(Kind::List(elements.into()), placed(planned, written))
            }
            _ => located(planned, &|_| written.from.clone()),
        }
    }

    fn entries(&self, planned: &Entries, source: &Entries, written: &Value) -> Entries {
        let mut members = BTreeMap::new();
        let header = written.from.nearest().span;
        for (name, value) in &planned.members {
            match source.members.get(name) {
                Some(written) => {
                    members.insert(name.clone(), self.value(value, written));
                }
                // What nobody wrote and the plan does not know is the provider's default, which rules know.
                None if matches!(value.kind, Kind::Unknown(_)) && source.open.is_none() => {}
                None if is_empty(value) => {}
                None => {
                    members.insert(name.clone(), supplied(value, header));
                }
            }
        }
        Entries { members, open: None }
    }

    /// Elements in the order of the configuration as far as each is one of its elements.
    fn elements(&self, planned: &[Value], source: &[Value], written: &Value) -> Vec<Value> {
        let pairs = pairs(planned, source);
        let mut placed: Vec<(usize, Value)> = Vec::with_capacity(planned.len());
        for (index, (value, pair)) in planned.iter().zip(pairs).enumerate() {
            placed.push(match pair.and_then(|place| Some((place, source.get(place)?))) {
                Some((place, source)) => (place, self.value(value, source)),
                None => {
                    let value = located(value, &|_| written.from.clone());
                    (source.len() + index, value)
                }
            });
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, value)| value).collect()
    }
}

/// Which element of the configuration each planned element is.
fn pairs(planned: &[Value], source: &[Value]) -> Vec<Option<usize>> {
    const MANY: usize = 1_000;
    let fits_in_order = planned.len() == source.len()
        && planned
            .iter()
            .zip(source)
            .all(|(value, written)| agreement(value, written, 0).is_some());
    if fits_in_order || planned.len().max(source.len()) > MANY {
        return (0..planned.len())
            .map(|index| (index < source.len()).then_some(index))
            .collect();
    }
    let mut taken = vec![false; source.len()];
    planned
        .iter()
        .map(|value| {
            let mut best: Option<(usize, usize)> = None;
            for (place, written) in source.iter().enumerate().filter(|(place, _)| !taken[*place]) {
                if let Some(agreed) = agreement(value, written, 0).filter(|agreed| *agreed > 0)
                    && best.is_none_or(|(_, most)| agreed > most)
                {
                    best = Some((place, agreed));
                }
            }
            let (place, _) = best?;
            taken[place] = true;
            Some(place)
        })
        .collect()
}

/// In how many places a planned value is what is written; none when it is something else in one.
fn agreement(planned: &Value, written: &Value, depth: usize) -> Option<usize> {
    const DEPTH: usize = 16;
    if depth > DEPTH {
        return Some(0);
    }
    match (&planned.kind, &written.kind) {
        (_, Kind::Unknown(_) | Kind::OneOf(_)) | (Kind::Unknown(_), _) => Some(0),
        (Kind::Object(planned), Kind::Object(written) | Kind::Map(written)) => {
            let mut agreed = 0;
            for (name, written) in &written.members {
                match planned.members.get(name) {
                    Some(planned) => agreed += agreement(planned, written, depth + 1)?,
                    None if written.is_null() => {}
                    None => return None,
                }
            }
            Some(agreed)
        }
        (Kind::List(planned), Kind::List(written) | Kind::Tuple(written) | Kind::Set(written)) => {
            if planned.len() != written.len() {
                return None;
            }
            let same = planned.iter().filter(|value| {
                written
                    .iter()
                    .any(|written| agreement(value, written, depth + 1).is_some())
            });
            (same.count() == written.len()).then_some(1)
        }
        _ => (text(planned)? == text(written)?).then_some(1),
    }
}

/// Terraform converts between these as a schema asks.
fn text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The side of a choice that the plan took, as far as it shows; the choice itself otherwise.
fn branch<'v>(written: &'v Value, planned: &Value) -> &'v Value {
    let Kind::OneOf(one_of) = &written.kind else {
        return written;
    };
    let (yes, no) = (branch(&one_of.yes, planned), branch(&one_of.no, planned));
    match (agreement(planned, yes, 0), agreement(planned, no, 0)) {
        (Some(_), None) => yes,
        (None, Some(_)) => no,
        (Some(one), Some(other)) if one > other => yes,
        (Some(one), Some(other)) if one < other => no,
        _ => written,
    }
}

/// Whether the configuration says what an unknown value is, so that it can be followed.
fn is_reference(written: &Value) -> bool {
    match &written.kind {
        Kind::Unknown(unknown) => unknown.edge().is_some() || !unknown.pieces().is_empty(),
        Kind::OneOf(one_of) => is_reference(&one_of.yes) || is_reference(&one_of.no),
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            elements.iter().any(is_reference)
        }
        Kind::Object(entries) | Kind::Map(entries) => entries.members.values().any(is_reference),
        _ => false,
    }
}

/// Providers keep what nobody wrote as empty text, zero or an empty list.
fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::String(text) => text.is_empty(),
        Kind::Number(number) => number.is_zero(),
        Kind::List(elements) => elements.is_empty(),
        _ => false,
    }
}

fn placed(planned: &Value, written: &Value) -> Provenance {
    written.from.and_then(Via::Plan, planned.from.nearest().span)
}

/// A planned value that is written as something that shows no parts: all of it is written there.
fn located(planned: &Value, from: &dyn Fn(&Value) -> Provenance) -> Value {
    let list = |elements: &Arc<[Value]>| elements.iter().map(|element| located(element, from)).collect();
    let kind = match &planned.kind {
        Kind::List(elements) => Kind::List(list(elements)),
        Kind::Object(entries) => {
            let members = entries.members.iter();
            let members = members.map(|(name, value)| (name.clone(), located(value, from)));
            Kind::Object(Arc::new(Entries {
                members: members.collect(),
                open: entries.open.clone(),
            }))
        }
        kind => kind.clone(),
    };
    let own = planned.from.nearest().span;
    Value::new(kind, from(planned).and_then(Via::Plan, own))
}

/// A value that nobody wrote: the default counts for the block that leaves it out.
fn supplied(planned: &Value, header: Span) -> Value {
    located(planned, &|_| Provenance::new(Via::ProviderDefault, header))
}
