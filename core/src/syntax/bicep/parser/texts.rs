//! Texts, with the expressions in them.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::super::lexer::{Token, TokenKind};
use super::super::tree::{Expression, ExpressionKind, Part};
use super::{Parsed, Parser};
use crate::source::Span;

const NO_ESCAPE: &str = r"no such escape sequence; there are \n, \r, \t, \\, \', \$ and \u{…}";

impl Parser<'_> {
    /// `'…'`, `'''…'''` or `$'''…'''`, with holes or without.
    pub(super) fn text_expression(&mut self) -> Parsed<Expression> {
        self.deeper(Self::pieces)
    }

    fn pieces(&mut self) -> Parsed<Expression> {
        let first = self.advance();
        let form = Form::of(self.text_of(first));
        let mut parts = Vec::new();
        let mut height = 0;
        self.piece(first, &form, &mut parts);
        let mut is_over = first.kind == TokenKind::Text;
        while !is_over {
            // A hole of a text over several lines may itself have several.
            self.skip_line_end();
            parts.push(Part::Expression(self.hole()?));
            height = height.max(self.height);
            self.skip_line_end();
            if !matches!(self.kind(), TokenKind::TextMiddle | TokenKind::TextEnd) {
                return Err(self.unexpected("expected `}` after the expression in this text"));
            }
            let piece = self.advance();
            is_over = piece.kind == TokenKind::TextEnd;
            self.piece(piece, &form, &mut parts);
        }
        self.higher(height)?;
        let has_hole = parts.iter().any(|part| matches!(part, Part::Expression(_)));
        let kind = match (parts.pop(), has_hole) {
            (Some(Part::Text(text, _)), false) => ExpressionKind::Text(text),
            (None, _) => ExpressionKind::Text(Arc::default()),
            (Some(last), _) => {
                parts.push(last);
                ExpressionKind::Interpolation(parts)
            }
        };
        Ok(Expression {
            kind,
            span: self.span_from(first.start),
        })
    }

    /// What is wrong in a hole costs the hole alone.
    fn hole(&mut self) -> Parsed<Expression> {
        let from = self.at;
        let start = self.start();
        self.closers.push(TokenKind::TextEnd);
        let read = self.expression();
        self.closers.pop();
        let read = match read {
            Ok(read) => return Ok(read),
            Err(failed) => failed,
        };
        self.recover(from);
        match self.kind() {
            TokenKind::TextMiddle | TokenKind::TextEnd => {
                self.height = 0;
                Ok(self.broken(self.span_from(start)))
            }
            _ => Err(read),
        }
    }

    fn piece(&mut self, token: Token, form: &Form, parts: &mut Vec<Part>) {
        let whole = self.text_of(token);
        let Range { mut start, end } = form.content(token.kind, whole);
        if form.is_long && matches!(token.kind, TokenKind::Text | TokenKind::TextStart) {
            let rest = &whole[start..end];
            // A line end right after the quotes is no part of the text.
            start += ["\r\n", "\n"]
                .into_iter()
                .find(|line_end| rest.starts_with(line_end))
                .map_or(0, str::len);
        }
        let Some(written) = whole.get(start..end).filter(|written| !written.is_empty()) else {
            return;
        };
        let offset = token.start as usize + start;
        let span = Span::new(self.file, offset, offset + written.len());
        let text = if form.is_long {
            Cow::Borrowed(written)
        } else {
            self.unescaped(written, offset)
        };
        parts.push(Part::Text(Arc::from(text), span));
    }

    fn unescaped<'t>(&mut self, written: &'t str, offset: usize) -> Cow<'t, str> {
        if !written.contains('\\') {
            return Cow::Borrowed(written);
        }
        let mut text = String::with_capacity(written.len());
        let mut rest = written;
        while let Some(at) = rest.find('\\') {
            text.push_str(&rest[..at]);
            rest = &rest[at..];
            let (escaped, length) = match rest.as_bytes().get(1) {
                Some(b'n') => (Some('\n'), 2),
                Some(b'r') => (Some('\r'), 2),
                Some(b't') => (Some('\t'), 2),
                Some(b'\\') => (Some('\\'), 2),
                Some(b'\'') => (Some('\''), 2),
                Some(b'$') => (Some('$'), 2),
                Some(b'u') => character(rest),
                _ => (None, 1),
            };
            match escaped {
                Some(escaped) => text.push(escaped),
                None => {
                    let start = offset + written.len() - rest.len();
                    let end = start + length;
                    self.error(Span::new(self.file, start, end), NO_ESCAPE);
                    text.push_str(&rest[..length]);
                }
            }
            rest = &rest[length..];
        }
        text.push_str(rest);
        Cow::Owned(text)
    }
}

/// Which quotes a text has.
struct Form {
    is_long: bool,
    dollars: usize,
}

impl Form {
    fn of(written: &str) -> Self {
        let dollars = written.bytes().take_while(|byte| *byte == b'$').count();
        Form {
            is_long: written[dollars..].starts_with("'''"),
            dollars,
        }
    }

    fn quotes(&self) -> &'static str {
        if self.is_long { "'''" } else { "'" }
    }

    /// Where in a piece its own text is: without the quotes, and without the marks of the holes around it.
    fn content(&self, kind: TokenKind, written: &str) -> Range<usize> {
        let start = match kind {
            TokenKind::Text | TokenKind::TextStart => self.dollars + self.quotes().len(),
            _ => 1,
        };
        let end = match kind {
            TokenKind::TextStart | TokenKind::TextMiddle => {
                written.len().saturating_sub(self.dollars.max(1) + 1)
            }
            // The quotes can be missing.
            _ => written
                .strip_suffix(self.quotes())
                .map_or(written.len(), str::len),
        };
        // A lone quote is the opening one.
        let start = start.min(written.len());
        start..if end < start { written.len() } else { end }
    }
}

/// The character that `\u{…}` at the start of a text stands for, and the length of what is written. Two
/// halves of a pair of UTF-16 are one character; a half alone is none and becomes the replacement character.
fn character(text: &str) -> (Option<char>, usize) {
    let (Some(code), length) = code_point(text) else {
        return (None, code_point(text).1);
    };
    if let 0xd800..0xdc00 = code
        && let (Some(second @ 0xdc00..0xe000), more) = code_point(&text[length..])
    {
        let both = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(both), length + more);
    }
    match code {
        0xd800..0xe000 => (Some(char::REPLACEMENT_CHARACTER), length),
        _ => (char::from_u32(code), length),
    }
}

fn code_point(text: &str) -> (Option<u32>, usize) {
    let Some(digits) = text.strip_prefix(r"\u{") else {
        return (None, text.len().min(2));
    };
    let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    if !digits[length..].starts_with('}') {
        return (None, 3);
    }
    (u32::from_str_radix(&digits[..length], 16).ok(), length + 4)
}
