//! Where a value comes from: the steps from its use back to where it was written.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::source::Span;

/// What kind of place a step of a value's way is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    /// The attribute or argument that uses the value.
    Use,
    /// The text that spells the value out.
    Literal,
    /// An argument of a module call.
    ModuleArgument,
    /// The `value` of an output of a called module.
    ModuleOutput,
    /// The `default` of a variable.
    VariableDefault,
    /// A line of a variable file.
    VariableFile,
    /// `--var` or an environment variable; the span is the variable's declaration.
    VariableOption,
    /// The expression of a local value.
    Local,
    /// An attribute of another resource, as configured there.
    ResourceAttribute,
    /// The `count`, `for_each` or iterator that a key or element comes from.
    Iteration,
    /// A file read by a function; the span is the call.
    File,
    /// What a plan says of a value whose configuration is there too.
    Plan,
    /// Nobody wrote the value: the provider or Azure supplies it, for the block at the span.
    ProviderDefault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    pub via: Via,
    pub span: Span,
}

/// The steps of one value, nearest use first; never empty, and at most [`Provenance::MAXIMUM`].
#[derive(Clone)]
pub struct Provenance(Steps);

/// Most values have one step, which needs no memory of its own.
#[derive(Clone)]
enum Steps {
    One(Step),
    Several(Arc<[Step]>),
}

impl From<Vec<Step>> for Steps {
    fn from(steps: Vec<Step>) -> Self {
        match steps.as_slice() {
            [only] => Steps::One(*only),
            _ => Steps::Several(steps.into()),
        }
    }
}

impl PartialEq for Provenance {
    fn eq(&self, other: &Self) -> bool {
        self.steps() == other.steps()
    }
}

impl Eq for Provenance {}

impl Hash for Provenance {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.steps().hash(state);
    }
}

impl Provenance {
    pub const MAXIMUM: usize = 16;

    pub fn new(via: Via, span: Span) -> Self {
        Provenance(Steps::One(Step { via, span }))
    }

    pub fn steps(&self) -> &[Step] {
        match &self.0 {
            Steps::One(step) => std::slice::from_ref(step),
            Steps::Several(steps) => steps,
        }
    }

    /// The step nearest the use. There is always one.
    pub fn nearest(&self) -> Step {
        match &self.0 {
            Steps::One(step) => *step,
            Steps::Several(steps) => steps[0],
        }
    }

    /// The step farthest from the use: where the value was written.
    pub fn origin(&self) -> Step {
        match &self.0 {
            Steps::One(step) => *step,
            Steps::Several(steps) => steps[steps.len() - 1],
        }
    }

    /// The step farthest from the use in what somebody wrote, rather than in a plan of it.
    pub fn written_origin(&self) -> Step {
        let written = self.steps().iter().rev().find(|step| step.via != Via::Plan);
        written.copied().unwrap_or_else(|| self.origin())
    }

    /// The same with one more step at the far end, unless the way is too long already.
    #[must_use]
    pub fn and_then(&self, via: Via, span: Span) -> Self {
        if self.steps().len() >= Self::MAXIMUM || self.steps().iter().any(|step| step.span == span) {
            return self.clone();
        }
        let steps = self.steps().iter().copied().chain([Step { via, span }]);
        Provenance(steps.collect::<Vec<Step>>().into())
    }

    /// The steps that are wanted; none when there are none.
    pub fn retained(&self, wanted: impl Fn(&Step) -> bool) -> Option<Self> {
        if self.steps().iter().all(&wanted) {
            return Some(self.clone());
        }
        let steps: Vec<Step> = self.steps().iter().copied().filter(wanted).collect();
        (!steps.is_empty()).then(|| Provenance(steps.into()))
    }

    pub fn is_provider_default(&self) -> bool {
        self.steps().iter().any(|step| step.via == Via::ProviderDefault)
    }

    /// The same value seen from a place nearer to its use. A step that only repeats the nearest span is
    /// not added: `service_cidr = "10.0.0.0/16"` is one place, not two.
    #[must_use]
    pub fn used_at(&self, via: Via, span: Span) -> Self {
        if self.nearest().span == span {
            return self.clone();
        }
        let mut steps = Vec::with_capacity(self.steps().len() + 1);
        steps.push(Step { via, span });
        steps.extend(self.steps().iter().copied().filter(|step| step.span != span));
        steps.truncate(Self::MAXIMUM);
        Provenance(steps.into())
    }

    /// The provenance of a result that the text at `span` computes: that place, then the places outside
    /// it that the operands come from.
    pub fn computed<'a>(span: Span, operands: impl IntoIterator<Item = &'a Provenance>) -> Self {
        let mut steps = vec![Step {
            via: Via::Literal,
            span,
        }];
        for operand in operands {
            for step in operand.steps().iter() {
                if steps.len() >= Self::MAXIMUM {
                    return Provenance(steps.into());
                }
                if !span.contains(step.span) && !steps.iter().any(|known| known.span == step.span) {
                    steps.push(*step);
                }
            }
        }
        Provenance(steps.into())
    }

    /// The same as [`Provenance::used_at`], but a step at that very span takes this kind: the text of a
    /// default is a default, not just a literal.
    #[must_use]
    pub fn named(&self, via: Via, span: Span) -> Self {
        if self.nearest().span != span {
            return self.used_at(via, span);
        }
        let mut steps = self.steps().to_vec();
        if let Some(nearest) = steps.first_mut() {
            nearest.via = via;
        }
        Provenance(steps.into())
    }

    /// The provenance of a member that was reached through its collection: the collection's steps that do
    /// not just enclose the member, then its own.
    #[must_use]
    pub fn through(&self, collection: &Provenance) -> Self {
        let encloses = |step: &Step| self.steps().iter().any(|own| step.span.contains(own.span));
        if collection.steps().iter().all(encloses) {
            return self.clone();
        }
        let outer = collection.steps().iter().filter(|step| !encloses(step));
        let mut steps: Vec<Step> = outer.copied().collect();
        steps.extend_from_slice(self.steps());
        steps.truncate(Self::MAXIMUM);
        Provenance(steps.into())
    }

    /// The provenance of a result that was computed from several values, in their order, without repeats.
    #[must_use]
    pub fn merged<'a>(&self, others: impl IntoIterator<Item = &'a Provenance>) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for other in others {
            if let (Steps::Several(mine), Steps::Several(others)) = (&self.0, &other.0)
                && Arc::ptr_eq(mine, others)
            {
                continue;
            }
            if steps.is_empty() {
                steps.extend(self.steps().iter().copied());
            }
            for step in other.steps().iter() {
                if steps.len() >= Self::MAXIMUM {
                    break;
                }
                if !steps.iter().any(|known| known.span == step.span) {
                    steps.push(*step);
                }
            }
        }
        if steps.is_empty() {
            self.clone()
        } else {
            Provenance(steps.into())
        }
    }
}

impl std::fmt::Debug for Provenance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_list()
            .entries(self.steps().iter().map(|step| (step.via, step.span)))
            .finish()
    }
}
