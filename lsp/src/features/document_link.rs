//! `textDocument/documentLink`: from the rules that suppressions name to their pages.

use akslint_core::editor;
use gen_lsp_types::{DocumentLink, DocumentLinkParams};
use url::Url;

use crate::positions;
use crate::session::Session;

pub(crate) fn links(session: &mut Session<'_>, params: DocumentLinkParams) -> Option<Vec<DocumentLink>> {
    let (project, file) = session.text(&params.text_document.uri)?;
    let links = editor::rule_links(project.trees(), file.id).into_iter();
    let links = links.filter_map(|link| {
        Some(DocumentLink {
            range: positions::range(&file, link.span, session.client.unit),
            target: Some(Url::parse(&link.address).ok()?),
            tooltip: Some(link.title),
            data: None,
        })
    });
    Some(links.collect())
}
