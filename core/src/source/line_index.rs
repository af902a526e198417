//! Byte offsets to lines and columns, and back.

/// In what unit columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnUnit {
    /// Bytes of UTF-8.
    Utf8,
    /// UTF-16 code units.
    Utf16,
    /// Unicode scalar values, as in all reports.
    Scalar,
}

/// A place in a text. Lines and columns start at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where the lines of one text start.
///
/// A line ends at `\n` or `\r\n`; both belong to the line that they end and have no columns of their own,
/// so an offset between `\r` and `\n` is the end of the line. A byte order mark at the start of the text
/// counts in offsets but has no column: no editor shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let first = if text.starts_with(BYTE_ORDER_MARK) {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(first).chain(breaks.map(|offset| offset + 1));
        LineIndex {
            starts: starts
                .map(|offset| u32::try_from(offset).unwrap_or(u32::MAX))
                .collect(),
        }
    }

    /// The number of lines; a text that ends with a line break has an empty last one.
    pub fn lines(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// The line and column of a byte offset into the text that this index was made from. An offset past
    /// the end is the end; one inside a character is its start.
    pub fn position(&self, text: &str, offset: usize, unit: ColumnUnit) -> Position {
        let line = self
            .starts
            .partition_point(|start| *start as usize <= offset)
            .max(1);
        let before = self.line(text, line);
        let start = self.starts.get(line - 1).map_or(0, |start| *start as usize);
        let mut end = offset.saturating_sub(start).min(before.len());
        while !before.is_char_boundary(end) {
            end -= 1;
        }
        let before = before.get(..end).unwrap_or_default();
        let columns = match unit {
            ColumnUnit::Utf8 => before.len(),
            ColumnUnit::Utf16 => before.chars().map(char::len_utf16).sum(),
            ColumnUnit::Scalar => before.chars().count(),
        };
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(columns).unwrap_or(u32::MAX).saturating_add(1),
        }
    }

    /// The byte offset of a position. A column past the end of its line is the end of the line, and a line
    /// past the end of the text is the end of the text.
    pub fn offset(&self, text: &str, position: Position, unit: ColumnUnit) -> usize {
        let line = position.line.max(1) as usize;
        let Some(start) = self.starts.get(line - 1) else {
            return text.len();
        };
        let wanted = position.column.saturating_sub(1) as usize;
        let mut columns = 0;
        let mut offset = *start as usize;
        for character in self.line(text, line).chars() {
            columns += match unit {
                ColumnUnit::Utf8 => character.len_utf8(),
                ColumnUnit::Utf16 => character.len_utf16(),
                ColumnUnit::Scalar => 1,
            };
            if columns > wanted {
                break;
            }
            offset += character.len_utf8();
        }
        offset
    }

    /// The text of a line, counted from 1, without its line break; empty when there is no such line.
    pub fn line<'t>(&self, text: &'t str, line: usize) -> &'t str {
        let Some(start) = line.checked_sub(1).and_then(|index| self.starts.get(index)) else {
            return "";
        };
        let end = self.starts.get(line).map_or(text.len(), |next| *next as usize);
        let line = text.get(*start as usize..end).unwrap_or_default();
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each offset of a text and its position in the three units.
    fn table(text: &str) -> String {
        let index = LineIndex::new(text);
        let mut rows = String::new();
        for offset in 0..=text.len() + 1 {
            let place = |unit| {
                let position = index.position(text, offset, unit);
                format!("{}:{}", position.line, position.column)
            };
            let (utf8, utf16, scalar) = (
                place(ColumnUnit::Utf8),
                place(ColumnUnit::Utf16),
                place(ColumnUnit::Scalar),
            );
            rows.push_str(&format!("{offset} {utf8} {utf16} {scalar}\n"));
        }
        rows
    }

    #[test]
    fn columns_are_counted_in_each_unit() {
        let expected = "0 1:1 1:1 1:1\n1 1:2 1:2 1:2\n2 1:2 1:2 1:2\n3 1:4 1:3 1:3\n4 2:1 2:1 2:1\n5 2:1 2:1 2:1\n6 2:1 2:1 2:1\n7 2:1 2:1 2:1\n8 2:5 2:3 2:2\n9 2:6 2:4 2:3\n10 2:6 2:4 2:3\n";
        assert_eq!(table("aé\n😀b"), expected);
    }

    #[test]
    fn line_breaks_and_the_byte_order_mark_have_no_columns() {
        let expected = "0 1:1 1:1 1:1\n1 1:1 1:1 1:1\n2 1:1 1:1 1:1\n3 1:1 1:1 1:1\n4 1:2 1:2 1:2\n5 1:2 1:2 1:2\n6 2:1 2:1 2:1\n7 2:1 2:1 2:1\n8 3:1 3:1 3:1\n9 4:1 4:1 4:1\n10 4:1 4:1 4:1\n";
        assert_eq!(
            table("\u{feff}a\r\n\r\n\n")
                .lines()
                .take(11)
                .collect::<Vec<_>>()
                .join("\n")
                + "\n",
            expected
        );
    }

    #[test]
    fn offsets_come_back_and_are_held_inside_the_text() {
        let text = "\u{feff}aé\r\n😀b\n";
        let index = LineIndex::new(text);
        for unit in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Scalar] {
            for (offset, _) in text
                .char_indices()
                .filter(|(_, character)| !"\u{feff}\r\n".contains(*character))
            {
                let position = index.position(text, offset, unit);
                assert_eq!(index.offset(text, position, unit), offset);
            }
            let at = |line, column| index.offset(text, Position { line, column }, unit);
            assert_eq!(at(1, 99), 6, "the end of the line");
            assert_eq!(at(0, 0), 3, "positions start at 1");
            assert_eq!(at(9, 1), text.len());
        }
        let inside = Position { line: 2, column: 2 };
        assert_eq!(
            index.offset(text, inside, ColumnUnit::Utf16),
            8,
            "inside a surrogate pair: its start"
        );
    }
}
