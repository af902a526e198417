//! What expressions in a range of one file turn out to be: noted while a deployment is evaluated, for editors.
//! Without an observer nothing of this costs anything.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::deployment::ModuleStep;
use super::error::{EvalError, Evaluated};
use super::value::{Reason, Unknown, Value};
use crate::source::Span;

/// What an expression is in one place of the deployment.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The expression, or the name of what has the value: of an attribute, a variable, a property.
    pub span: Span,
    pub is_name: bool,
    pub value: Value,
    pub within: Within,
}

/// Which of the instances of a text is meant.
#[derive(Debug, Clone, Default)]
pub struct Within {
    /// The modules or nested deployments on the way from the root.
    pub modules: Option<Arc<[ModuleStep]>>,
    /// The loops around the expression, the outermost first.
    pub turns: Vec<Turn>,
}

/// One turn of a loop: `each.key` is `"a"`.
#[derive(Debug, Clone)]
pub struct Turn {
    pub name: Arc<str>,
    pub at: Value,
}

/// Notes what is evaluated in a range.
#[derive(Debug)]
pub(in crate::eval) struct Observer {
    range: Span,
    seen: RefCell<Vec<Observed>>,
    /// Texts whose values must not appear in any output, with what is sensitive there.
    hidden: RefCell<Vec<(Span, Unknown)>>,
    /// How much more is noted.
    left: Cell<usize>,
}

impl Observer {
    /// More expressions and instances than this are not shown anyway.
    const MAXIMUM: usize = 20_000;

    pub(in crate::eval) fn new(range: Span) -> Self {
        Observer {
            range,
            seen: RefCell::default(),
            hidden: RefCell::default(),
            left: Cell::new(Self::MAXIMUM),
        }
    }

    pub(in crate::eval) fn range(&self) -> Span {
        self.range
    }

    /// Whether a part of the text lies in the range, or touches it.
    pub(in crate::eval) fn wants(&self, span: Span) -> bool {
        let range = self.range;
        span.file == range.file && span.start <= range.end && range.start <= span.end
    }

    /// Notes the value of an expression that is wanted.
    pub(in crate::eval) fn note(&self, span: Span, result: &Evaluated, within: impl FnOnce() -> Within) {
        if self.left.get() == 0 {
            return;
        }
        let value = match result {
            Ok(value) => value.clone(),
            Err(error) => EvalError::new(error.message.clone(), error.span).into_value(),
        };
        self.add(span, false, value, within());
    }

    /// Notes the value of what has this name.
    pub(in crate::eval) fn note_name(&self, span: Span, value: &Value, within: Within) {
        if self.wants(span) {
            self.add(span, true, value.clone(), within);
        }
    }

    fn add(&self, span: Span, is_name: bool, value: Value, within: Within) {
        let Some(left) = self.left.get().checked_sub(1) else {
            return;
        };
        self.left.set(left);
        self.seen.borrow_mut().push(Observed {
            span,
            is_name,
            value,
            within,
        });
    }

    /// Says that no value in a text may be shown, and where what is called so stands.
    pub(in crate::eval) fn hide(&self, span: Span, name: String, at: Span) {
        let mut hidden = self.hidden.borrow_mut();
        if self.wants(span) && !hidden.iter().any(|(known, _)| *known == span) {
            hidden.push((span, Unknown::new(Reason::Sensitive { name }, at)));
        }
    }

    /// What was seen, in the order of the text; for each text and instance once.
    pub(in crate::eval) fn into_observed(self) -> Vec<Observed> {
        let hidden = self.hidden.into_inner();
        let mut known = HashSet::new();
        let mut observed: Vec<Observed> = Vec::new();
        // The outer one of two expressions with the same text ends later.
        for mut seen in self.seen.into_inner().into_iter().rev() {
            if !known.insert((seen.span, seen.within.identity())) {
                continue;
            }
            if let Some((_, unknown)) = hidden.iter().find(|(span, _)| span.contains(seen.span)) {
                seen.value = Value::unknown(unknown.clone(), seen.value.from);
            }
            observed.push(seen);
        }
        observed.reverse();
        // Stable, so that instances stay in the order of their evaluation.
        observed.sort_by_key(|seen| (seen.span.start, std::cmp::Reverse(seen.span.end)));
        observed
    }
}

impl Within {
    pub(in crate::eval) fn modules(modules: Arc<[ModuleStep]>) -> Self {
        Within {
            modules: Some(modules),
            turns: Vec::new(),
        }
    }

    /// Equal for the same instance.
    fn identity(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.modules.hash(&mut hasher);
        for turn in &self.turns {
            (&turn.name, turn.at.content_hash()).hash(&mut hasher);
        }
        hasher.finish()
    }
}
