//! Work-done progress: shown only for work that lasts.

use std::time::{Duration, Instant};

use gen_lsp_types::{ProgressParams, ProgressToken, WorkDoneProgressCreateParams};
use serde_json::json;

use crate::outbox::{Awaited, Outbox};

/// Shorter work would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);
/// Reports that follow each other faster than this cannot be read.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(crate) struct Progress {
    started: Option<Instant>,
    /// The client was asked for a token.
    asked: bool,
    /// The client shows the progress.
    shown: bool,
    reported: Option<Instant>,
    number: u32,
}

impl Progress {
    fn token(&self) -> ProgressToken {
        ProgressToken::String(format!("akslint/{}", self.number))
    }

    /// Tells how far the work is: `done` of `all` deployments.
    pub(crate) fn tell(&mut self, done: usize, all: usize, outbox: &mut Outbox) {
        let now = Instant::now();
        let started = *self.started.get_or_insert(now);
        if !self.asked && now.duration_since(started) >= PATIENCE {
            self.asked = true;
            self.number += 1;
            let params = WorkDoneProgressCreateParams { token: self.token() };
            outbox.request("window/workDoneProgress/create", params, Awaited::Progress);
        }
        let is_due = self.reported.is_none_or(|last| now.duration_since(last) >= PAUSE);
        if self.shown && is_due && all > 0 {
            self.reported = Some(now);
            let percentage = done * 100 / all;
            let message = format!("{done} of {all} deployments");
            let value = json!({ "kind": "report", "percentage": percentage, "message": message });
            outbox.notify(
                "$/progress",
                ProgressParams {
                    token: self.token(),
                    value,
                },
            );
        }
    }

    /// The client made the token, unless the work is over meanwhile.
    pub(crate) fn accepted(&mut self, outbox: &Outbox) {
        if !self.asked || self.shown {
            return;
        }
        self.shown = true;
        let value = json!({ "kind": "begin", "title": "akslint", "percentage": 0, "cancellable": false });
        outbox.notify(
            "$/progress",
            ProgressParams {
                token: self.token(),
                value,
            },
        );
    }

    /// All work is done.
    pub(crate) fn finish(&mut self, outbox: &Outbox) {
        if self.shown {
            let value = json!({ "kind": "end" });
            outbox.notify(
                "$/progress",
                ProgressParams {
                    token: self.token(),
                    value,
                },
            );
        }
        *self = Progress {
            number: self.number,
            ..Progress::default()
        };
    }
}
