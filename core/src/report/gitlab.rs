//! A code quality report of GitLab: an array of issues.

use serde::Serialize;

use super::{Place, pretty};
use crate::analysis::Analysis;
use crate::finding::{self, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

pub(super) fn report(analysis: &Analysis) -> String {
    let places: Vec<Place> = analysis
        .findings
        .iter()
        .map(|finding| Place::of(finding.primary.span, &analysis.sources))
        .collect();
    let issues: Vec<Issue<'_>> = analysis
        .findings
        .iter()
        .zip(&places)
        .map(|(finding, place)| Issue {
            description: format!("{}: {}", finding.rule.name, finding.message),
            check_name: finding.rule.code,
            // GitLab shows one issue for each fingerprint, and two root modules can hold the same fault.
            fingerprint: finding::fingerprint([finding.fingerprint.as_str(), place.path(), &finding.message]),
            severity: match finding.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: Location {
                path: place.path(),
                positions: Positions {
                    begin: Point {
                        line: place.start.line,
                        column: place.start.column,
                    },
                    end: Point {
                        line: place.end.line,
                        column: place.end.column,
                    },
                },
            },
        })
        .collect();
    pretty(&issues)
}
