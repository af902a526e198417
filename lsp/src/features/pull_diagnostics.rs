//! `textDocument/diagnostic`: the client asks what is found in an open document.

use gen_lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport,
};

use crate::diagnostics;
use crate::session::Session;

/// What is found in the document now; the work that this needs is done first.
pub(crate) fn report(
    session: &mut Session<'_>,
    params: DocumentDiagnosticParams,
) -> DocumentDiagnosticReport {
    let address = &params.text_document.uri;
    let diagnostics = match session.current_place(address) {
        Some(place) => session.diagnostics(&place),
        None => Vec::new(),
    };
    let result_id = diagnostics::result_id(&diagnostics);
    if let Some(open) = session.documents.get_mut(address) {
        open.pulled = Some((open.document.version, result_id.clone()));
    }
    if params.previous_result_id.as_ref() == Some(&result_id) {
        return DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(
            RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
            },
        );
    }
    DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(result_id),
            items: diagnostics,
        },
    })
}
