//! The client: what it sends, and what it waits for.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use akslint_lsp::{Exit, Surroundings};
use gen_lsp_types as lsp;
use gen_lsp_types::PublishDiagnosticsParams;
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::diagnostics::{Shown, words};
use super::text::{self, Encoding};

/// Nothing is this slow: a test that waits longer waits for what never comes.
pub(super) const PATIENCE: Duration = Duration::from_secs(45);

pub(crate) struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<Exit>>,
    _folder: TempDir,
    pub(super) root: PathBuf,
    /// What the server can do.
    pub(crate) capabilities: Value,
    pub(crate) encoding: Encoding,
    /// The answer to a question for the settings.
    pub(crate) configuration: Value,
    /// Texts and versions of open documents.
    pub(super) open: BTreeMap<Url, (String, i32)>,
    /// Read from the connection, and not asked for by the test yet.
    pub(super) inbox: VecDeque<Message>,
    /// What the server has published by now.
    pub(super) shown: Shown,
    /// Requests without an answer.
    unanswered: Vec<RequestId>,
    next: i32,
}

impl Client {
    pub(super) fn greet(
        folder: TempDir,
        root: PathBuf,
        params: Value,
        surroundings: Surroundings,
        configuration: Value,
    ) -> Self {
        let (server_side, connection) = Connection::memory();
        let server = thread::spawn(move || akslint_lsp::serve(server_side, &surroundings));
        let mut client = Client {
            connection: Some(connection),
            server: Some(server),
            _folder: folder,
            root,
            capabilities: Value::Null,
            encoding: Encoding::Utf16,
            configuration,
            open: BTreeMap::new(),
            inbox: VecDeque::new(),
            shown: Shown::new(),
            unanswered: Vec::new(),
            next: 1,
        };
        let id = client.send_request("initialize", params.clone());
        let result = client.answer(&id).expect("the server greets back");
        client.capabilities = result["capabilities"].clone();
        client.encoding = match client.capabilities["positionEncoding"].as_str() {
            Some("utf-8") => Encoding::Utf8,
            Some("utf-16") | None => Encoding::Utf16,
            Some(other) => panic!("{other} was not offered"),
        };
        client.notify("initialized", json!({}));
        let asked = &params["capabilities"];
        let registers = ["didChangeWatchedFiles", "didChangeConfiguration"];
        if registers
            .iter()
            .any(|name| asked["workspace"][name]["dynamicRegistration"] == true)
        {
            client.accept("client/registerCapability");
        }
        if asked["workspace"]["configuration"] == true {
            client.give_configuration();
        }
        client
    }

    // ---- Places ----

    /// The address of a file below the folder of the test; anything with a scheme is an address already.
    pub(crate) fn address(&self, path: &str) -> Url {
        if path.contains(':') {
            return Url::parse(path).unwrap();
        }
        Url::from_file_path(self.root.join(path)).unwrap()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The path below the folder of the test.
    pub(crate) fn path(&self, address: &Url) -> String {
        match address.to_file_path() {
            Ok(path) => path
                .strip_prefix(&self.root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned(),
            Err(()) => address.to_string(),
        }
    }

    /// The text of a file as the client has it.
    pub(crate) fn text(&self, path: &str) -> String {
        let address = self.address(path);
        match self.open.get(&address) {
            Some((text, _)) => text.clone(),
            None => fs::read_to_string(self.root.join(path)).unwrap(),
        }
    }

    /// Where a text stands, which must be in one place only.
    pub(crate) fn range(&self, path: &str, part: &str) -> lsp::Range {
        let text = self.text(path);
        assert_eq!(text.matches(part).count(), 1, "{part:?} in {path}");
        let start = text.find(part).unwrap();
        lsp::Range {
            start: text::position(&text, start, self.encoding),
            end: text::position(&text, start + part.len(), self.encoding),
        }
    }

    /// A range of bytes as the protocol has it, in words.
    pub(crate) fn range_of(&self, text: &str, start: usize, end: usize) -> String {
        let start = text::position(text, start, self.encoding);
        let end = text::position(text, end, self.encoding);
        words(lsp::Range { start, end })
    }

    /// What stands in a range.
    pub(crate) fn at(&self, path: &str, range: lsp::Range) -> String {
        text::slice(&self.text(path), range, self.encoding).to_owned()
    }

    // ---- Messages ----

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(Notification::new(method.to_owned(), params).into());
    }

    /// Sends a request and waits for its result.
    pub(crate) fn request<R: lsp::Request>(&mut self, params: Value) -> R::Result {
        let result = self.try_request(R::METHOD.as_str(), params);
        let result = result.unwrap_or_else(|error| panic!("{}: {}", R::METHOD, error.message));
        serde_json::from_value(result).expect("a result of this request")
    }

    pub(crate) fn try_request(&mut self, method: &str, params: Value) -> Result<Value, ResponseError> {
        let id = self.send_request(method, params);
        self.answer(&id)
    }

    pub(crate) fn send_request(&mut self, method: &str, params: Value) -> RequestId {
        let id = RequestId::from(self.next);
        self.next += 1;
        self.unanswered.push(id.clone());
        self.send(Request::new(id.clone(), method.to_owned(), params).into());
        id
    }

    /// Waits for the answer to a request.
    pub(crate) fn answer(&mut self, id: &RequestId) -> Result<Value, ResponseError> {
        let message = self.wait_for(
            "the answer",
            |message| matches!(message, Message::Response(response) if response.id == *id),
        );
        match message {
            Message::Response(response) => response.response_result,
            other => panic!("{other:?}"),
        }
    }

    /// Waits for a notification of the server.
    pub(crate) fn await_notification(&mut self, method: &str) -> Value {
        let message = self.wait_for(
            method,
            |message| matches!(message, Message::Notification(notification) if notification.method == method),
        );
        match message {
            Message::Notification(notification) => notification.params,
            other => panic!("{other:?}"),
        }
    }

    /// The notifications of a kind that have come by now.
    pub(crate) fn received(&mut self, method: &str) -> Vec<Value> {
        while self.receive(Duration::ZERO).is_some() {}
        let is_meant =
            |message: &Message| matches!(message, Message::Notification(it) if it.method == method);
        let (meant, others) = self.inbox.drain(..).partition(is_meant);
        self.inbox = others;
        let params = VecDeque::into_iter(meant).map(|message| match message {
            Message::Notification(notification) => notification.params,
            other => panic!("{other:?}"),
        });
        params.collect()
    }

    /// Waits for a request of the server.
    pub(crate) fn await_request(&mut self, method: &str) -> (RequestId, Value) {
        let message = self.wait_for(
            method,
            |message| matches!(message, Message::Request(request) if request.method == method),
        );
        match message {
            Message::Request(request) => (request.id, request.params),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn reply(&mut self, id: RequestId, result: Value) {
        self.send(Response::new_ok(id, result).into());
    }

    /// Waits for a request of the server and answers it with null; gives its parameters.
    pub(crate) fn accept(&mut self, method: &str) -> Value {
        let (id, params) = self.await_request(method);
        self.reply(id, Value::Null);
        params
    }

    /// Answers the question for the settings.
    pub(crate) fn give_configuration(&mut self) {
        let (id, params) = self.await_request("workspace/configuration");
        assert_eq!(params, json!({ "items": [{ "section": "akslint" }] }));
        let section = self.configuration.clone();
        self.reply(id, json!([section]));
    }

    // ---- The end ----

    /// Says goodbye, and fails when the server said anything that the test did not read.
    pub(crate) fn finish(mut self) {
        self.say_goodbye();
    }

    /// Says `exit` without having said `shutdown`.
    pub(crate) fn leave(mut self) -> Exit {
        self.notify("exit", Value::Null);
        self.join()
    }

    /// Closes the connection without a word.
    pub(crate) fn vanish(mut self) -> Exit {
        drop(self.connection.take());
        self.server
            .take()
            .unwrap()
            .join()
            .expect("the server does not panic")
    }

    fn say_goodbye(&mut self) {
        let result = self.try_request("shutdown", Value::Null);
        assert_eq!(result.ok(), Some(Value::Null));
        self.notify("exit", Value::Null);
        assert_eq!(self.join(), Exit::AfterShutdown);
    }

    /// Ends after `exit`, with everything read.
    pub(crate) fn join(&mut self) -> Exit {
        let exit = self
            .server
            .take()
            .unwrap()
            .join()
            .expect("the server does not panic");
        while self.receive(Duration::ZERO).is_some() {}
        self.connection = None;
        assert!(self.inbox.is_empty(), "not read: {:#?}", self.inbox);
        assert!(self.unanswered.is_empty(), "not answered: {:?}", self.unanswered);
        exit
    }

    fn send(&mut self, message: Message) {
        let connection = self.connection.as_ref().expect("the session goes on");
        connection.sender.send(message).expect("the server listens");
    }

    /// Takes a message out of what has come, or waits until it comes.
    pub(super) fn wait_for(&mut self, what: &str, is_meant: impl Fn(&Message) -> bool) -> Message {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(place) = self.inbox.iter().position(&is_meant) {
                return self.inbox.remove(place).unwrap();
            }
            let left = until.saturating_duration_since(Instant::now());
            if self.receive(left).is_none() {
                panic!("{what} never came; there are {:#?}", self.inbox);
            }
        }
    }

    /// Puts the next message into the inbox.
    fn receive(&mut self, patience: Duration) -> Option<()> {
        let connection = self.connection.as_ref()?;
        let message = connection.receiver.recv_timeout(patience).ok()?;
        if let Message::Response(response) = &message {
            let known = self.unanswered.iter().position(|id| *id == response.id);
            let known =
                known.unwrap_or_else(|| panic!("an answer to no question, or a second one: {response:?}"));
            self.unanswered.remove(known);
        }
        if let Some(params) = published(&message) {
            self.note(params);
        }
        self.inbox.push_back(message);
        Some(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if self.server.is_some() && !thread::panicking() {
            self.say_goodbye();
        }
    }
}

pub(super) fn published(message: &Message) -> Option<PublishDiagnosticsParams> {
    match message {
        Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
            Some(serde_json::from_value(it.params.clone()).expect("diagnostics"))
        }
        _ => None,
    }
}
