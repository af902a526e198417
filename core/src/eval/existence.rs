//! From conditions to the presence of an instance.

use super::choice;
use super::deployment::{Assumption, Presence};
use super::value::{Kind, Unknown, Value};
use crate::source::Span;

/// When one instance exists.
pub(in crate::eval) enum Existence {
    Always,
    Never,
    When(Vec<Assumption>),
    /// Not one chain of conditions.
    Tangled,
}

/// When an instance exists, as the choices in a value turn out.
pub(in crate::eval) fn existence(value: &Value, exists: &dyn Fn(&Value) -> bool) -> Existence {
    let Kind::OneOf(one_of) = &value.kind else {
        return if exists(value) {
            Existence::Always
        } else {
            Existence::Never
        };
    };
    let under = |when: bool, inner: Vec<Assumption>| {
        let first = Assumption {
            condition: one_of.condition.clone(),
            when,
        };
        Existence::When(std::iter::once(first).chain(inner).collect())
    };
    match (existence(&one_of.yes, exists), existence(&one_of.no, exists)) {
        (Existence::Always, Existence::Always) => Existence::Always,
        (Existence::Never, Existence::Never) => Existence::Never,
        (Existence::Always, Existence::Never) => under(true, Vec::new()),
        (Existence::Never, Existence::Always) => under(false, Vec::new()),
        (Existence::When(inner), Existence::Never) => under(true, inner),
        (Existence::Never, Existence::When(inner)) => under(false, inner),
        _ => Existence::Tangled,
    }
}

impl Existence {
    pub(in crate::eval) fn presence(self, value: &Value, span: Span) -> Presence {
        match self {
            Existence::Always => Presence::Certain,
            Existence::When(assumptions) => Presence::If(assumptions),
            Existence::Never | Existence::Tangled => {
                let operand = value.first_unknown();
                match operand.and_then(|unknown| Unknown::derived(("instance", span), [unknown])) {
                    Some(unknown) => Presence::AnyNumber(unknown),
                    None => Presence::Certain,
                }
            }
        }
    }
}

/// The value as it is whenever the instance exists.
pub(in crate::eval) fn under_presence(value: Value, presence: &Presence) -> Value {
    let Presence::If(assumptions) = presence else {
        return value;
    };
    assumptions.iter().fold(value, |value, assumed| {
        choice::under(&value, assumed.condition.identity(), assumed.when).unwrap_or(value)
    })
}
