//! Values that leave a module whose text the user never sees: the call stands for every place in that text.

use std::sync::Arc;

use super::deployment::{Assumption, Presence};
use super::error::{EvalError, Evaluated};
use super::provenance::{Provenance, Via};
use super::value::{Condition, Entries, Kind, OneOf, Unknown, Value};
use crate::source::{FileId, Span};

/// The text of a known module, and the call of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    pub(super) text: FileId,
    pub(super) call: Span,
}

impl Home {
    pub(super) fn span(&self, span: Span) -> Span {
        if span.file == self.text { self.call } else { span }
    }

    pub(super) fn unknown(&self, unknown: &Unknown) -> Unknown {
        unknown.moved(&|span| self.span(span))
    }

    pub(super) fn value(&self, value: &Value) -> Value {
        let values = |values: &Arc<[Value]>| values.iter().map(|value| self.value(value)).collect();
        let entries = |entries: &Entries| {
            let members = entries.members.iter();
            Arc::new(Entries {
                members: members
                    .map(|(name, member)| (name.clone(), self.value(member)))
                    .collect(),
                open: entries.open.as_ref().map(|open| self.unknown(open)),
            })
        };
        let kind = match &value.kind {
            Kind::List(elements) => Kind::List(values(elements)),
            Kind::Tuple(elements) => Kind::Tuple(values(elements)),
            Kind::Set(elements) => Kind::Set(values(elements)),
            Kind::Map(members) => Kind::Map(entries(members)),
            Kind::Object(members) => Kind::Object(entries(members)),
            Kind::Unknown(unknown) => Kind::Unknown(self.unknown(unknown)),
            Kind::OneOf(one_of) => Kind::OneOf(Arc::new(OneOf {
                condition: self.condition(&one_of.condition),
                yes: self.value(&one_of.yes),
                no: self.value(&one_of.no),
            })),
            scalar => scalar.clone(),
        };
        let otherwise = match &kind {
            Kind::Unknown(_) => Via::ModuleOutput,
            _ => Via::ProviderDefault,
        };
        Value::new(kind, self.provenance(&value.from, otherwise))
    }

    pub(super) fn evaluated(&self, result: Evaluated) -> Evaluated {
        match result {
            Ok(value) => Ok(self.value(&value)),
            Err(error) => Err(EvalError::new(error.message, self.span(error.span))),
        }
    }

    pub(super) fn presence(&self, presence: &Presence) -> Presence {
        match presence {
            Presence::Certain => Presence::Certain,
            Presence::If(assumptions) => {
                let assumptions = assumptions.iter().map(|assumed| Assumption {
                    condition: self.condition(&assumed.condition),
                    when: assumed.when,
                });
                Presence::If(assumptions.collect())
            }
            Presence::AnyNumber(unknown) => Presence::AnyNumber(self.unknown(unknown)),
        }
    }

    fn condition(&self, condition: &Condition) -> Condition {
        Condition {
            unknown: self.unknown(&condition.unknown),
        }
    }

    /// The steps in the user's own files. What has none is the module's own choice, which is to the user a
    /// default, or a part of what the call makes.
    fn provenance(&self, from: &Provenance, otherwise: Via) -> Provenance {
        if let Some(own) = from.retained(|step| step.span.file != self.text) {
            return own;
        }
        match from.origin().via {
            via @ (Via::Use | Via::Iteration) => Provenance::new(via, self.call),
            _ => Provenance::new(otherwise, self.call),
        }
    }
}
