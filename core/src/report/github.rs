//! Workflow commands of GitHub Actions: they annotate the lines of a pull request.

use std::fmt::Write;

use super::Place;
use crate::analysis::Analysis;
use crate::finding::Severity;

pub(super) fn report(analysis: &Analysis) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        let place = Place::of(finding.primary.span, &analysis.sources);
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let title = format!("{} {}", finding.rule.code, finding.rule.name);
        let mut properties = format!(
            "file={},line={},endLine={}",
            property(place.path()),
            place.start.line,
            place.end.line
        );
        if place.start.line == place.end.line {
            // GitHub takes columns only for a range in one line.
            let _ = write!(
                properties,
                ",col={},endColumn={}",
                place.start.column, place.end.column
            );
        }
        let mut message = finding.message.clone();
        if let Some(help) = &finding.help {
            let _ = write!(message, "\nhelp: {help}");
        }
        let _ = writeln!(
            text,
            "::{command} {properties},title={}::{}",
            property(&title),
            data(&message)
        );
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
