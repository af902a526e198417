//! How a fault can be mended, in the terms of the model. Which text that changes is for `fix` to find.

use crate::finding::Applicability;
use crate::source::Span;

use super::report::{Blame, Draft};

/// One way out of a fault. It is offered only if all of its changes can be made.
#[derive(Debug, Clone)]
pub struct Remedy {
    /// An imperative sentence without a full stop.
    pub(crate) title: String,
    pub(crate) applicability: Applicability,
    /// Right for everything that reads the value, such as a word that is spelled as it must be.
    pub(crate) suits_all_readers: bool,
    pub(crate) changes: Vec<Change>,
}

#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// The value of a property, which was `was`, becomes another one. What is computed from the value at
    /// `derived_from` changes with that one and is left alone.
    Value {
        of: Blame,
        was: String,
        becomes: String,
        derived_from: Option<Blame>,
    },
    /// A property is set to text beside one that is set already.
    Setting {
        beside: Blame,
        property: String,
        becomes: String,
    },
    /// A property is no longer set.
    Omission { of: Blame },
    /// The block or list that holds a value, called as its property, is taken away.
    BlockOmission { around: Blame },
}

impl Remedy {
    /// There is one right answer, which a tool may choose unasked.
    pub fn safe(title: impl Into<String>) -> Self {
        Remedy {
            title: title.into(),
            applicability: Applicability::Safe,
            suits_all_readers: false,
            changes: Vec::new(),
        }
    }

    /// The user has to choose.
    pub fn choice(title: impl Into<String>) -> Self {
        Remedy {
            applicability: Applicability::Unsafe,
            ..Remedy::safe(title)
        }
    }

    #[must_use]
    pub fn for_all_readers(self) -> Self {
        Remedy {
            suits_all_readers: true,
            ..self
        }
    }

    /// Writes another value for this one; `was` is the value as the model has it.
    #[must_use]
    pub fn replace(self, of: impl Into<Blame>, was: impl ToString, becomes: impl ToString) -> Self {
        self.with(Change::Value {
            of: of.into(),
            was: was.to_string(),
            becomes: becomes.to_string(),
            derived_from: None,
        })
    }

    /// The same for a value that may be computed from another one that this remedy replaces.
    #[must_use]
    pub fn carry_along(
        self,
        of: impl Into<Blame>,
        was: impl ToString,
        becomes: impl ToString,
        with: impl Into<Blame>,
    ) -> Self {
        self.with(Change::Value {
            of: of.into(),
            was: was.to_string(),
            becomes: becomes.to_string(),
            derived_from: Some(with.into()),
        })
    }

    /// Sets a property that is not written, in the block of one that is.
    #[must_use]
    pub fn set(self, beside: impl Into<Blame>, property: impl Into<String>, becomes: impl ToString) -> Self {
        self.with(Change::Setting {
            beside: beside.into(),
            property: property.into(),
            becomes: becomes.to_string(),
        })
    }

    #[must_use]
    pub fn remove(self, of: impl Into<Blame>) -> Self {
        self.with(Change::Omission { of: of.into() })
    }

    #[must_use]
    pub fn remove_block(self, around: impl Into<Blame>) -> Self {
        self.with(Change::BlockOmission {
            around: around.into(),
        })
    }

    fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// Whether another one writes the same, wherever its facts come from.
    pub(crate) fn is_same(&self, other: &Remedy) -> bool {
        self.title == other.title
            && self
                .changes
                .iter()
                .map(Change::place)
                .eq(other.changes.iter().map(Change::place))
    }
}

impl Change {
    fn place(&self) -> (Span, &str) {
        let (blame, text) = match self {
            Change::Value { of, becomes, .. } => (of, becomes.as_str()),
            Change::Setting { beside, becomes, .. } => (beside, becomes.as_str()),
            Change::Omission { of } => (of, ""),
            Change::BlockOmission { around } => (around, ""),
        };
        (blame.from.origin().span, text)
    }
}

impl Draft {
    /// A change that mends the fault; the best one is given first.
    pub fn remedy(&mut self, remedy: Remedy) -> &mut Self {
        self.remedies.push(remedy);
        self
    }
}
