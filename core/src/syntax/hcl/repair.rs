//! Text that Terraform accepts and hcl-edit does not, in a form that both accept.
//!
//! The repaired text is as long as the written one and keeps every node in its place, so spans hold; names,
//! strings and literals are read from the written text. What is repaired:
//! - a line end inside `{ for … }`, `[for … ]` or `%{ … }`, where it means nothing: becomes white space;
//! - a key that an object has already: gets another name of the same length (Terraform takes the last);
//! - a line of a heredoc that starts with its marker but goes on: the marker is changed.

use std::borrow::Cow;
use std::collections::HashSet;

use super::scan::{Scanner, Token, TokenKind, heredoc_opener};

const MAXIMUM_NESTING: usize = 64;

/// The text of a body repaired, or `None` when there is nothing to repair.
pub(super) fn repaired_body(written: &str) -> Option<String> {
    repaired(written, Frame::Body { after_equals: false })
}

/// The text of an expression repaired, or `None` when there is nothing to repair. Inside brackets a line end
/// means nothing.
pub(super) fn repaired_expression(written: &str, in_brackets: bool) -> Option<String> {
    repaired(written, if in_brackets { Frame::For } else { Frame::Other })
}

fn repaired(written: &str, frame: Frame<'_>) -> Option<String> {
    let mut repair = Repair {
        written,
        bytes: written.as_bytes().to_vec(),
        changed: false,
    };
    repair.range(0, written.len(), frame, 0);
    if !repair.changed {
        return None;
    }
    String::from_utf8(repair.bytes).ok()
}

struct Repair<'a> {
    written: &'a str,
    bytes: Vec<u8>,
    changed: bool,
}

/// What the innermost open bracket holds.
enum Frame<'a> {
    Body {
        after_equals: bool,
    },
    Object {
        keys: HashSet<Cow<'a, str>>,
        /// The first token since the last separator and how many there are before the `=` or `:`.
        key: Option<(Token, usize)>,
        at_key: bool,
    },
    /// `for` or a directive: line ends mean nothing.
    For,
    Other,
}

impl<'a> Repair<'a> {
    fn range(&mut self, start: usize, end: usize, frame: Frame<'a>, nesting: usize) {
        let Some(text) = self.written.get(..end) else {
            return;
        };
        let mut frames = vec![frame];
        let mut scanner = Scanner::new(text, start);
        while let Some(token) = scanner.next() {
            match token.kind {
                TokenKind::String { .. } | TokenKind::Heredoc { .. } if nesting < MAXIMUM_NESTING => {
                    self.template(token, nesting);
                }
                _ => {}
            }
            let is_outermost = frames.len() == 1;
            let Some(frame) = frames.last_mut() else {
                return;
            };
            match token.kind {
                TokenKind::Open(bracket) => {
                    frame.see(token);
                    let opens_body =
                        bracket == b'{' && matches!(frame, Frame::Body { after_equals } if !*after_equals);
                    frames.push(if opens_body {
                        Frame::Body { after_equals: false }
                    } else {
                        opened(text, token, scanner.clone())
                    });
                }
                TokenKind::Close(_) if is_outermost => {}
                TokenKind::Close(_) => {
                    frames.pop();
                }
                TokenKind::Newline | TokenKind::Comment if matches!(frame, Frame::For) => {
                    self.blank(token.start, token.end);
                    if self.written.as_bytes().get(token.start.wrapping_sub(1)) == Some(&b'\r') {
                        self.blank(token.start - 1, token.start);
                    }
                }
                TokenKind::Newline | TokenKind::Comma => match frame {
                    Frame::Body { after_equals } => *after_equals = false,
                    Frame::Object { key, at_key, .. } => {
                        *key = None;
                        *at_key = true;
                    }
                    Frame::For | Frame::Other => {}
                },
                TokenKind::Comment => {}
                TokenKind::Equals | TokenKind::Colon => match frame {
                    Frame::Body { after_equals } => *after_equals = true,
                    Frame::Object { keys, key, at_key } if *at_key => {
                        *at_key = false;
                        if let Some((key, 1)) = key.take() {
                            self.key(key, keys);
                        }
                    }
                    _ => {}
                },
                _ => frame.see(token),
            }
        }
    }

    fn blank(&mut self, start: usize, end: usize) {
        if let Some(bytes) = self.bytes.get_mut(start..end) {
            bytes.fill(b' ');
            self.changed = true;
        }
    }

    fn key(&mut self, token: Token, keys: &mut HashSet<Cow<'a, str>>) {
        let written = self.written.get(token.start..token.end).unwrap_or_default();
        if keys.insert(Cow::Borrowed(written)) {
            return;
        }
        let (inside, quote) = match token.kind {
            TokenKind::Word => (token.start..token.end, ""),
            TokenKind::String { closed: true } if !written.contains("${") && !written.contains("%{") => {
                (token.start + 1..token.end - 1, "\"")
            }
            _ => return,
        };
        let first = keys.len();
        for number in first..first + 64 {
            let name = name(number, inside.len());
            if keys.insert(Cow::Owned(format!("{quote}{name}{quote}"))) {
                if let Some(bytes) = self.bytes.get_mut(inside) {
                    bytes.copy_from_slice(name.as_bytes());
                    self.changed = true;
                }
                return;
            }
        }
    }

    fn template(&mut self, token: Token, nesting: usize) {
        let is_heredoc = matches!(token.kind, TokenKind::Heredoc { .. });
        if is_heredoc {
            self.heredoc_lines(token);
        }
        let mut position = token.start + 1;
        let bytes = self.written.as_bytes();
        while position < token.end {
            let three = bytes
                .get(position..token.end.min(position + 3))
                .unwrap_or_default();
            match three {
                [b'\\', ..] if !is_heredoc => position += 2,
                [b'$', b'$', b'{'] | [b'%', b'%', b'{'] => position += 3,
                [sigil @ (b'$' | b'%'), b'{', ..] => {
                    let start = position + 2;
                    let ahead = self.written.get(..token.end).unwrap_or_default();
                    let Some(end) = Scanner::new(ahead, 0).sequence_end(start, nesting + 1) else {
                        return;
                    };
                    let frame = if *sigil == b'%' { Frame::For } else { Frame::Other };
                    self.range(start, end - 1, frame, nesting + 1);
                    position = end;
                }
                _ => position += 1,
            }
        }
    }

    fn heredoc_lines(&mut self, token: Token) {
        let written = self.written.get(token.start..token.end).unwrap_or_default();
        let Some(opener) = heredoc_opener(written) else {
            return;
        };
        let mut position = token.start + opener.length;
        for line in written
            .get(opener.length..)
            .unwrap_or_default()
            .split_inclusive('\n')
        {
            let text = line.trim_start_matches([' ', '\t']);
            let is_marker = line.trim() == opener.marker;
            if text.starts_with(opener.marker)
                && !is_marker
                && let Some(first) = self.bytes.get_mut(position + line.len() - text.len())
                && first.is_ascii()
            {
                *first = if *first == b'x' { b'y' } else { b'x' };
                self.changed = true;
            }
            position += line.len();
        }
    }
}

impl Frame<'_> {
    fn see(&mut self, token: Token) {
        if let Frame::Object {
            key, at_key: true, ..
        } = self
        {
            *key = match key {
                Some((first, count)) => Some((*first, *count + 1)),
                None => Some((token, 1)),
            };
        }
    }
}

/// The frame that a bracket inside an expression opens.
fn opened<'a>(text: &str, open: Token, mut behind: Scanner<'_>) -> Frame<'a> {
    let first = behind.find(|token| !matches!(token.kind, TokenKind::Newline | TokenKind::Comment));
    let is_for = first.is_some_and(|token| text.get(token.start..token.end) == Some("for"));
    match open.kind {
        TokenKind::Open(b'{' | b'[') if is_for => Frame::For,
        TokenKind::Open(b'{') => Frame::Object {
            keys: HashSet::new(),
            key: None,
            at_key: true,
        },
        _ => Frame::Other,
    }
}

/// A name of letters that no one writes, of a given length.
fn name(mut number: usize, length: usize) -> String {
    let mut letters = vec![b'z'; length];
    for letter in letters.iter_mut().rev() {
        *letter = b'z' - u8::try_from(number % 26).unwrap_or_default();
        number /= 26;
    }
    String::from_utf8(letters).unwrap_or_default()
}
