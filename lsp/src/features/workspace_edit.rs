//! Edits of the library as the client takes them.

use std::collections::{BTreeMap, HashMap};

use akslint_core::finding::Edit;
use akslint_core::source::FileId;
use gen_lsp_types::{
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use url::Url;

use crate::positions;
use crate::session::Session;
use crate::workspace::{Place, ProjectId};

/// Edits of one project's files, all of them or none. Of open documents they name the version that they are for,
/// so that the client can refuse them once that has changed.
pub(crate) fn workspace_edit<'e>(
    session: &Session<'_>,
    project: ProjectId,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> Option<WorkspaceEdit> {
    let sources = session.workspace.projects.get(&project)?.project.sources();
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let file = sources.file(edit.span.file);
        by_file.entry(edit.span.file).or_default().push(TextEdit {
            range: positions::range(&file, edit.span, session.client.unit),
            new_text: edit.text.clone(),
        });
    }
    let mut files: Vec<(Url, Option<i32>, Vec<TextEdit>)> = Vec::new();
    for (file, edits) in by_file {
        let path = sources.file(file).path.clone();
        let address = session.address(&Place { project, path })?;
        let version = session.documents.get(&address).map(|open| open.document.version);
        files.push((address, version, edits));
    }
    if !session.client.takes_versioned_edits {
        let changes: HashMap<Url, Vec<TextEdit>> = files
            .into_iter()
            .map(|(address, _, edits)| (address, edits))
            .collect();
        return Some(WorkspaceEdit {
            changes: Some(changes),
            ..WorkspaceEdit::default()
        });
    }
    let changes = files.into_iter().map(|(uri, version, edits)| {
        let document = OptionalVersionedTextDocumentIdentifier {
            version,
            text_document_identifier: TextDocumentIdentifier { uri },
        };
        let edit = TextDocumentEdit {
            text_document: document,
            edits: edits.into_iter().map(Into::into).collect(),
        };
        edit.into()
    });
    Some(WorkspaceEdit {
        document_changes: Some(changes.collect()),
        ..WorkspaceEdit::default()
    })
}
