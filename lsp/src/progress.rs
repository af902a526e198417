//! Work-done progress: shown only for work that lasts.

use std::time::{Duration, Instant};

use gen_lsp_types::{ProgressParams, ProgressToken, WorkDoneProgressCreateParams};
use serde_json::json;

use crate::outbox::{Awaited, Outbox};

/// Reports that follow each other faster than this cannot be read.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Shorter work is not shown.
    patience: Duration,
    started: Option<Instant>,
    /// The client was asked for a token.
    asked: bool,
    /// The client shows the progress.
    shown: bool,
    reported: Option<Instant>,
    number: u32,
}

impl Progress {
    pub(crate) fn new(patience: Duration) -> Self {
        Progress {
            patience,
            ..Progress::default()
        }
    }

    fn token(&self) -> ProgressToken {
        ProgressToken::String(format!("akslint/{}", self.number))
    }

    /// Tells how far the work is: `done` of `all` deployments.
    pub(crate) fn tell(&mut self, done: usize, all: usize, outbox: &mut Outbox) {
        let now = Instant::now();
        let started = *self.started.get_or_insert(now);
        if !self.asked && now.duration_since(started) >= self.patience {
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
            patience: self.patience,
            number: self.number,
            ..Progress::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use lsp_server::{Connection, Message};

    use super::*;

    /// What the client was told since it was last asked.
    fn told(client: &Connection) -> Vec<String> {
        let messages = client.receiver.try_iter().map(|message| match message {
            Message::Request(request) => format!("{} {}", request.method, request.params["token"]),
            Message::Notification(it) => format!("{} {}", it.params["value"]["kind"], it.params["token"]),
            Message::Response(_) => "a response".to_owned(),
        });
        messages.collect()
    }

    #[test]
    fn progress_is_shown_once_the_client_has_made_a_token() {
        let (server, client) = Connection::memory();
        let mut outbox = Outbox::new(server.sender);
        let mut progress = Progress::new(Duration::ZERO);
        for _ in 0..2 {
            progress.tell(0, 9, &mut outbox);
            progress.tell(1, 9, &mut outbox);
        }
        assert_eq!(told(&client), ["window/workDoneProgress/create \"akslint/1\""]);
        progress.accepted(&outbox);
        progress.accepted(&outbox);
        assert_eq!(told(&client), ["\"begin\" \"akslint/1\""]);
        progress.tell(2, 9, &mut outbox);
        progress.tell(3, 9, &mut outbox);
        assert_eq!(told(&client), ["\"report\" \"akslint/1\""], "nobody reads faster");
        progress.finish(&outbox);
        progress.finish(&outbox);
        assert_eq!(told(&client), ["\"end\" \"akslint/1\""]);
        progress.tell(0, 1, &mut outbox);
        assert_eq!(told(&client), ["window/workDoneProgress/create \"akslint/2\""]);
    }

    #[test]
    fn a_token_that_comes_too_late_shows_nothing() {
        let (server, client) = Connection::memory();
        let mut outbox = Outbox::new(server.sender);
        let mut progress = Progress::new(Duration::ZERO);
        progress.tell(0, 1, &mut outbox);
        progress.finish(&outbox);
        progress.accepted(&outbox);
        assert_eq!(told(&client).len(), 1);
    }

    #[test]
    fn short_work_shows_nothing() {
        let (server, client) = Connection::memory();
        let mut outbox = Outbox::new(server.sender);
        let mut progress = Progress::new(Duration::from_secs(3600));
        progress.tell(0, 1, &mut outbox);
        progress.finish(&outbox);
        assert_eq!(told(&client), [""; 0]);
    }
}
