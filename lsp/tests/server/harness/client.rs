//! The client: what it sends, and what it waits for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use akslint_lsp::{Exit, Surroundings};
use gen_lsp_types as lsp;
use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use super::text::{self, Encoding};

/// Nothing is this slow: a test that waits longer waits for what never comes.
const PATIENCE: Duration = Duration::from_secs(45);

/// The findings that a user sees, by path: where, which and what.
pub(crate) type Shown = BTreeMap<String, BTreeSet<(String, String, String)>>;

pub(crate) struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<Exit>>,
    _folder: TempDir,
    root: PathBuf,
    /// What the server can do.
    pub(crate) capabilities: Value,
    pub(crate) encoding: Encoding,
    /// The answer to a question for the settings.
    pub(crate) configuration: Value,
    /// Texts and versions of open documents.
    open: BTreeMap<Url, (String, i32)>,
    /// Read from the connection, and not asked for by the test yet.
    inbox: VecDeque<Message>,
    /// What the server has published by now.
    shown: Shown,
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

    // ---- Documents ----

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    /// Opens a file of the disk.
    pub(crate) fn open(&mut self, path: &str) {
        let text = self.text(path);
        let language = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("tf") => "terraform",
            Some("tfvars") => "terraform-vars",
            Some("bicep") => "bicep",
            _ => "json",
        };
        self.open_as(path, language, &text);
    }

    pub(crate) fn open_as(&mut self, path: &str, language: &str, text: &str) {
        let address = self.address(path);
        let item = json!({ "uri": address, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": item }));
        let known = self.open.insert(address, (text.to_owned(), 1));
        assert!(known.is_none(), "{path} is open already");
    }

    /// Replaces the one place where this text stands.
    pub(crate) fn edit(&mut self, path: &str, old: &str, new: &str) {
        self.edits(path, &[(old, new)]);
    }

    /// Several changes in one message, each of the text that the one before it left.
    pub(crate) fn edits(&mut self, path: &str, edits: &[(&str, &str)]) {
        let address = self.address(path);
        let mut changes = Vec::new();
        for (old, new) in edits {
            let range = self.range(path, old);
            let (text, _) = self.open.get_mut(&address).expect("the document is open");
            *text = text.replace(old, new);
            changes.push(json!({ "range": range, "text": new }));
        }
        self.changed(path, changes);
    }

    /// Replaces the whole text.
    pub(crate) fn replace(&mut self, path: &str, text: &str) {
        let address = self.address(path);
        self.open.get_mut(&address).expect("the document is open").0 = text.to_owned();
        self.changed(path, vec![json!({ "text": text })]);
    }

    /// Replaces what is different, as editors tell it.
    pub(crate) fn retype(&mut self, path: &str, new: &str) {
        let old = self.text(path);
        let (range, part) = text::difference(&old, new);
        let start = text::position(&old, range.start, self.encoding);
        let end = text::position(&old, range.end, self.encoding);
        let address = self.address(path);
        self.open.get_mut(&address).expect("the document is open").0 = new.to_owned();
        let range = lsp::Range { start, end };
        self.changed(path, vec![json!({ "range": range, "text": part })]);
    }

    fn changed(&mut self, path: &str, changes: Vec<Value>) {
        let address = self.address(path);
        let (_, version) = self.open.get_mut(&address).expect("the document is open");
        *version += 1;
        let document = json!({ "uri": address, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Makes the edits of open documents, as an editor does: all from the end of the text, in one change.
    pub(crate) fn apply(&mut self, edit: &lsp::WorkspaceEdit) {
        for change in edit.document_changes.as_ref().expect("versioned edits") {
            let lsp::DocumentChange::TextDocumentEdit(change) = change else {
                panic!("{change:?}");
            };
            let path = self.path(&change.text_document.text_document_identifier.uri);
            assert_eq!(
                change.text_document.version,
                self.version(&path),
                "{path} is another one"
            );
            let mut text = self.text(&path);
            let mut edits: Vec<(usize, usize, String)> = Vec::new();
            for edit in &change.edits {
                let lsp::Edit::TextEdit(edit) = edit else {
                    panic!("{edit:?}");
                };
                let start = text::offset(&text, edit.range.start, self.encoding);
                let end = text::offset(&text, edit.range.end, self.encoding);
                edits.push((start, end, edit.new_text.clone()));
            }
            edits.sort();
            for (start, end, new) in edits.into_iter().rev() {
                text.replace_range(start..end, &new);
            }
            self.replace(&path, &text);
        }
    }

    /// Writes the document to disk and says so.
    pub(crate) fn save(&mut self, path: &str) {
        let text = self.text(path);
        self.write(path, &text);
        let document = json!({ "uri": self.address(path) });
        self.notify("textDocument/didSave", json!({ "textDocument": document }));
    }

    pub(crate) fn close(&mut self, path: &str) {
        let address = self.address(path);
        self.open.remove(&address).expect("the document is open");
        let document = json!({ "uri": address });
        self.notify("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// Tells of files that were made, changed or deleted (1, 2, 3) behind the editor's back.
    pub(crate) fn watched(&mut self, events: &[(&str, u8)]) {
        let events = events.iter();
        let changes: Vec<Value> = events
            .map(|(path, kind)| json!({ "uri": self.address(path), "type": kind }))
            .collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    pub(crate) fn version(&self, path: &str) -> Option<i32> {
        self.open.get(&self.address(path)).map(|(_, version)| *version)
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

    // ---- Diagnostics ----

    /// What is published for a file: for an open document, what belongs to its text as it is now; for another
    /// file, the next that is published.
    pub(crate) fn await_diagnostics(&mut self, path: &str) -> Vec<Diagnostic> {
        let address = self.address(path);
        let version = self.version(path);
        loop {
            let message = self.wait_for(path, |message| {
                published(message).is_some_and(|params| params.uri == address)
            });
            let params = published(&message).unwrap();
            if version.is_none() || params.version == version {
                return params.diagnostics;
            }
            assert!(params.version < version, "a version that is yet to come");
        }
    }

    /// The same in short: a line for each finding, with its code and the text that it is about.
    pub(crate) fn await_findings(&mut self, path: &str) -> Vec<String> {
        let diagnostics = self.await_diagnostics(path);
        self.short(path, &diagnostics)
    }

    /// A line for each finding, with its code and the text that it is about.
    pub(crate) fn short(&self, path: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
        let line = |diagnostic: &Diagnostic| {
            let code = match &diagnostic.code {
                Some(lsp::Code::String(code)) => code.clone(),
                other => panic!("{other:?} is no code"),
            };
            format!("{code} {}", self.at(path, diagnostic.range))
        };
        diagnostics.iter().map(line).collect()
    }

    /// Waits until the server has no work left: then this is what the user must see, and every change must have been
    /// answered.
    pub(crate) fn expect_shown(&mut self, expected: &Shown, when: &str) {
        while self.try_request("akslint/status", Value::Null).expect("a status")["isBusy"] == true {}
        let mut answered: BTreeMap<Url, Option<i32>> = BTreeMap::new();
        for params in self.inbox.iter().filter_map(published) {
            answered.insert(params.uri, params.version);
        }
        for (address, (_, version)) in &self.open {
            if let Some(last) = answered.get(address) {
                assert_eq!(*last, Some(*version), "{when}: the last answer for {address}");
            }
        }
        if self.shown != *expected {
            let extra = missing(&self.shown, expected);
            let lacking = missing(expected, &self.shown);
            panic!("{when}: {extra:#?} should not be shown, but {lacking:#?}");
        }
        self.inbox.retain(|message| published(message).is_none());
    }

    pub(crate) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Notes what the user sees now.
    fn note(&mut self, params: PublishDiagnosticsParams) {
        let path = self.path(&params.uri);
        let lines = params.diagnostics.into_iter().map(|diagnostic| {
            let (Some(lsp::Code::String(code)), lsp::Message::String(message)) =
                (diagnostic.code, diagnostic.message)
            else {
                panic!("{path}: no code or no text");
            };
            (words(diagnostic.range), code, message)
        });
        let lines: BTreeSet<_> = lines.collect();
        match lines.is_empty() {
            true => self.shown.remove(&path),
            false => self.shown.insert(path, lines),
        };
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
    fn wait_for(&mut self, what: &str, is_meant: impl Fn(&Message) -> bool) -> Message {
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

fn published(message: &Message) -> Option<PublishDiagnosticsParams> {
    match message {
        Message::Notification(it) if it.method == "textDocument/publishDiagnostics" => {
            Some(serde_json::from_value(it.params.clone()).expect("diagnostics"))
        }
        _ => None,
    }
}

fn words(range: lsp::Range) -> String {
    let (start, end) = (range.start, range.end);
    format!(
        "{}:{}-{}:{}",
        start.line, start.character, end.line, end.character
    )
}

/// What is in one and not in the other.
fn missing(one: &Shown, other: &Shown) -> Shown {
    let nothing = BTreeSet::new();
    let missing = one.iter().map(|(path, lines)| {
        let others = other.get(path).unwrap_or(&nothing);
        (path.clone(), lines.difference(others).cloned().collect())
    });
    missing
        .filter(|(_, lines): &(String, BTreeSet<_>)| !lines.is_empty())
        .collect()
}
