//! A client that waits for the answer to each change.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub(crate) struct Client {
    server: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    root: PathBuf,
    texts: HashMap<String, (String, i64)>,
}

impl Client {
    pub(crate) fn start(root: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_akslint"))
            .arg("server")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let output = BufReader::new(server.stdout.take().unwrap());
        let root = root.canonicalize().unwrap();
        let mut client = Client {
            server,
            input,
            output,
            root,
            texts: HashMap::new(),
        };
        let folder = json!({ "uri": client.address("."), "name": "workspace" });
        let params =
            json!({ "processId": null, "rootUri": null, "capabilities": {}, "workspaceFolders": [folder] });
        client.send(json!({ "id": 1, "method": "initialize", "params": params }));
        while client.receive()["id"] != 1 {}
        client.send(json!({ "method": "initialized", "params": {} }));
        client
    }

    /// Opens a document and waits for what is found in it.
    pub(crate) fn open(&mut self, path: &str) {
        let text = std::fs::read_to_string(self.root.join(path)).unwrap();
        let language = if path.ends_with(".bicep") {
            "bicep"
        } else {
            "terraform"
        };
        let item = json!({ "uri": self.address(path), "languageId": language, "version": 1, "text": text });
        self.texts.insert(path.to_owned(), (text, 1));
        self.send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": item } }));
        self.answered(path, 1);
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        &self.texts[path].0
    }

    /// Makes a change and waits for its answer: how long that took.
    pub(crate) fn change(
        &mut self,
        path: &str,
        start: (usize, usize),
        end: (usize, usize),
        text: &str,
    ) -> Duration {
        let address = self.address(path);
        let (_, version) = self.texts.get_mut(path).unwrap();
        *version += 1;
        let version = *version;
        let position = |(line, character): (usize, usize)| json!({ "line": line, "character": character });
        let range = json!({ "start": position(start), "end": position(end) });
        let params = json!({
            "textDocument": { "uri": address, "version": version },
            "contentChanges": [{ "range": range, "text": text }],
        });
        let started = Instant::now();
        self.send(json!({ "method": "textDocument/didChange", "params": params }));
        self.answered(path, version);
        started.elapsed()
    }

    /// The memory that the server holds now.
    pub(crate) fn megabytes(&self) -> f64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.server.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kilobytes.unwrap_or(f64::NAN) / 1024.0
    }

    pub(crate) fn leave(mut self) {
        self.send(json!({ "id": 2, "method": "shutdown" }));
        while self.receive()["id"] != 2 {}
        self.send(json!({ "method": "exit" }));
        assert!(self.server.wait().unwrap().success());
    }

    fn address(&self, path: &str) -> String {
        format!("file://{}/{}", self.root.display(), path.trim_start_matches('.'))
            .trim_end_matches('/')
            .to_owned()
    }

    fn answered(&mut self, path: &str, version: i64) {
        let address = self.address(path);
        loop {
            let params = &self.receive()["params"];
            if params["uri"] == address && params["version"] == version {
                return;
            }
        }
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            match line.trim().split_once(": ") {
                Some(("Content-Length", number)) => length = number.parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }
}
