//! Where to go on after something that could not be read.

use super::super::lexer::{Token, TokenKind};
use super::Parser;
use crate::source::Span;

impl Parser<'_> {
    /// To the line end before the next statement.
    pub(super) fn skip_to_statement(&mut self) {
        while !self.is(TokenKind::EndOfFile) {
            if self.is(TokenKind::NewLine) && self.begins_statement(1, true) {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether a statement of the file begins so many tokens on: at the start of a line, in a form that
    /// cannot be anything else. A `resource` may be nested in another one's body, where only its place at
    /// the margin can tell, and a decorator may belong to such a resource or to a member of a type.
    pub(super) fn begins_statement(&self, ahead: usize, in_recovery: bool) -> bool {
        let at = self.at + ahead;
        let token = self.token(ahead);
        let is_candidate = matches!(token.kind, TokenKind::Identifier | TokenKind::At);
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        if !is_candidate || before.is_some_and(|before| before.kind != TokenKind::NewLine) {
            return false;
        }
        let next = self.token(ahead + 1).kind;
        let is_named = next == TokenKind::Identifier;
        let is_at_margin = || {
            let before = (token.start as usize).checked_sub(1);
            before.is_none_or(|before| matches!(self.text.as_bytes()[before], b'\n' | b'\r' | 0xbf))
        };
        let may_begin = self.starts_at_margin || in_recovery;
        if token.kind == TokenKind::At {
            return may_begin && is_named && is_at_margin();
        }
        match self.text_of(token) {
            "resource" => is_named && may_begin && is_at_margin(),
            "param" | "var" | "output" | "module" | "type" | "func" | "metadata" | "assert" | "test"
            | "extensionConfig" => is_named,
            "targetScope" => next == TokenKind::Assign,
            "import" => matches!(next, TokenKind::LeftBrace | TokenKind::Asterisk | TokenKind::Text),
            "extension" | "provider" | "using" => is_named || next == TokenKind::Text,
            "extends" => next == TokenKind::Text,
            _ => false,
        }
    }

    /// To the end of the line on which all brackets of the statement are closed.
    pub(super) fn recover_statement(&mut self, from: usize) {
        loop {
            self.recover(from);
            match self.kind() {
                TokenKind::NewLine | TokenKind::EndOfFile => return,
                _ if self.is_at_next_statement() => return,
                _ => self.at += 1,
            }
        }
    }

    /// Whether something begins so many tokens on that cannot be the argument of a call: a property, a
    /// decorator or a resource.
    pub(super) fn begins_member(&self, ahead: usize) -> bool {
        let next = self.token(ahead + 1).kind;
        match self.token(ahead).kind {
            TokenKind::At => true,
            TokenKind::Identifier if self.is_word(ahead, "resource") => {
                matches!(next, TokenKind::Colon | TokenKind::Identifier)
            }
            TokenKind::Identifier | TokenKind::Text => next == TokenKind::Colon,
            _ => false,
        }
    }

    /// Whether a statement begins here that a bracket before it should have been closed for.
    pub(super) fn is_at_next_statement(&self) -> bool {
        self.abandoned_at == Some(self.at)
    }

    /// Whether a bracket has to end here although it is not closed: the file ends, or a statement begins.
    pub(super) fn is_abandoned(&mut self, open: Token) -> bool {
        if self.is_at_next_statement() {
            return true;
        }
        if !self.is(TokenKind::EndOfFile) && !self.begins_statement(0, false) {
            return false;
        }
        self.has_unclosed = true;
        self.abandoned_at = Some(self.at);
        self.unclosed(open);
        true
    }

    pub(super) fn unclosed(&mut self, open: Token) {
        let closing = match open.kind {
            TokenKind::LeftBrace => '}',
            TokenKind::LeftBracket => ']',
            TokenKind::Less => '>',
            _ => ')',
        };
        let message = format!(
            "this `{}` is not closed: its `{closing}` is missing",
            self.text_of(open)
        );
        self.error(self.span_of(open), message);
    }

    /// Leaves what failed since the token `from` behind: up to the next comma or line end outside the
    /// brackets that opened in it, the bracket that closes what it is in, or the next statement.
    pub(super) fn recover(&mut self, from: usize) -> Span {
        self.recover_to(from, |kind| kind == TokenKind::Comma)
    }

    /// As `recover`, but in place of the comma up to a token of the caller's choice.
    pub(super) fn recover_to(&mut self, from: usize, is_end: impl Fn(TokenKind) -> bool) -> Span {
        let start = self.tokens.get(from).map_or(0, |token| token.start);
        let failed = self.at;
        if !self.is_at_next_statement() && self.begins_statement(0, true) {
            self.abandoned_at = Some(failed);
        }
        if self.is_at_next_statement() {
            return self.span_from(start);
        }
        let mut open = OpenBrackets::default();
        self.at = from;
        loop {
            let kind = self.kind();
            let is_past = self.at >= failed;
            match kind {
                TokenKind::EndOfFile => break,
                TokenKind::NewLine if is_past && self.begins_statement(1, true) => break,
                TokenKind::NewLine if is_past && open.is_empty() => break,
                kind if is_past && open.is_empty() && is_end(kind) => break,
                TokenKind::LeftBrace
                | TokenKind::LeftBracket
                | TokenKind::LeftParenthesis
                | TokenKind::TextStart => open.push(kind),
                TokenKind::RightBrace
                | TokenKind::RightBracket
                | TokenKind::RightParenthesis
                | TokenKind::TextEnd
                    if !open.close(kind) && is_past =>
                {
                    break;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.span_from(start)
    }

    /// A decorated statement of the file begins here: the bracket around it is missing its end.
    pub(super) fn is_abandoned_here(&mut self, open: Token) {
        let starts_at_margin = std::mem::replace(&mut self.starts_at_margin, true);
        self.is_abandoned(open);
        self.starts_at_margin = starts_at_margin;
    }

    /// Whether the bracket here closes one further out, so that the innermost one lacks its end.
    pub(super) fn closes_outer(&mut self, open: Token) -> bool {
        let Some((_, outer)) = self.closers.split_last() else {
            return false;
        };
        let kind = match self.kind() {
            TokenKind::TextMiddle => TokenKind::TextEnd,
            kind => kind,
        };
        if !self.is_closing() || !outer.contains(&kind) {
            return false;
        }
        self.unclosed(open);
        true
    }

    pub(super) fn is_closing(&self) -> bool {
        matches!(
            self.kind(),
            TokenKind::RightBrace
                | TokenKind::RightBracket
                | TokenKind::RightParenthesis
                | TokenKind::TextMiddle
                | TokenKind::TextEnd
        )
    }
}

/// The brackets that opened in what is left behind.
#[derive(Default)]
struct OpenBrackets {
    closers: Vec<TokenKind>,
    /// How many of each kind, so that a bracket that closes none of them is known at once.
    counts: [usize; 4],
}

impl OpenBrackets {
    fn is_empty(&self) -> bool {
        self.closers.is_empty()
    }

    fn push(&mut self, opening: TokenKind) {
        let closer = match opening {
            TokenKind::LeftBrace => TokenKind::RightBrace,
            TokenKind::LeftBracket => TokenKind::RightBracket,
            TokenKind::LeftParenthesis => TokenKind::RightParenthesis,
            _ => TokenKind::TextEnd,
        };
        self.closers.push(closer);
        self.counts[slot(closer)] += 1;
    }

    /// Closes the innermost bracket of this kind, with all inside it that lack their ends.
    fn close(&mut self, closing: TokenKind) -> bool {
        if self.counts[slot(closing)] == 0 {
            return false;
        }
        while let Some(closer) = self.closers.pop() {
            self.counts[slot(closer)] -= 1;
            if closer == closing {
                break;
            }
        }
        true
    }
}

fn slot(closer: TokenKind) -> usize {
    match closer {
        TokenKind::RightBrace => 0,
        TokenKind::RightBracket => 1,
        TokenKind::RightParenthesis => 2,
        _ => 3,
    }
}
