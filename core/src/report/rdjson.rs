//! Reviewdog's diagnostic format, one JSON document. Its columns count bytes.

use serde::Serialize;

use super::{Place, pretty};
use crate::analysis::Analysis;
use crate::finding::{Finding, Severity};
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: &'a str,
    location: Location,
    severity: &'static str,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct Location {
    path: String,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

pub(super) fn report(analysis: &Analysis) -> String {
    let sources = &analysis.sources;
    let diagnostics = analysis.findings.iter().map(|finding| {
        let related = finding.related.iter().map(|label| Related {
            message: &label.message,
            location: location(label.span, sources),
        });
        Diagnostic {
            message: &finding.message,
            location: location(finding.primary.span, sources),
            severity: match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            code: Code {
                value: finding.rule.code,
                url: finding.rule.url(),
            },
            related_locations: related.collect(),
            suggestions: suggestions(finding, sources),
        }
    });
    pretty(&Document {
        source: Source {
            name: "akslint",
            url: env!("CARGO_PKG_REPOSITORY"),
        },
        diagnostics: diagnostics.collect(),
    })
}

/// A suggestion of this format is one change in the file of the diagnostic, so fixes that need more are left out.
fn suggestions<'a>(finding: &'a Finding, sources: &Sources) -> Vec<Suggestion<'a>> {
    let edits = finding.fixes.iter().filter_map(|fix| match fix.edits.as_slice() {
        [edit] if edit.span.file == finding.primary.span.file => Some(edit),
        _ => None,
    });
    let suggestions = edits.map(|edit| Suggestion {
        range: location(edit.span, sources).range,
        text: &edit.text,
    });
    suggestions.collect()
}

fn location(span: Span, sources: &Sources) -> Location {
    let place = Place::of(span, sources);
    let (start, end) = place.in_bytes();
    Location {
        range: Range {
            start: Point {
                line: start.line,
                column: start.column,
            },
            end: Point {
                line: end.line,
                column: end.column,
            },
        },
        path: place.path().to_owned(),
    }
}
