//! What follows from a network's properties: the ranges that count, and the arithmetic of addresses.

use crate::model::arithmetic::usable_addresses;
use crate::model::cluster::Cluster;
use crate::model::effective::EffectiveRange;
use crate::model::network::Network;
use crate::model::pool_demand::Moment;
use crate::model::subnet::Subnet;
use crate::model::view::{Declared, View};
use crate::model::world::World;

/// Names and texts, in the order in which they are shown.
pub(super) type Answers = Vec<(&'static str, String)>;

const MOMENTS: [(&str, Moment); 2] = [
    ("running", Moment::Running),
    ("during_upgrades", Moment::Upgrading),
];

pub(super) fn of_cluster(cluster: &Cluster, network: &Network) -> Answers {
    let mut answers = Vec::new();
    let mut add = |name, answer: Option<String>| answers.extend(answer.map(|answer| (name, answer)));
    let model = ask(network, cluster, |view, cluster| {
        let model = view.network_model(cluster).ok()?;
        Some(model.noun().to_owned())
    });
    add("network_model", model);
    if cluster.service_cidrs.is_none() {
        let ranges = ask(network, cluster, |view, cluster| {
            text_of(&view.service_ranges(cluster))
        });
        add("service_cidrs", ranges);
    }
    if cluster.pod_cidrs.is_none() {
        let ranges = ask(network, cluster, |view, cluster| {
            text_of(&view.pod_ranges(cluster))
        });
        add("pod_cidrs", ranges);
    }
    for (name, moment) in MOMENTS {
        let capacity = ask(network, cluster, |view, cluster| {
            Some(view.pod_range_capacity(cluster)?.text(moment))
        });
        add(name, capacity);
    }
    answers
}

pub(super) fn of_subnet(subnet: &Subnet, network: &Network) -> Answers {
    let mut answers = Vec::new();
    for (name, moment) in MOMENTS {
        let capacity = ask(network, subnet, |view, subnet| {
            Some(view.subnet_capacity(subnet)?.text(moment))
        });
        answers.extend(capacity.map(|capacity| (name, capacity)));
    }
    if answers.is_empty() {
        let usable = ask(network, subnet, |view, subnet| {
            let prefixes = view.complete_ranges(&subnet.prefixes)?;
            let ipv4 = prefixes.iter().filter(|range| range.network.addr().is_ipv4());
            let usable = ipv4.map(|range| usable_addresses(range.network.prefix_len()));
            let usable = usable.fold(0, u64::saturating_add);
            (usable > 0).then(|| usable.to_string())
        });
        answers.extend(usable.map(|usable| ("usable_addresses", usable)));
    }
    answers
}

/// An answer, in the world where every open condition holds; it says so when that mattered.
fn ask<T: Declared>(
    network: &Network,
    subject: &T,
    question: impl for<'v> Fn(View<'v>, &'v T) -> Option<String>,
) -> Option<String> {
    let world = World::new(&subject.declared().site.owner.presence, Vec::new());
    let answer = question(View::new(network, &world), subject)?;
    let (decisions, _) = world.into_parts();
    Some(match decisions.is_empty() {
        true => answer,
        false => format!("{answer}, if what is not known holds"),
    })
}

fn text_of(ranges: &[EffectiveRange]) -> Option<String> {
    if ranges.is_empty() {
        return None;
    }
    let ranges: Vec<String> = ranges.iter().map(|range| range.network.to_string()).collect();
    Some(format!("[{}] (default)", ranges.join(", ")))
}
