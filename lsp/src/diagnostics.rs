//! Findings in the client's terms.

use std::hash::{DefaultHasher, Hash, Hasher};

use akslint_core::finding::{Category, Finding, Severity};
use akslint_core::source::{ColumnUnit, Sources};
use gen_lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
};
use url::Url;

use crate::positions;

/// The name under which clients list what comes from here.
pub(crate) const SOURCE: &str = "akslint";

/// A finding as a client shows it. `address` tells where the other files of the project are.
pub(crate) fn diagnostic(
    finding: &Finding,
    sources: &Sources,
    unit: ColumnUnit,
    address: impl Fn(&str) -> Option<Url>,
) -> Diagnostic {
    let file = sources.file(finding.primary.span.file);
    let related = finding.related.iter().filter_map(|label| {
        let file = sources.file(label.span.file);
        Some(DiagnosticRelatedInformation {
            location: Location {
                uri: address(&file.path)?,
                range: positions::range(&file, label.span, unit),
            },
            message: label.message.clone(),
        })
    });
    let message = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    Diagnostic {
        range: positions::range(&file, finding.primary.span, unit),
        severity: Some(severity(finding.severity)),
        code: Some(finding.rule.code.to_owned().into()),
        code_description: Url::parse(&finding.rule.url())
            .ok()
            .map(|href| CodeDescription { href }),
        source: Some(SOURCE.to_owned()),
        message: message.into(),
        tags: tag(finding).map(|tag| vec![tag]),
        related_information: Some(related.collect()),
        data: Some(serde_json::json!({ "fingerprint": finding.fingerprint })),
    }
}

/// The name of a result: the same for the same diagnostics.
pub(crate) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(diagnostics)
        .unwrap_or_default()
        .hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::Error,
        Severity::Warning => DiagnosticSeverity::Warning,
        Severity::Info => DiagnosticSeverity::Information,
    }
}

/// How clients draw it: a comment that does nothing is faded out, what Azure retires is struck through.
fn tag(finding: &Finding) -> Option<DiagnosticTag> {
    match finding.rule.category {
        Category::Deprecation => Some(DiagnosticTag::Deprecated),
        Category::Input if finding.rule.name == "unused-suppression" => Some(DiagnosticTag::Unnecessary),
        _ => None,
    }
}
