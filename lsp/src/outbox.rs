//! What the server says to the client.

use std::collections::HashMap;

use crossbeam_channel::Sender;
use gen_lsp_types::{MessageType, ShowMessageParams};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;

/// What an answer of the client is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// The settings of the section `akslint`.
    Configuration,
    /// The client made a token for progress.
    Progress,
    /// An answer that changes nothing.
    Acknowledgement,
}

pub(crate) struct Outbox {
    sender: Sender<Message>,
    next: i32,
    awaited: HashMap<RequestId, Awaited>,
}

impl Outbox {
    pub(crate) fn new(sender: Sender<Message>) -> Self {
        Outbox {
            sender,
            next: 1,
            awaited: HashMap::new(),
        }
    }

    pub(crate) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    pub(crate) fn request(&mut self, method: &str, params: impl Serialize, awaited: Awaited) {
        let id = RequestId::from(self.next);
        self.next += 1;
        self.awaited.insert(id.clone(), awaited);
        self.send(Request::new(id, method.to_owned(), params).into());
    }

    /// What the client's answer is for.
    pub(crate) fn answered(&mut self, id: &RequestId) -> Option<Awaited> {
        self.awaited.remove(id)
    }

    pub(crate) fn answer(&self, id: RequestId, result: impl Serialize) {
        self.send(Response::new_ok(id, result).into());
    }

    pub(crate) fn refuse(&self, id: RequestId, code: ErrorCode, why: impl Into<String>) {
        self.send(Response::new_err(id, code as i32, why.into()).into());
    }

    /// A sentence that the client shows to the user.
    pub(crate) fn show(&self, kind: MessageType, message: impl Into<String>) {
        let message = message.into();
        self.notify("window/showMessage", ShowMessageParams { kind, message });
    }

    fn send(&self, message: Message) {
        if self.sender.send(message).is_err() {
            // The mailbox will say so as well, and ends the session.
            tracing::debug!("the client is gone");
        }
    }
}
