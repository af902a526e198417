//! How far a long run is, on standard error.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const BETWEEN: Duration = Duration::from_millis(100);

pub(crate) struct Progress {
    is_shown: bool,
    started: Instant,
    /// When something was last drawn.
    drawn: Mutex<Option<Instant>>,
}

impl Progress {
    pub(crate) fn new(is_quiet: bool) -> Self {
        let is_off = std::env::var_os("AKSLINT_NO_PROGRESS").is_some_and(|value| !value.is_empty());
        Progress {
            is_shown: !is_quiet && !is_off && io::stderr().is_terminal(),
            started: Instant::now(),
            drawn: Mutex::new(None),
        }
    }

    pub(crate) fn show(&self, done: usize, all: usize) {
        if !self.is_shown || self.started.elapsed() < PATIENCE {
            return;
        }
        // While another thread draws, this one has nothing newer to say.
        let Ok(mut drawn) = self.drawn.try_lock() else {
            return;
        };
        if drawn.is_some_and(|drawn| drawn.elapsed() < BETWEEN) {
            return;
        }
        *drawn = Some(Instant::now());
        let _ = write!(io::stderr(), "\r\u{1b}[Kchecked {done} of {all} deployments");
    }

    /// Takes away what was drawn.
    pub(crate) fn finish(&self) {
        let drawn = self.drawn.lock().is_ok_and(|drawn| drawn.is_some());
        if drawn {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}
