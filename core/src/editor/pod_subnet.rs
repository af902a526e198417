//! What pods and API servers take of subnets of their own.

use crate::eval::value::Unknown;
use crate::model::amount::Amount;
use crate::model::arithmetic::{
    POD_BATCH, api_server_addresses, dynamic_addresses_when_full, static_blocks_in_subnet,
    static_blocks_of_node, usable_addresses,
};
use crate::model::attr::{Id, Link, Target};
use crate::model::neighbours::called;
use crate::model::pool_demand::{Moment, PoolDemand};
use crate::model::subnet::Subnet;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::PodIpAllocationMode;

use super::capacity_tables::{Row, balance};
use super::markdown::{Files, counted, name};

/// The pods whose addresses are those of a subnet for pods alone; empty when there are none, or when the
/// prefixes are unknown.
pub(super) fn pods<'a>(view: View<'a>, subnet: &'a Subnet, files: &Files<'_>) -> String {
    let pools = pools_of(view, subnet);
    let ranges = view.quietly().complete_ranges(&subnet.prefixes);
    let Some(ranges) = ranges.filter(|_| !pools.is_empty()) else {
        return String::new();
    };
    let prefixes: Vec<u8> = ranges
        .iter()
        .filter(|range| range.network.addr().is_ipv4())
        .map(|range| range.network.prefix_len())
        .collect();
    let called = name(called(&subnet.name, &subnet.declared));
    let statically = pools.iter().filter(|pool| is_static(view, pool)).count();
    if statically == pools.len() {
        let blocks = prefixes.iter().map(|prefix| static_blocks_in_subnet(*prefix));
        let room = blocks.fold(0, u64::saturating_add);
        let rows = rows(&pools, static_blocks_of_node);
        let table = balance("blocks of 16 needed", room, rows, files);
        return format!("**Pods in {called}** · room for {room} whole blocks\n{table}");
    }
    if statically > 0 {
        return format!(
            "**Pods in {called}** · some pools take blocks and some single addresses, so what fits is \
             not worked out.\n"
        );
    }
    let usable = prefixes.iter().map(|prefix| usable_addresses(*prefix));
    let room = usable.fold(0, u64::saturating_add);
    let mut all = rows(&pools, |pods| dynamic_addresses_when_full(1, pods));
    let mut start = rows(&pools, |_| POD_BATCH);
    if let Some(row) = start.first_mut() {
        row.label = "before pods run";
    }
    start.truncate(1);
    start.append(&mut all);
    let table = balance("addresses needed", room, start, files);
    format!(
        "**Pods in {called}** · {}, taken {POD_BATCH} at a time\n{table}",
        counted(room, "usable address")
    )
}

/// The pools whose pods take single addresses of a subnet; none when there are none or when some take blocks.
pub(super) fn pools_with_pods_in<'a>(view: View<'a>, subnet: &'a Subnet) -> Option<Vec<PoolDemand<'a>>> {
    let pools = pools_of(view, subnet);
    let takes_blocks = pools.iter().any(|pool| is_static(view, pool));
    (!pools.is_empty() && !takes_blocks).then_some(pools)
}

fn pools_of<'a>(view: View<'a>, subnet: &'a Subnet) -> Vec<PoolDemand<'a>> {
    let pools = view.network.node_pools.iter();
    pools
        .filter(|pool| leads_to(view, &pool.pod_subnet, subnet.id) && view.is_present(&pool.declared))
        .map(|pool| view.demand_of(pool))
        .collect()
}

fn leads_to<'a>(view: View<'a>, link: &'a Option<Link<Subnet>>, subnet: Id<Subnet>) -> bool {
    let Reading::Known(target) = view.look(link) else {
        return false;
    };
    matches!(target.value, Target::Here(id) if *id == subnet)
}

fn is_static<'a>(view: View<'a>, pool: &PoolDemand<'a>) -> bool {
    matches!(
        view.look(&pool.pool.pod_ip_allocation_mode),
        Reading::Known(mode) if *mode.value == PodIpAllocationMode::StaticBlock
    )
}

/// The sum over the pools with all pods running, where a node takes this much for its pods.
fn rows(pools: &[PoolDemand<'_>], of_node: impl Fn(u64) -> u64) -> Vec<Row> {
    let moments = [
        ("all pods running", Moment::Running),
        ("during an upgrade", Moment::Upgrading),
    ];
    let row = |(label, moment)| {
        let terms = pools.iter().map(|pool: &PoolDemand<'_>| {
            let (nodes, each) = (pool.nodes_at(moment), pool.max_pods.value.map(&of_node));
            (format!("{} × {each}", nodes_text(nodes)), nodes.times(each))
        });
        let (texts, needed): (Vec<String>, Vec<Amount>) = terms.unzip();
        let needed: Amount = needed.into_iter().sum();
        let mut unknown: Vec<Unknown> = Vec::new();
        for pool in pools {
            unknown.extend(pool.unknown_nodes(moment).cloned());
            unknown.extend(pool.max_pods.unknown.clone());
        }
        Row {
            label,
            arithmetic: format!("{} = {needed}", texts.join(" + ")),
            needed,
            unknown,
        }
    };
    moments.map(row).into()
}

fn nodes_text(nodes: Amount) -> String {
    match nodes.is_exact() {
        true => counted(nodes.least, "node"),
        false => format!("{nodes} nodes"),
    }
}

/// The API servers of clusters that are in a subnet; empty when there are none.
pub(super) fn api_servers<'a>(view: View<'a>, subnet: &'a Subnet) -> String {
    let clusters = view.network.clusters.iter();
    let here = clusters.filter(|cluster| {
        leads_to(view, &cluster.api_server_subnet, subnet.id) && view.is_present(&cluster.declared)
    });
    match here.count() as u64 {
        0 => String::new(),
        number => format!(
            "**API servers** · {} × {} addresses = {}\n",
            counted(number, "cluster"),
            api_server_addresses(1),
            api_server_addresses(number)
        ),
    }
}
