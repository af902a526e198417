//! Files as miette reads them: by line index and without a copy.

use akslint_core::source::{ColumnUnit, SourceFile};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// A line of more bytes than this, such as one of minified JSON, is not shown whole.
const LONG_LINE: usize = 240;

/// How much of such a line is shown on either side of a label, in bytes.
pub(crate) const AROUND: usize = 32;

/// Whether only a part of a line is shown.
pub(crate) fn is_long(file: &SourceFile, line: u32) -> bool {
    file.lines().line(&file.text, line as usize).len() > LONG_LINE
}

/// A file of the run.
pub(crate) struct Snippet<'s>(pub(crate) &'s SourceFile);

impl SourceCode for Snippet<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let file = self.0;
        let text = file.text.as_str();
        let index = file.lines();
        let end = span.offset() + span.len();
        if end > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = index.position(text, span.offset(), ColumnUnit::Scalar);
        let last = index.position(text, end, ColumnUnit::Scalar);
        let before = u32::try_from(lines_before).unwrap_or(u32::MAX);
        let after = u32::try_from(lines_after).unwrap_or(u32::MAX);
        let top = first.line.saturating_sub(before).max(1);
        let bottom = last.line.saturating_add(after).min(index.lines());
        let start_of = |line| {
            let start = akslint_core::source::Position { line, column: 1 };
            index.offset(text, start, ColumnUnit::Scalar)
        };
        let mut from = start_of(top);
        let mut to = if bottom >= index.lines() {
            text.len()
        } else {
            start_of(bottom + 1)
        };
        let mut column = 0;
        if lines_before == 0 {
            // Asked for the place itself: the line and column in the frame.
            from = span.offset().max(from);
            to = to.max(from);
            column = first.column as usize - 1;
        }
        let (top, from, to) = if lines_before > 0 && (top..=bottom).any(|line| is_long(file, line)) {
            let start = span.offset().saturating_sub(AROUND).max(start_of(first.line));
            let end = end
                .saturating_add(AROUND)
                .min(start_of(last.line) + line_length(file, last.line));
            (first.line, boundary(text, start), boundary(text, end))
        } else {
            (top, from, to)
        };
        let data = text.get(from..to).unwrap_or_default();
        Ok(Box::new(MietteSpanContents::new_named(
            file.path.clone(),
            data.as_bytes(),
            (from, data.len()).into(),
            top as usize - 1,
            column,
            data.lines().count(),
        )))
    }
}

fn line_length(file: &SourceFile, line: u32) -> usize {
    file.lines().line(&file.text, line as usize).len()
}

/// The nearest place at or before an offset that is between characters.
pub(crate) fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
