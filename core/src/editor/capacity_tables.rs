//! The arithmetic of one range as a table: what the nodes in it need, and what is left.

use ipnet::IpNet;

use crate::eval::value::Unknown;
use crate::model::amount::Amount;
use crate::model::arithmetic::{largest_pool, smallest_pod_range, smallest_subnet, usable_addresses};
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::pod_range_capacity::PodRangeCapacity;
use crate::model::pool_demand::{Moment, PoolDemand};
use crate::model::subnet::Subnet;
use crate::model::subnet_capacity::SubnetCapacity;
use crate::model::view::View;

use super::answer::{reasons, unknown_in};
use super::markdown::{Files, counted, name, table};

/// Tables do not become longer than this; the rest is counted.
const MAXIMUM_ROWS: usize = 10;

/// The subnet and what the node pools in it take.
pub(super) fn subnet<'a>(view: View<'a>, subnet: &'a Subnet, files: &Files<'_>) -> String {
    let called = name(called(&subnet.name, &subnet.declared));
    let Some(capacity) = view.quietly().subnet_capacity(subnet) else {
        return without_pools(view, subnet, &called, files);
    };
    let mut text = format!(
        "**Subnet {called}** · {} · {}\n",
        capacity.prefix_text(),
        counted(capacity.usable, "usable address")
    );
    let pools = capacity.pools.iter();
    let fewest = SubnetCapacity {
        pools: pools.map(|pool| pool.at_fewest(view)).collect(),
        ..capacity.clone()
    };
    let mut needs = vec![(&capacity, Moment::Running), (&capacity, Moment::Upgrading)];
    let scales = scales(&capacity.pools, &fewest.pools);
    if scales {
        needs.insert(0, (&fewest, Moment::Running));
    }
    let rows = labels(scales).into_iter().zip(needs);
    let rows = rows.map(|(label, (needs, moment))| Row {
        label,
        arithmetic: needs.needed_text(moment),
        needed: needs.needed(moment),
        unknown: needs
            .pools
            .iter()
            .flat_map(|pool| pool.unknown_addresses(moment))
            .cloned()
            .collect(),
    });
    text.push_str(&balance(
        "addresses needed",
        capacity.usable,
        rows.collect(),
        files,
    ));
    text.push_str(&most_nodes(&capacity));
    let needed = capacity.needed(Moment::Upgrading);
    if capacity.is_exceeded(Moment::Upgrading) == Some(true)
        && let Some(prefix) = smallest_subnet(needed.least)
    {
        let usable = usable_addresses(prefix);
        let at_least = if needed.is_exact() { "" } else { "at least " };
        text.push_str(&format!(
            "\nNeeds {at_least}a /{prefix} ({usable} usable), upgrades included.\n"
        ));
    }
    text
}

/// Several subnets, a row for each.
pub(super) fn subnets<'a>(view: View<'a>, subnets: &[&'a Subnet]) -> String {
    let rows: Vec<[String; 4]> = subnets
        .iter()
        .take(MAXIMUM_ROWS)
        .map(|subnet| {
            let called = name(called(&subnet.name, &subnet.declared));
            match view.quietly().subnet_capacity(subnet) {
                Some(capacity) => {
                    let needed = capacity.needed(Moment::Upgrading);
                    [
                        called,
                        capacity.prefix_text(),
                        needed.to_string(),
                        left(needed, capacity.usable),
                    ]
                }
                None => {
                    let ranges = view.quietly().ranges(&subnet.prefixes);
                    let prefixes: Vec<String> = ranges.iter().map(ToString::to_string).collect();
                    [called, prefixes.join(" and "), String::new(), String::new()]
                }
            }
        })
        .collect();
    let mut text = table(["subnet", "prefix", "needed, with upgrades", "left"], &rows);
    if subnets.len() > MAXIMUM_ROWS {
        text.push_str(&format!("\nAnd {} more subnets.\n", subnets.len() - MAXIMUM_ROWS));
    }
    text
}

/// One line about what the nodes in a subnet need; empty when none is known to be there.
pub(super) fn subnet_line<'a>(view: View<'a>, subnet: &'a Subnet) -> String {
    let Some(capacity) = view.quietly().subnet_capacity(subnet) else {
        return String::new();
    };
    let needed = capacity.needed(Moment::Upgrading);
    let usable = counted(capacity.usable, "usable address");
    let left = left_text(needed, capacity.usable);
    format!("With upgrades its nodes need {needed} of {usable}: {left}.\n")
}

/// One line about the nodes of a cluster whose pod range this is; empty when it has no nodes.
pub(super) fn pod_range_line<'a>(view: View<'a>, cluster: &'a Cluster, range: IpNet) -> String {
    let capacity = view.quietly().pod_range_capacity(cluster);
    let Some(capacity) = capacity.filter(|capacity| capacity.range.network == range) else {
        return String::new();
    };
    if capacity.pools.is_empty() {
        return String::new();
    }
    let needed = capacity.nodes(Moment::Upgrading);
    let left = left_text(needed, capacity.room);
    format!("With upgrades there are {needed} nodes: {left}.\n")
}

fn left_text(needed: Amount, room: u64) -> String {
    match needed.exceeds(room) {
        Some(false) => format!("{} left", left(needed, room)),
        Some(true) | None => left(needed, room),
    }
}

fn without_pools<'a>(view: View<'a>, subnet: &'a Subnet, called: &str, files: &Files<'_>) -> String {
    let ranges = view.quietly().complete_ranges(&subnet.prefixes);
    let Some(ranges) = ranges else {
        let why = unknown_in(view, &subnet.prefixes);
        let why = why.map_or("a prefix of it is no range".to_owned(), |unknown| {
            reasons([unknown], files)
        });
        return format!("**Subnet {called}**\n\nWhat fits is undecided: {why}.\n");
    };
    let prefixes: Vec<String> = ranges.iter().map(ToString::to_string).collect();
    let ipv4 = ranges.iter().filter(|range| range.network.addr().is_ipv4());
    let usable = ipv4.map(|range| usable_addresses(range.network.prefix_len()));
    let usable = usable.fold(0, u64::saturating_add);
    let mut text = format!("**Subnet {called}** · {}", prefixes.join(" and "));
    if usable > 0 {
        text.push_str(&format!(" · {}", counted(usable, "usable address")));
    }
    text.push('\n');
    text
}

/// The pod range of a kubenet or overlay cluster and the nodes that take a /24 of it each; empty for other
/// clusters.
pub(super) fn pod_range<'a>(view: View<'a>, cluster: &'a Cluster, files: &Files<'_>) -> String {
    let Some(capacity) = view.quietly().pod_range_capacity(cluster) else {
        let list = cluster.pod_cidrs.as_ref();
        let unknown = list.and_then(|list| unknown_in(view, list));
        let has_range = matches!(view.network_model(cluster), Ok(model) if model.has_pod_range());
        return match unknown.filter(|_| has_range) {
            Some(unknown) => format!(
                "**Pod CIDR**\n\nWhat fits is undecided: {}.\n",
                reasons([unknown], files)
            ),
            None => String::new(),
        };
    };
    let range = capacity.range_text();
    let range = range
        .replacen("pod", "Pod", 1)
        .replacen("default Pod", "Default pod", 1);
    let room = counted(capacity.room, "node");
    let mut text = format!("**{range}** · room for {room}, a /24 each\n");
    if capacity.pools.is_empty() {
        return text;
    }
    let pools = capacity.pools.iter();
    let fewest = PodRangeCapacity {
        pools: pools.map(|pool| pool.at_fewest(view)).collect(),
        ..capacity.clone()
    };
    let mut needs = vec![(&capacity, Moment::Running), (&capacity, Moment::Upgrading)];
    let scales = scales(&capacity.pools, &fewest.pools);
    if scales {
        needs.insert(0, (&fewest, Moment::Running));
    }
    let rows = labels(scales).into_iter().zip(needs);
    let rows = rows.map(|(label, (needs, moment))| Row {
        label,
        arithmetic: needs.needed_text(moment),
        needed: needs.nodes(moment),
        unknown: needs
            .pools
            .iter()
            .flat_map(|pool| pool.unknown_nodes(moment))
            .cloned()
            .collect(),
    });
    text.push_str(&balance("nodes", capacity.room, rows.collect(), files));
    if let [pool] = capacity.pools.as_slice()
        && pool.instances.is_exact()
    {
        let upgraded = pool
            .surge
            .value
            .map(|surge| largest_pool(capacity.room, 1, surge));
        text.push_str(&fitting(Some(capacity.room), upgraded));
    }
    let needed = capacity.nodes(Moment::Upgrading);
    if needed.exceeds(capacity.room) == Some(true)
        && let Some(prefix) = smallest_pod_range(needed.least)
    {
        let at_least = if needed.is_exact() { "" } else { "at least " };
        text.push_str(&format!("\nNeeds {at_least}a /{prefix}, upgrades included.\n"));
    }
    text
}

/// Whether a pool can have more nodes than it has to have.
fn scales(pools: &[PoolDemand<'_>], fewest: &[PoolDemand<'_>]) -> bool {
    let pairs = pools.iter().zip(fewest);
    let mut pairs = pairs.map(|(most, fewest)| (most.nodes.value, fewest.nodes.value));
    pairs.any(|(most, fewest)| most != fewest)
}

fn labels(scales: bool) -> Vec<&'static str> {
    match scales {
        true => vec!["fewest nodes", "most nodes", "during an upgrade"],
        false => vec!["now", "during an upgrade"],
    }
}

/// What is needed at one moment.
pub(super) struct Row {
    pub(super) label: &'static str,
    pub(super) arithmetic: String,
    pub(super) needed: Amount,
    /// Why that is not exact.
    pub(super) unknown: Vec<Unknown>,
}

/// What is needed and what is left, row by row, and why something is undecided.
pub(super) fn balance(unit: &str, room: u64, rows: Vec<Row>, files: &Files<'_>) -> String {
    let left_of = format!("left of {room}");
    let cells: Vec<[String; 3]> = rows
        .iter()
        .map(|row| {
            let left = left(row.needed, room);
            [row.label.to_owned(), row.arithmetic.clone(), left]
        })
        .collect();
    let mut text = format!("\n{}", table(["", unit, &left_of], &cells));
    let unsure = rows.iter().filter(|row| !row.needed.is_exact());
    let unknowns: Vec<&Unknown> = unsure.flat_map(|row| &row.unknown).collect();
    if !unknowns.is_empty() {
        let is_undecided = rows.iter().any(|row| row.needed.exceeds(room).is_none());
        let says = if is_undecided {
            "Undecided because"
        } else {
            "Not exact:"
        };
        text.push_str(&format!("\n{says} {}.\n", reasons(unknowns, files)));
    }
    text
}

fn left(needed: Amount, room: u64) -> String {
    let at_least = if needed.is_exact() { "" } else { "at least " };
    match needed.exceeds(room) {
        Some(true) => format!("**{at_least}{} too few**", needed.least.saturating_sub(room)),
        Some(false) => format!("{at_least}{}", room.saturating_sub(needed.most)),
        None => "undecided".to_owned(),
    }
}

/// How large each pool can be in a subnet.
fn most_nodes(capacity: &SubnetCapacity<'_>) -> String {
    let most = |pool, moment| capacity.most_nodes_of(pool, moment);
    if let [pool] = capacity.pools.as_slice() {
        return fitting(most(pool, Moment::Running), most(pool, Moment::Upgrading));
    }
    let rows: Vec<[String; 4]> = capacity
        .pools
        .iter()
        .take(MAXIMUM_ROWS)
        .map(|pool| {
            let fits = most(pool, Moment::Upgrading);
            [
                name(called(&pool.pool.name, &pool.pool.declared)),
                nodes(pool),
                pool.addresses_of_node.to_string(),
                fits.map_or("undecided".to_owned(), |nodes| nodes.to_string()),
            ]
        })
        .collect();
    let header = [
        "node pool",
        "nodes",
        "addresses each",
        "at most beside the others",
    ];
    let mut text = format!("\n{}", table(header, &rows));
    if capacity.pools.len() > MAXIMUM_ROWS {
        let more = capacity.pools.len() - MAXIMUM_ROWS;
        text.push_str(&format!("\nAnd {more} more node pools.\n"));
    }
    text
}

/// `8`, `8 + 1`: the most nodes and those that an upgrade adds.
pub(super) fn nodes(pool: &PoolDemand<'_>) -> String {
    match (pool.surge.value, pool.surge_nodes()) {
        (Some(_), 0) => pool.nodes.value.to_string(),
        (Some(_), surge) => format!("{} + {surge}", pool.nodes.value),
        (None, _) => format!("{} + ?", pool.nodes.value),
    }
}

fn fitting(running: Option<u64>, upgrading: Option<u64>) -> String {
    match (running, upgrading) {
        (Some(0), _) => "\nNo node fits.\n".to_owned(),
        (Some(running), Some(upgrading)) if running == upgrading => {
            format!("\nRoom for {}, upgrades included.\n", counted(running, "node"))
        }
        (Some(running), Some(upgrading)) => {
            let running = counted(running, "node");
            format!("\nRoom for {running}, or for {upgrading} with upgrades.\n")
        }
        (Some(running), None) => format!("\nRoom for {}.\n", counted(running, "node")),
        (None, _) => String::new(),
    }
}
