//! `akslint rules`.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::process::ExitCode;

use akslint_core::finding::{FixKind, Metadata};
use akslint_core::rules::ALL;
use serde::Serialize;

use crate::arguments::ListFormat;
use crate::output::{self, Problem};

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    category: &'static str,
    severity: &'static str,
    summary: &'static str,
    docs: String,
    fixable: bool,
    since: &'static str,
}

impl Row {
    fn of(rule: &'static Metadata) -> Self {
        Row {
            code: rule.code,
            name: rule.name,
            category: rule.category.word(),
            severity: rule.severity.word(),
            summary: rule.summary,
            docs: rule.url(),
            fixable: rule.fix == FixKind::Auto,
            since: rule.since,
        }
    }
}

pub(crate) fn run(format: ListFormat) -> Result<ExitCode, Problem> {
    let rows: Vec<Row> = ALL.iter().map(|rule| Row::of(&rule.metadata)).collect();
    match format {
        ListFormat::Json => {
            let text = serde_json::to_string_pretty(&rows).map_err(|error| error.to_string())?;
            output::print(&format!("{text}\n"))
        }
        ListFormat::Text => {
            let width = if io::stdout().is_terminal() {
                output::width()
            } else {
                usize::MAX
            };
            output::print(&table(&rows, width))
        }
    }
}

/// On a terminal, summaries are cut at its edge, so that a row is a line.
fn table(rows: &[Row], width: usize) -> String {
    let longest = rows.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for row in rows {
        let line = format!(
            "{}  {:7}  {:longest$}  {}",
            row.code, row.severity, row.name, row.summary
        );
        let cut: String = line.chars().take(width).collect();
        let _ = writeln!(text, "{}", cut.trim_end());
    }
    text
}
