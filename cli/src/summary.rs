//! The lines below the findings.

use std::collections::BTreeMap;
use std::fmt::Write;

use akslint_core::report::{Counts, Place};
use akslint_core::{Analysis, Undecided};

/// How many reasons the line about undecided checks names.
const NAMED_REASONS: usize = 3;

/// One line with the counts, and one about what was undecided.
pub(crate) fn summary(analysis: &Analysis, is_listed: bool) -> String {
    let counts = Counts::of(analysis);
    let mut text = format!(
        "{}, {}: {}, {}, {}, {} suppressed, {} undecided\n",
        counted(analysis.files, "file"),
        counted(analysis.deployments.len(), "deployment"),
        counted(counts.errors, "error"),
        counted(counts.warnings, "warning"),
        counted(counts.infos, "info"),
        analysis.suppressed.len(),
        analysis.undecided.len()
    );
    if !analysis.undecided.is_empty() {
        let checks = counted(analysis.undecided.len(), "check");
        let hint = if is_listed {
            ""
        } else {
            "; run with --show-undecided"
        };
        let _ = writeln!(text, "{checks} undecided: {}{hint}", reasons(analysis));
    }
    text
}

/// The reasons that most checks are undecided for, with their places.
fn reasons(analysis: &Analysis) -> String {
    let mut counted: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for undecided in &analysis.undecided {
        let place = Place::of(undecided.span, &analysis.sources);
        let place = format!("{}:{}", place.path(), place.start.line);
        *counted.entry((place, &undecided.detail)).or_default() += 1;
    }
    let mut reasons: Vec<_> = counted.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let named = reasons.iter().take(NAMED_REASONS);
    let named: Vec<String> = named
        .map(|((place, detail), _)| format!("{detail} ({place})"))
        .collect();
    let more = if reasons.len() > NAMED_REASONS { " …" } else { "" };
    format!("{}{more}", named.join(", "))
}

/// One line for each check that could not be made.
pub(crate) fn undecided(analysis: &Analysis) -> String {
    let mut text = String::new();
    for undecided in &analysis.undecided {
        let Undecided {
            rule,
            resource,
            detail,
            span,
            ..
        } = undecided;
        let place = Place::of(*span, &analysis.sources);
        let about = if resource.is_empty() {
            String::new()
        } else {
            format!(" for {resource}")
        };
        let _ = writeln!(
            text,
            "{}:{}:{}: undecided {} {}{about}: {detail}",
            place.path(),
            place.start.line,
            place.start.column,
            rule.code,
            rule.name
        );
    }
    text
}

/// The number of findings of each rule, the most frequent first.
pub(crate) fn statistics(analysis: &Analysis) -> String {
    let mut counts: BTreeMap<&str, (usize, &str, &str)> = BTreeMap::new();
    for finding in &analysis.findings {
        let severity = finding.rule.severity.word();
        let entry = counts
            .entry(finding.rule.code)
            .or_insert((0, finding.rule.name, severity));
        entry.0 += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, (count, _, _))| std::cmp::Reverse(*count));
    let width = rows
        .iter()
        .map(|(_, (count, _, _))| count.to_string().len())
        .max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for (code, (count, name, severity)) in rows {
        let _ = writeln!(text, "{count:>width$}  {code}  {severity:7}  {name}");
    }
    text
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
