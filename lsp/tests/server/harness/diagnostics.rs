//! What the client is told of findings.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use gen_lsp_types as lsp;
use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};
use serde_json::Value;
use url::Url;

use super::client::{Client, PATIENCE, published};

/// The findings that a user sees, by path: where, which and what.
pub(crate) type Shown = BTreeMap<String, BTreeSet<(String, String, String)>>;

impl Client {
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
        let until = Instant::now() + PATIENCE;
        while self.try_request("akslint/status", Value::Null).expect("a status")["isBusy"] == true {
            assert!(Instant::now() < until, "{when}: the server is never done");
            thread::sleep(Duration::from_millis(1));
        }
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
    pub(super) fn note(&mut self, params: PublishDiagnosticsParams) {
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
}

pub(super) fn words(range: lsp::Range) -> String {
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
