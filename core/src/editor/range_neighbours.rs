//! What lies in, around and beside a range.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::cidr::overlap;
use crate::model::cluster::Cluster;
use crate::model::effective::EffectiveRange;
use crate::model::free::first_free;
use crate::model::neighbours::called;
use crate::model::reserved::MANAGED_NETWORK;
use crate::model::resource::RangeUse;
use crate::model::subnet::{Subnet, VirtualNetwork};
use crate::model::view::{Range, View};
use crate::source::Span;

use super::markdown::{Files, counted, name, place, table};

/// How many neighbours are listed.
const MAXIMUM_NEIGHBOURS: usize = 10;

/// Another range, and how it lies to the one in question.
#[derive(Debug)]
pub(super) struct Neighbour {
    pub(super) how: &'static str,
    pub(super) range: IpNet,
    /// `subnet snet-nodes`
    pub(super) what: String,
    pub(super) span: Span,
}

pub(super) fn shown(mut neighbours: Vec<Neighbour>, files: &Files<'_>) -> String {
    if neighbours.is_empty() {
        return String::new();
    }
    let more = neighbours.len().saturating_sub(MAXIMUM_NEIGHBOURS);
    neighbours.truncate(MAXIMUM_NEIGHBOURS);
    let rows: Vec<[String; 4]> = neighbours
        .into_iter()
        .map(|one| {
            let how = match one.how {
                OVERLAPS => format!("**{OVERLAPS}**"),
                how => how.to_owned(),
            };
            [how, one.range.to_string(), one.what, place(one.span, files)]
        })
        .collect();
    let mut text = format!("\n{}", table(["", "range", "of", "at"], &rows));
    if more > 0 {
        text.push_str(&format!("\nAnd {more} more.\n"));
    }
    text
}

/// Shares addresses with a range that must have none in common.
const OVERLAPS: &str = "overlaps";

fn of_subnet(how: &'static str, subnet: &Subnet, range: &Range<'_>) -> Neighbour {
    Neighbour {
        how,
        range: range.network,
        what: format!("subnet {}", name(called(&subnet.name, &subnet.declared))),
        span: range.fact.from.nearest().span,
    }
}

fn of_network(how: &'static str, network: &VirtualNetwork, range: &Range<'_>) -> Neighbour {
    Neighbour {
        how,
        range: range.network,
        what: format!("network {}", name(called(&network.name, &network.declared))),
        span: range.fact.from.nearest().span,
    }
}

fn of_cluster(how: &'static str, cluster: &Cluster, used: RangeUse, range: &EffectiveRange) -> Neighbour {
    let default = if range.default { "default " } else { "" };
    Neighbour {
        how,
        range: range.network,
        what: format!(
            "{default}{} of {}",
            used.noun(),
            name(called(&cluster.name, &cluster.declared))
        ),
        span: range.from.nearest().span,
    }
}

/// The network around a subnet's prefix, the subnets before and after it, and what it overlaps.
pub(super) fn of_prefix<'a>(view: View<'a>, subnet: &'a Subnet, own: IpNet) -> Vec<Neighbour> {
    let view = view.quietly();
    let mut found = Vec::new();
    let home = view.virtual_network_of(subnet);
    if let Some(home) = home {
        let spaces = view.ranges(&home.address_space).into_iter();
        let around = spaces.filter(|space| space.network.contains(&own));
        found.extend(around.map(|space| of_network("in", home, &space)));
    }
    let (mut before, mut after) = (None::<Neighbour>, None::<Neighbour>);
    for (sibling, range) in siblings(view, subnet) {
        if range.network.addr().is_ipv4() != own.addr().is_ipv4() {
            continue;
        }
        let first = |neighbour: &Option<Neighbour>| neighbour.as_ref().map(|one| one.range.network());
        if overlap(range.network, own) {
            found.push(of_subnet(OVERLAPS, sibling, &range));
        } else if range.network.network() < own.network() {
            if first(&before).is_none_or(|known| known < range.network.network()) {
                before = Some(of_subnet("before", sibling, &range));
            }
        } else if first(&after).is_none_or(|known| range.network.network() < known) {
            after = Some(of_subnet("after", sibling, &range));
        }
    }
    for cluster in &view.network.clusters {
        for (used, range) in view.cluster_ranges(cluster) {
            let clashes = overlap(range.network, own) && {
                let subnets = view.subnets_overlapping(cluster, range.network);
                subnets.iter().any(|one| one.with.id == subnet.id)
            };
            if clashes && view.is_present(&cluster.declared) {
                found.push(of_cluster(OVERLAPS, cluster, used, &range));
            }
        }
    }
    found.extend(before);
    found.extend(after);
    found
}

/// The other subnets of a subnet's network that are there, and their prefixes.
fn siblings<'a>(view: View<'a>, subnet: &'a Subnet) -> Vec<(&'a Subnet, Range<'a>)> {
    let Some(home) = view.place_of(subnet) else {
        return Vec::new();
    };
    let others = view.network.subnets.iter().filter(|other| {
        let is_twin = other.is_inline != subnet.is_inline
            && called(&other.name, &other.declared) == called(&subnet.name, &subnet.declared);
        other.id != subnet.id && !is_twin && view.place_of(other).is_some_and(|place| place == home)
    });
    let present = others.filter(|other| view.is_present(&other.declared));
    present
        .flat_map(|other| {
            view.ranges(&other.prefixes)
                .into_iter()
                .map(move |range| (other, range))
        })
        .collect()
}

/// The subnets that are in a network, and their prefixes, in the order of the addresses.
fn subnets_in<'a>(view: View<'a>, home: &'a VirtualNetwork) -> Vec<(&'a Subnet, Range<'a>)> {
    let inside = view.network.subnets.iter().filter(|subnet| {
        view.virtual_network_of(subnet)
            .is_some_and(|network| network.id == home.id)
            && view.is_present(&subnet.declared)
    });
    let mut found: Vec<(&Subnet, Range<'a>)> = inside
        .flat_map(|subnet| {
            view.ranges(&subnet.prefixes)
                .into_iter()
                .map(move |range| (subnet, range))
        })
        .collect();
    found.sort_by_key(|(_, range)| (range.network.network(), range.network.prefix_len()));
    found
}

/// The ranges of the clusters in a network that share addresses with a range of it.
fn clusters_overlapping<'a>(view: View<'a>, home: &'a VirtualNetwork, own: IpNet) -> Vec<Neighbour> {
    let mut found = Vec::new();
    for cluster in &view.network.clusters {
        for (used, range) in view.cluster_ranges(cluster) {
            let clashes = overlap(range.network, own) && {
                let networks = view.networks_overlapping(cluster, range.network);
                networks.iter().any(|one| one.with.id == home.id)
            };
            if clashes && view.is_present(&cluster.declared) {
                found.push(of_cluster(OVERLAPS, cluster, used, &range));
            }
        }
    }
    found
}

/// The subnets in an address space, and what overlaps it: peers and the ranges of clusters.
pub(super) fn of_address_space<'a>(view: View<'a>, home: &'a VirtualNetwork, own: IpNet) -> Vec<Neighbour> {
    let view = view.quietly();
    let mut found = Vec::new();
    for (_, peer) in view.peers_of(home) {
        let ranges = view.ranges(&peer.address_space).into_iter();
        let clashing = ranges.filter(|range| overlap(range.network, own));
        found.extend(clashing.map(|range| of_network(OVERLAPS, peer, &range)));
    }
    found.extend(clusters_overlapping(view, home, own));
    let subnets = subnets_in(view, home).into_iter();
    let inside = subnets.filter(|(_, range)| overlap(range.network, own));
    found.extend(inside.map(|(subnet, range)| of_subnet("holds", subnet, &range)));
    found
}

/// What a service or pod range of a cluster must have nothing in common with, and has.
pub(super) fn of_cluster_range<'a>(
    view: View<'a>,
    cluster: &'a Cluster,
    own: IpNet,
    noun: &str,
) -> Vec<Neighbour> {
    let view = view.quietly();
    let mut found = Vec::new();
    for one in view.subnets_overlapping(cluster, own) {
        found.push(of_subnet(OVERLAPS, one.with, &one.range));
    }
    for one in view.networks_overlapping(cluster, own) {
        found.push(of_network(OVERLAPS, one.with, &one.range));
    }
    for (_, one) in view.peers_overlapping(cluster, own) {
        found.push(of_network(OVERLAPS, one.with, &one.range));
    }
    for (used, range) in view.cluster_ranges(cluster) {
        if used.noun() != noun && overlap(range.network, own) {
            found.push(of_cluster(OVERLAPS, cluster, used, &range));
        }
    }
    if overlap(MANAGED_NETWORK, own) && !view.brings_subnet(cluster) {
        found.push(Neighbour {
            how: OVERLAPS,
            range: MANAGED_NETWORK,
            what: "the network that AKS makes".to_owned(),
            span: cluster.declared.site.owner.header,
        });
    }
    found
}

/// Every range of the deployment that shares addresses with this one, which need not be a fault.
pub(super) fn overlapping<'a>(view: View<'a>, own: IpNet) -> Vec<Neighbour> {
    let view = view.quietly();
    let how = |other: IpNet| {
        if other == own {
            "is"
        } else if other.contains(&own) {
            "in"
        } else {
            "holds"
        }
    };
    let mut found = Vec::new();
    for home in &view.network.virtual_networks {
        let ranges = view.ranges(&home.address_space).into_iter();
        for range in ranges.filter(|range| overlap(range.network, own)) {
            if view.is_present(&home.declared) {
                found.push(of_network(how(range.network), home, &range));
            }
        }
    }
    for subnet in &view.network.subnets {
        let ranges = view.ranges(&subnet.prefixes).into_iter();
        for range in ranges.filter(|range| overlap(range.network, own)) {
            if view.is_present(&subnet.declared) {
                found.push(of_subnet(how(range.network), subnet, &range));
            }
        }
    }
    for cluster in &view.network.clusters {
        for (used, range) in view.cluster_ranges(cluster) {
            if overlap(range.network, own) && view.is_present(&cluster.declared) {
                found.push(of_cluster(how(range.network), cluster, used, &range));
            }
        }
    }
    found
}

/// The subnet that an address is in.
pub(super) fn subnet_with(view: View<'_>, address: IpAddr) -> Option<Neighbour> {
    let found = overlapping(view, IpNet::from(address));
    found.into_iter().find(|one| one.what.starts_with("subnet "))
}

/// What is free in the address space that holds a subnet's prefix.
pub(super) fn free_around<'a>(view: View<'a>, subnet: &'a Subnet, own: IpNet) -> String {
    let view = view.quietly();
    let Some(home) = view.virtual_network_of(subnet) else {
        return String::new();
    };
    let Some(spaces) = view.complete_ranges(&home.address_space) else {
        return String::new();
    };
    let called = name(called(&home.name, &home.declared));
    match spaces.iter().find(|space| space.network.contains(&own)) {
        Some(space) => free(view, home, space.network, Some(own.prefix_len())),
        None => format!("**Outside** the address space of {called}.\n"),
    }
}

/// What is free in an address space.
pub(super) fn free_in<'a>(view: View<'a>, home: &'a VirtualNetwork, space: IpNet) -> String {
    free(view.quietly(), home, space, None)
}

fn free<'a>(view: View<'a>, home: &'a VirtualNetwork, space: IpNet, prefix: Option<u8>) -> String {
    let IpNet::V4(_) = space else {
        return String::new();
    };
    // A subnet whose prefix is unknown may be anywhere.
    let inside = view.network.subnets.iter().filter(|subnet| {
        let is_here = |network: &VirtualNetwork| network.id == home.id;
        view.virtual_network_of(subnet).is_some_and(is_here) && view.is_present(&subnet.declared)
    });
    let mut is_complete = view.network.open.is_none();
    for subnet in inside {
        is_complete &= view.complete_ranges(&subnet.prefixes).is_some();
    }
    let ranges = subnets_in(view, home).into_iter().map(|(_, range)| range.network);
    let taken: Vec<IpNet> = ranges.filter(|range| space.contains(range)).collect();
    let size = |range: IpNet| 1_u64 << (32 - u32::from(range.prefix_len().min(32)));
    let outermost = taken.iter().enumerate().filter(|(index, range)| {
        let mut others = taken.iter().enumerate();
        !others.any(|(other, wider)| {
            wider.contains(*range) && (wider != *range || other < *index) && other != *index
        })
    });
    let used: u64 = outermost.map(|(_, range)| size(*range)).sum();
    let left = size(space).saturating_sub(used);
    let called = name(called(&home.name, &home.declared));
    let most = if is_complete { "" } else { "at most " };
    let mut text = format!(
        "Free in {called}: {most}{left} of {}",
        counted(size(space), "address")
    );
    if let Some(prefix) = prefix.filter(|_| is_complete)
        && let Some(next) = first_free(space, prefix, &taken)
    {
        text.push_str(&format!(", first /{prefix}: {next}"));
    }
    text + ".\n"
}
