//! `akslint explain`.

use std::process::ExitCode;

use akslint_core::finding::{FixKind, Metadata};
use akslint_core::report::plain::plain;
use akslint_core::rules;

use crate::arguments::Color;
use crate::output::{self, Problem};
use crate::request::no_such_rule;

pub(crate) fn run(word: &str, color: Color) -> Result<ExitCode, Problem> {
    match rules::find(word.trim()) {
        Some(rule) => output::print(&page(&rule.metadata, output::is_colored(color), output::width())),
        None => {
            let mut unknown = rules::UnknownRule {
                word: word.to_owned(),
                nearest: None,
            };
            if let Err(similar) = rules::selector(word) {
                unknown = similar;
            }
            Err(no_such_rule(&unknown))
        }
    }
}

fn page(rule: &Metadata, is_colored: bool, width: usize) -> String {
    let title = format!("{} {}", rule.code, rule.name);
    let title = if is_colored {
        format!("\u{1b}[1m{title}\u{1b}[0m")
    } else {
        title
    };
    let fix = match rule.fix {
        FixKind::None => "none",
        FixKind::Suggest => "the help names a value to choose",
        FixKind::Auto => "one safe edit",
    };
    let references: String = rule
        .references
        .iter()
        .map(|address| format!("- {address}\n"))
        .collect();
    format!(
        "{title}\n\n{}\n\ncategory    {}\nseverity    {}\nconfidence  {}\nfix         {fix}\nsince       {}\n\n{}\n\nReferences\n\n{references}- {}\n",
        rule.summary,
        rule.category.word(),
        rule.severity.word(),
        rule.confidence.word(),
        rule.since,
        plain(rule.documentation, width.min(100)),
        rule.url()
    )
}
