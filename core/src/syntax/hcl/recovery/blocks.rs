//! A block that does not parse.

use std::ops::Range;

use super::super::scan::{Token, TokenKind};
use super::super::tree::{Block, Body, Label};
use super::Recovery;
use super::items::Cut;

impl Recovery<'_> {
    /// Reads a block of which some items do not parse. False when no block can be made out.
    pub(super) fn block(
        &mut self,
        item: &Range<usize>,
        kind: Token,
        level: usize,
        cut: Cut,
        out: &mut Body,
    ) -> bool {
        let written = self.text(&(kind.start..kind.end));
        let is_whole = |header: &Header| level > 0 || has_labels_of_its_kind(written, &header.0);
        let header = self.header(item, kind).filter(is_whole);
        let has_its_quotes = header.is_some();
        let header = header.or_else(|| Some(self.header_without_quotes(item, kind)).filter(is_whole));
        let Some((labels, open)) = header else {
            return false;
        };
        let header = kind.start..labels.last().map_or(kind.end, |(_, place)| place.end);
        let body_start = match open {
            Some(open) => open.end,
            // Without a brace the lines below must show that it is a block.
            None => match self.lines_below(item, kind, header.end) {
                Some(start) => start,
                None => return false,
            },
        };
        let errors = self.errors.len() + self.unsaid;
        let (body_end, is_closed) = self.block_end(item, kind, body_start, open.is_some(), cut);
        if !has_its_quotes {
            self.error(header.clone(), "a quote is missing in the header of this block");
        } else if open.is_none() {
            self.error(header.clone(), "expected `{` after the header of this block");
        }
        let mut body = self.empty_body(header.end..item.end);
        self.items(
            body_start..body_end,
            level + 1,
            Some(self.column(kind.start)),
            &mut body,
        );
        let behind = body_end + usize::from(is_closed)..item.end;
        if self.tokens_between(&behind).next().is_some() {
            body.incomplete = true;
            let message = "expected the end of the line after the `}` of the block";
            match self.unclosed(&behind) {
                Some((place, message)) => self.error(place, message),
                None => self.error(behind, message),
            }
        }
        if errors == self.errors.len() + self.unsaid && !is_closed {
            self.error(header.clone(), "this block is not closed: its `}` is missing");
        }
        if !is_closed || open.is_none() {
            body.incomplete = true;
        }
        // Where the end of a block is a guess, items of the block around it may stand in it.
        out.incomplete |= body.incomplete && level > 0;
        let kind = kind.start..kind.end;
        out.blocks.push(Block {
            kind: self.text(&kind).into(),
            labels: labels
                .into_iter()
                .map(|(text, place)| Label {
                    text: text.into(),
                    span: self.span(&place),
                })
                .collect(),
            body,
            header: self.span(&header),
            span: self.span(item),
        });
        true
    }

    /// The labels of a header and its brace, all on one line.
    fn header(&self, item: &Range<usize>, kind: Token) -> Option<Header> {
        let mut labels = Vec::new();
        for token in self.tokens(&(kind.end..item.end)) {
            let place = token.start..token.end;
            match token.kind {
                TokenKind::Word => labels.push((self.text(&place).to_owned(), place)),
                TokenKind::String { closed: true } => {
                    let text = self.text(&(place.start + 1..place.end - 1));
                    labels.push((text.to_owned(), place));
                }
                TokenKind::Open(b'{') => return Some((labels, Some(token))),
                TokenKind::Newline => return Some((labels, None)),
                TokenKind::Comment => {}
                _ => return None,
            }
        }
        Some((labels, None))
    }

    /// The words of a header line of which a quote is missing, which hides the brace.
    fn header_without_quotes(&self, item: &Range<usize>, kind: Token) -> Header {
        let line = self
            .text(&(kind.end..item.end))
            .lines()
            .next()
            .unwrap_or_default();
        let brace = line.find('{');
        let mut labels = Vec::new();
        let mut start = kind.end;
        let words = line.get(..brace.unwrap_or(line.len())).unwrap_or_default();
        for word in words.split([' ', '\t', '"']) {
            if !word.is_empty() {
                labels.push((word.to_owned(), start..start + word.len()));
            }
            start += word.len() + 1;
        }
        let open = brace.map(|brace| Token {
            kind: TokenKind::Open(b'{'),
            start: kind.end + brace,
            end: kind.end + brace + 1,
        });
        (labels, open)
    }

    /// Where the lines below a header start, when they are indented as those of a block are.
    fn lines_below(&self, item: &Range<usize>, kind: Token, header_end: usize) -> Option<usize> {
        let below = self.tokens_between(&(header_end..item.end)).next()?;
        (self.column(below.start) > self.column(kind.start)).then_some(header_end)
    }

    /// Where the body of a block ends and whether a `}` stands there.
    fn block_end(
        &self,
        item: &Range<usize>,
        kind: Token,
        body_start: usize,
        has_brace: bool,
        cut: Cut,
    ) -> (usize, bool) {
        let mut depth = usize::from(has_brace);
        let mut matching = None;
        let mut last = None;
        for token in self.tokens_between(&(body_start..item.end)) {
            match token.kind {
                TokenKind::Open(b'{') => depth += 1,
                TokenKind::Close(b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && matching.is_none() {
                        matching = Some(token.start);
                    }
                }
                _ => {}
            }
            last = Some(token);
        }
        let last = last
            .filter(|last| last.kind == TokenKind::Close(b'}'))
            .map(|last| last.start);
        let by_column = last.filter(|last| self.column(*last) == self.column(kind.start));
        let end = match cut {
            Cut::Brackets => matching,
            Cut::Indentation => by_column.or(matching),
            Cut::Whole => last,
        };
        match end {
            Some(end) => (end, true),
            None => (item.end, false),
        }
    }
}

/// The labels and the brace.
type Header = (Vec<LabelAt>, Option<Token>);

type LabelAt = (String, Range<usize>);

/// Whether a recovered header is worth keeping: one with a lost quote would name another block.
fn has_labels_of_its_kind(kind: &str, labels: &[LabelAt]) -> bool {
    let count = match kind {
        "resource" | "data" | "ephemeral" => 2,
        "variable" | "output" | "module" | "provider" | "check" => 1,
        "locals" | "terraform" | "moved" | "import" | "removed" => 0,
        _ => labels.len(),
    };
    let is_name = |text: &str| {
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        !text.is_empty() && text.chars().all(is_part)
    };
    labels.len() == count && labels.iter().all(|(text, _)| is_name(text))
}
