//! Whose turn it is: messages go before work, but a client that never stops asking must not hold work up for ever.

use std::time::{Duration, Instant};

/// For how long messages go before work that waits, and then work before messages that wait.
const LONGEST: Duration = Duration::from_millis(50);

pub(super) struct Turns {
    /// Since when work has stood behind messages.
    held_up: Instant,
}

impl Turns {
    pub(super) fn new(now: Instant) -> Self {
        Turns { held_up: now }
    }

    /// Whether the work that there is goes before messages now.
    pub(super) fn is_works(&self, now: Instant) -> bool {
        now.duration_since(self.held_up) > LONGEST
    }

    /// No message waits, or no work.
    pub(super) fn nothing_waits(&mut self, now: Instant) {
        self.held_up = now;
    }

    /// A slice of work was done in its own turn.
    pub(super) fn worked(&mut self, now: Instant) {
        if now.duration_since(self.held_up) > 2 * LONGEST {
            self.held_up = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Serves a client that always asks: how often a message was answered and a slice was done in this time.
    fn flooded(milliseconds: u64, message: u64, slice: u64) -> (u64, u64) {
        let start = Instant::now();
        let mut turns = Turns::new(start);
        let (mut passed, mut messages, mut slices) = (0, 0, 0);
        while passed < milliseconds {
            if turns.is_works(start + Duration::from_millis(passed)) {
                (passed, slices) = (passed + slice, slices + 1);
                turns.worked(start + Duration::from_millis(passed));
            } else {
                (passed, messages) = (passed + message, messages + 1);
            }
        }
        (messages, slices)
    }

    #[test]
    fn messages_and_work_share_the_time_when_there_are_always_both() {
        assert_eq!(flooded(10_000, 1, 1), (5_050, 4_950));
        let (messages, slices) = flooded(10_000, 1, 9);
        assert!((4_000..6_000).contains(&messages), "{messages}");
        assert!((4_000..6_000).contains(&(9 * slices)), "{slices}");
    }

    #[test]
    fn slow_messages_and_slow_slices_take_turns() {
        assert_eq!(flooded(40_000, 200, 200), (100, 100));
    }

    #[test]
    fn work_waits_for_no_longer_than_its_turn_and_starts_anew_when_nothing_waited() {
        let start = Instant::now();
        let mut turns = Turns::new(start);
        assert!(!turns.is_works(start + LONGEST));
        assert!(turns.is_works(start + LONGEST + Duration::from_millis(1)));
        turns.nothing_waits(start + LONGEST);
        assert!(!turns.is_works(start + 2 * LONGEST));
    }
}
