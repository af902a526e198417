//! What the tests of rules share: running the library over files in memory, and findings as plain text.

#![allow(dead_code)] // Each test binary uses its part.
#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

pub(crate) mod deployment_text;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::calendar::Date;
use akslint_core::settings::{Selector, VariableOption};
use akslint_core::source::{MemoryFileSystem, Sources, Span};
use akslint_core::{Analysis, Failure, Finding, Settings, Undecided, analyse};

/// The day for which tests judge unless a fixture says another.
pub(crate) const TODAY: Date = Date::new(2026, 11, 24);

/// The folder of the repository.
pub(crate) fn repository() -> PathBuf {
    let core = Path::new(env!("CARGO_MANIFEST_DIR"));
    core.parent().expect("core lies in the repository").to_path_buf()
}

/// Runs these rules over files in memory.
pub(crate) fn check(files: &BTreeMap<String, Vec<u8>>, settings: &Settings) -> Analysis {
    let file_system = MemoryFileSystem::new(files.clone());
    analyse(Arc::new(file_system), settings)
}

/// Settings for one rule, or for all of them.
pub(crate) fn settings(rule: Option<&str>) -> Settings {
    let mut settings = Settings::as_of(TODAY);
    if let Some(code) = rule {
        settings.select = vec![Selector::Code(code.to_owned())];
    }
    settings
}

/// Applies the lines of a fixture's `settings.txt`: `as-of 2028-04-01`, `var NAME=VALUE`, `var-file PATH`,
/// `env NAME=VALUE` for the environment's TF_VAR_NAME.
pub(crate) fn apply_settings(text: &str, settings: &mut Settings) {
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("as-of", day)) => settings.as_of = day.parse().expect("a date"),
            Some(("var", assignment)) => {
                let (name, value) = assignment.split_once('=').expect("NAME=VALUE");
                settings.variables.options.push(VariableOption::Assignment {
                    name: name.to_owned(),
                    value: value.to_owned(),
                });
            }
            Some(("env", assignment)) => {
                let (name, value) = assignment.split_once('=').expect("NAME=VALUE");
                let variable = (name.to_owned(), value.to_owned());
                settings.variables.environment.push(variable);
            }
            Some(("var-file", path)) => {
                let file = VariableOption::File(path.to_owned());
                settings.variables.options.push(file);
            }
            _ => panic!("settings.txt does not know this line: {line}"),
        }
    }
}

/// Every file below a folder by its path from there, `/` between the parts.
pub(crate) fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let relative = path.strip_prefix(folder).expect("a path below the folder");
            let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            files.insert(parts.join("/"), std::fs::read(&path).expect("a readable file"));
        }
    }
    files
}

/// An analysis as plain text: findings with every label, then what is undecided, then failures.
pub(crate) fn render(analysis: &Analysis) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        render_finding(finding, &analysis.sources, &mut text);
    }
    for suppressed in &analysis.suppressed {
        text.push_str("suppressed ");
        render_finding(&suppressed.finding, &analysis.sources, &mut text);
    }
    for undecided in &analysis.undecided {
        render_undecided(undecided, &analysis.sources, &mut text);
    }
    for failure in &analysis.failures {
        match failure {
            Failure::Unreadable { path, reason } => writeln!(text, "unreadable {path}: {reason}"),
            Failure::Unusable { path, reason } => writeln!(text, "unusable {path}: {reason}"),
            Failure::RulePanicked(rule) => writeln!(text, "panicked {}", rule.code),
            Failure::DeploymentPanicked { name } => writeln!(text, "panicked in {name}"),
        }
        .expect("text takes more text");
    }
    text
}

fn render_finding(finding: &Finding, sources: &Sources, text: &mut String) {
    let rule = finding.rule;
    let severity = finding.severity.word();
    let confidence = finding.confidence.word();
    let mut line = |indent: &str, words: String| writeln!(text, "{indent}{words}").expect("text");
    line(
        "",
        format!("{severity} ({confidence}) {} {}", rule.code, rule.name),
    );
    line("  ", finding.message.clone());
    line(
        "  ",
        format!("in {} {}", finding.resource, finding.property)
            .trim_end()
            .to_owned(),
    );
    for label in std::iter::once(&finding.primary).chain(&finding.related) {
        line(
            "  ",
            format!("at {}: {}", place(label.span, sources), label.message),
        );
    }
    if let Some(help) = &finding.help {
        line("  ", format!("help: {help}"));
    }
    if let Some(code) = finding.azure_error {
        line("  ", format!("azure: {code}"));
    }
    if finding.deployments != ["."] {
        line("  ", format!("deployments: {}", finding.deployments.join(", ")));
    }
}

fn render_undecided(undecided: &Undecided, sources: &Sources, text: &mut String) {
    let resource = if undecided.resource.is_empty() {
        "the deployment"
    } else {
        &undecided.resource
    };
    writeln!(
        text,
        "undecided {} for {resource}: {} ({}) at {}",
        undecided.rule.code,
        undecided.detail,
        undecided.reason,
        place(undecided.span, sources)
    )
    .expect("text takes more text");
}

/// `main.tf:3:10-3:25`: lines and columns from 1, columns count Unicode scalar values.
pub(crate) fn place(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let position = |offset: u32| {
        let before = &file.text[..offset as usize];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        let column = before[line_start..].chars().count() + 1;
        format!("{line}:{column}")
    };
    format!("{}:{}-{}", file.path, position(span.start), position(span.end))
}
