//! The comments of native syntax.

use super::scan::{Scanner, TokenKind};
use super::tree::Comment;
use crate::source::{FileId, Span};

/// What a comment that speaks to this tool holds.
const SUPPRESSION: &str = "akslint:";

/// Every comment with its place. A text that nowhere speaks to this tool is not searched: its comments are
/// of no use to anyone.
pub(super) fn comments(file: FileId, text: &str) -> Vec<Comment> {
    if !text.contains(SUPPRESSION) {
        return Vec::new();
    }
    Scanner::new(text, 0)
        .filter(|token| token.kind == TokenKind::Comment)
        .map(|token| Comment {
            span: Span::new(file, token.start, token.end),
            text: text.get(token.start..token.end).unwrap_or_default().to_owned(),
        })
        .collect()
}
