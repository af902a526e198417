//! Logging commands of Azure Pipelines.

use std::fmt::Write;

use super::Place;
use crate::analysis::Analysis;
use crate::finding::Severity;

pub(super) fn report(analysis: &Analysis) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        let place = Place::of(finding.primary.span, &analysis.sources);
        let kind = match finding.severity {
            Severity::Error => "error",
            // There is nothing below a warning.
            Severity::Warning | Severity::Info => "warning",
        };
        let mut message = format!("{}: {}", finding.rule.name, finding.message);
        if let Some(help) = &finding.help {
            let _ = write!(message, "; {help}");
        }
        let _ = writeln!(
            text,
            "##vso[task.logissue type={kind};sourcepath={};linenumber={};columnnumber={};code={};]{}",
            property(place.path()),
            place.start.line,
            place.start.column,
            finding.rule.code,
            data(&message)
        );
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}
