//! The text that spells a value out.

use ipnet::IpNet;

use crate::eval::provenance::Via;
use crate::rules::Blame;
use crate::source::{Sources, Span};

use super::{is_owned, written_steps};

/// A literal that stands for exactly one value.
pub(super) struct Literal {
    /// With its quotes.
    pub(super) span: Span,
    /// The value alone.
    pub(super) inside: Span,
    pub(super) is_quoted: bool,
    /// The texts through which the resource reads it, nearest the resource first.
    pub(super) way: Vec<Passage>,
}

/// A text that hands a value on as it is.
pub(super) struct Passage {
    pub(super) span: Span,
    /// `var.range`, `parameters('range')`; none for what holds the value together with others.
    pub(super) reference: Option<String>,
}

/// The literal in a file of the user's that this value, which is `was`, comes from unchanged.
pub(super) fn literal(of: &Blame, was: &str, sources: &Sources) -> Option<Literal> {
    let mut steps: Vec<_> = written_steps(of).collect();
    let origin = steps.pop()?;
    let is_literal = matches!(
        origin.via,
        Via::Use | Via::Literal | Via::ModuleArgument | Via::VariableDefault | Via::VariableFile | Via::Local
    );
    if !is_literal || !is_owned(origin.span, sources) {
        return None;
    }
    let text = text(origin.span, sources)?;
    let quotes = ['"', '\''].into_iter().find(|quote| text.starts_with(*quote));
    let inner = match quotes {
        Some(quote) => text.strip_prefix(quote)?.strip_suffix(quote)?,
        None => text.as_str(),
    };
    let is_number = inner.chars().all(|character| character.is_ascii_digit());
    if !stands_for(inner, was) || quotes.is_none() && !is_number {
        return None;
    }
    let margin = u32::from(quotes.is_some());
    let way = steps.iter().map(|step| passage(step.span, sources));
    Some(Literal {
        span: origin.span,
        inside: Span {
            start: origin.span.start + margin,
            end: origin.span.end - margin,
            ..origin.span
        },
        is_quoted: quotes.is_some(),
        way: way.collect::<Option<_>>()?,
    })
}

fn text(span: Span, sources: &Sources) -> Option<String> {
    let file = sources.file(span.file);
    let text = file.text.get(span.start as usize..span.end as usize);
    text.map(str::to_owned)
}

/// Whether a literal is this value as the model has it: words without case, ranges without host bits.
fn stands_for(literal: &str, value: &str) -> bool {
    if literal.is_empty() {
        return false;
    }
    let range = |text: &str| text.parse::<IpNet>().ok().map(|range| range.trunc());
    literal.eq_ignore_ascii_case(value) || range(literal).is_some_and(|own| range(value) == Some(own))
}

/// Functions of these languages that choose among values, or put them together, and change none.
const HAND_ON: &[&str] = &[
    "coalesce",
    "concat",
    "createArray",
    "createObject",
    "element",
    "flatten",
    "items",
    "lookup",
    "merge",
    "one",
    "tolist",
    "tomap",
    "toset",
    "try",
    "tryGet",
    "union",
    "values",
];

/// The step as something that does not change a value; none for calls, conditions and templates.
fn passage(span: Span, sources: &Sources) -> Option<Passage> {
    let text = text(span, sources)?;
    let whole = text.trim();
    let unquoted = |start: &str, end: &str| {
        let inside = whole.strip_prefix(start)?.strip_suffix(end)?;
        (!inside.contains(end)).then_some(inside)
    };
    let bare = unquoted("\"[", "]\"")
        .or_else(|| unquoted("\"${", "}\""))
        .unwrap_or(whole);
    let reference = bare.trim();
    if is_reference(reference) {
        return Some(Passage {
            span,
            reference: Some(reference.to_owned()),
        });
    }
    let hands_on = |function: &&str| {
        bare.strip_prefix(*function)
            .is_some_and(|rest| rest.starts_with('('))
    };
    let is_collection = whole.starts_with(['[', '{']) || HAND_ON.iter().any(hands_on);
    let has_loop = whole
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|word| word == "for");
    (is_collection && !has_loop).then_some(Passage {
        span,
        reference: None,
    })
}

/// `var.a["b"].c`, `parameters('a').b`, `a.b[0]`: names and members, no call that computes.
fn is_reference(text: &str) -> bool {
    let mut rest = text.to_owned();
    for call in ["parameters(", "variables(", "copyIndex("] {
        while let Some(start) = rest.find(call) {
            let Some(length) = rest.get(start..).and_then(|call| call.find(')')) else {
                return false;
            };
            let argument = rest.get(start + call.len()..start + length).unwrap_or_default();
            let argument = argument.trim_matches('\'');
            let name = format!("_{argument}");
            rest.replace_range(start..=start + length, &name);
        }
    }
    let is_part = |c: char| c.is_alphanumeric() || "_-.[]\"'?!".contains(c);
    rest.starts_with(|c: char| c.is_alphabetic() || c == '_') && rest.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_pass_values_on_and_calls_do_not() {
        for text in [
            "var.a",
            "each.value[\"b\"].c",
            "parameters('a').b[copyIndex()]",
            "a.?b",
            "module.net.range",
        ] {
            assert!(is_reference(text), "{text}");
        }
        for text in [
            "lower(var.a)",
            "a ? b : c",
            "concat(parameters('a'))",
            "\"x\"",
            "5",
            "",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }

    #[test]
    fn a_literal_is_the_value_however_it_is_spelled() {
        assert!(stands_for("10.0.0.5/16", "10.0.0.0/16"));
        assert!(stands_for("Azure", "azure"));
        assert!(!stands_for("10.0.0.0/16", "10.0.0.0/17"));
        assert!(!stands_for("", ""));
    }
}
