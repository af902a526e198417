//! One way in which the unknown conditions of a deployment could turn out.
//!
//! A rule is run once for each way that makes a difference to it: reading a property that is one of two
//! values asks the world, the world takes one, and the rule is run again with the other. A finding holds
//! only if it holds in every world in which its resource exists.

use std::cell::RefCell;

use crate::eval::deployment::{Assumption, Presence};
use crate::eval::value::{Condition, Unknown};

/// The conditions decided so far in one run of a rule, and what it could not read.
#[derive(Debug, Default)]
pub struct World {
    /// Fixed before the run: that the resource under examination exists.
    given: Vec<(u64, bool)>,
    /// How to decide the first conditions that come up; later ones are taken as true.
    script: Vec<bool>,
    decided: RefCell<Vec<Decision>>,
    undecided: RefCell<Vec<Unknown>>,
}

#[derive(Debug, Clone)]
pub struct Decision {
    pub condition: Unknown,
    pub value: bool,
}

impl World {
    pub fn new(given: &Presence, script: Vec<bool>) -> Self {
        let given = match given {
            Presence::Certain => Vec::new(),
            Presence::If(assumptions) => assumptions
                .iter()
                .map(|assumed| (assumed.condition.identity(), assumed.when))
                .collect(),
            Presence::AnyNumber(unknown) => vec![(unknown.identity(), true)],
        };
        World {
            given,
            script,
            ..World::default()
        }
    }

    /// Whether a condition holds in this world.
    pub fn decide(&self, condition: &Unknown) -> bool {
        let identity = condition.identity();
        if let Some((_, value)) = self.given.iter().find(|(given, _)| *given == identity) {
            return *value;
        }
        let mut decided = self.decided.borrow_mut();
        if let Some(decision) = decided
            .iter()
            .find(|decision| decision.condition.identity() == identity)
        {
            return decision.value;
        }
        let value = self.script.get(decided.len()).copied().unwrap_or(true);
        decided.push(Decision {
            condition: condition.clone(),
            value,
        });
        value
    }

    pub fn holds(&self, condition: &Condition) -> bool {
        self.decide(&condition.unknown)
    }

    /// Whether a resource exists in this world.
    pub fn is_present(&self, presence: &Presence) -> bool {
        match presence {
            Presence::Certain => true,
            Presence::If(assumptions) => assumptions
                .iter()
                .all(|Assumption { condition, when }| self.holds(condition) == *when),
            Presence::AnyNumber(unknown) => self.decide(unknown),
        }
    }

    /// Notes that something could not be decided because of this.
    pub fn note(&self, unknown: &Unknown) {
        let mut undecided = self.undecided.borrow_mut();
        if !undecided.contains(unknown) {
            undecided.push(unknown.clone());
        }
    }

    /// What came up in this run: the decisions in order, and the unknowns that were read.
    pub fn into_parts(self) -> (Vec<Decision>, Vec<Unknown>) {
        (self.decided.into_inner(), self.undecided.into_inner())
    }
}

/// The script of the next world after these decisions, depth first; none when all have been seen.
pub fn next_script(decisions: &[Decision]) -> Option<Vec<bool>> {
    let last_true = decisions.iter().rposition(|decision| decision.value)?;
    let mut script: Vec<bool> = decisions[..last_true]
        .iter()
        .map(|decision| decision.value)
        .collect();
    script.push(false);
    Some(script)
}
