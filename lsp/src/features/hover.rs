//! `textDocument/hover`: what is known about the place under the pointer.

use akslint_core::editor;
use gen_lsp_types::{Hover, HoverParams};

use super::markup;
use crate::positions;
use crate::session::Session;

pub(crate) fn hover(session: &mut Session<'_>, params: HoverParams) -> Option<Hover> {
    let place = params.text_document_position_params;
    let shows_markdown = session.client.hovers_in_markdown;
    session.ask(&place.text_document.uri, |question| {
        let offset = question.offset(place.position);
        let file = &question.file;
        let rule = editor::rule_hover(question.around.trees, file.id, offset);
        let hover =
            rule.or_else(|| editor::hover(&question.around, file.id, offset, &question.file_address()))?;
        Some(Hover {
            contents: markup::content(&hover.markdown, shows_markdown).into(),
            range: Some(positions::range(file, hover.span, question.unit)),
        })
    })?
}
