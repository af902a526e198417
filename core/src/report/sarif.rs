//! SARIF 2.1.0, for code scanning.

mod schema;

use crate::analysis::Analysis;
use crate::finding::{Confidence, Finding, Fix, Metadata, Severity, Suppressed};
use crate::rules;
use crate::source::{FileId, Sources, Span};

use super::{Place, plain::plain, pretty};
use schema::{
    ArtifactChange, ArtifactLocation, BaseId, BaseIds, Configuration, Content, Driver, Fingerprints,
    FixProperties, Help, Invocation, Location, Log, LogicalLocation, Message, Notification, PhysicalLocation,
    Region, Replacement, Result, ResultProperties, Rule, RuleProperties, Run, RunProperties, Suppression,
    Tool,
};

const ROOT: &str = "%SRCROOT%";

pub(super) fn report(analysis: &Analysis) -> String {
    let sources = &analysis.sources;
    let mut results: Vec<Result<'_>> = Vec::new();
    for finding in &analysis.findings {
        results.push(result(finding, None, sources));
    }
    for suppressed in &analysis.suppressed {
        results.push(result(&suppressed.finding, Some(suppressed), sources));
    }
    let notifications = analysis.failures.iter().map(|failure| Notification {
        level: "error",
        message: Message {
            text: super::failure(failure),
        },
    });
    pretty(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "akslint",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: env!("CARGO_PKG_REPOSITORY"),
                    rules: rules::ALL
                        .iter()
                        .map(|rule| declaration(&rule.metadata))
                        .collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: analysis.failures.is_empty(),
                tool_execution_notifications: notifications.collect(),
            }],
            original_uri_base_ids: BaseIds {
                root: BaseId {
                    description: Message {
                        text: "The folder in which akslint was started.".to_owned(),
                    },
                },
            },
            column_kind: "unicodeCodePoints",
            results,
            properties: RunProperties {
                files: analysis.files,
                deployments: analysis.deployments.len(),
                undecided: analysis.undecided.len(),
            },
        }],
    })
}

fn declaration(rule: &'static Metadata) -> Rule {
    let markdown = rule
        .documentation
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n");
    Rule {
        id: rule.code,
        name: rule.name,
        short_description: Message {
            text: rule.summary.to_owned(),
        },
        full_description: Message {
            text: plain(markdown.split("\n##").next().unwrap_or_default(), usize::MAX),
        },
        help: Help {
            text: plain(&markdown, 100),
            markdown: markdown.trim().to_owned(),
        },
        help_uri: rule.url(),
        default_configuration: Configuration {
            level: level(rule.severity),
        },
        properties: RuleProperties {
            tags: ["aks", "azure", "kubernetes", "network", rule.category.word()],
            precision: match rule.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            },
            problem_severity: match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
            since: rule.since,
        },
    }
}

fn result<'a>(finding: &'a Finding, suppressed: Option<&'a Suppressed>, sources: &Sources) -> Result<'a> {
    let mut text = finding.message.clone();
    if let Some(help) = &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut location = location(finding.primary.span, &finding.primary.message, sources);
    if !finding.resource.is_empty() {
        location.logical_locations.push(LogicalLocation {
            fully_qualified_name: &finding.resource,
            kind: "resource",
        });
    }
    let related = finding.related.iter().zip(1..).map(|(label, id)| Location {
        id: Some(id),
        ..self::location(label.span, &label.message, sources)
    });
    let suppressions = suppressed.map(|suppressed| Suppression {
        kind: "inSource",
        justification: (!suppressed.reason.is_empty()).then_some(&suppressed.reason),
        location: self::location(suppressed.comment, "suppressed here", sources),
    });
    Result {
        rule_id: finding.rule.code,
        rule_index: rules::ALL
            .iter()
            .position(|rule| rule.metadata.code == finding.rule.code),
        level: level(finding.severity),
        message: Message { text },
        locations: [location],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            fault: &finding.fingerprint,
        },
        suppressions: suppressions.into_iter().collect(),
        fixes: finding.fixes.iter().map(|fix| self::fix(fix, sources)).collect(),
        properties: ResultProperties {
            confidence: finding.confidence.word(),
            deployments: &finding.deployments,
            azure_error: finding.azure_error,
        },
    }
}

fn fix<'a>(fix: &'a Fix, sources: &Sources) -> schema::Fix<'a> {
    let mut changes: Vec<(FileId, ArtifactChange<'a>)> = Vec::new();
    for edit in &fix.edits {
        let place = Place::of(edit.span, sources);
        let replacement = Replacement {
            deleted_region: region(&place),
            inserted_content: (!edit.text.is_empty()).then_some(Content { text: &edit.text }),
        };
        match changes.iter_mut().find(|(file, _)| *file == edit.span.file) {
            Some((_, change)) => change.replacements.push(replacement),
            None => changes.push((
                edit.span.file,
                ArtifactChange {
                    artifact_location: artifact(place.path()),
                    replacements: vec![replacement],
                },
            )),
        }
    }
    schema::Fix {
        description: Message {
            text: fix.title.clone(),
        },
        artifact_changes: changes.into_iter().map(|(_, change)| change).collect(),
        properties: FixProperties {
            applicability: fix.applicability.word(),
        },
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn location<'a>(span: Span, message: &str, sources: &Sources) -> Location<'a> {
    let place = Place::of(span, sources);
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact(place.path()),
            region: region(&place),
        },
        logical_locations: Vec::new(),
        message: Message {
            text: message.to_owned(),
        },
    }
}

fn region(place: &Place) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
    }
}

/// A path as a reference, relative to the folder in which akslint was started unless it is absolute.
fn artifact(path: &str) -> ArtifactLocation {
    let is_absolute = path.starts_with('/');
    let mut uri = String::with_capacity(path.len());
    if is_absolute {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char)
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    ArtifactLocation {
        uri,
        uri_base_id: (!is_absolute).then_some(ROOT),
    }
}
