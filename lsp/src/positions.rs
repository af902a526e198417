//! Bytes to lines and columns as the client counts them, and back: nothing else converts.

use akslint_core::source::{ColumnUnit, LineIndex, Position as OneBased, SourceFile, Span};
use gen_lsp_types::{Position, Range};

/// A place in the client's terms: lines and columns start at 0.
pub(crate) fn position(file: &SourceFile, offset: u32, unit: ColumnUnit) -> Position {
    let place = file.lines().position(&file.text, offset as usize, unit);
    Position {
        line: place.line - 1,
        character: place.column - 1,
    }
}

pub(crate) fn range(file: &SourceFile, span: Span, unit: ColumnUnit) -> Range {
    Range {
        start: position(file, span.start, unit),
        end: position(file, span.end, unit),
    }
}

/// The byte offset of a place. One past the end of its line is the end of the line, as the protocol says.
pub(crate) fn offset(lines: &LineIndex, text: &str, position: Position, unit: ColumnUnit) -> usize {
    let place = OneBased {
        line: position.line.saturating_add(1),
        column: position.character.saturating_add(1),
    };
    lines.offset(text, place, unit)
}
