//! What there is to say about a single address: which range holds it, and whether it can be used there.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::attr::State;
use crate::model::cidr::position;
use crate::model::cluster::Cluster;
use crate::model::effective::usual_dns_address;
use crate::model::view::View;

use super::markdown::{Files, name, place};
use super::place::Use;
use super::range_neighbours as neighbours;

pub(super) fn of_address<'v>(
    address: IpAddr,
    used: Option<&Use<'_>>,
    view: View<'v>,
    files: &Files<'_>,
) -> String {
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
