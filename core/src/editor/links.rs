//! Links from suppressions to the pages of the rules that they name.

use crate::source::{FileId, Span};
use crate::suppression::named_rules;
use crate::syntax::Trees;

/// A text that leads to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub span: Span,
    pub address: String,
    /// What the page is about.
    pub title: String,
}

/// One link for each word of a file's suppressions that names exactly one rule.
pub fn rule_links(trees: &Trees, file: FileId) -> Vec<Link> {
    let named = named_rules(trees, file).into_iter();
    named
        .filter_map(|named| match named.rules.as_slice() {
            [rule] => Some(Link {
                span: named.span,
                address: rule.url(),
                title: format!("{}: {}", rule.code, rule.summary),
            }),
            _ => None,
        })
        .collect()
}
