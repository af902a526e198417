//! Files as miette reads them: by line index and without a copy.

use akslint_core::source::{ColumnUnit, SourceFile};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// How much of a longer line is shown around a label, in bytes on either side.
const LONG_LINE: usize = 240;

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
        let is_long = |line: u32| index.line(text, line as usize).len() > 2 * LONG_LINE;
        let (top, from, to) = if (top..=bottom).any(is_long) {
            let from = boundary(
                text,
                span.offset().saturating_sub(LONG_LINE).max(start_of(first.line)),
            );
            (
                first.line,
                from,
                boundary(text, to.min(end.saturating_add(LONG_LINE))),
            )
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

/// The nearest place at or before an offset that is between characters.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
