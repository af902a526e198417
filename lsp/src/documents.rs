//! The text of open documents, changed exactly as the client says.

use akslint_core::source::{ColumnUnit, LineIndex};
use gen_lsp_types::{Range, TextDocumentContentChangeEvent as Change};

use crate::positions;

/// A document that is open in the editor.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) version: i32,
    pub(crate) text: String,
}

impl Document {
    /// Applies changes, each to the text that the one before it left.
    pub(crate) fn apply(&mut self, changes: Vec<Change>, version: i32, unit: ColumnUnit) {
        for change in changes {
            match change {
                Change::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
                Change::TextDocumentContentChangePartial(part) => self.replace(part.range, &part.text, unit),
            }
        }
        self.version = version;
    }

    fn replace(&mut self, range: Range, text: &str, unit: ColumnUnit) {
        let lines = LineIndex::new(&self.text);
        let start = positions::offset(&lines, &self.text, range.start, unit);
        let end = positions::offset(&lines, &self.text, range.end, unit);
        self.text.replace_range(start.min(end)..end.max(start), text);
    }
}
