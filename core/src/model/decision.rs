//! How a security group's rules, one after the other, decide the parts of a flow.

use crate::eval::value::Unknown;

use super::flow::{AXES, Interval, Traffic, merged};
use super::security::{Decider, Denial, Verdict};
use super::service_tags::Cover;

/// How many blocks of traffic are kept apart in one decision.
const MAXIMUM_PARTS: usize = 1024;

/// A rule laid over one flow.
#[derive(Debug, Clone)]
pub(super) struct Laid<'a> {
    pub(super) by: Decider<'a>,
    /// None when the access is unknown; then there is a doubt.
    pub(super) allows: Option<bool>,
    pub(super) covers: [Cover; AXES],
    /// Why it is not certain that the rule matches at all.
    pub(super) doubt: Option<Unknown>,
}

/// A part of the flow that no rule has decided for certain yet.
#[derive(Debug, Clone)]
struct Part {
    traffic: Traffic,
    /// Why an earlier rule may have allowed it.
    may_be_allowed: Option<Unknown>,
    /// Why an earlier rule may have denied it.
    may_be_denied: Option<Unknown>,
}

#[derive(Debug)]
pub(super) struct Decision<'a> {
    parts: Vec<Part>,
    denials: Vec<Denial<'a>>,
    undecided: Option<Unknown>,
    too_many_parts: bool,
}

impl<'a> Decision<'a> {
    /// A flow that nothing has decided. When the group may hold more rules, for the reason given, any of
    /// them may have come first.
    pub(super) fn of(blocks: Vec<Traffic>, open: Option<&Unknown>) -> Self {
        let whole = |traffic| Part {
            traffic,
            may_be_allowed: open.cloned(),
            may_be_denied: open.cloned(),
        };
        Decision {
            parts: blocks.into_iter().map(whole).collect(),
            denials: Vec::new(),
            undecided: None,
            too_many_parts: false,
        }
    }

    /// The decision must be given up: it would take too long, and what was left out may matter.
    pub(super) fn has_too_many_parts(&self) -> bool {
        self.too_many_parts || self.parts.len() > MAXIMUM_PARTS
    }

    /// Leaves what is not decided yet undecided; what was denied stays denied.
    pub(super) fn give_up(&mut self, why: Unknown) {
        self.undecided.get_or_insert(why);
    }

    pub(super) fn verdict(self) -> Verdict<'a> {
        match (self.denials.is_empty(), self.undecided) {
            (false, _) => Verdict::Denied(self.denials),
            (true, Some(unknown)) => Verdict::Undecided(unknown),
            (true, None) => Verdict::Allowed,
        }
    }

    /// The next rule decides what it matches for certain; what it may match goes on with that in mind.
    pub(super) fn apply(&mut self, rule: &Laid<'a>) {
        for part in std::mem::take(&mut self.parts) {
            let (Some(certain), Some(possible)) = (
                rule.certain_blocks(&part.traffic),
                rule.possible_blocks(&part.traffic),
            ) else {
                self.too_many_parts = true;
                return;
            };
            let mut undecided = vec![part.traffic];
            for block in certain {
                undecided = self.take(undecided, &block, |decision, inside| {
                    let piece = Part {
                        traffic: inside,
                        ..part.clone()
                    };
                    decision.decide(rule, &piece);
                });
            }
            for block in possible {
                if rule.adds_nothing_to(&part) {
                    break;
                }
                let doubt = rule.doubt_about(&part.traffic);
                undecided = self.take(undecided, &block, |decision, inside| {
                    let mut piece = Part {
                        traffic: inside,
                        ..part.clone()
                    };
                    if rule.allows != Some(false) && piece.may_be_allowed.is_none() {
                        piece.may_be_allowed.clone_from(&doubt);
                    }
                    if rule.allows != Some(true) && piece.may_be_denied.is_none() {
                        piece.may_be_denied.clone_from(&doubt);
                    }
                    decision.parts.push(piece);
                });
            }
            let rest = undecided.into_iter().map(|traffic| Part {
                traffic,
                ..part.clone()
            });
            self.parts.extend(rest);
        }
    }

    /// Hands what lies inside the block to `inside` and returns what lies outside.
    fn take(
        &mut self,
        blocks: Vec<Traffic>,
        cut: &Traffic,
        mut inside: impl FnMut(&mut Self, Traffic),
    ) -> Vec<Traffic> {
        let mut outside = Vec::new();
        for block in blocks {
            match block.intersection(cut) {
                Some(both) => {
                    block.without(&both, &mut outside);
                    inside(self, both);
                }
                None => outside.push(block),
            }
        }
        outside
    }

    fn decide(&mut self, rule: &Laid<'a>, part: &Part) {
        let allows = rule.allows == Some(true);
        let otherwise = if allows {
            &part.may_be_denied
        } else {
            &part.may_be_allowed
        };
        match otherwise {
            Some(unknown) => {
                self.undecided.get_or_insert_with(|| unknown.clone());
            }
            None if allows => {}
            None => match self.denials.last_mut().filter(|denial| denial.by.is(rule.by)) {
                Some(denial) => denial.traffic.push(part.traffic),
                None => self.denials.push(Denial {
                    by: rule.by,
                    traffic: vec![part.traffic],
                }),
            },
        }
    }
}

impl Laid<'_> {
    pub(super) fn doubted(&self, unknown: &Unknown) -> Self {
        Laid {
            doubt: Some(unknown.clone()),
            ..self.clone()
        }
    }

    /// Whether the rule matches some of this, for certain or perhaps.
    pub(super) fn may_touch(&self, traffic: &Traffic) -> bool {
        let axes = self.covers.iter().zip(traffic.0);
        axes.into_iter().all(|(cover, whole)| {
            let touches = |interval: &Interval| interval.intersection(whole).is_some();
            cover.certain.iter().any(touches) || cover.possible.iter().any(|(interval, _)| touches(interval))
        })
    }

    /// None for too many.
    fn certain_blocks(&self, within: &Traffic) -> Option<Vec<Traffic>> {
        if self.doubt.is_some() || self.allows.is_none() {
            return Some(Vec::new());
        }
        blocks(within, |axis| self.covers[axis].certain.clone())
    }

    /// Those that are certain among them. None for too many.
    fn possible_blocks(&self, within: &Traffic) -> Option<Vec<Traffic>> {
        blocks(within, |axis| {
            let Cover { certain, possible } = &self.covers[axis];
            let possible = possible.iter().map(|(interval, _)| *interval);
            certain.iter().copied().chain(possible).collect()
        })
    }

    /// Whether all that the rule could make possible for this part is possible already.
    fn adds_nothing_to(&self, part: &Part) -> bool {
        (self.allows == Some(false) || part.may_be_allowed.is_some())
            && (self.allows == Some(true) || part.may_be_denied.is_some())
    }

    fn doubt_about(&self, traffic: &Traffic) -> Option<Unknown> {
        let mut possible = self.covers.iter().zip(traffic.0).flat_map(|(cover, whole)| {
            let touching = move |(interval, _): &&(Interval, Unknown)| interval.intersection(whole).is_some();
            cover.possible.iter().filter(touching)
        });
        self.doubt
            .clone()
            .or_else(|| possible.next().map(|(_, unknown)| unknown.clone()))
    }
}

/// Every combination of what is covered on each axis, inside one block; none for too many.
fn blocks(within: &Traffic, covered: impl Fn(usize) -> Vec<Interval>) -> Option<Vec<Traffic>> {
    let mut blocks = vec![*within];
    for axis in 0..AXES {
        let inside = covered(axis)
            .into_iter()
            .filter_map(|interval| interval.intersection(within.0[axis]));
        let inside = merged(inside.collect());
        if blocks.len().saturating_mul(inside.len()) > MAXIMUM_PARTS {
            return None;
        }
        let each = |block: Traffic| {
            inside.iter().map(move |interval| {
                let mut block = block;
                block.0[axis] = *interval;
                block
            })
        };
        blocks = blocks.into_iter().flat_map(each).collect();
    }
    Some(blocks)
}

impl Decider<'_> {
    fn is(self, other: Decider<'_>) -> bool {
        match (self, other) {
            (Decider::Rule(one), Decider::Rule(other)) => std::ptr::eq(one, other),
            (Decider::Default(one), Decider::Default(other)) => one == other,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
