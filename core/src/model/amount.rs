//! Numbers that are known, or known at least to lie between two bounds.

use std::fmt;
use std::sync::Arc;

use crate::eval::provenance::Provenance;
use crate::eval::value::Unknown;

use super::attr::{Fact, Site};

/// A whole number between two bounds, both included. Where a part of a sum is unknown, its lower bound is
/// often enough to see that the sum is too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    pub least: u64,
    pub most: u64,
}

impl Amount {
    pub const NOTHING: Amount = Amount::exactly(0);

    pub const fn exactly(number: u64) -> Self {
        Amount {
            least: number,
            most: number,
        }
    }

    /// `most` is raised to `least` when it is below it.
    pub fn between(least: u64, most: u64) -> Self {
        Amount {
            least,
            most: most.max(least),
        }
    }

    pub fn is_exact(self) -> bool {
        self.least == self.most
    }

    #[must_use]
    pub fn plus(self, other: Amount) -> Self {
        Amount {
            least: self.least.saturating_add(other.least),
            most: self.most.saturating_add(other.most),
        }
    }

    #[must_use]
    pub fn times(self, other: Amount) -> Self {
        Amount {
            least: self.least.saturating_mul(other.least),
            most: self.most.saturating_mul(other.most),
        }
    }

    /// The result of a function that never falls as its argument grows.
    #[must_use]
    pub fn map(self, function: impl Fn(u64) -> u64) -> Self {
        Amount {
            least: function(self.least),
            most: function(self.most),
        }
    }

    /// Whether the number is above a limit; none when that hangs on what is unknown.
    pub fn exceeds(self, limit: u64) -> Option<bool> {
        if self.least > limit {
            return Some(true);
        }
        (self.most <= limit).then_some(false)
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(amounts: I) -> Self {
        amounts.fold(Amount::NOTHING, Amount::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_exact() {
            true => write!(formatter, "{}", self.least),
            false => write!(formatter, "at least {}", self.least),
        }
    }
}

/// What a property amounts to after its default, with the place to blame for it.
#[derive(Debug, Clone)]
pub struct Figure<T> {
    pub value: T,
    /// Nobody wrote it: it is what the provider or Azure takes instead.
    pub default: bool,
    /// Why the value is not exact.
    pub unknown: Option<Unknown>,
    pub from: Provenance,
    pub site: Arc<Site>,
}

impl<T> Figure<T> {
    /// A figure read from a fact.
    pub fn read<U>(fact: Fact<'_, U>, value: T) -> Self {
        Figure {
            value,
            default: fact.is_default(),
            unknown: None,
            from: fact.from.clone(),
            site: fact.site.clone(),
        }
    }

    /// The figure as a fact, to blame.
    pub fn fact(&self) -> Fact<'_, T> {
        Fact {
            value: &self.value,
            from: &self.from,
            site: &self.site,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn bounds_follow_the_arithmetic() {
        let nodes = Amount::between(3, 1000);
        let needed = nodes.times(Amount::exactly(31)).plus(Amount::exactly(1));
        assert_eq!(needed, Amount::between(94, 31_001));
        assert_eq!(needed.to_string(), "at least 94");
        assert_eq!(needed.exceeds(93), Some(true));
        assert_eq!(needed.exceeds(94), None);
        assert_eq!(needed.exceeds(31_000), None);
        assert_eq!(needed.exceeds(31_001), Some(false));
    }

    #[test]
    fn no_sum_overflows() {
        let huge = Amount::exactly(u64::MAX);
        let sum: Amount = [huge, huge.times(huge)].into_iter().sum();
        assert_eq!(sum, huge);
        assert_eq!(Amount::between(5, 1), Amount::exactly(5));
    }
}
