//! JUnit's XML: a test case for each finding, in a suite for each file.

use std::fmt::Write;

use super::Place;
use crate::analysis::Analysis;

pub(super) fn report(analysis: &Analysis) -> String {
    let findings: Vec<_> = analysis
        .findings
        .iter()
        .map(|finding| (Place::of(finding.primary.span, &analysis.sources), finding))
        .collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let total = findings.len();
    let _ = writeln!(
        text,
        "<testsuites name=\"akslint\" tests=\"{}\" failures=\"{total}\" errors=\"0\">",
        total.max(1)
    );
    if findings.is_empty() {
        // Servers call a report without a test a failed one.
        text.push_str("  <testsuite name=\"akslint\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        text.push_str("    <testcase name=\"no findings\" classname=\"akslint\"/>\n  </testsuite>\n");
    }
    for suite in findings.chunk_by(|a, b| a.0.path() == b.0.path()) {
        let Some((first, _)) = suite.first() else {
            continue;
        };
        let path = escaped(first.path());
        let count = suite.len();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{path}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">"
        );
        for (place, finding) in suite {
            let _ = writeln!(
                text,
                "    <testcase name=\"{} {}\" classname=\"{path}\" file=\"{path}\" line=\"{}\">",
                finding.rule.code, finding.rule.name, place.start.line
            );
            let mut details = format!(
                "{}:{}:{}: {}",
                place.path(),
                place.start.line,
                place.start.column,
                finding.message
            );
            if let Some(help) = &finding.help {
                let _ = write!(details, "\nhelp: {help}");
            }
            let _ = writeln!(
                text,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                finding.severity.word(),
                escaped(&finding.message),
                escaped(&details)
            );
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// For text and for attribute values. Control characters cannot stand in XML at all.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            character => escaped.push(character),
        }
    }
    escaped
}
