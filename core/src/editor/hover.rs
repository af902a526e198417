//! Everything that is known about a place, in one text.

use super::network_hover::network_hover;
use super::rule_page::rule_hover;
use super::value::value_hover;
use super::{FileAddress, Hover, Surroundings};
use crate::source::{FileId, Span};

/// What is shown for a byte offset of a file: the page of a rule that a suppression names; elsewhere what the networks of its deployments say about it, and what the
/// expression there turns out to be. What is about less text comes first. None where nothing is known.
pub fn hover(
    around: &Surroundings<'_>,
    file: FileId,
    offset: u32,
    address: &FileAddress<'_>,
) -> Option<Hover> {
    if let Some(rule) = rule_hover(around.trees, file, offset) {
        return Some(rule);
    }
    let network = network_hover(around, file, offset, address);
    let value = value_hover(around, file, offset, address);
    let mut sections: Vec<Hover> = [network, value].into_iter().flatten().collect();
    let size = |span: Span| span.end.saturating_sub(span.start);
    // Stable: of the same text, what the network says comes first.
    sections.sort_by_key(|section| size(section.span));
    let span = sections.first()?.span;
    let texts: Vec<&str> = sections.iter().map(|section| section.markdown.trim()).collect();
    Some(Hover {
        span,
        markdown: texts.join("\n\n---\n\n"),
    })
}
