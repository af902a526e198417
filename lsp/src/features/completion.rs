//! `textDocument/completion`: rules in suppressions, and nothing elsewhere.

use akslint_core::editor::{self, Completion, CompletionKind};
use gen_lsp_types::{CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, TextEdit};

use super::markup;
use crate::positions;
use crate::session::Session;

/// A list of rules begins or goes on behind these.
pub(crate) const TRIGGERS: [&str; 4] = ["[", ",", ":", " "];

/// Only the text counts, so nothing has to be evaluated for it.
pub(crate) fn completions(session: &mut Session<'_>, params: CompletionParams) -> Option<CompletionResponse> {
    let place = params.text_document_position_params;
    let unit = session.client.unit;
    let (project, file) = session.text(&place.text_document.uri)?;
    if !file.text.contains("akslint") {
        return None;
    }
    let offset = positions::offset(file.lines(), &file.text, place.position, unit);
    let found = editor::completions(project.trees(), file.id, u32::try_from(offset).ok()?)?;
    let range = positions::range(&file, found.span, unit);
    let item = |(index, item): (usize, Completion)| CompletionItem {
        label: item.text.trim().to_owned(),
        kind: Some(kind(item.kind)),
        detail: Some(item.detail),
        documentation: Some(markup::content(&item.documentation, true).into()),
        sort_text: Some(format!("{index:04}")),
        filter_text: Some(item.text.clone()),
        text_edit: Some(
            TextEdit {
                range,
                new_text: item.text,
            }
            .into(),
        ),
        ..CompletionItem::default()
    };
    let items: Vec<CompletionItem> = found.items.into_iter().enumerate().map(item).collect();
    Some(items.into())
}

fn kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Directive => CompletionItemKind::Keyword,
        CompletionKind::Code | CompletionKind::Name => CompletionItemKind::EnumMember,
    }
}
