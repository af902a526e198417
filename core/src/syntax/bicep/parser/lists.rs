//! What stands between two brackets, one after the other.

use super::super::lexer::{Token, TokenKind};
use super::{Parsed, Parser};

impl Parser<'_> {
    /// Elements with commas or line ends between them, up to the closing bracket, as arrays and objects
    /// have. Gives whether something of them could not be read.
    pub(super) fn elements(
        &mut self,
        open: Token,
        close: TokenKind,
        mut element: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> bool {
        self.closers.push(close);
        let is_broken = self.elements_inside(open, close, &mut element);
        self.closers.pop();
        is_broken
    }

    fn elements_inside(
        &mut self,
        open: Token,
        close: TokenKind,
        element: &mut impl FnMut(&mut Self) -> Parsed<()>,
    ) -> bool {
        let mut is_broken = false;
        self.skip_line_end();
        loop {
            if self.take(close) {
                return is_broken;
            }
            if self.closes_outer(open) {
                return true;
            }
            if self.is_abandoned(open) {
                return true;
            }
            let from = self.at;
            if element(self).is_err() {
                is_broken = true;
                self.recover(from);
            }
            match self.kind() {
                TokenKind::NewLine => self.skip_line_end(),
                TokenKind::Comma => {
                    self.advance();
                    if self.is(TokenKind::NewLine) {
                        self.at -= 1;
                        let message = "a line end separates already: no comma goes before it";
                        self.unexpected(message);
                        self.at += 1;
                    }
                    self.skip_line_end();
                }
                kind if kind == close => {}
                _ if self.is_at_next_statement() => {}
                _ => {
                    if !is_broken {
                        self.unexpected("expected `,` or a line end before this");
                    }
                    is_broken = true;
                    // Another element may begin here, but something has to be left behind.
                    if self.closes_outer(open) {
                        return true;
                    }
                    if self.at == from || self.is_closing() {
                        self.at += 1;
                    }
                }
            }
        }
    }

    /// Elements with commas between them, up to the closing bracket, as calls have.
    pub(super) fn listed(
        &mut self,
        open: Token,
        close: TokenKind,
        mut element: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> bool {
        self.closers.push(close);
        let is_broken = self.listed_inside(open, close, &mut element);
        self.closers.pop();
        is_broken
    }

    fn listed_inside(
        &mut self,
        open: Token,
        close: TokenKind,
        element: &mut impl FnMut(&mut Self) -> Parsed<()>,
    ) -> bool {
        let mut is_broken = false;
        self.skip_line_end();
        if self.take(close) {
            return false;
        }
        loop {
            if self.closes_outer(open) || self.is_abandoned(open) {
                return true;
            }
            let from = self.at;
            if element(self).is_err() {
                is_broken = true;
                self.recover(from);
            }
            let (next, ahead) = self.past_line_end();
            if next == close || next == TokenKind::Comma {
                self.at += ahead + 1;
                if next == close {
                    return is_broken;
                }
                self.skip_line_end();
                continue;
            }
            if ahead == 1 && self.begins_member(1) {
                self.unclosed(open);
                return true;
            }
            if ahead == 1 {
                self.skip_line_end();
                if self.is_at_next_statement() || self.is_abandoned(open) {
                    return true;
                }
            }
            if self.is_at_next_statement() {
                return true;
            }
            if self.closes_outer(open) {
                return true;
            }
            if !is_broken {
                self.unexpected("expected `,` or `)` before this");
            }
            is_broken = true;
            if self.at == from || self.is_closing() {
                self.at += 1;
            }
        }
    }
}
