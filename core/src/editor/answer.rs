//! Answers about the network for somebody who looks at one place: where they hang on what nobody knows, in
//! each way in which it could turn out.

use crate::eval::deployment::Presence;
use crate::eval::value::Unknown;
use crate::model::attr::{Attr, List};
use crate::model::cidr::Cidr;
use crate::model::network::Network;
use crate::model::view::View;
use crate::model::world::{World, next_script};

use super::markdown::{Files, name, place};

/// How many reasons are named; the rest would not be read.
const MAXIMUM_REASONS: usize = 4;

/// How many ways in which the unknown could turn out are looked at.
const MAXIMUM_WORLDS: usize = 8;

/// How many different answers are shown.
const MAXIMUM_ANSWERS: usize = 2;

/// The different answers to a question, those first in which everything that nobody knows holds.
pub(super) struct Answers<T> {
    pub(super) answers: Vec<T>,
    /// What was taken one way or the other.
    pub(super) conditions: Vec<Unknown>,
    /// Every way in which it could turn out was looked at.
    pub(super) is_complete: bool,
}

/// Asks in each way in which the unknown could turn out, up to a limit.
pub(super) fn answers<T: PartialEq>(
    network: &Network,
    presence: &Presence,
    question: impl for<'v> Fn(View<'v>) -> T,
) -> Answers<T> {
    let mut found = Answers {
        answers: Vec::new(),
        conditions: Vec::new(),
        is_complete: false,
    };
    let mut script = Vec::new();
    for _ in 0..MAXIMUM_WORLDS {
        let world = World::new(presence, script);
        let answer = question(View::new(network, &world));
        if !found.answers.contains(&answer) {
            found.answers.push(answer);
        }
        let (decisions, _) = world.into_parts();
        let conditions = decisions.iter().map(|decision| decision.condition.clone());
        found.conditions.extend(conditions);
        match next_script(&decisions) {
            Some(next) => script = next,
            None => {
                found.is_complete = true;
                break;
            }
        }
    }
    found
}

/// What a question is answered with: one text where nothing unknown matters, and otherwise the
/// possibilities and the reasons why there are several.
pub(super) fn ask(
    network: &Network,
    files: &Files<'_>,
    presence: &Presence,
    question: impl for<'v> Fn(View<'v>) -> String,
) -> String {
    let found = answers(network, presence, |view| {
        let answer = question(view);
        answer.trim_start_matches('\n').to_owned()
    });
    let number = found.answers.len();
    let reasons = reasons(&found.conditions, files);
    let at_least = if found.is_complete { "" } else { "At least " };
    match found.answers.as_slice() {
        [] => String::new(),
        [only] if found.is_complete || only.is_empty() => only.clone(),
        [only] => format!("{only}\nSo far as looked at, for {reasons}.\n"),
        [first, second, ..] => {
            let shown = match number {
                MAXIMUM_ANSWERS => "",
                _ => ", of which two are shown",
            };
            format!("{at_least}{number} possibilities{shown}, because {reasons}.\n\n{first}\nOr:\n\n{second}")
        }
    }
}

/// `var.pods has no value (main.tf:3)`, several joined by semicolons, each once.
pub(super) fn reasons<'u>(unknowns: impl IntoIterator<Item = &'u Unknown>, files: &Files<'_>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for unknown in unknowns {
        let reason = unknown.reason().to_string();
        let text = format!("{} ({})", name(&reason), place(unknown.span(), files));
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    if texts.len() > MAXIMUM_REASONS {
        let left = texts.len() - MAXIMUM_REASONS;
        texts.truncate(MAXIMUM_REASONS);
        texts.push(format!("and {left} more"));
    }
    texts.join("; ")
}

/// Why not every range of a list is known.
pub(super) fn unknown_in<'a>(view: View<'a>, list: &'a List<Cidr>) -> Option<&'a Unknown> {
    if let Some(unknown) = view.unknown(list) {
        return Some(unknown);
    }
    let members: &'a Vec<Attr<Cidr>> = view.quietly().read(list)?.value;
    members.iter().find_map(|member| view.unknown(member))
}
