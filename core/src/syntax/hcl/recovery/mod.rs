//! What can be read of a piece of a file that does not parse.
//!
//! A piece is nearly always one top-level block, see [`super::pieces`]; where it holds several headers it is
//! cut at them first. What does not parse is cut into its items, by brackets where they are
//! balanced, by indentation where they are not; each item is parsed alone, and one that does not parse is
//! taken apart further: a block into its items, an expression into its elements. What is left unread becomes
//! `Unreadable`, or is left out and the body marked incomplete.
//!
//! Every byte is read again a bounded number of times: [`Recovery::budget`] keeps the time linear.

mod blocks;
mod expressions;
mod items;
mod messages;

pub(super) use messages::{TOO_DEEP, set_twice, translated};

use std::ops::Range;

use super::native::{self, Failure, Part};
use super::scan::{ReadAhead, Scanner, Token, TokenKind};
use super::tree::{Body, Expression, ExpressionKind};
use crate::source::Span;
use crate::syntax::SyntaxError;

/// How many errors of one file are said; the rest is counted.
pub(super) const MAXIMUM_ERRORS: usize = 100;

/// How many levels of blocks and of brackets are followed: what hcl-edit follows too.
const MAXIMUM_NESTING: usize = 64;

/// How many keys of one object hcl-edit is given.
const MAXIMUM_KEYS: usize = 5_000;

/// What a piece gives.
pub(super) struct Read {
    pub(super) body: Body,
    pub(super) errors: Vec<SyntaxError>,
    /// Errors past the maximum.
    pub(super) unsaid: usize,
}

/// The body of a piece and what is wrong in it.
pub(super) fn piece(part: Part<'_>, failure: &Failure) -> Read {
    let read_ahead = ReadAhead::over(part.written);
    let length = part.written.len();
    let mut recovery = Recovery {
        part,
        read_ahead: &read_ahead,
        errors: Vec::new(),
        unsaid: 0,
        last_left_out: None,
        read_in_pieces: false,
        // Each level of a small piece may be read again; the sum over many small pieces stays linear too.
        budget: length
            .saturating_mul(8)
            .saturating_add(length.saturating_mul(64).min(1 << 20)),
    };
    let mut body = recovery.empty_body(0..length);
    match recovery.chunks().as_slice() {
        // It is known not to parse.
        [chunk] => recovery.broken_chunk(chunk.clone(), &mut body),
        chunks => {
            for chunk in chunks {
                recovery.chunk(chunk.clone(), &mut body);
            }
        }
    }
    if recovery.errors.is_empty() && !recovery.read_in_pieces && !failure.message.is_empty() {
        let (range, message) = recovery.diagnosis(0..length, failure);
        recovery.error(range, message);
        body.incomplete = true;
    }
    Read {
        body,
        errors: recovery.errors,
        unsaid: recovery.unsaid,
    }
}

/// Whether some object has more keys than hcl-edit can be given.
pub(super) fn has_large_object(written: &str) -> bool {
    let mut separators: Vec<usize> = Vec::new();
    for token in Scanner::new(written, 0) {
        match token.kind {
            TokenKind::Open(_) => separators.push(0),
            TokenKind::Close(_) => {
                separators.pop();
            }
            TokenKind::Comma | TokenKind::Newline => {
                if let Some(count) = separators.last_mut() {
                    *count += 1;
                    if *count > MAXIMUM_KEYS {
                        return true;
                    }
                }
            }
            _ => {}
        }
    }
    false
}

struct Recovery<'a> {
    part: Part<'a>,
    read_ahead: &'a ReadAhead,
    errors: Vec<SyntaxError>,
    /// Errors past the maximum.
    unsaid: usize,
    /// Where the last item ends that was left out: the next line is not another error.
    last_left_out: Option<usize>,
    /// Something that the parser refuses was read element by element, and nothing is wrong with it.
    read_in_pieces: bool,
    /// How many bytes may still be read again. When it is spent, what remains unread stays unread.
    budget: usize,
}

impl<'a> Recovery<'a> {
    fn span(&self, range: &Range<usize>) -> Span {
        let offset = self.part.offset;
        Span::new(self.part.file, offset + range.start, offset + range.end)
    }

    fn text(&self, range: &Range<usize>) -> &'a str {
        self.part.written.get(range.clone()).unwrap_or_default()
    }

    fn part(&self, range: &Range<usize>) -> Part<'a> {
        Part {
            written: self.text(range),
            offset: self.part.offset + range.start,
            ..self.part
        }
    }

    fn empty_body(&self, range: Range<usize>) -> Body {
        Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span: self.span(&range),
            incomplete: false,
        }
    }

    fn unreadable(&self, range: &Range<usize>, why: &str) -> Expression {
        Expression {
            kind: ExpressionKind::Unreadable(why.into()),
            span: self.span(range),
        }
    }

    fn error(&mut self, range: Range<usize>, message: impl Into<String>) {
        if self.errors.len() >= MAXIMUM_ERRORS {
            self.unsaid += 1;
            return;
        }
        let span = self.span(&range);
        self.errors.push(SyntaxError {
            span,
            message: message.into(),
        });
    }

    /// Takes the reading of a range from the budget; false when it is spent.
    fn spend(&mut self, range: &Range<usize>) -> bool {
        match self.budget.checked_sub(range.len() + 1) {
            Some(left) => {
                self.budget = left;
                true
            }
            None => {
                self.budget = 0;
                false
            }
        }
    }

    fn read(&mut self, range: &Range<usize>) -> Result<Body, Failure> {
        if !self.spend(range) {
            return Err(messages::budget_spent());
        }
        let part = self.part(range);
        if range.len() > MAXIMUM_KEYS && has_large_object(part.written) {
            return Err(messages::large_object());
        }
        native::body(part)
    }

    /// The tokens of a range.
    fn tokens(&self, range: &Range<usize>) -> Scanner<'a> {
        let text = self.part.written.get(..range.end).unwrap_or_default();
        Scanner::sharing(text, range.start, self.read_ahead)
    }

    fn tokens_between(&self, range: &Range<usize>) -> impl Iterator<Item = Token> + use<'a> {
        let significant = |token: &Token| !matches!(token.kind, TokenKind::Newline | TokenKind::Comment);
        self.tokens(range).filter(significant)
    }

    /// How many bytes stand before an offset on its line, up to a thousand: more is no indentation.
    fn column(&self, offset: usize) -> usize {
        let bytes = self.part.written.as_bytes();
        let before = bytes
            .get(offset.saturating_sub(1_000)..offset)
            .unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte != b'\n').count()
    }

    /// The ranges between the headers of top-level blocks.
    fn chunks(&self) -> Vec<Range<usize>> {
        let scanner = Scanner::new(self.part.written, 0);
        let headers = self
            .tokens(&(0..self.part.written.len()))
            .filter(|token| token.kind == TokenKind::Word && scanner.is_top_level_header(token.start))
            .map(|token| token.start);
        cut(0..self.part.written.len(), headers)
    }

    fn chunk(&mut self, chunk: Range<usize>, body: &mut Body) {
        match self.read(&chunk) {
            Ok(read) => {
                body.attributes.extend(read.attributes);
                body.blocks.extend(read.blocks);
            }
            Err(_) => self.broken_chunk(chunk, body),
        }
    }

    fn broken_chunk(&mut self, chunk: Range<usize>, body: &mut Body) {
        self.unclosed_comments(&chunk);
        // A heredoc that lost its last line ends at the next that has the same marker, in a later block:
        // then the headers between the two were passed over.
        let inner = cut(chunk.clone(), self.hidden_headers(&chunk).into_iter());
        match inner.as_slice() {
            [_] => self.items(chunk, 0, None, body),
            _ => {
                for chunk in inner {
                    self.chunk(chunk, body);
                }
            }
        }
    }

    /// Only the first line of a comment that is not closed is taken for a comment.
    fn unclosed_comments(&mut self, chunk: &Range<usize>) {
        let is_unclosed = |place: &Range<usize>| {
            let text = self.text(place);
            text.starts_with("/*") && !(text.ends_with("*/") && text.len() >= 4)
        };
        let comments = self
            .tokens(chunk)
            .filter(|token| token.kind == TokenKind::Comment);
        let first = comments.map(|token| token.start..token.end).find(is_unclosed);
        if let Some(place) = first {
            self.last_left_out = Some(place.end);
            self.error(place, "this comment is not closed: its `*/` is missing");
        }
    }

    fn hidden_headers(&self, chunk: &Range<usize>) -> Vec<usize> {
        let scanner = Scanner::new(self.part.written, 0);
        let mut headers = Vec::new();
        let mut position = chunk.start;
        for line in self.text(chunk).split_inclusive('\n') {
            if position > chunk.start && scanner.is_block_header(position) {
                headers.push(position);
            }
            position += line.len();
        }
        headers
    }
}

/// A range cut at offsets inside it.
fn cut(range: Range<usize>, offsets: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = range.start;
    for offset in offsets.filter(|offset| *offset > range.start) {
        pieces.push(start..offset);
        start = offset;
    }
    pieces.push(start..range.end);
    pieces
}
