//! The steps of a value's way, in words.

use super::declared::{self, DeclaredKind};
use crate::eval::provenance::{Step, Via};
use crate::eval::value::{Kind, Value};
use crate::source::Span;
use crate::syntax::Trees;

/// Further steps are not told.
const MAXIMUM: usize = 8;
/// Deeper parts of a value do not tell where they come from.
const DEPTH: usize = 4;

/// The steps of a value and of its parts that lie elsewhere than the text that has it, nearest first.
pub(super) fn steps(value: &Value, trees: &Trees, at: Span) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    collect(value, 0, &mut steps);
    let line = |span: Span| trees.sources.file(span.file).position(span.start).line;
    let own = line(at);
    // A step on the same line tells nobody anything.
    steps.retain(|step| {
        let is_here = at.contains(step.span) || step.span.file == at.file && line(step.span) == own;
        !is_here && step.via != Via::Plan
    });
    steps.truncate(MAXIMUM);
    steps
}

fn collect(value: &Value, depth: usize, into: &mut Vec<Step>) {
    let unknown = match &value.kind {
        Kind::Unknown(unknown) => Some(unknown.span()),
        _ => None,
    };
    for step in value.from.steps() {
        // Why it is not known is told by itself.
        let is_reason = step.via == Via::VariableDefault && unknown == Some(step.span);
        // Of parts only what comes from elsewhere counts.
        let is_own = depth > 0 && matches!(step.via, Via::Literal | Via::Use);
        if !is_own && !is_reason && !into.iter().any(|known| known.span == step.span) {
            into.push(*step);
        }
    }
    if depth >= DEPTH || into.len() > 4 * MAXIMUM {
        return;
    }
    match &value.kind {
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            elements
                .iter()
                .for_each(|element| collect(element, depth + 1, into));
        }
        Kind::Map(entries) | Kind::Object(entries) => {
            let members = entries.members.values();
            members.for_each(|member| collect(member, depth + 1, into));
        }
        Kind::OneOf(one_of) => {
            collect(&one_of.yes, depth + 1, into);
            collect(&one_of.no, depth + 1, into);
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Unknown(_) => {}
    }
}

/// ``default of variable `cidr` ``, ``passed to module `network` as `cidr` ``: names are code.
pub(super) fn described(step: Step, trees: &Trees) -> String {
    let around = declared::around(trees, step.span);
    let of = |before: &str| match &around {
        Some(around) => format!("{before} {} `{}`", around.kind.word(), around.name),
        None => before.to_owned(),
    };
    let property = around.as_ref().and_then(|around| around.property.as_deref());
    match step.via {
        Via::Use => match property {
            Some(property) => format!("`{property}` {}", of("of")),
            None => of("used by"),
        },
        Via::Literal => match (property, around.as_ref().map(|around| around.kind)) {
            (Some("default"), _) => of("default of"),
            (_, Some(DeclaredKind::Local | DeclaredKind::Variable | DeclaredKind::Parameter)) => {
                of("").trim_start().to_owned()
            }
            (Some(property), Some(_)) => format!("written as `{property}` {}", of("of")),
            _ => of("written"),
        },
        Via::ModuleArgument => match property {
            Some(property) => format!("{} as `{property}`", of("passed to")),
            None => of("passed to"),
        },
        Via::ModuleOutput => match &around {
            Some(around) => format!("output `{}`", around.name),
            None => "output of the module".to_owned(),
        },
        Via::VariableDefault => of("default of"),
        Via::VariableFile => match &around {
            Some(around) => format!("{} `{}` set", around.kind.word(), around.name),
            None => "set".to_owned(),
        },
        Via::VariableOption => format!(
            "{} is set outside the configuration; declared",
            of("").trim_start()
        ),
        Via::Local => match &around {
            Some(around) => format!("{} `{}`", around.kind.word(), around.name),
            None => "local value".to_owned(),
        },
        Via::ResourceAttribute => match &around {
            Some(around) => format!("attribute of `{}`", around.name),
            None => "attribute of this resource".to_owned(),
        },
        Via::Iteration => match property {
            Some(property @ ("for_each" | "count")) => format!("`{property}` {}", of("of")),
            _ => of("a turn of the loop in"),
        },
        Via::File => "read from a file".to_owned(),
        Via::Plan => "so in the plan".to_owned(),
        Via::ProviderDefault => format!("default {}, which does not set it,", of("for")),
    }
}
