//! The ranges and addresses that expressions compute, behind them.

use std::collections::HashMap;
use std::net::IpAddr;

use ipnet::IpNet;

use super::notation::Notation;
use super::seen::{Labels, Seen, seen};
use super::value::code;
use super::{Hint, HintKind, Surroundings};
use crate::eval::value::{Kind, Value};
use crate::source::Span;

/// How many ranges of one list a label names.
const IN_LABEL: usize = 3;
/// How many instances a tooltip names.
const IN_TOOLTIP: usize = 16;

/// Hints of kind [`HintKind::Value`] for what lies in a range, in the order of the text: the outermost
/// expressions whose values are ranges or addresses. What is written out needs none.
pub fn value_hints(around: &Surroundings<'_>, range: Span) -> Vec<Hint> {
    let file = around.trees.sources.file(range.file);
    let notation = Notation::of(&file.path);
    let all = seen(around, range);
    let mut hints: Vec<Hint> = Vec::new();
    let mut rest = all.as_slice();
    while let Some(first) = rest.first() {
        let span = first.observed.span;
        let count = rest.iter().take_while(|seen| seen.observed.span == span).count();
        let (same, after) = rest.split_at(count);
        rest = after;
        let is_inside = |hint: &Hint| hint.span.contains(span);
        let is_long = file.position(span.start).line != file.position(span.end).line;
        // Of what is long, the parts are nearer to what they are.
        if is_long || hints.last().is_some_and(is_inside) {
            continue;
        }
        hints.extend(hint(same, whole(span, &file.text), notation));
    }
    hints
}

/// The string of a template that an expression is, with its quotes.
fn whole(span: Span, text: &str) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let after = text.get(span.end as usize..).unwrap_or_default();
    match before.ends_with("\"[") && after.starts_with("]\"") {
        true => Span {
            start: span.start - 2,
            end: span.end + 2,
            ..span
        },
        false => span,
    }
}

fn hint(same: &[Seen<'_>], span: Span, notation: Notation) -> Option<Hint> {
    let expressions: Vec<&Seen<'_>> = same.iter().filter(|seen| !seen.observed.is_name).collect();
    let mut texts: Vec<(String, Vec<&Seen<'_>>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut others = 0;
    for seen in &expressions {
        let Some(text) = ranges(&seen.observed.value) else {
            others += 1;
            continue;
        };
        let position = *known.entry(text.clone()).or_insert(texts.len());
        match texts.get_mut(position) {
            Some((_, seens)) => seens.push(seen),
            None => texts.push((text, vec![seen])),
        }
    }
    let (first, _) = texts.first()?;
    let label = match (texts.len(), others) {
        (1, 0) => format!("= {first}"),
        (1, _) => format!("= {first} … (or unknown)"),
        (count, _) => format!("= {first} … ({count} values)"),
    };
    let tooltip = (texts.len() > 1).then(|| tooltip(&texts, &Labels::new(&expressions, notation)));
    Some(Hint {
        span,
        label,
        tooltip,
        kind: HintKind::Value,
    })
}

fn tooltip(texts: &[(String, Vec<&Seen<'_>>)], labels: &Labels) -> String {
    let lines = texts.iter().take(IN_TOOLTIP).map(|(text, seens)| {
        let label = seens.first().map(|seen| labels.label(seen)).unwrap_or_default();
        match label.is_empty() {
            true => format!("- {}", code(text)),
            false => format!("- {}: {}", code(&label), code(text)),
        }
    });
    let mut text = lines.collect::<Vec<_>>().join("\n");
    if texts.len() > IN_TOOLTIP {
        text.push_str(&format!("\n- and {} more", texts.len() - IN_TOOLTIP));
    }
    text
}

/// A range, an address, or a list of such; none for any other value.
fn ranges(value: &Value) -> Option<String> {
    if let Some(text) = range(value) {
        return Some(text.to_owned());
    }
    let elements = value.elements().filter(|elements| !elements.is_empty())?;
    let known: Vec<&str> = elements.iter().map(range).collect::<Option<_>>()?;
    let mut text = known
        .iter()
        .take(IN_LABEL)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if known.len() > IN_LABEL {
        text.push_str(&format!(", … ({} ranges)", known.len()));
    }
    Some(text)
}

fn range(value: &Value) -> Option<&str> {
    let Kind::String(text) = &value.kind else {
        return None;
    };
    let is_range = text.parse::<IpNet>().is_ok() || text.parse::<IpAddr>().is_ok();
    is_range.then_some(&**text)
}
