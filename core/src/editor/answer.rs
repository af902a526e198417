//! Answers about the network for somebody who looks at one place: in the world where everything that
//! nobody knows holds, and with the reasons where that matters.

use crate::eval::deployment::Presence;
use crate::eval::value::Unknown;
use crate::model::attr::{Attr, List};
use crate::model::cidr::Cidr;
use crate::model::network::Network;
use crate::model::view::View;
use crate::model::world::World;

use super::markdown::{Files, name, place};

/// How many reasons are named; the rest would not be read.
const MAXIMUM_REASONS: usize = 4;

/// What a question was answered with, followed by what it was taken for granted.
pub(super) fn ask(
    network: &Network,
    files: &Files<'_>,
    presence: &Presence,
    question: impl for<'v> FnOnce(View<'v>) -> String,
) -> String {
    let world = World::new(presence, Vec::new());
    let mut answer = question(View::new(network, &world));
    let (decisions, _) = world.into_parts();
    let assumed: Vec<&Unknown> = decisions.iter().map(|decision| &decision.condition).collect();
    if !assumed.is_empty() && !answer.is_empty() {
        answer.push_str("\nIf what is not known holds: ");
        answer.push_str(&reasons(assumed, files));
        answer.push_str(".\n");
    }
    answer
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
