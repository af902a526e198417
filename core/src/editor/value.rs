//! What an expression is: its value in every instance, its type and where it comes from, or why it cannot be
//! known.

use std::collections::{HashMap, HashSet};

use super::declared::{folder_of_root, line};
use super::notation::{Notation, short, type_of, unknown_word, written};
use super::seen::{Labels, Seen, is_as_written, seen};
use super::steps::{described, steps};
use super::{FileAddress, Hover, Surroundings};
use crate::eval::observer::Observed;
use crate::eval::provenance::{Provenance, Step, Via};
use crate::eval::value::{Kind, Reason, Unknown, Value};
use crate::source::{FileId, Span};

/// How many different values are listed; the others are counted.
const MAXIMUM_VALUES: usize = 8;
/// How many instances of one value are named.
const MAXIMUM_LABELS: usize = 3;
/// A value in a list has as many characters at most.
const IN_LIST: usize = 80;

/// What the expression or name at an offset is, in each deployment that reads the file; none for what is
/// written out and for what has no value.
pub fn value_hover(
    around: &Surroundings<'_>,
    file: FileId,
    offset: u32,
    address: &FileAddress<'_>,
) -> Option<Hover> {
    let all = seen(around, at(file, offset));
    let here = innermost(&all, around, offset)?;
    let span = here.first()?.observed.span;
    let notation = Notation::of(&around.trees.sources.file(file).path);
    let teller = Teller {
        around,
        address,
        notation,
        span,
    };
    let markdown = teller.told(&here);
    Some(Hover { span, markdown })
}

pub(super) fn at(file: FileId, offset: u32) -> Span {
    Span {
        file,
        start: offset,
        end: offset,
    }
}

/// The smallest text around an offset that has something to tell, in all its instances.
pub(super) fn innermost<'a, 's>(
    all: &'a [Seen<'s>],
    around: &Surroundings<'_>,
    offset: u32,
) -> Option<Vec<&'a Seen<'s>>> {
    let sources = &around.trees.sources;
    let tells = |seen: &&Seen<'_>| {
        let Observed {
            value, span, is_name, ..
        } = &seen.observed;
        match is_name {
            true => !is_as_written(value, *span, sources),
            false => !is_half_typed(value, *span),
        }
    };
    let spans = all.iter().filter(tells).map(|seen| seen.observed.span);
    let holding = spans.filter(|span| span.start <= offset && offset <= span.end);
    // Between two texts that touch, the cursor is at the beginning of the second.
    let best = holding.min_by_key(|span| (span.end == offset, span.end - span.start))?;
    Some(all.iter().filter(|seen| seen.observed.span == best).collect())
}

/// Whether nothing is known of a text but that it is not a whole expression yet.
fn is_half_typed(value: &Value, span: Span) -> bool {
    match &value.kind {
        Kind::Unknown(unknown) => *unknown.reason() == Reason::Incomplete && span.contains(unknown.span()),
        _ => false,
    }
}

struct Teller<'t> {
    around: &'t Surroundings<'t>,
    address: &'t FileAddress<'t>,
    notation: Notation,
    /// Of the text that is told of.
    span: Span,
}

/// Instances with the same value.
struct Same<'a, 's> {
    value: &'a Value,
    seen: Vec<&'a Seen<'s>>,
}

impl Teller<'_> {
    fn told(&self, here: &[&Seen<'_>]) -> String {
        let mut same: Vec<Same<'_, '_>> = Vec::new();
        let mut known: HashMap<u64, usize> = HashMap::new();
        for seen in here {
            let value = &seen.observed.value;
            let position = *known.entry(value.content_hash()).or_insert(same.len());
            match same.get_mut(position) {
                Some(same) => same.seen.push(seen),
                None => same.push(Same {
                    value,
                    seen: vec![seen],
                }),
            }
        }
        // Stable: what is known is read first.
        same.sort_by_key(|same| !same.value.is_wholly_known());
        match same.as_slice() {
            [only] => self.one(only),
            several => self.several(several, &Labels::new(here, self.notation)),
        }
    }

    fn one(&self, same: &Same<'_, '_>) -> String {
        let value = same.value;
        let from = same.seen.first().map_or("", |seen| &seen.view.deployment.root);
        let mut parts = Vec::new();
        match &value.kind {
            Kind::Unknown(unknown) if !shows_text(unknown) => parts.push(self.reason(unknown, from)),
            Kind::OneOf(one_of) => {
                let reason = self.reason(&one_of.condition.unknown, from);
                parts.push(format!("Hangs on a condition. {reason}"));
                parts.push(self.branches(value));
            }
            _ => {
                parts.push(format!(
                    "```{}\n{}\n```",
                    self.notation.word(),
                    written(value, self.notation)
                ));
                if let Some(unknown) = value.first_unknown() {
                    parts.push(self.reason(unknown, from));
                }
            }
        }
        let type_name = type_of(value, self.notation);
        let steps = steps(value, self.around.trees, self.span);
        let numbered: Vec<String> = steps
            .iter()
            .zip(1..)
            .map(|(step, number)| {
                format!(
                    "{number}. {} in {}",
                    described(*step, self.around.trees),
                    self.line(step.span, from)
                )
            })
            .collect();
        match (type_name, numbered.is_empty()) {
            (Some(name), true) => parts.push(name),
            (Some(name), false) => parts.push(format!("{name}, from:")),
            (None, true) => {}
            (None, false) => parts.push("From:".to_owned()),
        }
        if !numbered.is_empty() {
            parts.push(numbered.join("\n"));
        }
        parts.join("\n\n")
    }

    /// The values of a choice, each once: the value if the condition holds, and the other.
    fn branches(&self, value: &Value) -> String {
        let mut lines = Vec::new();
        let mut pending = vec![(value, String::new())];
        while let Some((value, path)) = pending.pop() {
            match &value.kind {
                Kind::OneOf(one_of) if path.len() < 64 => {
                    let then = |word: &str| match path.is_empty() {
                        true => word.to_owned(),
                        false => format!("{path}, {word}"),
                    };
                    pending.push((&one_of.no, then("otherwise")));
                    pending.push((&one_of.yes, then("if it holds")));
                }
                _ => lines.push(format!(
                    "- {path}: {}",
                    code(&short(value, self.notation, IN_LIST))
                )),
            }
        }
        let count = lines.len();
        limited(lines, count)
    }

    fn several(&self, same: &[Same<'_, '_>], labels: &Labels) -> String {
        let lines = same.iter().take(MAXIMUM_VALUES).map(|same| {
            let named: Vec<String> = same.seen.iter().map(|seen| labels.label(seen)).collect();
            let mut known = HashSet::new();
            let named: Vec<&String> = named
                .iter()
                .filter(|label| !label.is_empty() && known.insert(*label))
                .collect();
            let more = named.len().saturating_sub(MAXIMUM_LABELS);
            let named = named.iter().take(MAXIMUM_LABELS).map(|label| code(label));
            let mut named = named.collect::<Vec<_>>().join("; ");
            if more > 0 {
                named.push_str(&format!(" and {more} more"));
            }
            if !named.is_empty() {
                named.push_str(": ");
            }
            let from = same.seen.first().map_or("", |seen| &seen.view.deployment.root);
            format!("- {named}{}", self.in_list(same.value, from))
        });
        let mut text = limited(lines.collect(), same.len());
        let mut types = same.iter().map(|same| type_of(same.value, self.notation));
        let first = types.next().flatten();
        if let Some(first) = first
            && types.all(|other| other.as_ref() == Some(&first))
        {
            text.push_str(&format!("\n\n{first}"));
        }
        text
    }

    fn in_list(&self, value: &Value, from: &str) -> String {
        if let Kind::Unknown(unknown) = &value.kind
            && !shows_text(unknown)
        {
            return self.reason(unknown, from);
        }
        let shown = code(&short(value, self.notation, IN_LIST));
        match most_telling(&steps(value, self.around.trees, self.span)) {
            Some(step) => {
                let what = described(step, self.around.trees);
                format!("{shown}, {what} in {}", self.line(step.span, from))
            }
            None => shown,
        }
    }

    /// Why a value is not known, and where that lies.
    fn reason(&self, unknown: &Unknown, from: &str) -> String {
        let reason = match unknown.reason() {
            Reason::Sensitive { name } => match name.split_once(' ') {
                Some((word, name)) => format!("{word} {} is sensitive and not shown", code(name)),
                None => format!("{} is sensitive and not shown", code(name)),
            },
            Reason::Unassigned { name } => format!("Unknown: {} has no value", code(name)),
            Reason::Computed { what } => format!("Unknown: {} is known only after apply", code(what)),
            Reason::External { what } => {
                format!("Unknown: {} is read from outside the configuration", code(what))
            }
            Reason::ModuleNotFound { source } => {
                format!("Unknown: module {} is not on disk", code(source))
            }
            other => format!("Unknown: {}", plain(&other.to_string())),
        };
        let at = unknown.span();
        // What is said nowhere has an empty place.
        let is_here = self.span.contains(at) || at.contains(self.span) || at.start == at.end;
        match is_here {
            true => format!("{reason}."),
            false => format!("{reason} ({}).", self.line(at, from)),
        }
    }

    fn line(&self, span: Span, root: &str) -> String {
        line(self.around.trees, span, folder_of_root(root), self.address)
    }
}

/// The step that differs between instances: where somebody set the value, or where it was written.
fn most_telling(steps: &[Step]) -> Option<Step> {
    let first = |wanted: &[Via]| steps.iter().find(|step| wanted.contains(&step.via)).copied();
    first(&[Via::VariableFile, Via::VariableOption])
        .or_else(|| first(&[Via::VariableDefault]))
        .or_else(|| steps.last().copied())
}

/// Whether a part of an unknown text is known, so that the text is worth showing.
fn shows_text(unknown: &Unknown) -> bool {
    let value = Value::unknown(unknown.clone(), Provenance::new(Via::Use, unknown.span()));
    written(&value, Notation::Terraform) != unknown_word(unknown)
}

/// The first of so many lines, and how many there are besides.
fn limited(mut lines: Vec<String>, count: usize) -> String {
    lines.truncate(MAXIMUM_VALUES);
    let more = count.saturating_sub(lines.len());
    if more > 0 {
        lines.push(format!("- and {more} more"));
    }
    lines.join("\n")
}

/// As code, whatever stands in it.
pub(super) fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

/// A message without markup.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '*' | '_' | '<' | '>' | '`' | '[' | ']' | '\\' => shown.extend(['\\', character]),
            character if character.is_control() => shown.push(' '),
            character => shown.push(character),
        }
    }
    shown.trim_end_matches('.').to_owned()
}
