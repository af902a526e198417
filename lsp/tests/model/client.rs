//! A client that remembers the last that it was told of each file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use akslint_core::calendar::Date;
use akslint_lsp::{Exit, Surroundings};
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use serde_json::{Value, json};
use url::Url;

use super::editing::Edit;

pub(crate) const TODAY: Date = Date::new(2026, 11, 24);

pub(crate) struct Client {
    connection: Connection,
    server: JoinHandle<Exit>,
    root: PathBuf,
    open: BTreeMap<String, String>,
    versions: BTreeMap<String, i64>,
    told: BTreeMap<String, Vec<String>>,
    /// The version of the last publication for each open document.
    answered: BTreeMap<String, i64>,
    next: i32,
}

impl Client {
    pub(crate) fn start(root: &Path) -> Self {
        let (server_side, connection) = Connection::memory();
        let surroundings = Surroundings {
            today: TODAY,
            variables: Vec::new(),
        };
        let server = thread::spawn(move || akslint_lsp::serve(server_side, &surroundings));
        let mut client = Client {
            connection,
            server,
            root: root.to_path_buf(),
            open: BTreeMap::new(),
            versions: BTreeMap::new(),
            told: BTreeMap::new(),
            answered: BTreeMap::new(),
            next: 1,
        };
        let folder = json!({ "uri": client.address(""), "name": "workspace" });
        let params = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": {},
            "workspaceFolders": [folder],
        });
        client.request("initialize", params);
        client.notify("initialized", json!({}));
        client
    }

    /// Tells the server of an edit, in the way of an editor with a watcher.
    pub(crate) fn make(&mut self, edit: &Edit) {
        match edit {
            Edit::Open { path, text } => self.set(path, text),
            Edit::Close { path } => {
                self.open.remove(path);
                self.answered.remove(path);
                self.versions.remove(path);
                self.about("textDocument/didClose", path);
            }
            Edit::Write { path, text } => {
                let full = self.root.join(path);
                let kind = if full.exists() { 2 } else { 1 };
                fs::create_dir_all(full.parent().unwrap()).unwrap();
                fs::write(full, text).unwrap();
                if self.open.contains_key(path) {
                    self.about("textDocument/didSave", path);
                }
                self.watched(path, kind);
            }
            Edit::Remove { path } => {
                fs::remove_file(self.root.join(path)).unwrap();
                self.watched(path, 3);
            }
        }
    }

    /// What the server has told of each file, once it has no work left. Every change must have been answered by
    /// then.
    pub(crate) fn settle(&mut self) -> BTreeMap<String, Vec<String>> {
        while self.request("akslint/status", Value::Null)["isBusy"] == true {}
        for (path, version) in &self.versions {
            assert_eq!(self.answered.get(path), Some(version), "the answer for {path}");
        }
        self.told.retain(|_, lines| !lines.is_empty());
        self.told.clone()
    }

    pub(crate) fn leave(mut self) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.server.join().unwrap(), Exit::AfterShutdown);
    }

    /// Opens a document, or changes what differs in it.
    fn set(&mut self, path: &str, text: &str) {
        let address = self.address(path);
        let version = self.versions.get(path).map_or(1, |version| version + 1);
        self.versions.insert(path.to_owned(), version);
        let Some(before) = self.open.insert(path.to_owned(), text.to_owned()) else {
            let item = json!({ "uri": address, "languageId": "any", "version": version, "text": text });
            self.notify("textDocument/didOpen", json!({ "textDocument": item }));
            return;
        };
        let (start, end, part) = difference(&before, text);
        let position = |offset: usize| {
            let line_start = before[..offset].rfind('\n').map_or(0, |newline| newline + 1);
            let column: usize = before[line_start..offset].chars().map(char::len_utf16).sum();
            json!({ "line": before[..offset].matches('\n').count(), "character": column })
        };
        let range = json!({ "start": position(start), "end": position(end) });
        let params = json!({
            "textDocument": { "uri": address, "version": version },
            "contentChanges": [{ "range": range, "text": part }],
        });
        self.notify("textDocument/didChange", params);
    }

    fn address(&self, path: &str) -> Url {
        Url::from_file_path(self.root.join(path)).unwrap()
    }

    fn path(&self, address: &Value) -> String {
        let path = Url::parse(address.as_str().unwrap()).unwrap();
        let path = path.to_file_path().unwrap();
        path.strip_prefix(&self.root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    }

    fn about(&self, method: &str, path: &str) {
        self.notify(method, json!({ "textDocument": { "uri": self.address(path) } }));
    }

    fn watched(&self, path: &str, kind: u8) {
        let change = json!({ "uri": self.address(path), "type": kind });
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }

    fn notify(&self, method: &str, params: Value) {
        let message = Notification::new(method.to_owned(), params);
        self.connection.sender.send(message.into()).unwrap();
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        let id = RequestId::from(self.next);
        self.next += 1;
        let message = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(message.into()).unwrap();
        loop {
            let patience = Duration::from_secs(120);
            match self.connection.receiver.recv_timeout(patience).unwrap() {
                Message::Response(response) if response.id == id => return response.response_result.unwrap(),
                Message::Notification(notification) => self.hear(&notification),
                other => panic!("{other:?}"),
            }
        }
    }

    fn hear(&mut self, notification: &Notification) {
        assert_eq!(notification.method, "textDocument/publishDiagnostics");
        let params = &notification.params;
        let path = self.path(&params["uri"]);
        let diagnostics = params["diagnostics"].as_array().unwrap().iter();
        let mut lines: Vec<String> = diagnostics.map(|diagnostic| self.line(diagnostic)).collect();
        lines.sort();
        if let Some(version) = params["version"].as_i64() {
            self.answered.insert(path.clone(), version);
        }
        self.told.insert(path, lines);
    }

    fn line(&self, diagnostic: &Value) -> String {
        let related = diagnostic["relatedInformation"].as_array().unwrap().iter();
        let related = related.map(|it| {
            let path = self.path(&it["location"]["uri"]);
            format!("{path} {} {}", place(&it["location"]["range"]), it["message"])
        });
        format!(
            "{} {} {} {} {:?}",
            diagnostic["code"],
            diagnostic["severity"],
            place(&diagnostic["range"]),
            diagnostic["message"],
            related.collect::<Vec<_>>()
        )
    }
}

fn place(range: &Value) -> String {
    let (start, end) = (&range["start"], &range["end"]);
    format!(
        "{}:{}-{}:{}",
        start["line"], start["character"], end["line"], end["character"]
    )
}

/// The bytes of the one text that differ, and what stands for them in the other. A line end in two bytes has one
/// place for a client, so it is not torn apart.
fn difference<'t>(before: &str, after: &'t str) -> (usize, usize, &'t str) {
    let is_whole =
        |text: &str, offset: usize| text.is_char_boundary(offset) && !text[..offset].ends_with('\r');
    let shared = |one: &mut dyn Iterator<Item = u8>, other: &mut dyn Iterator<Item = u8>| {
        one.zip(other).take_while(|(one, other)| one == other).count()
    };
    let mut start = shared(&mut before.bytes(), &mut after.bytes());
    while start > 0 && !(before.is_char_boundary(start) && is_whole(before, start) && is_whole(after, start))
    {
        start -= 1;
    }
    let mut end = shared(
        &mut before[start..].bytes().rev(),
        &mut after[start..].bytes().rev(),
    );
    let is_boundary = |end: usize| {
        let (before_end, after_end) = (before.len() - end, after.len() - end);
        before.is_char_boundary(before_end)
            && after.is_char_boundary(after_end)
            && is_whole(before, before_end)
            && is_whole(after, after_end)
    };
    while end > 0 && !is_boundary(end) {
        end -= 1;
    }
    (start, before.len() - end, &after[start..after.len() - end])
}
