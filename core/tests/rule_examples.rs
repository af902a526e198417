//! The examples in the rules' documentation do what they say.
//!
//! A fence ```` ```terraform,finding ```` shows the fault, a fence ```` ```terraform ```` the same without
//! it. No example has an error of another rule, unless its fence says so: `also-AKS118`.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;

use akslint_core::Severity;
use akslint_core::finding::Metadata;
use akslint_core::rules;

#[derive(Debug)]
struct Example {
    /// The words after the opening fence.
    words: Vec<String>,
    text: String,
}

impl Example {
    fn says(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }
}

/// The Terraform examples of a rule's documentation.
fn examples(rule: &Metadata) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut open: Option<Example> = None;
    for line in rule.documentation.lines() {
        // Documentation lines begin with the blank that follows `///`.
        let line = line.strip_prefix(' ').unwrap_or(line);
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(fence)) => {
                let words = fence.split(',').map(|word| word.trim().to_owned());
                open = Some(Example {
                    words: words.collect(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => examples.extend(open.take()),
            (Some(example), None) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: an example is not closed", rule.code);
    examples.retain(|example| example.says("terraform"));
    examples
}

/// What is wrong with an example; none when it does what it says.
fn fault(rule: &Metadata, example: &Example) -> Option<String> {
    let files = BTreeMap::from([("main.tf".to_owned(), example.text.clone().into_bytes())]);
    let analysis = common::check(&files, &common::settings(None));
    let own = analysis
        .findings
        .iter()
        .filter(|finding| finding.rule.code == rule.code)
        .count();
    let complaint = match (example.says("finding"), own) {
        (true, 0) => "does not find the fault that it shows".to_owned(),
        (false, 1..) => "finds the fault in the example without it".to_owned(),
        _ => {
            let other = analysis.findings.iter().find(|finding| {
                finding.severity == Severity::Error
                    && finding.rule.code != rule.code
                    && !example.says(&format!("also-{}", finding.rule.code))
            })?;
            format!("has an error of {} as well", other.rule.code)
        }
    };
    let rendered = common::render(&analysis);
    Some(format!(
        "{} {complaint}:\n{}\n{rendered}",
        rule.code, example.text
    ))
}

#[test]
fn every_rule_shows_the_fault_and_the_way_without_it() {
    for rule in rules::ALL {
        let examples = examples(&rule.metadata);
        let with_fault = examples.iter().filter(|example| example.says("finding")).count();
        assert!(
            with_fault > 0,
            "{}: no ```terraform,finding example",
            rule.metadata.code
        );
        let without = examples.len() - with_fault;
        assert!(
            without > 0,
            "{}: no ```terraform example without the fault",
            rule.metadata.code
        );
        let page = rule.metadata.documentation;
        assert!(
            page.contains("## What to do"),
            "{}: no `## What to do`",
            rule.metadata.code
        );
    }
}

#[test]
fn examples_do_what_they_say() {
    let mut faults: Vec<String> = Vec::new();
    for rule in rules::ALL {
        for example in examples(&rule.metadata) {
            faults.extend(fault(&rule.metadata, &example));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
