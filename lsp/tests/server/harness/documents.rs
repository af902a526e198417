//! What the client does with documents and files.

use std::fs;

use gen_lsp_types as lsp;
use serde_json::{Value, json};

use super::client::Client;
use super::text;

impl Client {
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
}
