//! One line for each finding, as compilers print them: editors find the places in it.

use std::fmt::Write;

use super::Place;
use crate::analysis::Analysis;

pub(super) fn report(analysis: &Analysis) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        let place = Place::of(finding.primary.span, &analysis.sources);
        let _ = writeln!(
            text,
            "{}:{}:{}: {} {} {}: {}",
            place.path(),
            place.start.line,
            place.start.column,
            finding.severity.word(),
            finding.rule.code,
            finding.rule.name,
            finding.message
        );
    }
    text
}
