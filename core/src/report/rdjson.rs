//! Reviewdog's diagnostic format, one JSON document. Its columns count bytes.

use serde::Serialize;

use super::{Place, pretty};
use crate::analysis::Analysis;
use crate::finding::Severity;
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
