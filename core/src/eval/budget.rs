//! The bounds of evaluating one deployment.

use std::cell::Cell;

use super::value::{Kind, Value};

/// What one deployment may still spend. Once a bound is reached, everything more is unknown.
#[derive(Debug)]
pub struct Budget {
    pub steps: Cell<u64>,
    pub text: Cell<u64>,
}

impl Budget {
    pub const STEPS: u64 = 1_000_000;
    pub const TEXT: u64 = 16 * 1024 * 1024;

    /// The most values that may stand in one list or object, at any depth.
    pub const PARTS: u64 = 200_000;

    /// How many parts of a list or object are made or copied in a step.
    const PARTS_PER_STEP: u64 = 16;

    pub fn new() -> Self {
        Budget {
            steps: Cell::new(Self::STEPS),
            text: Cell::new(Self::TEXT),
        }
    }

    /// Takes evaluation steps; false when they are used up.
    pub fn spend_steps(&self, count: u64) -> bool {
        Self::spend(&self.steps, count)
    }

    /// Takes bytes of produced text; false when they are used up.
    pub fn spend_text(&self, bytes: usize) -> bool {
        Self::spend(&self.text, bytes as u64)
    }

    /// Takes the steps that a list or object of this size costs; false when it is too large. Values share their
    /// parts, so that a few lines can mean more of them than any machine can visit.
    pub fn affords(&self, value: &Value) -> bool {
        let mut left = Self::PARTS;
        let is_small = take_parts(value, &mut left);
        is_small && self.spend_steps((Self::PARTS - left) / Self::PARTS_PER_STEP)
    }

    fn spend(left: &Cell<u64>, amount: u64) -> bool {
        match left.get().checked_sub(amount) {
            Some(rest) => {
                left.set(rest);
                true
            }
            None => {
                left.set(0);
                false
            }
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new()
    }
}

/// Counts a value and its parts down; false when there are more of them.
fn take_parts(value: &Value, left: &mut u64) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match &value.kind {
        Kind::Tuple(elements) | Kind::List(elements) | Kind::Set(elements) => {
            elements.iter().all(|element| take_parts(element, left))
        }
        Kind::Object(entries) | Kind::Map(entries) => {
            entries.members.values().all(|member| take_parts(member, left))
        }
        Kind::OneOf(one_of) => take_parts(&one_of.yes, left) && take_parts(&one_of.no, left),
        _ => true,
    }
}
