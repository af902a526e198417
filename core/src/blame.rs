//! From what a rule said to what a user reads: which of a value's steps is underlined, and how the others
//! are called.

use crate::eval::provenance::{Provenance, Step, Via};
use crate::finding::{self, Finding, Label};
use crate::rules::{Blame, Draft};
use crate::source::{Sources, Span};

/// How many related places a finding names; further ones would not be read.
const MAXIMUM_RELATED: usize = 20;

/// The finding of a draft. The primary label is the step nearest the resource in a file that the user
/// owns: nobody can mend a downloaded module, or a plan.
pub(crate) fn finding(draft: Draft, sources: &Sources) -> Finding {
    let primary = nearest_owned(&draft.primary.from, sources);
    let mut labels = Labels {
        primary: primary.span,
        related: Vec::new(),
        reasons: Vec::new(),
    };
    for step in shown_steps(&draft.primary.from) {
        labels.add(step.span, step_message(*step));
    }
    for (blame, text) in &draft.because {
        let nearest = nearest_owned(&blame.from, sources);
        labels.add_reason(nearest.span, text);
        for step in shown_steps(&blame.from) {
            labels.add(step.span, step_message(*step));
        }
    }
    let mut blocks = vec![draft.primary.site.owner.block];
    for (blame, _) in &draft.because {
        if !blocks.contains(&blame.site.owner.block) {
            blocks.push(blame.site.owner.block);
        }
    }
    let fingerprint = fingerprint(&draft, sources);
    Finding {
        rule: draft.rule,
        severity: draft.severity,
        confidence: draft.confidence,
        primary: Label {
            span: primary.span,
            message: primary_message(&draft.primary, primary),
        },
        message: draft.message,
        help: draft.help,
        azure_error: draft.azure_error,
        resource: draft.primary.site.owner.resource.clone(),
        property: draft.primary.site.property.to_string(),
        related: labels.related,
        blocks,
        fixes: Vec::new(),
        deployments: Vec::new(),
        fingerprint,
    }
}

struct Labels {
    primary: Span,
    related: Vec<Label>,
    /// The places of those that are more than a step of a value.
    reasons: Vec<Span>,
}

impl Labels {
    /// What a fact contributed says more than how a value came there.
    fn add_reason(&mut self, span: Span, message: &str) {
        let steps = self.related.iter_mut().filter(|label| label.span == span);
        for label in steps.filter(|label| !self.reasons.contains(&label.span)) {
            message.clone_into(&mut label.message);
        }
        self.add(span, message);
        self.reasons.push(span);
    }

    /// Each place is named once, and a place inside or around one already named is not a second one.
    fn add(&mut self, span: Span, message: &str) {
        let repeats = |known: Span| span.contains(known) || known.contains(span);
        if repeats(self.primary) || self.related.iter().any(|label| repeats(label.span)) {
            return;
        }
        if self.related.len() < MAXIMUM_RELATED {
            self.related.push(Label {
                span,
                message: message.to_owned(),
            });
        }
    }
}

/// A plan only repeats what the configuration says.
fn shown_steps(from: &Provenance) -> impl Iterator<Item = &Step> {
    from.steps().iter().filter(|step| step.via != Via::Plan)
}

fn nearest_owned(from: &Provenance, sources: &Sources) -> Step {
    let owned = |step: &&Step| step.via != Via::Plan && !is_downloaded(&sources.file(step.span.file).path);
    from.steps()
        .iter()
        .find(owned)
        .copied()
        .unwrap_or_else(|| from.nearest())
}

/// Files below `.terraform` are copies of other people's modules.
pub(crate) fn is_downloaded(path: &str) -> bool {
    path.split('/').any(|part| part == ".terraform")
}

fn primary_message(blame: &Blame, step: Step) -> String {
    match step.via {
        Via::ProviderDefault => "not set here, so the default counts".to_owned(),
        _ if blame.site.owner.resource.is_empty() => "here".to_owned(),
        _ if blame.site.property.is_empty() => "this resource".to_owned(),
        _ => blame.site.property.to_string(),
    }
}

fn step_message(step: Step) -> &'static str {
    match step.via {
        Via::Use => "used here",
        Via::Literal => "set here",
        Via::ModuleArgument => "passed to the module here",
        Via::ModuleOutput => "output of the module here",
        Via::VariableDefault => "default here",
        Via::VariableFile => "set here",
        Via::VariableOption => "variable set outside the configuration",
        Via::Local => "local value here",
        Via::ResourceAttribute => "attribute of this resource",
        Via::Iteration => "one of these",
        Via::File => "read from a file here",
        Via::Plan => "so in the plan",
        Via::ProviderDefault => "not set here, so the default counts",
    }
}

/// The rule, the resource, the property and the text that was written: what stays the same when lines move.
fn fingerprint(draft: &Draft, sources: &Sources) -> String {
    let origin = draft.primary.from.written_origin();
    let file = sources.file(origin.span.file);
    let text = file
        .text
        .get(origin.span.start as usize..origin.span.end as usize)
        .unwrap_or_default();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let own = [
        draft.rule.code,
        &draft.primary.site.owner.resource,
        &draft.primary.site.property,
        &text,
    ];
    let others = draft
        .because
        .iter()
        .map(|(blame, _)| blame.site.owner.resource.as_str());
    finding::fingerprint(own.into_iter().chain(others))
}
