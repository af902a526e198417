//! Messages of the client in their order, less what it takes back.

use std::collections::VecDeque;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError};
use gen_lsp_types::{CancelParams, Id};
use lsp_server::{Message, Request, RequestId};

pub(crate) struct Mailbox {
    receiver: Receiver<Message>,
    waiting: VecDeque<Message>,
}

/// What came when the mailbox was looked at.
#[derive(Debug)]
pub(crate) enum Post {
    Message(Message),
    /// A request that the client took back before it was looked at.
    Cancelled(Request),
    Nothing,
    /// The client is gone.
    Closed,
}

impl Mailbox {
    pub(crate) fn new(receiver: Receiver<Message>) -> Self {
        Mailbox {
            receiver,
            waiting: VecDeque::new(),
        }
    }

    /// The next message; waits for one, at most for this long when a time is given.
    pub(crate) fn next(&mut self, patience: Option<Duration>) -> Post {
        loop {
            match self.receiver.try_recv() {
                Ok(message) => match cancelled(&message) {
                    Some(id) => {
                        if let Some(request) = self.take_request(&id) {
                            return Post::Cancelled(request);
                        }
                    }
                    None => self.waiting.push_back(message),
                },
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) if self.waiting.is_empty() => return Post::Closed,
                Err(TryRecvError::Disconnected) => break,
            }
        }
        if let Some(message) = self.waiting.pop_front() {
            return Post::Message(message);
        }
        let received = match patience {
            None => self.receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(patience) => self.receiver.recv_timeout(patience),
        };
        match received {
            // A request that is taken back now has been answered already.
            Ok(message) if cancelled(&message).is_some() => Post::Nothing,
            Ok(message) => Post::Message(message),
            Err(RecvTimeoutError::Timeout) => Post::Nothing,
            Err(RecvTimeoutError::Disconnected) => Post::Closed,
        }
    }

    fn take_request(&mut self, id: &RequestId) -> Option<Request> {
        let is_meant = |message: &Message| matches!(message, Message::Request(request) if request.id == *id);
        let place = self.waiting.iter().position(is_meant)?;
        match self.waiting.remove(place)? {
            Message::Request(request) => Some(request),
            _ => None,
        }
    }
}

fn cancelled(message: &Message) -> Option<RequestId> {
    let Message::Notification(notification) = message else {
        return None;
    };
    if notification.method != "$/cancelRequest" {
        return None;
    }
    let params: CancelParams = serde_json::from_value(notification.params.clone()).ok()?;
    Some(match params.id {
        Id::Int(number) => number.into(),
        Id::String(text) => text.into(),
    })
}
