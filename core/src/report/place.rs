//! Spans as reports show them.

use std::sync::Arc;

use crate::source::{ColumnUnit, Position, SourceFile, Sources, Span};

/// A span with its file, lines and columns.
#[derive(Debug, Clone)]
pub struct Place {
    pub file: Arc<SourceFile>,
    pub span: Span,
    /// Columns count Unicode scalar values.
    pub start: Position,
    pub end: Position,
}

impl Place {
    pub fn of(span: Span, sources: &Sources) -> Self {
        let file = sources.file(span.file);
        Place {
            start: file.position(span.start),
            end: file.position(span.end),
            file,
            span,
        }
    }

    /// Relative to the current folder, or absolute when it lies elsewhere.
    pub fn path(&self) -> &str {
        &self.file.path
    }

    /// The start and the end with columns that count bytes.
    pub(super) fn in_bytes(&self) -> (Position, Position) {
        let position = |offset: u32| {
            let lines = self.file.lines();
            lines.position(&self.file.text, offset as usize, ColumnUnit::Utf8)
        };
        (position(self.span.start), position(self.span.end))
    }
}
