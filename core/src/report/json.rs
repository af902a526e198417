//! akslint's own JSON, version 1. Fields are only ever added.

use serde::Serialize;

use super::{Counts, Place, pretty};
use crate::analysis::Analysis;
use crate::finding::{Finding, Fix, Undecided};
use crate::source::{Position, Sources, Span};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    summary: Summary,
    diagnostics: Vec<Diagnostic<'a>>,
    undecided: Vec<UndecidedCheck<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    deployments: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    suppressed: usize,
    undecided: usize,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    confidence: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    url: String,
    /// None when the finding is about no resource, such as a syntax error.
    resource: Option<&'a str>,
    deployments: &'a [String],
    azure_error: Option<&'static str>,
    location: Location,
    related: Vec<Related<'a>>,
    fixes: Vec<FixReport<'a>>,
    fingerprint: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct FixReport<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditReport<'a>>,
}

#[derive(Serialize)]
struct EditReport<'a> {
    #[serde(flatten)]
    location: Location,
    text: &'a str,
}

#[derive(Serialize)]
struct UndecidedCheck<'a> {
    code: &'static str,
    resource: Option<&'a str>,
    reason: &'static str,
    detail: &'a str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

pub(super) fn report(analysis: &Analysis) -> String {
    let counts = Counts::of(analysis);
    let sources = &analysis.sources;
    pretty(&Document {
        version: 1,
        tool: Tool {
            name: "akslint",
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: Summary {
            files: analysis.files,
            deployments: analysis.deployments.len(),
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            suppressed: analysis.suppressed.len(),
            undecided: analysis.undecided.len(),
        },
        diagnostics: analysis
            .findings
            .iter()
            .map(|finding| diagnostic(finding, sources))
            .collect(),
        undecided: analysis
            .undecided
            .iter()
            .map(|check| undecided(check, sources))
            .collect(),
    })
}

fn diagnostic<'a>(finding: &'a Finding, sources: &Sources) -> Diagnostic<'a> {
    let related = finding.related.iter().map(|label| Related {
        message: &label.message,
        location: location(label.span, sources),
    });
    Diagnostic {
        code: finding.rule.code,
        name: finding.rule.name,
        severity: finding.severity.word(),
        confidence: finding.confidence.word(),
        message: &finding.message,
        help: finding.help.as_deref(),
        url: finding.rule.url(),
        resource: named(&finding.resource),
        deployments: &finding.deployments,
        azure_error: finding.azure_error,
        location: location(finding.primary.span, sources),
        related: related.collect(),
        fixes: finding.fixes.iter().map(|fix| self::fix(fix, sources)).collect(),
        fingerprint: &finding.fingerprint,
    }
}

fn fix<'a>(fix: &'a Fix, sources: &Sources) -> FixReport<'a> {
    let edits = fix.edits.iter().map(|edit| EditReport {
        location: location(edit.span, sources),
        text: &edit.text,
    });
    FixReport {
        title: &fix.title,
        applicability: fix.applicability.word(),
        edits: edits.collect(),
    }
}

fn undecided<'a>(undecided: &'a Undecided, sources: &Sources) -> UndecidedCheck<'a> {
    UndecidedCheck {
        code: undecided.rule.code,
        resource: named(&undecided.resource),
        reason: undecided.reason,
        detail: &undecided.detail,
        location: location(undecided.span, sources),
    }
}

fn named(resource: &str) -> Option<&str> {
    (!resource.is_empty()).then_some(resource)
}

fn location(span: Span, sources: &Sources) -> Location {
    let place = Place::of(span, sources);
    let point = |position: Position, offset: u32| Point {
        line: position.line,
        column: position.column,
        offset,
    };
    Location {
        start: point(place.start, span.start),
        end: point(place.end, span.end),
        path: place.path().to_owned(),
    }
}
