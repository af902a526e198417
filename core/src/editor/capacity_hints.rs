//! What fits, behind the prefixes of subnets and the pod ranges of clusters.

use ipnet::IpNet;

use crate::eval::provenance::Provenance;
use crate::model::arithmetic::{
    MAXIMUM_ROUTES, dynamic_addresses_when_full, nodes_in_pod_range, usable_addresses,
};
use crate::model::attr::{Attr, List};
use crate::model::cidr::Cidr;
use crate::model::cluster::Cluster;
use crate::model::network::Network;
use crate::model::network_model::NetworkModel;
use crate::model::pool_demand::Moment;
use crate::model::subnet::Subnet;
use crate::model::view::View;
use crate::source::{SourceFile, Span};

use super::answer::answers;
use super::capacity;
use super::markdown::{Files, counted};
use super::place::{each_branch, is_written};
use super::pod_subnet::pools_with_pods_in;
use super::{FileAddress, Hint, HintKind, Surroundings};

/// Hints of kind [`HintKind::Capacity`] for what lies in a range, in the order of the text: usable addresses
/// and how many nodes fit. What is not known has none.
pub fn capacity_hints(around: &Surroundings<'_>, range: Span, address: &FileAddress<'_>) -> Vec<Hint> {
    let files = &Files {
        sources: around.trees.sources.as_ref(),
        address,
    };
    let file = files.sources.file(range.file);
    let mut found: Vec<Found> = Vec::new();
    for view in around.reading(range.file) {
        let network = &view.network;
        let mut search = Search {
            file: &file,
            range,
            found: &mut found,
        };
        for subnet in &network.subnets {
            search.list(
                &subnet.prefixes,
                |prefix| of_prefix(network, subnet, prefix),
                || capacity::of_subnet(subnet, network, files),
            );
        }
        for cluster in &network.clusters {
            let Some(list) = &cluster.pod_cidrs else {
                continue;
            };
            search.list(
                list,
                |range| of_pod_range(network, cluster, range),
                || capacity::of_cluster(cluster, network, files),
            );
        }
    }
    found.sort_by_key(|found| (found.span.start, found.span.end));
    found.into_iter().map(hint).collect()
}

/// What is said behind one text, by each subnet or cluster that has it.
struct Found {
    span: Span,
    labels: Vec<String>,
    tooltip: String,
}

fn hint(found: Found) -> Hint {
    let (label, tooltip) = match found.labels.as_slice() {
        [label] => (label.clone(), found.tooltip),
        labels => {
            let first = labels.first().map_or("", String::as_str);
            let lines: Vec<String> = labels.iter().map(|label| format!("- {label}\n")).collect();
            (format!("{first} … ({} values)", labels.len()), lines.concat())
        }
    };
    Hint {
        span: found.span,
        label,
        tooltip: Some(tooltip),
        kind: HintKind::Capacity,
    }
}

struct Search<'s> {
    file: &'s SourceFile,
    range: Span,
    found: &'s mut Vec<Found>,
}

impl Search<'_> {
    /// Looks for the places of the ranges of a list.
    fn list(
        &mut self,
        list: &List<Cidr>,
        label: impl Fn(IpNet) -> Option<String>,
        tooltip: impl Fn() -> String,
    ) {
        each_branch(list, &mut |_, members| {
            for member in members {
                each_branch(member, &mut |branch, cidr| {
                    let Some(range) = cidr.network else {
                        return;
                    };
                    for span in self.places(&branch.from, range) {
                        if let Some(label) = label(range) {
                            self.add(span, label, &tooltip);
                        }
                    }
                });
            }
        });
    }

    /// Where the range is used, and where it is written out.
    fn places(&self, from: &Provenance, range: IpNet) -> Vec<Span> {
        let steps = from.steps().iter().enumerate();
        let wanted = steps.filter(|(index, step)| {
            let is_here = self.range.contains(step.span) && is_written(step.via);
            is_here && (*index == 0 || self.writes(step.span, range))
        });
        wanted.map(|(_, step)| step.span).collect()
    }

    fn writes(&self, span: Span, range: IpNet) -> bool {
        let text = self.file.text.get(span.start as usize..span.end as usize);
        let text = text.map(|text| text.trim_matches(['"', '\'']));
        text.is_some_and(|text| Cidr::parse(text).network == Some(range))
    }

    fn add(&mut self, span: Span, label: String, tooltip: &impl Fn() -> String) {
        match self.found.iter_mut().find(|found| found.span == span) {
            Some(found) if found.labels.contains(&label) => {}
            Some(found) => found.labels.push(label),
            None => self.found.push(Found {
                span,
                labels: vec![label],
                tooltip: tooltip(),
            }),
        }
    }
}

/// The answer to a question when it is the same however the unknown turns out.
fn certain<T: PartialEq>(
    network: &Network,
    subject: &Attr<()>,
    question: impl for<'v> Fn(View<'v>) -> Option<T>,
) -> Option<T> {
    let presence = &subject.site.owner.presence;
    let mut found = answers(network, presence, |view| question(view.quietly()));
    match (found.answers.pop(), found.answers.is_empty()) {
        (Some(answer), true) if found.is_complete => answer,
        _ => None,
    }
}

/// `usable 251 · 8 nodes fit`
fn of_prefix(network: &Network, subnet: &Subnet, prefix: IpNet) -> Option<String> {
    let IpNet::V4(_) = prefix else {
        return None;
    };
    let usable = format!("usable {}", usable_addresses(prefix.prefix_len()));
    let fits = certain(network, &subnet.declared, |view| {
        let subnet = &view.network[subnet.id];
        // The nodes are in all prefixes of a subnet together.
        match view.complete_ranges(&subnet.prefixes)?.as_slice() {
            [_] => nodes_in(view, subnet).or_else(|| pods_in(view, subnet, prefix)),
            _ => None,
        }
    });
    Some(match fits {
        Some(fits) => format!("{usable} · {fits}"),
        None => usable,
    })
}

/// The nodes that fit where all nodes take the same; what they need where they differ.
fn nodes_in<'v>(view: View<'v>, subnet: &'v Subnet) -> Option<String> {
    let capacity = view.subnet_capacity(subnet)?;
    let mut sizes: Vec<u64> = Vec::new();
    for pool in &capacity.pools {
        let of_node = pool.addresses_of_node;
        if !of_node.is_exact() {
            return None;
        }
        sizes.push(of_node.least);
    }
    sizes.sort_unstable();
    sizes.dedup();
    match sizes.as_slice() {
        [of_node] => {
            let endpoints = capacity.private_endpoints.len() as u64;
            let nodes = capacity.usable.saturating_sub(endpoints).checked_div(*of_node)?;
            Some(fit(nodes))
        }
        _ => {
            let needed = capacity.needed(Moment::Upgrading);
            needed.is_exact().then(|| format!("{} needed", needed.least))
        }
    }
}

/// The nodes whose pods fit into a subnet for pods, all of them running.
fn pods_in<'v>(view: View<'v>, subnet: &'v Subnet, prefix: IpNet) -> Option<String> {
    let pools = pools_with_pods_in(view, subnet)?;
    let first = pools.first()?.max_pods.value;
    let same = pools.iter().all(|pool| pool.max_pods.value == first);
    if !same || !first.is_exact() {
        return None;
    }
    let of_node = dynamic_addresses_when_full(1, first.least);
    let nodes = usable_addresses(prefix.prefix_len()).checked_div(of_node)?;
    Some(format!("{}, all pods running", fit(nodes)))
}

/// `256 nodes fit`
fn of_pod_range(network: &Network, cluster: &Cluster, range: IpNet) -> Option<String> {
    certain(network, &cluster.declared, |view| {
        let cluster = &view.network[cluster.id];
        let model = view.network_model(cluster).ok()?;
        let ranges = view.pod_ranges(cluster);
        let IpNet::V4(_) = range else {
            return None;
        };
        let is_used = ranges.iter().any(|used| used.network == range);
        if !is_used || !model.has_pod_range() {
            return None;
        }
        let room = nodes_in_pod_range(range.prefix_len());
        let room = match model {
            NetworkModel::Kubenet => room.min(MAXIMUM_ROUTES),
            _ => room,
        };
        Some(fit(room))
    })
}

fn fit(nodes: u64) -> String {
    let verb = if nodes == 1 { "fits" } else { "fit" };
    format!("{} {verb}", counted(nodes, "node"))
}
