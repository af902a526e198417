//! The lines below the findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use akslint_core::report::{Counts, Place};
use akslint_core::{Analysis, Undecided, fix};

use crate::fixing::Fixed;

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

/// One line about the findings that have a fix; empty when none has.
pub(crate) fn fixable(analysis: &Analysis, with_unsafe: bool) -> String {
    let with_fix = |with_unsafe: bool| {
        let findings = analysis.findings.iter();
        findings
            .filter(|finding| fix::first(finding, with_unsafe).is_some())
            .count()
    };
    let (safe, all) = (with_fix(false), with_fix(true));
    match (safe, all - safe) {
        (0, 0) => String::new(),
        _ if with_unsafe => format!("{all} fixable with `--fix --unsafe-fixes`\n"),
        (0, more) => format!("{more} fixable with `--fix --unsafe-fixes`\n"),
        (safe, 0) => format!("{safe} fixable with `--fix`\n"),
        (safe, more) => format!("{safe} fixable with `--fix`, and {more} more with `--unsafe-fixes`\n"),
    }
}

/// One line about what was fixed.
pub(crate) fn fixed(fixed: &Fixed) -> String {
    match fixed.fixes {
        0 => "nothing fixed\n".to_owned(),
        fixes => format!(
            "{} made in {}\n",
            match fixes {
                1 => "1 fix".to_owned(),
                fixes => format!("{fixes} fixes"),
            },
            counted(fixed.files.len(), "file")
        ),
    }
}

/// The reasons that most checks are undecided for, each with its first place.
fn reasons(analysis: &Analysis) -> String {
    /// The paths and lines at which one reason lies.
    type Lines<'a> = BTreeSet<(&'a str, u32)>;
    let mut by_detail: BTreeMap<&str, (usize, Lines<'_>)> = BTreeMap::new();
    let places: Vec<Place> = analysis
        .undecided
        .iter()
        .map(|undecided| Place::of(undecided.span, &analysis.sources))
        .collect();
    for (undecided, place) in analysis.undecided.iter().zip(&places) {
        let (count, lines) = by_detail
            .entry(undecided.detail.trim_end_matches('.'))
            .or_default();
        *count += 1;
        lines.insert((place.path(), place.start.line));
    }
    let mut reasons: Vec<_> = by_detail.into_iter().collect();
    reasons.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let named = reasons.iter().take(NAMED_REASONS).map(|(detail, (_, lines))| {
        let first = lines.first().map(|(path, line)| format!("{path}:{line}"));
        let more = match lines.len() {
            0 | 1 => String::new(),
            lines => format!(" and {}", counted(lines - 1, "other place")),
        };
        format!("{detail} ({}{more})", first.unwrap_or_default())
    });
    let named: Vec<String> = named.collect();
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
