//! The text that a JSON string means, with the way back from each of its bytes to the file.

use crate::source::{FileId, Span};

/// A JSON string without its escapes.
pub(super) struct Decoded {
    pub(super) text: String,
    /// Where each byte of the text was written, and the end; none when there are no escapes, so that the
    /// text is what was written.
    offsets: Option<Vec<u32>>,
    file: FileId,
    start: usize,
}

impl Decoded {
    /// `raw` stands at `start` in the file. What is no escape of JSON is taken as it is: reporting that is
    /// up to the reader of the JSON around it.
    pub(super) fn new(file: FileId, raw: &str, start: usize) -> Self {
        if !raw.contains('\\') {
            return Decoded {
                text: raw.to_owned(),
                offsets: None,
                file,
                start,
            };
        }
        let mut text = String::with_capacity(raw.len());
        let mut offsets = Vec::with_capacity(raw.len() + 1);
        let mut position = 0;
        while let Some(letter) = raw[position..].chars().next() {
            let (meant, length) = match letter {
                '\\' => escape(&raw[position..]),
                other => (other, other.len_utf8()),
            };
            text.push(meant);
            let at = u32::try_from(position).unwrap_or(u32::MAX);
            offsets.extend(std::iter::repeat_n(at, meant.len_utf8()));
            position += length;
        }
        offsets.push(u32::try_from(position).unwrap_or(u32::MAX));
        Decoded {
            text,
            offsets: Some(offsets),
            file,
            start,
        }
    }

    /// The place in the file of a part of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let written = |position: usize| match &self.offsets {
            None => position,
            Some(offsets) => offsets
                .get(position)
                .or(offsets.last())
                .map_or(0, |at| *at as usize),
        };
        Span::new(self.file, self.start + written(start), self.start + written(end))
    }
}

/// The character that an escape at the start of the text stands for, and the length of the escape.
fn escape(text: &str) -> (char, usize) {
    match text.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'"') => ('"', 2),
        Some(b'\\') => ('\\', 2),
        Some(b'/') => ('/', 2),
        Some(b'u') => unicode(text).unwrap_or(('\\', 1)),
        _ => ('\\', 1),
    }
}

/// `\u0027`, or two of them that make one character beyond the first 65,536.
fn unicode(text: &str) -> Option<(char, usize)> {
    let high = code_unit(text)?;
    if let Some(letter) = char::from_u32(high) {
        return Some((letter, 6));
    }
    let low = text.get(6..).and_then(code_unit);
    let pair = low.filter(|low| (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(low));
    match pair {
        Some(low) => {
            let letter = char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
            Some((letter, 12))
        }
        None => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    are_digits.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
