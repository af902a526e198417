//! The items of a body, each parsed alone.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::super::native::Failure;
use super::super::scan::{Token, TokenKind};
use super::super::tree::{Attribute, Body};
use super::messages::{closes, is_limit};
use super::{MAXIMUM_NESTING, Recovery};

/// How a body is cut into items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// An item ends at the line end outside all brackets.
    Brackets,
    /// An item ends before the next line that is not indented deeper; lines that only close brackets at
    /// its own indentation belong to it. For bodies whose brackets are not balanced.
    Indentation,
    /// All is one item.
    Whole,
}

impl Recovery<'_> {
    /// Reads the items of a range into a body. `header` is the column of the block header above, if any.
    pub(super) fn items(&mut self, range: Range<usize>, level: usize, header: Option<usize>, out: &mut Body) {
        if !self.spend(&range) {
            out.incomplete = true;
            self.item_error(range, &super::messages::budget_spent());
            return;
        }
        let cut = self.cut_for(&range, header);
        if cut != Cut::Brackets {
            out.incomplete |= level > 0;
        }
        let mut names: HashSet<Arc<str>> = out.attributes.iter().map(|known| known.name.clone()).collect();
        let mut position = range.start;
        if cut == Cut::Whole
            && let Some((item, _)) = self.next_item(range.clone(), Cut::Brackets)
            && item.end < range.end
            && let Ok(read) = self.read(&item)
        {
            // Only what follows the block is broken.
            out.attributes.extend(read.attributes);
            out.blocks.extend(read.blocks);
            return self.items(item.end..range.end, level, header, out);
        }
        while let Some((item, first)) = self.next_item(position..range.end, cut) {
            position = item.end.max(first.end);
            let known = out.attributes.len();
            self.item(item, first, level, cut, out);
            for attribute in out.attributes.split_off(known) {
                self.keep_first(attribute, &mut names, out);
            }
        }
    }

    /// Terraform refuses an attribute that is set twice.
    fn keep_first(&mut self, attribute: Attribute, names: &mut HashSet<Arc<str>>, out: &mut Body) {
        if names.insert(attribute.name.clone()) {
            out.attributes.push(attribute);
            return;
        }
        let offset = self.part.offset;
        let place = attribute.name_span.start as usize - offset..attribute.name_span.end as usize - offset;
        let message = super::messages::set_twice(&attribute.name);
        self.error(place, message);
    }

    fn cut_for(&self, range: &Range<usize>, header: Option<usize>) -> Cut {
        if self.is_balanced(range) {
            return Cut::Brackets;
        }
        let mut tokens = self.tokens_between(range);
        let Some(first) = tokens.next() else {
            return Cut::Brackets;
        };
        let column = self.column(first.start);
        match header {
            Some(header) if column > header => Cut::Indentation,
            Some(_) => Cut::Brackets,
            None if !self.is_header(first) => Cut::Indentation,
            // A block whose lines are not indented can only be taken as a whole.
            None => {
                let line_end = self.text(range).find('\n').map(|end| range.start + end);
                let below = line_end.and_then(|end| self.tokens_between(&(end..range.end)).next());
                match below {
                    Some(below)
                        if self.column(below.start) > column || below.kind == TokenKind::Close(b'}') =>
                    {
                        Cut::Indentation
                    }
                    Some(_) => Cut::Whole,
                    None => Cut::Brackets,
                }
            }
        }
    }

    pub(super) fn is_header(&self, token: Token) -> bool {
        self.tokens(&(token.start..self.part.written.len()))
            .is_block_header(token.start)
    }

    fn is_balanced(&self, range: &Range<usize>) -> bool {
        let mut open = Vec::new();
        for token in self.tokens(range) {
            match token.kind {
                TokenKind::Open(bracket) => open.push(bracket),
                TokenKind::Close(bracket) => match open.pop() {
                    Some(opener) if closes(opener, bracket) => {}
                    _ => return false,
                },
                _ => {}
            }
        }
        open.is_empty()
    }

    /// The next item and its first token. The range of an item is never empty.
    fn next_item(&self, range: Range<usize>, cut: Cut) -> Option<(Range<usize>, Token)> {
        let mut tokens = self.tokens(&range);
        let is_empty = |token: &Token| matches!(token.kind, TokenKind::Newline | TokenKind::Comment);
        let first = tokens.find(|token| !is_empty(token))?;
        let column = self.column(first.start);
        let mut end = first.end;
        let mut depth = usize::from(matches!(first.kind, TokenKind::Open(_)));
        if matches!(first.kind, TokenKind::Close(_)) && cut == Cut::Brackets {
            return Some((first.start..first.end, first));
        }
        let mut starts_line = false;
        for token in tokens {
            match (cut, token.kind) {
                (Cut::Brackets, TokenKind::Newline) if depth == 0 => break,
                (Cut::Brackets, TokenKind::Close(_)) if depth == 0 => break,
                _ => {}
            }
            match token.kind {
                TokenKind::Newline => {
                    starts_line = true;
                    continue;
                }
                TokenKind::Comment => continue,
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if std::mem::take(&mut starts_line) && cut == Cut::Indentation {
                let at = self.column(token.start);
                let closes_item = at == column && matches!(token.kind, TokenKind::Close(_));
                if at <= column && !closes_item {
                    break;
                }
            }
            end = token.end;
        }
        Some((first.start..end, first))
    }

    fn item(&mut self, item: Range<usize>, first: Token, level: usize, cut: Cut, out: &mut Body) {
        let failure = match self.read(&item) {
            Ok(read) => {
                out.attributes.extend(read.attributes);
                out.blocks.extend(read.blocks);
                return;
            }
            Err(failure) => failure,
        };
        let second = self
            .tokens(&(first.end..item.end))
            .find(|token| token.kind != TokenKind::Comment);
        match (first.kind, second) {
            (TokenKind::Word, Some(second)) if second.kind == TokenKind::Equals => {
                self.attribute(item, first, second, &failure, out);
            }
            (TokenKind::Word, _) if level >= MAXIMUM_NESTING => {
                out.incomplete = true;
                self.error(first.start..first.end, super::messages::TOO_DEEP);
            }
            (TokenKind::Word, _) if self.block(&item, first, level, cut, out) => {}
            _ => {
                out.incomplete = true;
                if !self.goes_on(item.start) {
                    self.item_error(item.clone(), &failure);
                }
                self.last_left_out = Some(item.end);
            }
        }
    }

    /// Whether an item that is left out follows another on the next line.
    fn goes_on(&self, start: usize) -> bool {
        let Some(before) = self.last_left_out else {
            return false;
        };
        let between = self.part.written.get(before..start);
        between.is_some_and(|text| text.trim().is_empty() && text.matches('\n').count() <= 1)
    }

    pub(super) fn item_error(&mut self, item: Range<usize>, failure: &Failure) {
        let (place, message) = self.item_diagnosis(item, failure);
        self.error(place, message);
    }

    fn attribute(
        &mut self,
        item: Range<usize>,
        name: Token,
        equals: Token,
        failure: &Failure,
        out: &mut Body,
    ) {
        let errors = self.errors.len() + self.unsaid;
        let value = self.value(name.start..name.end, equals, item.end, 0);
        if errors == self.errors.len() + self.unsaid {
            self.read_in_pieces = true;
        } else {
            // An expression that is only too deep hides no other item.
            out.incomplete |= !is_limit(failure);
            self.last_left_out = Some(item.end);
        }
        let range = name.start..name.end;
        out.attributes.push(Attribute {
            name: self.text(&range).into(),
            name_span: self.span(&range),
            value,
            span: self.span(&item),
        });
    }
}
