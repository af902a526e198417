//! What there is to say about a range or an address: its size, what it is for, and what lies beside it.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::eval::deployment::Presence;
use crate::model::arithmetic::{RESERVED_IN_SUBNET, nodes_in_pod_range, usable_addresses};
use crate::model::attr::{Attr, State};
use crate::model::cidr::position;
use crate::model::cluster::Cluster;
use crate::model::effective::usual_dns_address;
use crate::model::neighbours::called;
use crate::model::network::Network;
use crate::model::reserved::{not_allowed_in_networks, reserved_by_aks};
use crate::model::routing::Route;
use crate::model::security::SecurityRule;
use crate::model::view::{Declared, View};

use super::answer::ask;
use super::capacity_tables::{pod_range_line, subnet_line};
use super::markdown::{Files, counted, name, place, table};
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
    let mut rows: Vec<[String; 2]> = Vec::new();
    for (extent, used) in extents {
        let row = [extent.to_string(), noun(used)];
        if !rows.contains(&row) {
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

/// One range or address with all that it is for.
fn of_extent(extent: Extent, uses: &[(Extent, Use<'_>)], network: &Network, files: &Files<'_>) -> String {
    let mut nouns: Vec<String> = Vec::new();
    for (_, used) in uses {
        let noun = noun(used);
        if !nouns.contains(&noun) {
            nouns.push(noun);
        }
    }
    let mut text = format!("**{extent}**");
    if let Some(first) = nouns.first() {
        text.push_str(&format!(" · {first}"));
    }
    text.push('\n');
    let first = uses.first().map(|(_, used)| used);
    if let (Extent::Address(_), None) = (extent, first) {
        // Four numbers with dots are an address only where a network holds it.
        let is_known = ask(network, files, &Presence::Certain, |view| match extent {
            Extent::Address(address) => {
                neighbours::subnet_with(view, address).map_or(String::new(), |found| found.what)
            }
            Extent::Range(_) => String::new(),
        });
        if is_known.is_empty() {
            return String::new();
        }
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

fn of_address<'v>(address: IpAddr, used: Option<&Use<'_>>, view: View<'v>, files: &Files<'_>) -> String {
    if let Some(Use::DnsService(cluster)) = used {
        return dns_service(view, &view.network[cluster.id], address, files);
    }
    let mut text = String::new();
    if let Some(found) = neighbours::subnet_with(view, address) {
        let whose = match kept_by_azure(found.range, address) {
            true => "Azure keeps this address of",
            false => "In",
        };
        let (what, range) = (&found.what, found.range);
        let at = place(found.span, files);
        text.push_str(&format!("\n{whose} {what} ({range}, {at}).\n"));
    } else {
        let found = neighbours::overlapping(view, IpNet::from(address));
        match found.is_empty() {
            true => text.push_str("\nIn no range that is known here.\n"),
            false => text.push_str(&neighbours::shown(found, files)),
        }
    }
    if let Some(Use::NextHop(_, route)) = used
        && let State::Known(prefix) = &route.address_prefix.state
    {
        text.push_str(&format!("\nTraffic to {} goes there.\n", name(prefix)));
    }
    text
}

/// Azure keeps the first four addresses and the last one of a subnet.
fn kept_by_azure(range: IpNet, address: IpAddr) -> bool {
    let first = position(range, address).is_some_and(|position| position < 4);
    matches!(range, IpNet::V4(_)) && (first || address == range.broadcast())
}

fn dns_service<'v>(view: View<'v>, cluster: &'v Cluster, address: IpAddr, files: &Files<'_>) -> String {
    let ranges = view.quietly().service_ranges(cluster);
    if ranges.is_empty() {
        return "\nThe service CIDR is not known.\n".to_owned();
    }
    let mut text = String::new();
    for range in &ranges {
        let at = match range.default {
            true => "default".to_owned(),
            false => place(range.from.nearest().span, files),
        };
        let cidr = format!("service CIDR {} ({at})", range.network);
        let is_last = matches!(range.network, IpNet::V4(_)) && address == range.network.broadcast();
        let says = match position(range.network, address) {
            None => continue,
            Some(0) => format!("The address of {cidr} itself, which cannot be used"),
            Some(1) => format!("The first address of {cidr}, which is `kubernetes.default`"),
            Some(_) if is_last => format!("The last address of {cidr}, which cannot be used"),
            Some(position) => format!("Address {position} of {cidr}"),
        };
        text.push_str(&format!("\n{says}.\n"));
    }
    if text.is_empty() {
        let ranges: Vec<String> = ranges.iter().map(|range| range.network.to_string()).collect();
        text = format!("\n**Outside** service CIDR {}.\n", ranges.join(" and "));
    }
    let usual = ranges.first().and_then(|range| usual_dns_address(range.network));
    if let Some(usual) = usual.filter(|usual| *usual != address) {
        text.push_str(&format!("\nThe usual address is {usual}.\n"));
    }
    text
}

impl std::fmt::Display for Extent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Extent::Range(range) => range.fmt(formatter),
            Extent::Address(address) => address.fmt(formatter),
        }
    }
}
