//! What there is to say about a range or an address: its size, what it is for, and what lies beside it.

use std::collections::HashSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::eval::deployment::Presence;
use crate::model::arithmetic::{RESERVED_IN_SUBNET, nodes_in_pod_range, usable_addresses};
use crate::model::attr::{Attr, State};
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::network::Network;
use crate::model::reserved::{not_allowed_in_networks, reserved_by_aks};
use crate::model::routing::Route;
use crate::model::security::SecurityRule;
use crate::model::view::{Declared, View};

use super::address::of_address;
use super::answer::{answers, ask};
use super::capacity_tables::{pod_range_line, subnet_line};
use super::markdown::{Files, counted, name, table};
use super::place::{Extent, Thing, Use};
use super::range_neighbours::{self as neighbours, Neighbour};

/// How many ranges that come from one place are listed.
const MAXIMUM_RANGES: usize = 8;

/// What is said of the ranges and addresses that come from one place; empty when there are none.
pub(super) fn of_place(
    written: Option<Extent>,
    things: &[Thing<'_>],
    network: &Network,
    files: &Files<'_>,
) -> String {
    let mut extents: Vec<(Extent, Use<'_>)> = things
        .iter()
        .filter_map(|thing| match thing {
            Thing::Extent(extent, used) => Some((*extent, *used)),
            _ => None,
        })
        .collect();
    extents.sort_by_key(|(_, used)| rank(used));
    let Some(written) = written else {
        return match extents.as_slice() {
            [] => String::new(),
            [(first, _), rest @ ..] if rest.iter().all(|(other, _)| other == first) => {
                of_extent(*first, &extents, network, files)
            }
            _ => list("Ranges that come from here", &extents),
        };
    };
    let (own, derived): (Vec<_>, Vec<_>) = extents.into_iter().partition(|(extent, _)| *extent == written);
    let mut text = of_extent(written, &own, network, files);
    if own.is_empty() && !derived.is_empty() {
        text.push_str(&format!("\n{}", list("Ranges that come from this one", &derived)));
    }
    text
}

/// What decides most comes first.
fn rank(used: &Use<'_>) -> u8 {
    match used {
        Use::AddressSpace(_) => 0,
        Use::Prefix(_) => 1,
        Use::Service(_) => 2,
        Use::Pod(_) => 3,
        Use::DnsService(_) => 4,
        Use::NextHop(..) => 5,
        Use::RoutePrefix(..) => 6,
        Use::RuleSource(..) | Use::RuleDestination(..) => 7,
        Use::DnsServer(_) => 8,
    }
}

fn list(title: &str, extents: &[(Extent, Use<'_>)]) -> String {
    let mut known: HashSet<[String; 2]> = HashSet::new();
    let mut rows: Vec<[String; 2]> = Vec::new();
    for (extent, used) in extents {
        let row = [extent.to_string(), noun(used)];
        if known.insert(row.clone()) {
            rows.push(row);
        }
    }
    let more = rows.len().saturating_sub(MAXIMUM_RANGES);
    rows.truncate(MAXIMUM_RANGES);
    let mut text = format!("**{title}**\n\n{}", table(["range", "for"], &rows));
    if more > 0 {
        text.push_str(&format!("\nAnd {more} more.\n"));
    }
    text
}

/// Whether some subnet of the network holds an address, whatever is unknown.
fn is_in_subnet(address: IpAddr, network: &Network) -> bool {
    let found = answers(network, &Presence::Certain, |view| {
        neighbours::subnet_with(view, address).is_some()
    });
    found.answers.contains(&true)
}

/// One range or address with all that it is for.
fn of_extent(extent: Extent, uses: &[(Extent, Use<'_>)], network: &Network, files: &Files<'_>) -> String {
    let mut known: HashSet<String> = HashSet::new();
    let nouns = uses.iter().map(|(_, used)| noun(used));
    let nouns: Vec<String> = nouns.filter(|noun| known.insert(noun.clone())).collect();
    let mut text = format!("**{extent}**");
    if let Some(first) = nouns.first() {
        text.push_str(&format!(" · {first}"));
    }
    text.push('\n');
    let first = uses.first().map(|(_, used)| used);
    // Four numbers with dots are an address only where a network holds it.
    if let (Extent::Address(address), None) = (extent, first)
        && !is_in_subnet(address, network)
    {
        return String::new();
    }
    let presence = first.map_or(&Presence::Certain, |used| presence(used));
    let answer = ask(network, files, presence, |view| match extent {
        Extent::Range(range) => of_range(range, first, view, files),
        Extent::Address(address) => of_address(address, first, view, files),
    });
    if !answer.is_empty() {
        text.push_str(&format!("\n{answer}"));
    }
    if let Some(others) = nouns.get(1..).filter(|others| !others.is_empty()) {
        let shown = others.iter().take(MAXIMUM_RANGES).cloned().collect::<Vec<_>>();
        text.push_str(&format!("\nAlso {}.\n", shown.join(", ")));
    }
    text
}

fn presence<'u>(used: &'u Use<'_>) -> &'u Presence {
    let declared: &Attr<()> = match used {
        Use::AddressSpace(one) | Use::DnsServer(one) => one.declared(),
        Use::Prefix(subnet) => subnet.declared(),
        Use::Service(cluster) | Use::Pod(cluster) | Use::DnsService(cluster) => cluster.declared(),
        Use::RoutePrefix(_, route) | Use::NextHop(_, route) => route.declared(),
        Use::RuleSource(_, rule) | Use::RuleDestination(_, rule) => rule.declared(),
    };
    &declared.site.owner.presence
}

/// `prefix of subnet snet-nodes`
fn noun(used: &Use<'_>) -> String {
    match used {
        Use::AddressSpace(one) => format!("address space of {}", name(called(&one.name, &one.declared))),
        Use::DnsServer(one) => format!("DNS server of {}", name(called(&one.name, &one.declared))),
        Use::Prefix(one) => format!("prefix of subnet {}", name(called(&one.name, &one.declared))),
        Use::Service(one) => format!("service CIDR of {}", name(called(&one.name, &one.declared))),
        Use::Pod(one) => format!("pod CIDR of {}", name(called(&one.name, &one.declared))),
        Use::DnsService(one) => format!("DNS service IP of {}", name(called(&one.name, &one.declared))),
        Use::RoutePrefix(table, route) => format!(
            "route {} of {}",
            name(called(&route.name, &route.declared)),
            name(called(&table.name, &table.declared))
        ),
        Use::NextHop(table, route) => format!(
            "next hop of route {} of {}",
            name(called(&route.name, &route.declared)),
            name(called(&table.name, &table.declared))
        ),
        Use::RuleSource(group, rule) | Use::RuleDestination(group, rule) => {
            let side = match used {
                Use::RuleSource(..) => "source",
                _ => "destination",
            };
            let rule = name(called(&rule.name, &rule.declared));
            format!(
                "{side} of rule {rule} of {}",
                name(called(&group.name, &group.declared))
            )
        }
    }
}

fn of_range<'v>(range: IpNet, used: Option<&Use<'_>>, view: View<'v>, files: &Files<'_>) -> String {
    let mut size = size(range);
    let mut after = String::new();
    let beside: Vec<Neighbour> = match used {
        Some(Use::Prefix(subnet)) => {
            if let IpNet::V4(_) = range {
                let usable = usable_addresses(range.prefix_len());
                size.push_str(&format!(" · {usable} usable, Azure keeps {RESERVED_IN_SUBNET}"));
            }
            let subnet = &view.network[subnet.id];
            after = neighbours::free_around(view, subnet, range);
            let nodes = subnet_line(view, subnet);
            if !nodes.is_empty() && !after.is_empty() {
                after.push('\n');
            }
            after.push_str(&nodes);
            neighbours::of_prefix(view, subnet, range)
        }
        Some(Use::AddressSpace(one)) => {
            let one = &view.network[one.id];
            after = neighbours::free_in(view, one, range);
            neighbours::of_address_space(view, one, range)
        }
        Some(Use::Service(cluster)) => {
            let cluster = &view.network[cluster.id];
            size.push_str(&for_services(range));
            after = dns_in(view, cluster, range);
            neighbours::of_cluster_range(view, cluster, range, "service CIDR")
        }
        Some(Use::Pod(cluster)) => {
            let cluster = &view.network[cluster.id];
            match (view.quietly().has_pod_ranges(cluster), range) {
                (Some(true), IpNet::V4(_)) => {
                    let nodes = counted(nodes_in_pod_range(range.prefix_len()), "node");
                    size.push_str(&format!(" · room for {nodes}, a /24 each"));
                    after = pod_range_line(view, cluster, range);
                }
                (Some(false), _) => "Not used: pods take addresses of subnets here.\n".clone_into(&mut after),
                _ => {}
            }
            neighbours::of_cluster_range(view, cluster, range, "pod CIDR")
        }
        Some(Use::RoutePrefix(_, route)) => {
            after = next_hop(view, route);
            neighbours::overlapping(view, range)
        }
        Some(Use::RuleSource(_, rule) | Use::RuleDestination(_, rule)) => {
            after = verdict(rule);
            neighbours::overlapping(view, range)
        }
        Some(Use::DnsService(_) | Use::DnsServer(_) | Use::NextHop(..)) | None => {
            neighbours::overlapping(view, range)
        }
    };
    let mut text = format!("\n{size}\n");
    text.push_str(&not_allowed(range, used));
    text.push_str(&neighbours::shown(beside, files));
    if !after.is_empty() {
        text.push_str(&format!("\n{after}"));
    }
    text
}

/// `256 addresses, 10.1.0.0 – 10.1.0.255`
fn size(range: IpNet) -> String {
    let (first, last) = (range.network(), range.broadcast());
    let bits = range.max_prefix_len() - range.prefix_len();
    let number = match (bits, 1_u64.checked_shl(u32::from(bits))) {
        (0..=32, Some(number)) => counted(number, "address"),
        _ => format!("2^{bits} addresses"),
    };
    match bits {
        0 => format!("{number}, {first}"),
        _ => format!("{number}, {first} – {last}"),
    }
}

/// Kubernetes gives services neither the address of an IPv4 range itself nor its last one.
fn for_services(range: IpNet) -> String {
    match range {
        IpNet::V4(_) if range.prefix_len() < 31 => {
            let number = (1_u64 << (32 - u32::from(range.prefix_len()))) - 2;
            format!(" · {number} for services, all but the first and the last")
        }
        _ => String::new(),
    }
}

/// What Azure or AKS keeps for itself and would refuse.
fn not_allowed(range: IpNet, used: Option<&Use<'_>>) -> String {
    let text = match used {
        Some(Use::Service(_) | Use::Pod(_)) => {
            reserved_by_aks(range).map(|reserved| format!("Overlaps {reserved}, which AKS keeps for itself."))
        }
        Some(Use::AddressSpace(_) | Use::Prefix(_)) => {
            not_allowed_in_networks(range).map(|(reserved, noun)| {
                format!("Overlaps {reserved} ({noun}), which no virtual network may hold.")
            })
        }
        _ => None,
    };
    text.map_or_else(String::new, |text| format!("\n{text}\n"))
}

fn dns_in<'v>(view: View<'v>, cluster: &'v Cluster, range: IpNet) -> String {
    let api_server = match range {
        IpNet::V4(range) => u32::from(range.network())
            .checked_add(1)
            .map(|it| IpAddr::V4(it.into())),
        IpNet::V6(range) => u128::from(range.network())
            .checked_add(1)
            .map(|it| IpAddr::V6(it.into())),
    };
    let mut text = String::new();
    if let Some(api_server) = api_server.filter(|address| range.contains(address)) {
        text.push_str(&format!("{api_server} is `kubernetes.default`"));
    }
    let dns = view.quietly().dns_service_address(cluster);
    if let Some((address, _)) = dns.filter(|(address, _)| range.contains(address)) {
        let and = if text.is_empty() { "" } else { ", " };
        text.push_str(&format!("{and}{address} the DNS service"));
    }
    if text.is_empty() { text } else { text + ".\n" }
}

fn next_hop<'v>(view: View<'v>, route: &Route) -> String {
    let kind = match &route.next_hop_type.state {
        State::Known(kind) => name(&kind.to_string()),
        _ => return String::new(),
    };
    let address = route.next_hop_address.as_ref().map(|address| &address.state);
    match address {
        Some(State::Known(address)) => {
            let subnet = address
                .parse()
                .ok()
                .and_then(|address| neighbours::subnet_with(view, address));
            let subnet = subnet.map_or(String::new(), |found| format!(" in {}", found.what));
            format!("Goes to {kind} {}{subnet}.\n", name(address))
        }
        _ => format!("Goes to {kind}.\n"),
    }
}

/// `Inbound, Allow, priority 100.`
fn verdict(rule: &SecurityRule) -> String {
    let mut words: Vec<String> = Vec::new();
    if let State::Known(direction) = &rule.direction.state {
        words.push(name(&direction.to_string()));
    }
    if let State::Known(access) = &rule.access.state {
        words.push(name(&access.to_string()));
    }
    if let State::Known(priority) = &rule.priority.state {
        words.push(format!("priority {priority}"));
    }
    if words.is_empty() {
        String::new()
    } else {
        words.join(", ") + ".\n"
    }
}

impl std::fmt::Display for Extent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Extent::Range(range) => range.fmt(formatter),
            Extent::Address(address) => address.fmt(formatter),
        }
    }
}
