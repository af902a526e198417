//! An expression that does not parse, element by element.

use std::ops::Range;

use super::super::native;
use super::super::scan::{Token, TokenKind};
use super::super::tree::{Call, Expression, ExpressionKind, ObjectItem, ObjectKey};
use super::messages::{self, closes, is_limit};
use super::{MAXIMUM_KEYS, MAXIMUM_NESTING, Recovery};

impl Recovery<'_> {
    /// The expression of a range, with `Unreadable` where it cannot be read. Each unreadable place is an
    /// error.
    pub(super) fn expression(&mut self, range: Range<usize>, in_brackets: bool, level: usize) -> Expression {
        let mut tokens = self.tokens_between(&range);
        let Some(first) = tokens.next() else {
            self.error(range.clone(), "expected an expression");
            return self.unreadable(&range, "nothing stands here");
        };
        let end = tokens.last().map_or(first.end, |last| last.end);
        let range = first.start..end;
        if !self.spend(&range) {
            let (place, message) = self.diagnosis(range.clone(), &messages::budget_spent());
            self.error(place, message);
            return self.unreadable(&range, "too much of this file is broken");
        }
        let part = self.part(&range);
        let failure = if range.len() > MAXIMUM_KEYS && super::has_large_object(part.written) {
            messages::large_object()
        } else {
            match native::expression(part, in_brackets) {
                Ok(expression) => return expression,
                Err(failure) => failure,
            }
        };
        if !is_limit(&failure)
            && level < MAXIMUM_NESTING
            && let Some(kind) = self.elements(&range, first, level)
        {
            let span = self.span(&range);
            return Expression { kind, span };
        }
        let (place, message) = self.diagnosis(range.clone(), &failure);
        let unreadable = self.unreadable(&range, &message);
        self.error(place, message);
        unreadable
    }

    /// The expression behind an `=`, which must not be missing.
    pub(super) fn value(
        &mut self,
        name: Range<usize>,
        equals: Token,
        end: usize,
        level: usize,
    ) -> Expression {
        let range = equals.end..end;
        if self.tokens_between(&range).next().is_some() {
            return self.expression(range, false, level);
        }
        let written = self.text(&name).trim_end();
        self.error(name.start..equals.end, format!("`{written}` has no value"));
        self.unreadable(&(equals.end..equals.end), "it has no value")
    }

    /// The expression by its outermost brackets, if they hold all of it.
    fn elements(&mut self, range: &Range<usize>, first: Token, level: usize) -> Option<ExpressionKind> {
        let open = match first.kind {
            TokenKind::Word => self.tokens(&(first.end..range.end)).next()?,
            _ => first,
        };
        let TokenKind::Open(bracket) = open.kind else {
            return None;
        };
        let inside = open.end..self.closing(&(open.start..range.end))?;
        match (first.kind, bracket) {
            (TokenKind::Word, b'(') => {
                let expand_last = self.text(&inside).trim_end().ends_with("...");
                let name = first.start..first.end;
                let mut inside = inside;
                if expand_last {
                    inside.end = inside.start + self.text(&inside).trim_end().len() - 3;
                }
                let arguments = self.list(inside, level);
                Some(ExpressionKind::Call(Box::new(Call {
                    name: self.text(&name).into(),
                    name_span: self.span(&name),
                    arguments,
                    expand_last,
                })))
            }
            (TokenKind::Word, _) => None,
            (_, b'(') => {
                let inner = self.expression(inside, true, level + 1);
                Some(ExpressionKind::Parenthesis(Box::new(inner)))
            }
            _ if self.is_for(&inside) => None,
            (_, b'[') => Some(ExpressionKind::Tuple(self.list(inside, level))),
            _ => self.object(inside, level).map(ExpressionKind::Object),
        }
    }

    fn is_for(&self, inside: &Range<usize>) -> bool {
        let first = self.tokens_between(inside).next();
        first.is_some_and(|token| self.text(&(token.start..token.end)) == "for")
    }

    /// Where the bracket at the start of the range is closed, if that is the last thing in it.
    fn closing(&self, range: &Range<usize>) -> Option<usize> {
        let mut open = Vec::new();
        let mut tokens = self.tokens_between(range);
        for token in tokens.by_ref() {
            match token.kind {
                TokenKind::Open(bracket) => open.push(bracket),
                TokenKind::Close(bracket) => {
                    if !closes(open.pop()?, bracket) {
                        return None;
                    }
                    if open.is_empty() {
                        return tokens.next().is_none().then_some(token.start);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The elements of a tuple or the arguments of a call.
    fn list(&mut self, inside: Range<usize>, level: usize) -> Vec<Expression> {
        let pieces = self.pieces(&inside, |kind| kind == TokenKind::Comma);
        let mut elements = Vec::with_capacity(pieces.len());
        let count = pieces.len();
        for (index, piece) in pieces.into_iter().enumerate() {
            // A comma may follow the last element.
            if index + 1 == count && self.tokens_between(&piece).next().is_none() {
                break;
            }
            elements.push(self.expression(piece, true, level + 1));
        }
        elements
    }

    /// The items of an object; `None` when a key cannot be made out, since a value with a key less would be
    /// taken for the whole.
    fn object(&mut self, inside: Range<usize>, level: usize) -> Option<Vec<ObjectItem>> {
        let is_separator = |kind| matches!(kind, TokenKind::Comma | TokenKind::Newline);
        let mut items = Vec::new();
        let mut parts = Vec::new();
        for piece in self.pieces(&inside, is_separator) {
            let Some(first) = self.tokens_between(&piece).next() else {
                if self.part.written.as_bytes().get(piece.end) == Some(&b',') {
                    return None;
                }
                continue;
            };
            let mut depth = 0_usize;
            let equals = self.tokens(&piece).find(|token| {
                match token.kind {
                    TokenKind::Open(_) => depth += 1,
                    TokenKind::Close(_) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0 && matches!(token.kind, TokenKind::Equals | TokenKind::Colon)
            })?;
            parts.push((first, equals, piece.end));
        }
        for (first, equals, end) in parts {
            let name = first.start..first.end;
            let is_name =
                first.kind == TokenKind::Word && self.text(&(first.end..equals.start)).trim().is_empty();
            let key = if is_name {
                ObjectKey::Name(self.text(&name).into(), self.span(&name))
            } else {
                ObjectKey::Expression(self.expression(first.start..equals.start, false, level + 1))
            };
            let value = self.value(first.start..equals.start, equals, end, level + 1);
            items.push(ObjectItem { key, value });
        }
        Some(items)
    }

    /// A range cut at separators outside all brackets.
    fn pieces(&self, inside: &Range<usize>, is_separator: impl Fn(TokenKind) -> bool) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut start = inside.start;
        let mut depth = 0_usize;
        for token in self.tokens(inside) {
            match token.kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                kind if depth == 0 && is_separator(kind) => {
                    pieces.push(start..token.start);
                    start = token.end;
                }
                _ => {}
            }
        }
        pieces.push(start..inside.end);
        pieces
    }
}
