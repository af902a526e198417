//! The bounds of evaluating one deployment.

use std::cell::Cell;

/// What one deployment may still spend. Once a bound is reached, everything more is unknown.
#[derive(Debug)]
pub struct Budget {
    pub steps: Cell<u64>,
    pub text: Cell<u64>,
}

impl Budget {
    pub const STEPS: u64 = 1_000_000;
    pub const TEXT: u64 = 16 * 1024 * 1024;

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
