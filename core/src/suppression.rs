//! Comments that keep findings quiet: `# akslint: ignore[AKS110] reason`, and what stands for them in the
//! metadata of a template.

mod insertion;
mod metadata;
mod parse;
mod removal;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use insertion::suppression_fix;

use crate::finding::{self, Finding, Fix, Label, Metadata, Severity, Suppressed};
use crate::rules;
use crate::settings::Selector;
use crate::source::discovery::{DocumentNotation, is_configuration, is_variable_file};
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax::Trees;

pub(crate) use parse::MARKER;

/// One suppression comment.
#[derive(Debug, Clone)]
pub(crate) struct Suppression {
    pub(crate) span: Span,
    /// `ignore-file`.
    whole_file: bool,
    /// The line on which the comment ends, and the first line after it that is no comment: what stands on
    /// either is covered. None for the second where code stands before the comment.
    line: u32,
    line_below: Option<u32>,
    /// In Terraform's JSON a comment lies inside the block that it is about.
    in_json: bool,
    /// The resource or template whose metadata it is; it covers that and no line.
    object: Option<Span>,
    rules: Vec<Named>,
    pub(crate) reason: String,
    /// Why the comment is none, in words.
    malformed: Option<String>,
}

/// A rule that a comment names; all rules when it names none.
#[derive(Debug, Clone)]
struct Named {
    /// None when no rule is called so.
    selector: Option<Selector>,
    word: String,
    span: Span,
    is_used: bool,
}

/// A word in a suppression, and the rules that it names.
pub(crate) struct NamedRules {
    /// The word alone.
    pub(crate) span: Span,
    pub(crate) word: String,
    /// Empty when no rule is called so.
    pub(crate) rules: Vec<&'static Metadata>,
    /// The whole suppression.
    pub(crate) suppression: Span,
    /// It is not a comment but metadata of a template.
    pub(crate) in_metadata: bool,
}

/// The words that name rules in the suppressions of one file, in the order of the text.
pub(crate) fn named_rules(trees: &Trees, file: FileId) -> Vec<NamedRules> {
    let mut found = Vec::new();
    for suppression in suppressions(trees, &BTreeSet::from([file])) {
        for named in suppression.rules {
            // Without words it is for all rules, and has no place of its own.
            if named.span == suppression.span {
                continue;
            }
            let selector = named.selector.as_ref();
            let all = rules::ALL.iter().map(|rule| &rule.metadata);
            found.push(NamedRules {
                span: named.span,
                rules: all
                    .filter(|rule| selector.is_some_and(|selector| selector.covers(rule)))
                    .collect(),
                word: named.word,
                suppression: suppression.span,
                in_metadata: suppression.object.is_some(),
            });
        }
    }
    found.sort_by_key(|named| named.span.start);
    found
}

/// The suppressions of these files, in their order.
pub(crate) fn suppressions(trees: &Trees, files: &BTreeSet<FileId>) -> Vec<Suppression> {
    let mut suppressions = Vec::new();
    for id in files {
        let file = trees.sources.file(*id);
        let has_comment = file.text.contains(parse::MARKER);
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        if is_configuration(name) || is_variable_file(name) {
            if has_comment && let Ok(parsed) = trees.hcl(&file.path) {
                let comments = parsed.tree.comments.iter().map(|comment| comment.span);
                let in_json = name.ends_with(".json");
                suppressions.extend(comments.filter_map(|span| parse::suppression(span, &file, in_json)));
            }
            continue;
        }
        match DocumentNotation::of(name) {
            Some(DocumentNotation::Bicep | DocumentNotation::BicepParameters) => {
                if has_comment && let Ok(parsed) = trees.bicep(&file.path) {
                    let comments = parsed.tree.comments.iter().map(|comment| comment.span);
                    suppressions.extend(comments.filter_map(|span| parse::suppression(span, &file, false)));
                }
            }
            Some(DocumentNotation::Json) | None => {
                if (has_comment || file.text.contains(metadata::NAME))
                    && let Ok(parsed) = trees.json(&file.path)
                {
                    let comments = parsed.tree.comments.iter().map(|comment| comment.span);
                    suppressions.extend(comments.filter_map(|span| parse::suppression(span, &file, false)));
                    suppressions.extend(metadata::suppressions(&parsed.tree, &file));
                }
            }
        }
    }
    suppressions
}

/// Takes the findings that a comment covers out of the list.
pub(crate) fn suppress(
    findings: &mut Vec<Finding>,
    suppressions: &mut [Suppression],
    sources: &Sources,
) -> Vec<Suppressed> {
    let mut suppressed = Vec::new();
    if suppressions.is_empty() {
        return suppressed;
    }
    let mut kept = Vec::with_capacity(findings.len());
    for finding in findings.drain(..) {
        let mut by = None;
        for suppression in suppressions.iter_mut() {
            // Every comment that covers the finding is used, so each is asked.
            if covers(suppression, &finding, sources) && use_for(suppression, &finding) && by.is_none() {
                by = Some((suppression.span, suppression.reason.clone()));
            }
        }
        match by {
            Some((comment, reason)) => suppressed.push(Suppressed {
                finding,
                comment,
                reason,
            }),
            None => kept.push(finding),
        }
    }
    *findings = kept;
    suppressed
}

/// Whether the comment stands where it speaks about the finding.
fn covers(suppression: &Suppression, finding: &Finding, sources: &Sources) -> bool {
    let file = suppression.span.file;
    if suppression.whole_file {
        return finding.primary.span.file == file;
    }
    if let Some(object) = suppression.object {
        let mut blocks = finding.blocks.iter();
        return object.contains(finding.primary.span) || blocks.any(|block| object.contains(*block));
    }
    let source = sources.file(file);
    let stands_at = |line: u32| line == suppression.line || Some(line) == suppression.line_below;
    let labels = std::iter::once(&finding.primary).chain(&finding.related);
    let on_label = labels.filter(|label| label.span.file == file).any(|label| {
        let lines = lines(label.span, &source);
        lines.0 <= suppression.line && suppression.line <= lines.1 || stands_at(lines.0)
    });
    let on_block = finding
        .blocks
        .iter()
        .filter(|block| block.file == file)
        .any(|block| {
            let starts_below = Some(lines(*block, &source).0) == suppression.line_below;
            starts_below || suppression.in_json && block.contains(suppression.span)
        });
    on_label || on_block
}

/// Whether the comment names the finding's rule; notes that it was needed.
fn use_for(suppression: &mut Suppression, finding: &Finding) -> bool {
    let mut names_it = false;
    for named in &mut suppression.rules {
        // A comment without names is for faults of the network: were it for itself, it could not be unused.
        let is_for_all = named.word.is_empty() && finding.rule.code != UNUSED_SUPPRESSION;
        let is_named =
            !named.word.is_empty() && named.selector.as_ref().is_some_and(|s| s.covers(finding.rule));
        if is_for_all || is_named {
            named.is_used = true;
            names_it = true;
        }
    }
    names_it
}

/// The first and the last line of a span.
fn lines(span: Span, file: &SourceFile) -> (u32, u32) {
    (file.position(span.start).line, file.position(span.end).line)
}

/// The code of the rule about suppressions themselves.
pub(crate) const UNUSED_SUPPRESSION: &str = "AKS003";

/// What is wrong with a suppression comment.
pub(crate) struct Fault {
    pub(crate) span: Span,
    pub(crate) message: String,
    pub(crate) help: String,
    fix: Option<Fix>,
}

/// The comments that are no suppressions, name no rule, or keep nothing quiet. One whose rule did not run
/// or could not decide something in its file is not called unused.
pub(crate) fn faults(
    suppressions: &[Suppression],
    trees: &Trees,
    is_selected: impl Fn(&Metadata) -> bool,
    undecided_in: impl Fn(FileId) -> Vec<&'static str>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    for suppression in suppressions {
        if let Some(message) = &suppression.malformed {
            faults.push(Fault {
                span: suppression.span,
                message: message.clone(),
                help: match suppression.object {
                    Some(_) => metadata::HELP.to_owned(),
                    None => "write `akslint: ignore[AKS110] reason` or `akslint: ignore-file[AKS110] reason`"
                        .to_owned(),
                },
                fix: None,
            });
        }
        for (index, named) in suppression.rules.iter().enumerate() {
            let removed = || removal::fix(suppression, index, trees);
            let Some(selector) = &named.selector else {
                faults.push(Fault {
                    fix: removed(),
                    ..unknown_rule(named)
                });
                continue;
            };
            let mut covered = rules::ALL
                .iter()
                .map(|rule| &rule.metadata)
                .filter(|rule| selector.covers(rule));
            let undecided = undecided_in(suppression.span.file);
            let may_be_needed = covered.any(|rule| !is_selected(rule) || undecided.contains(&rule.code));
            let is_about_itself =
                rules::find(&named.word).is_some_and(|rule| rule.metadata.code == UNUSED_SUPPRESSION);
            if named.is_used || is_about_itself || may_be_needed {
                continue;
            }
            faults.push(Fault {
                fix: removed(),
                ..unused(named, suppression.object.is_some())
            });
        }
    }
    faults
}

fn unknown_rule(named: &Named) -> Fault {
    let nearest = rules::selector(&named.word)
        .err()
        .and_then(|unknown| unknown.nearest);
    Fault {
        span: named.span,
        message: format!("no rule is called \"{}\"", named.word),
        help: match nearest {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "write a code or name that `akslint rules` lists".to_owned(),
        },
        fix: None,
    }
}

fn unused(named: &Named, in_metadata: bool) -> Fault {
    let what = if in_metadata { "metadata" } else { "comment" };
    let (message, help) = if named.word.is_empty() {
        (
            format!("this {what} keeps nothing quiet"),
            format!("remove the {what}"),
        )
    } else {
        (
            format!(
                "{} has no finding here that this {what} would keep quiet",
                named.word
            ),
            format!("remove it from the {what}"),
        )
    };
    Fault {
        span: named.span,
        message,
        help,
        fix: None,
    }
}

/// The finding about a comment.
pub(crate) fn finding(
    fault: Fault,
    rule: &'static Metadata,
    severity: Severity,
    mut deployments: Vec<String>,
    sources: &Sources,
) -> Finding {
    deployments.sort();
    let file = sources.file(fault.span.file);
    Finding {
        rule,
        severity,
        confidence: rule.confidence,
        fingerprint: finding::fingerprint([rule.code, &file.path, &fault.message]),
        message: fault.message,
        help: Some(fault.help),
        azure_error: None,
        resource: String::new(),
        property: String::new(),
        primary: Label {
            span: fault.span,
            message: "here".to_owned(),
        },
        related: Vec::new(),
        blocks: Vec::new(),
        fixes: fault.fix.into_iter().collect(),
        deployments,
    }
}
