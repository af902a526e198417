//! The words and brackets of native syntax, for the passes that must understand text which does not parse:
//! comments, repair and recovery.
//!
//! Never fails and takes linear time: what is not closed ends where a reader would say it was meant to end
//! (a quoted string at the end of its line, a heredoc at its first line). A string or heredoc is one token,
//! whatever stands in its interpolations.

use std::borrow::Cow;
use std::cell::Cell;

/// How deeply interpolations in strings in interpolations are followed.
const MAXIMUM_NESTING: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name, a keyword or a number.
    Word,
    Newline,
    /// `#`, `//` or `/* */`, without the line end.
    Comment,
    /// A quoted string with its quotes.
    String {
        closed: bool,
    },
    /// From `<<` to the closing marker, without the line end behind it.
    Heredoc {
        closed: bool,
    },
    Open(u8),
    Close(u8),
    Comma,
    Colon,
    /// One `=` alone.
    Equals,
    /// Everything else, one or two bytes of punctuation or one character of any other kind.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Bytes that were read ahead in vain, and how many may be. Past the bound nothing is read ahead any more,
/// which keeps the time linear on hostile text.
#[derive(Debug, Clone)]
pub(super) struct ReadAhead {
    wasted: Cell<usize>,
    limit: usize,
}

impl ReadAhead {
    pub(super) fn over(text: &str) -> Self {
        ReadAhead {
            wasted: Cell::new(0),
            limit: text.len().saturating_mul(4).saturating_add(1 << 16),
        }
    }
}

/// The tokens of a text from an offset on; white space is left out.
#[derive(Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
    read_ahead: Cow<'a, ReadAhead>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, position: usize) -> Self {
        Scanner {
            text,
            position,
            read_ahead: Cow::Owned(ReadAhead::over(text)),
        }
    }

    /// A scanner that shares the bound with others over the same file.
    pub(super) fn sharing(text: &'a str, position: usize, read_ahead: &'a ReadAhead) -> Self {
        Scanner {
            text,
            position,
            read_ahead: Cow::Borrowed(read_ahead),
        }
    }

    /// Whether anything was read ahead in vain.
    pub(super) fn has_wasted(&self) -> bool {
        self.read_ahead.wasted.get() > 0
    }

    fn byte(&self, position: usize) -> Option<u8> {
        self.text.as_bytes().get(position).copied()
    }

    fn rest(&self, position: usize) -> &'a str {
        self.text.get(position..).unwrap_or_default()
    }

    fn may_read_ahead(&self) -> bool {
        self.read_ahead.wasted.get() <= self.read_ahead.limit
    }

    fn waste(&self, bytes: usize) {
        let wasted = &self.read_ahead.wasted;
        wasted.set(wasted.get().saturating_add(bytes));
    }

    /// The end of the line, before its line end.
    fn line_end(&self, position: usize) -> usize {
        let rest = self.rest(position);
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        position + line.strip_suffix('\r').unwrap_or(line).len()
    }

    fn next_at(&mut self, position: usize, nesting: usize) -> Option<Token> {
        let rest = self.rest(position);
        let start = position + (rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len());
        let first = self.byte(start)?;
        let second = self.byte(start + 1);
        let (kind, end) = match (first, second) {
            (b'\n', _) => (TokenKind::Newline, start + 1),
            (b'#', _) | (b'/', Some(b'/')) => (TokenKind::Comment, self.line_end(start)),
            (b'/', Some(b'*')) => (TokenKind::Comment, self.block_comment_end(start)),
            (b'"', _) => {
                let (end, closed) = self.string(start, nesting);
                (TokenKind::String { closed }, end)
            }
            (b'<', Some(b'<')) => match self.heredoc(start) {
                Some((end, closed)) => (TokenKind::Heredoc { closed }, end),
                None => (TokenKind::Other, start + 2),
            },
            (b'{' | b'[' | b'(', _) => (TokenKind::Open(first), start + 1),
            (b'}' | b']' | b')', _) => (TokenKind::Close(first), start + 1),
            (b',', _) => (TokenKind::Comma, start + 1),
            (b':', Some(b':')) => (TokenKind::Other, start + 2),
            (b':', _) => (TokenKind::Colon, start + 1),
            (b'=' | b'!' | b'<' | b'>', Some(b'=')) | (b'=', Some(b'>')) => (TokenKind::Other, start + 2),
            (b'=', _) => (TokenKind::Equals, start + 1),
            _ => {
                let length = word_length(self.rest(start));
                if length > 0 {
                    (TokenKind::Word, start + length)
                } else {
                    let letter = self.rest(start).chars().next()?;
                    (TokenKind::Other, start + letter.len_utf8())
                }
            }
        };
        Some(Token { kind, start, end })
    }

    fn block_comment_end(&mut self, start: usize) -> usize {
        if !self.may_read_ahead() {
            return self.line_end(start);
        }
        let rest = self.rest(start + 2);
        match rest.find("*/") {
            Some(length) => start + 2 + length + 2,
            None => {
                self.waste(rest.len());
                self.line_end(start)
            }
        }
    }

    /// The end of a quoted string and whether a quote closes it.
    fn string(&mut self, start: usize, nesting: usize) -> (usize, bool) {
        let mut position = start + 1;
        while let Some(byte) = self.byte(position) {
            match byte {
                b'"' => return (position + 1, true),
                b'\n' => break,
                b'\\' => {
                    let escaped = self.rest(position + 1).chars().next();
                    // An escaped line end is still a line end.
                    position += match escaped {
                        Some('\n' | '\r') | None => 1,
                        Some(letter) => 1 + letter.len_utf8(),
                    };
                }
                b'$' | b'%' => match (self.byte(position + 1), self.byte(position + 2)) {
                    (Some(again), Some(b'{')) if again == byte => position += 3,
                    (Some(b'{'), _) => match self.sequence_end(position + 2, nesting + 1) {
                        Some(end) => position = end,
                        None => break,
                    },
                    _ => position += 1,
                },
                _ => position += 1,
            }
        }
        (self.line_end(start), false)
    }

    /// The end of the interpolation or directive that was opened just before `start`.
    pub(super) fn sequence_end(&mut self, start: usize, nesting: usize) -> Option<usize> {
        if nesting > MAXIMUM_NESTING {
            return None;
        }
        let mut depth = 1_usize;
        let mut position = start;
        while let Some(token) = self.next_at(position, nesting) {
            position = token.end;
            match token.kind {
                TokenKind::Open(b'{') => depth += 1,
                TokenKind::Close(b'}') => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(position);
                    }
                }
                TokenKind::String { closed: false } | TokenKind::Heredoc { closed: false } => break,
                // An interpolation seldom spans lines, a block header never stands in one.
                TokenKind::Newline if !self.may_read_ahead() || self.is_block_header(position) => break,
                _ => {}
            }
        }
        self.waste(position - start);
        None
    }

    /// The end of a heredoc and whether its marker closes it; `None` when `<<` opens none.
    fn heredoc(&mut self, start: usize) -> Option<(usize, bool)> {
        let opener = heredoc_opener(self.rest(start))?;
        let body = start + opener.length;
        if !self.may_read_ahead() {
            return Some((start + opener.marker_end, false));
        }
        let mut position = body;
        for line in self.rest(body).split_inclusive('\n') {
            if line.trim() == opener.marker {
                let indent = line.len() - line.trim_start().len();
                return Some((position + indent + opener.marker.len(), true));
            }
            position += line.len();
        }
        self.waste(position - body);
        Some((start + opener.marker_end, false))
    }

    /// Whether `position` is the start of a line that opens a block of Terraform's top level.
    pub(super) fn is_top_level_header(&self, position: usize) -> bool {
        let starts_line = match position.checked_sub(1) {
            None => true,
            Some(before) => self.byte(before) == Some(b'\n'),
        };
        starts_line && self.is_block_header(position)
    }

    /// Whether a line that starts at `position` opens a block of Terraform's top level.
    pub(super) fn is_block_header(&self, position: usize) -> bool {
        let rest = self.rest(position);
        let (word, rest) = rest.split_at_checked(word_length(rest)).unwrap_or_default();
        let rest = rest.trim_start_matches([' ', '\t']);
        match word {
            "locals" | "terraform" | "moved" | "import" | "removed" => rest.starts_with('{'),
            "resource" | "data" | "variable" | "output" | "module" | "provider" | "check" | "ephemeral" => {
                // A label may have lost its quote.
                rest.starts_with('"') || rest.starts_with(char::is_alphabetic)
            }
            _ => false,
        }
    }
}

impl Iterator for Scanner<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let token = self.next_at(self.position, 0)?;
        self.position = token.end;
        Some(token)
    }
}

pub(super) struct HeredocOpener<'a> {
    pub(super) marker: &'a str,
    /// Bytes up to the end of the marker.
    marker_end: usize,
    /// Bytes up to the first line of the body.
    pub(super) length: usize,
}

/// The opener of a heredoc at the start of the text.
pub(super) fn heredoc_opener(text: &str) -> Option<HeredocOpener<'_>> {
    let rest = text.strip_prefix("<<")?;
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    let length = word_length(rest);
    let (marker, behind) = rest.split_at_checked(length).filter(|_| length > 0)?;
    let body = behind.strip_prefix('\r').unwrap_or(behind).strip_prefix('\n')?;
    Some(HeredocOpener {
        marker,
        marker_end: text.len() - behind.len(),
        length: text.len() - body.len(),
    })
}

fn word_length(text: &str) -> usize {
    if text.starts_with('-') {
        return 0;
    }
    let ascii = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-';
    let length = text.bytes().take_while(ascii).count();
    match text.as_bytes().get(length) {
        Some(byte) if !byte.is_ascii() => text
            .find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '-'))
            .unwrap_or(text.len()),
        _ => length,
    }
}
