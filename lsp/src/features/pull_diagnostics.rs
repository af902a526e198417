//! `textDocument/diagnostic`: the client asks what is found in an open document.

use std::hash::{DefaultHasher, Hash, Hasher};

use gen_lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport,
};

use crate::session::Session;

/// What is found in the document now; the work that this needs is done first.
pub(crate) fn report(
    session: &mut Session<'_>,
    params: DocumentDiagnosticParams,
) -> DocumentDiagnosticReport {
    let diagnostics = match session.current_place(&params.text_document.uri) {
        Some(place) => session.diagnostics(&place),
        None => Vec::new(),
    };
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&diagnostics)
        .unwrap_or_default()
        .hash(&mut hasher);
    let result_id = format!("{:016x}", hasher.finish());
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
