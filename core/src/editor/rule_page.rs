//! The page of a rule that a suppression names.

use crate::finding::Metadata;
use crate::source::FileId;
use crate::suppression::{NamedRules, named_rules};
use crate::syntax::Trees;

use super::Hover;
use super::markdown::{counted, table};

/// How many rules of a category or a beginning of codes are listed.
const MAXIMUM_RULES: usize = 12;

/// What a word in a suppression names: a rule's page without its examples, or the rules of a category.
pub fn rule_hover(trees: &Trees, file: FileId, offset: u32) -> Option<Hover> {
    let named = named_rules(trees, file)
        .into_iter()
        .find(|named| named.span.start <= offset && offset <= named.span.end)?;
    let markdown = match named.rules.as_slice() {
        [] => return None,
        [rule] => page(rule),
        several => list(&named, several),
    };
    Some(Hover {
        span: named.span,
        markdown,
    })
}

/// A rule's page in short: what goes wrong and what to do, and where the whole page is.
pub(super) fn page(rule: &Metadata) -> String {
    let mut text = format!(
        "**{} {}** · {} · {} confidence\n\n",
        rule.code,
        rule.name,
        rule.severity.word(),
        rule.confidence.word()
    );
    let mut is_example = false;
    for line in rule.documentation.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        if let Some(title) = line.strip_prefix("## ") {
            is_example = title.starts_with("Example");
            if !is_example {
                text.push_str(&format!("**{title}**\n"));
            }
            continue;
        }
        if !is_example {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(&format!("\n[Documentation of {}]({})\n", rule.code, rule.url()));
    text
}

fn list(named: &NamedRules, rules: &[&Metadata]) -> String {
    let rows: Vec<[String; 4]> = rules
        .iter()
        .take(MAXIMUM_RULES)
        .map(|rule| {
            [
                rule.code.to_owned(),
                rule.name.to_owned(),
                rule.severity.word().to_owned(),
                rule.summary.to_owned(),
            ]
        })
        .collect();
    let number = counted(rules.len() as u64, "rule");
    let mut text = format!("**{}** · {number}\n\n", super::markdown::name(&named.word));
    text.push_str(&table(["code", "name", "severity", "summary"], &rows));
    if rules.len() > MAXIMUM_RULES {
        text.push_str(&format!("\nAnd {} more.\n", rules.len() - MAXIMUM_RULES));
    }
    text
}
