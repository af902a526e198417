//! Messages of the client in their order, less what it takes back.

use std::collections::VecDeque;

use crossbeam_channel::{Receiver, TryRecvError};
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

    /// The next message, and nothing at once if there is none.
    pub(crate) fn look(&mut self) -> Post {
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
        Post::Nothing
    }

    /// The next message, once there is one.
    pub(crate) fn wait(&mut self) -> Post {
        match self.look() {
            Post::Nothing => {}
            post => return post,
        }
        match self.receiver.recv() {
            // A request that is taken back now has been answered already.
            Ok(message) if cancelled(&message).is_some() => Post::Nothing,
            Ok(message) => Post::Message(message),
            Err(_) => Post::Closed,
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

#[cfg(test)]
mod tests {
    use lsp_server::Notification;
    use serde_json::json;

    use super::*;

    fn request(id: i32) -> Message {
        Request::new(id.into(), "textDocument/hover".to_owned(), json!({})).into()
    }

    fn cancel(id: i32) -> Message {
        Notification::new("$/cancelRequest".to_owned(), json!({ "id": id })).into()
    }

    /// What the mailbox gives, in short.
    fn given(messages: Vec<Message>) -> Vec<String> {
        let (sender, receiver) = crossbeam_channel::unbounded();
        for message in messages {
            sender.send(message).unwrap();
        }
        let mut mailbox = Mailbox::new(receiver);
        let mut given = Vec::new();
        loop {
            given.push(match mailbox.look() {
                Post::Message(Message::Request(request)) => format!("request {}", request.id),
                Post::Message(other) => format!("{other:?}"),
                Post::Cancelled(request) => format!("cancelled {}", request.id),
                Post::Nothing => return given,
                Post::Closed => panic!("the sender is there"),
            });
        }
    }

    #[test]
    fn a_request_that_waits_is_taken_back_and_the_others_keep_their_order() {
        let messages = vec![request(1), request(2), request(3), cancel(2), request(4)];
        assert_eq!(
            given(messages),
            ["cancelled 2", "request 1", "request 3", "request 4"]
        );
    }

    #[test]
    fn what_was_not_asked_is_not_taken_back() {
        assert_eq!(
            given(vec![cancel(7), request(1), cancel(1), cancel(1)]),
            ["cancelled 1"]
        );
    }

    #[test]
    fn what_came_before_the_client_left_is_read() {
        let (sender, receiver) = crossbeam_channel::unbounded();
        sender.send(request(1)).unwrap();
        drop(sender);
        let mut mailbox = Mailbox::new(receiver);
        assert!(matches!(mailbox.wait(), Post::Message(_)));
        assert!(matches!(mailbox.wait(), Post::Closed));
    }
}
