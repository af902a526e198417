//! What a run found out, in the formats that other tools read. Each is a function from an analysis to
//! text; the same analysis always gives the same bytes.

mod azure;
mod concise;
mod github;
mod gitlab;
mod json;
mod junit;
pub mod network;
mod place;
pub mod plain;
mod rdjson;
mod sarif;
#[cfg(test)]
mod tests;

pub use place::Place;

use crate::analysis::{Analysis, Failure};
use crate::finding::Severity;

/// The formats that need no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One line for each finding: `path:line:column: severity CODE name: message`.
    Concise,
    /// akslint's own, version 1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    Junit,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// Reviewdog's diagnostics.
    Rdjson,
}

/// The whole report; it ends with a line break unless it is empty.
pub fn report(format: Format, analysis: &Analysis) -> String {
    match format {
        Format::Concise => concise::report(analysis),
        Format::Json => json::report(analysis),
        Format::Sarif => sarif::report(analysis),
        Format::Github => github::report(analysis),
        Format::Gitlab => gitlab::report(analysis),
        Format::Junit => junit::report(analysis),
        Format::Azure => azure::report(analysis),
        Format::Rdjson => rdjson::report(analysis),
    }
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl Counts {
    pub fn of(analysis: &Analysis) -> Self {
        let mut counts = Counts::default();
        for finding in &analysis.findings {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }
}

/// A failure in one sentence without a full stop.
pub fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Unreadable { path, reason } => format!("cannot read {path}: {reason}"),
        Failure::Unusable { path, reason } => format!("cannot use {path}: {reason}"),
        Failure::RulePanicked(rule) => format!(
            "rule {} ({}) failed, which is a fault of akslint; the other rules have run",
            rule.code, rule.name
        ),
        Failure::DeploymentPanicked { name } => {
            format!(
                "deployment {name} could not be evaluated, which is a fault of akslint; it is not checked"
            )
        }
    }
}

/// Pretty-printed, with a line break at the end.
fn pretty(value: &impl serde::Serialize) -> String {
    // Structs of strings and numbers always serialize.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
