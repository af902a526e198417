//! `textDocument/inlayHint`: values and capacity behind the text that they belong to.

use akslint_core::editor::{self, Hint};
use akslint_core::source::Span;
use gen_lsp_types::{InlayHint, InlayHintParams};

use super::markup;
use crate::positions;
use crate::session::Session;

/// The hints of the kinds that the user wants, in the order of the text.
pub(crate) fn hints(session: &mut Session<'_>, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    let wanted = session.configuration.hints;
    if !(wanted.values || wanted.capacity) {
        return Some(Vec::new());
    }
    let address = &params.text_document.uri;
    let hints = session.ask(address, |question| {
        let range = Span {
            file: question.file.id,
            start: question.offset(params.range.start),
            end: question.offset(params.range.end),
        };
        let mut hints: Vec<Hint> = Vec::new();
        if wanted.values {
            hints.extend(editor::value_hints(&question.around, range));
        }
        if wanted.capacity {
            hints.extend(editor::capacity_hints(
                &question.around,
                range,
                &question.file_address(),
            ));
        }
        hints.sort_by_key(|hint| hint.span.end);
        let hint = |hint: &Hint| InlayHint {
            position: positions::position(&question.file, hint.span.end, question.unit),
            label: hint.label.clone().into(),
            kind: None,
            text_edits: None,
            tooltip: hint
                .tooltip
                .as_ref()
                .map(|tooltip| markup::content(tooltip, true).into()),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        };
        hints.iter().map(hint).collect()
    });
    session.hinted.insert(address.clone());
    Some(hints.unwrap_or_default())
}
