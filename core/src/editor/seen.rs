//! What the expressions of a range turn out to be in every deployment that reads the file.

use std::collections::HashMap;
use std::sync::Arc;

use super::notation::{Notation, short};
use super::{Surroundings, View};
use crate::deep_stack;
use crate::eval::deployment::ModuleStep;
use crate::eval::observer::{Observed, Turn};
use crate::eval::roots::{self, Root};
use crate::eval::value::{Kind, Value};
use crate::lower;
use crate::source::{Sources, Span};

/// In further deployments nothing is evaluated: their values are not shown anyway.
const MAXIMUM_DEPLOYMENTS: usize = 24;

/// An expression in one instance of one deployment.
pub(super) struct Seen<'s> {
    pub(super) view: &'s View,
    pub(super) observed: Observed,
}

/// In the order of the text; of one text in the order of the deployments.
pub(super) fn seen<'s>(around: &Surroundings<'s>, range: Span) -> Vec<Seen<'s>> {
    let (trees, settings, allowed) = (around.trees, around.settings, around.allowed);
    let views: Vec<&View> = around.reading(range.file).take(MAXIMUM_DEPLOYMENTS).collect();
    if views.is_empty() {
        return Vec::new();
    }
    let observed = deep_stack::run(|| {
        let observed = views
            .iter()
            .map(|view| roots::observed(trees, &view.root, settings, allowed, &lower::Azure, range));
        observed.collect::<Vec<_>>()
    });
    let mut seen: Vec<Seen<'s>> = Vec::new();
    for (view, observed) in views.into_iter().zip(observed) {
        seen.extend(observed.into_iter().map(|observed| Seen { view, observed }));
    }
    seen.sort_by_key(|seen| {
        (
            seen.observed.span.start,
            std::cmp::Reverse(seen.observed.span.end),
        )
    });
    seen
}

/// Whether a value is what stands behind its name, so that there is nothing to tell of it.
pub(super) fn is_as_written(value: &Value, name: Span, sources: &Sources) -> bool {
    let is_written = || {
        let [step] = value.from.steps() else {
            return false;
        };
        if step.span.file != name.file || step.span.start < name.end {
            return false;
        }
        let file = sources.file(step.span.file);
        let text = file.text.get(step.span.start as usize..step.span.end as usize);
        let text = text.unwrap_or_default().trim_matches(['"', '\'']);
        match &value.kind {
            Kind::Null => text == "null",
            Kind::Bool(truth) => text == if *truth { "true" } else { "false" },
            Kind::Number(number) => text == number.decimal().to_plain_string(),
            Kind::String(own) => text == &**own,
            _ => false,
        }
    };
    match &value.kind {
        Kind::Tuple(elements) => elements
            .iter()
            .all(|element| is_as_written(element, name, sources)),
        Kind::Object(entries) => {
            let mut members = entries.members.values();
            entries.open.is_none() && members.all(|member| is_as_written(member, name, sources))
        }
        _ => is_written(),
    }
}

/// What tells the instances of one text apart: no more than is needed to know the value.
pub(super) struct Labels {
    parts: Parts,
    notation: Notation,
}

#[derive(Clone, Copy)]
struct Parts {
    has_deployment: bool,
    has_modules: bool,
    has_turns: bool,
}

impl Labels {
    pub(super) fn new(seen: &[&Seen<'_>], notation: Notation) -> Self {
        let labels = |parts: Parts| Labels { parts, notation };
        let mut all = labels(Parts {
            has_deployment: true,
            has_modules: true,
            has_turns: true,
        });
        for number in 0..8 {
            let fewer = labels(Parts {
                has_deployment: number & 4 != 0,
                has_modules: number & 2 != 0,
                has_turns: number & 1 != 0,
            });
            let mut values = HashMap::new();
            let mut is_told_apart = seen.iter().map(|seen| {
                let value = seen.observed.value.content_hash();
                *values.entry(fewer.label(seen)).or_insert(value) == value
            });
            if is_told_apart.all(|is_told_apart| is_told_apart) {
                all = fewer;
                break;
            }
        }
        all
    }

    /// `prod`, `module.network["a"]`, `each.key = "b"`; empty when nothing tells it apart.
    pub(super) fn label(&self, seen: &Seen<'_>) -> String {
        let within = &seen.observed.within;
        let mut parts = Vec::new();
        if self.parts.has_deployment {
            parts.push(seen.view.root.name().to_owned());
        }
        if self.parts.has_modules {
            parts.push(match &within.modules {
                Some(modules) if !modules.is_empty() => path_of(&seen.view.root, modules),
                _ => "root".to_owned(),
            });
        }
        if self.parts.has_turns {
            parts.extend(within.turns.iter().filter_map(|turn| self.turn(turn)));
        }
        parts.join(", ")
    }

    /// None for an element with parts, which would be too long.
    fn turn(&self, turn: &Turn) -> Option<String> {
        let is_plain = matches!(turn.at.kind, Kind::Bool(_) | Kind::Number(_) | Kind::String(_));
        let name = match &*turn.name {
            "each" => "each.key",
            "count" => "count.index",
            name => name,
        };
        is_plain.then(|| format!("{name} = {}", short(&turn.at, self.notation, 40)))
    }
}

fn path_of(root: &Root, modules: &Arc<[ModuleStep]>) -> String {
    let steps = modules.iter();
    match root {
        Root::Template(_) => {
            let steps: Vec<String> = steps.map(|step| format!("{}{}", step.name, step.key)).collect();
            steps.join("/")
        }
        Root::Terraform(_) | Root::Plan(_) => {
            let steps: Vec<String> = steps
                .map(|step| format!("module.{}{}", step.name, step.key))
                .collect();
            steps.join(".")
        }
    }
}
