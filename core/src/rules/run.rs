//! Runs rules over a network, in every world that makes a difference to them.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::calendar::Date;
use crate::eval::deployment::Presence;
use crate::eval::value::Unknown;
use crate::finding::Metadata;
use crate::model::network::Network;
use crate::model::view::{Declared, View};
use crate::model::world::{Decision, World, next_script};

use super::declaration::{Check, Rule};
use super::report::{Draft, Report};

/// How many worlds a rule is run in for one resource; with more, what differs stays undecided.
const MAXIMUM_WORLDS: usize = 32;

/// What the rules found in one network.
#[derive(Debug, Default)]
pub struct Outcome {
    pub drafts: Vec<Draft>,
    /// The rule, the resource it was run for, and what it could not know.
    pub undecided: Vec<(&'static Metadata, String, Unknown)>,
    /// Rules that panicked: a fault of akslint. The others have still run.
    pub panicked: Vec<&'static Metadata>,
}

/// Runs these rules over a network.
pub fn run<'r>(
    rules: impl IntoIterator<Item = &'r &'static Rule>,
    network: &Network,
    as_of: Date,
) -> Outcome {
    let mut outcome = Outcome::default();
    for rule in rules {
        let before = (outcome.drafts.len(), outcome.undecided.len());
        let ran = catch_unwind(AssertUnwindSafe(|| run_one(rule, network, as_of, &mut outcome)));
        if ran.is_err() {
            outcome.drafts.truncate(before.0);
            outcome.undecided.truncate(before.1);
            outcome.panicked.push(&rule.metadata);
        }
    }
    outcome
}

fn run_one(rule: &'static Rule, network: &Network, as_of: Date, outcome: &mut Outcome) {
    let metadata = &rule.metadata;
    match rule.check {
        Check::Cluster(check) => each(metadata, network, &network.clusters, as_of, outcome, check),
        Check::VirtualNetwork(check) => {
            each(
                metadata,
                network,
                &network.virtual_networks,
                as_of,
                outcome,
                check,
            );
        }
        Check::Subnet(check) => each(metadata, network, &network.subnets, as_of, outcome, check),
        Check::SecurityGroup(check) => {
            each(metadata, network, &network.security_groups, as_of, outcome, check);
        }
        Check::Resource(check) => {
            for resource in network.resources() {
                let owner = &resource.declared().site.owner;
                explore(
                    metadata,
                    network,
                    &owner.resource,
                    &owner.presence,
                    as_of,
                    outcome,
                    |view, report| check(resource, view, report),
                );
            }
        }
        Check::Network(check) => {
            explore(metadata, network, "", &Presence::Certain, as_of, outcome, check);
        }
        Check::Suppressions => {}
    }
}

fn each<T: Declared>(
    metadata: &'static Metadata,
    network: &Network,
    subjects: &[T],
    as_of: Date,
    outcome: &mut Outcome,
    check: for<'a> fn(&'a T, View<'a>, &mut Report),
) {
    for subject in subjects {
        let owner = &subject.declared().site.owner;
        explore(
            metadata,
            network,
            &owner.resource,
            &owner.presence,
            as_of,
            outcome,
            |view, report| {
                check(subject, view, report);
            },
        );
    }
}

/// Runs one check in one world after the other and keeps what holds in all of them.
fn explore(
    metadata: &'static Metadata,
    network: &Network,
    resource: &str,
    given: &Presence,
    as_of: Date,
    outcome: &mut Outcome,
    check: impl Fn(View<'_>, &mut Report),
) {
    let mut worlds: Vec<(Vec<Decision>, Vec<Draft>)> = Vec::new();
    let mut undecided: Vec<Unknown> = Vec::new();
    let mut script = Some(Vec::new());
    let mut all_seen = true;
    while let Some(next) = script {
        if worlds.len() == MAXIMUM_WORLDS {
            all_seen = false;
            break;
        }
        let world = World::new(given, next);
        let mut report = Report::new(metadata, as_of);
        check(View::new(network, &world), &mut report);
        let (decisions, unknowns) = world.into_parts();
        for unknown in unknowns {
            if !undecided.contains(&unknown) {
                undecided.push(unknown);
            }
        }
        script = next_script(&decisions);
        worlds.push((decisions, report.into_drafts()));
    }
    keep_certain(&worlds, all_seen, outcome, &mut undecided);
    outcome.undecided.extend(
        undecided
            .into_iter()
            .map(|unknown| (metadata, resource.to_owned(), unknown)),
    );
}

/// A fault is certain when it is there in every world in which its resource exists; where it is worse in
/// some worlds than in others, only the least is, and what mends it in some worlds only is not proposed. One that is not certain makes the conditions it hangs on
/// undecided.
fn keep_certain(
    worlds: &[(Vec<Decision>, Vec<Draft>)],
    all_seen: bool,
    outcome: &mut Outcome,
    undecided: &mut Vec<Unknown>,
) {
    if worlds.iter().all(|(_, drafts)| drafts.is_empty()) {
        return;
    }
    // What each world says of a fault, at its least.
    let by_key: Vec<FxHashMap<_, &Draft>> = worlds
        .iter()
        .map(|(_, drafts)| {
            let mut least: FxHashMap<_, &Draft> =
                FxHashMap::with_capacity_and_hasher(drafts.len(), Default::default());
            for draft in drafts {
                let known = least.entry(draft.key()).or_insert(draft);
                if draft.severity < known.severity {
                    *known = draft;
                }
            }
            least
        })
        .collect();
    let mut seen = HashSet::new();
    for (decisions, drafts) in worlds {
        let first_new: Vec<&Draft> = drafts
            .iter()
            .filter(|draft| !seen.contains(&draft.key()))
            .collect();
        for draft in first_new {
            let key = draft.key();
            seen.insert(key);
            let presence = &draft.primary.site.owner.presence;
            let certain = all_seen
                && worlds
                    .iter()
                    .zip(&by_key)
                    .all(|((others, _), found)| !may_exist(presence, others) || found.contains_key(&key));
            if certain {
                let same: Vec<&Draft> = by_key
                    .iter()
                    .filter_map(|found| found.get(&key).copied())
                    .collect();
                let least = same.iter().min_by_key(|other| other.severity);
                let mut certain = least.map_or(draft, |least| *least).clone();
                certain.remedies.retain(|remedy| {
                    let has_it = |draft: &&Draft| draft.remedies.iter().any(|other| other.is_same(remedy));
                    same.iter().all(has_it)
                });
                outcome.drafts.push(certain);
                continue;
            }
            for decision in decisions {
                if !undecided.contains(&decision.condition) {
                    undecided.push(decision.condition.clone());
                }
            }
        }
    }
}

/// Whether these decisions leave room for a resource of this presence.
fn may_exist(presence: &Presence, decisions: &[Decision]) -> bool {
    let contradicts = |condition: &Unknown, when: bool| {
        decisions
            .iter()
            .any(|decision| decision.condition.identity() == condition.identity() && decision.value != when)
    };
    match presence {
        Presence::Certain => true,
        Presence::If(assumptions) => !assumptions
            .iter()
            .any(|assumed| contradicts(&assumed.condition.unknown, assumed.when)),
        Presence::AnyNumber(unknown) => !contradicts(unknown, true),
    }
}
