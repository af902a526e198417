//! What the findings of the capacity rules have in common: the places that took part and the way out.

use ipnet::IpNet;

use crate::model::amount::{Amount, Figure};
use crate::model::arithmetic::{
    RESERVED_IN_SUBNET, largest_max_pods, largest_pool, nodes_in_upgrade, smallest_pod_range,
    smallest_subnet, usable_addresses,
};
use crate::model::attr::Site;
use crate::model::neighbours::{Place, called};
use crate::model::network_model::NetworkModel;
use crate::model::node_pool::Surge;
use crate::model::pod_range_capacity::PodRangeCapacity;
use crate::model::pool_demand::{Moment, PoolDemand, conditions, largest};
use crate::model::reserved::DEFAULT_POD_RANGE;
use crate::model::subnet_capacity::SubnetCapacity;
use crate::model::view::View;

use super::proposal::{MAXIMUM_PROPOSED, Proposal, pod_range};
use super::{Blame, Draft, Remedy, Report};

/// The finding of a subnet that is too small at a moment.
pub(super) fn subnet_is_too_small<'r>(
    capacity: &SubnetCapacity<'_>,
    moment: Moment,
    net: View<'_>,
    report: &'r mut Report,
) -> Option<&'r mut Draft> {
    let room = capacity
        .usable
        .saturating_sub(capacity.private_endpoints.len() as u64);
    let pool = largest(&capacity.pools, room, |pool| pool.addresses_at(moment))?;
    let needed = match moment {
        Moment::Running => capacity.needed_text(moment),
        Moment::Upgrading => format!("an upgrade needs {}", capacity.needed_text(moment)),
    };
    let (subnet, has) = (capacity.subnet_text(), capacity.room_text());
    let message = format!("{needed}, but subnet {subnet} has only {has}");
    let finding = report.finding(pool.nodes.fact(), message);
    finding.about(&capacity.subnet.declared);
    let first_pools_subnet = |pool: &PoolDemand<'_>| {
        let text = "this pool names no subnet, so Azure puts it into that of the cluster's first pool";
        (!net.is_written(&pool.pool.subnet)).then_some(text)
    };
    label_pools(finding, &capacity.pools, pool, moment, first_pools_subnet);
    for prefix in &capacity.prefixes {
        let usable = usable_addresses(prefix.network.prefix_len());
        let size = usable.saturating_add(RESERVED_IN_SUBNET);
        let text = format!("{size} addresses less the {RESERVED_IN_SUBNET} that Azure keeps: {usable}");
        finding.because(prefix.fact, text);
    }
    if pool.pods_in_node_subnet() == Some(true)
        && let Ok(cluster) = net.cluster_of(pool.pool)
        && let Some(plugin) = net.read_written(&cluster.network_plugin)
    {
        finding.because(
            plugin,
            "without overlay or a pod subnet, pods take addresses of their node's subnet",
        );
    }
    for endpoint in &capacity.private_endpoints {
        let text = "the private endpoint of the API server takes 1 address of this subnet";
        finding.because(endpoint.fact(), text);
    }
    Some(finding.offer(larger_subnet(capacity, pool, moment, net)))
}

/// Labels every number of every pool, those of the blamed one first, and says what else is to be said of a
/// pool.
pub(super) fn label_pools<'a>(
    finding: &mut Draft,
    pools: &[PoolDemand<'a>],
    blamed: &PoolDemand<'a>,
    moment: Moment,
    remark: impl Fn(&PoolDemand<'a>) -> Option<&'static str>,
) {
    label_pool(finding, blamed, moment, remark(blamed));
    for pool in pools {
        if pool.pool.id != blamed.pool.id && pool.nodes_at(moment).least > 0 {
            label_pool(finding, pool, moment, remark(pool));
        }
    }
}

fn label_pool(finding: &mut Draft, pool: &PoolDemand<'_>, moment: Moment, remark: Option<&'static str>) {
    let mut written: Vec<(Blame, String)> = Vec::new();
    // What is not written is blamed on the pool as a whole, so all of it goes into one label.
    let mut omitted: Vec<(Blame, String)> = Vec::new();
    let mut add = |blame: Blame, default: bool, text: String| match default {
        true => omitted.push((blame, text)),
        false => written.push((blame, text)),
    };
    let nodes = &pool.nodes;
    add(nodes.fact().into(), nodes.default, nodes_label(nodes));
    if pool.pods_in_node_subnet() == Some(true) {
        let pods = &pool.max_pods;
        add(pods.fact().into(), pods.default, pods_label(pods));
    }
    if moment == Moment::Upgrading && pool.surge_nodes() > 0 {
        let surge = &pool.surge;
        add(surge.fact().into(), surge.default, surge_label(pool));
    }
    if let Some(text) = remark {
        omitted.push((pool.pool.declared.fact().into(), text.to_owned()));
    }
    for (blame, text) in written {
        finding.because(blame, text);
    }
    let text: Vec<String> = omitted.iter().map(|(_, text)| text.clone()).collect();
    if let Some((blame, _)) = omitted.into_iter().next() {
        finding.because(blame, text.join("; "));
    }
}

pub(super) fn nodes_label(nodes: &Figure<Amount>) -> String {
    let (number, noun) = (nodes.value, if nodes.value.least == 1 { "node" } else { "nodes" });
    match (nodes.default, nodes.site.property_name()) {
        (true, name) => format!("{name} is not set: {number} {noun}"),
        (false, "max_count" | "maxCount") => format!("{number} {noun} at most"),
        (false, "min_count" | "minCount") => format!("{number} {noun} at least"),
        (false, _) => format!("{number} {noun}"),
    }
}

fn pods_label(pods: &Figure<Amount>) -> String {
    let (number, addresses) = (pods.value.least, pods.value.least.saturating_add(1));
    match pods.default {
        true => format!(
            "{} is not set: {number} pods per node, and the node itself: {addresses} addresses",
            pods.site.property_name()
        ),
        false => format!("{number} pods and the node itself: {addresses} addresses per node"),
    }
}

fn surge_label(pool: &PoolDemand<'_>) -> String {
    let (surge, nodes) = (pool.surge_nodes(), pool.nodes.value.least);
    let noun = if surge == 1 { "node" } else { "nodes" };
    match (pool.surge.default, pool.surge.value) {
        (true, _) => format!(
            "{} is not set: an upgrade adds 10 % of {nodes}, {surge} {noun}",
            pool.surge.site.property_name()
        ),
        (false, Some(Surge::Percent(percent))) => {
            format!("an upgrade adds {percent} % of {nodes}, {surge} {noun}")
        }
        (false, _) => format!("an upgrade adds {surge} {noun}"),
    }
}

/// `max_pods`, or `max_pods of node pool web` where there are several pools.
fn of_pool(site: &Site, pool: &PoolDemand<'_>, pools: &[PoolDemand<'_>]) -> String {
    let property = site.property_name();
    match pools {
        [_] => property.to_owned(),
        _ => format!(
            "{property} of node pool {}",
            called(&pool.pool.name, &pool.pool.declared)
        ),
    }
}

/// The prefix that fits, upgrades included, and what else would help the blamed pool.
fn larger_subnet(
    capacity: &SubnetCapacity<'_>,
    pool: &PoolDemand<'_>,
    moment: Moment,
    net: View<'_>,
) -> Proposal {
    let needed = capacity.needed(Moment::Upgrading).least;
    let Some(prefix) = smallest_subnet(needed) else {
        let help = "no subnet is that large: use Azure CNI Overlay, where a node takes one address";
        return Proposal {
            help: help.to_owned(),
            remedies: Vec::new(),
        };
    };
    let usable = usable_addresses(prefix);
    let for_upgrades = match moment {
        Moment::Running => format!("{usable} addresses, enough for upgrades too"),
        Moment::Upgrading => format!("{usable} addresses"),
    };
    let mut help = format!("use at least a /{prefix} ({for_upgrades})");
    let mut remedies = Vec::new();
    if let Some(Place::Here(id)) = net.place_of(capacity.subnet) {
        let home = &net.network[id];
        let name = called(&home.name, &home.declared);
        let free = net
            .network
            .free_subnet_ranges(home, capacity.subnet, prefix, MAXIMUM_PROPOSED);
        if let Some(first) = free.first() {
            help.push_str(&format!(": {first} is free in {name}"));
        }
        if let [written] = capacity.prefixes.as_slice() {
            remedies.extend(free.iter().map(|free| {
                let title = format!(
                    "Use {free} (free) for subnet {}",
                    called(&capacity.subnet.name, &capacity.subnet.declared)
                );
                Remedy::choice(title).replace(written.fact, written.network, free)
            }));
        }
    }
    let mut others = smaller_pool(capacity, pool);
    let one_surge_node =
        moment == Moment::Upgrading && pool.surge_nodes() > 1 && one_surge_node_fits(capacity, pool);
    if one_surge_node {
        others.push(format!("{} 1", of_pool(&pool.surge.site, pool, &capacity.pools)));
    }
    if !others.is_empty() {
        help.push_str("; or ");
        help.push_str(&others.join(", or "));
    }
    if moment == Moment::Upgrading {
        remedies.extend(smaller_upgrade(capacity, pool, one_surge_node));
    }
    Proposal { help, remedies }
}

/// Fewer pods per node or fewer surge nodes, where these are written.
fn smaller_upgrade(
    capacity: &SubnetCapacity<'_>,
    pool: &PoolDemand<'_>,
    one_surge_node: bool,
) -> Vec<Remedy> {
    let mut remedies = Vec::new();
    let set = |site: &Site, value: u64| {
        let property = of_pool(site, pool, &capacity.pools);
        Remedy::choice(format!("Set {property} to {value}"))
    };
    if pool.pods_in_node_subnet() == Some(true)
        && pool.addresses_of_node.is_exact()
        && !pool.max_pods.default
        && let Some(pods) = largest_max_pods(
            capacity.left_for(pool, Moment::Upgrading),
            pool.nodes_at(Moment::Upgrading).least,
        )
    {
        let remedy = set(&pool.max_pods.site, pods);
        remedies.push(remedy.replace(pool.max_pods.fact(), pool.max_pods.value.least, pods));
    }
    if one_surge_node
        && !pool.surge.default
        && let Some(surge) = pool.surge.value
    {
        let written = match surge {
            Surge::Percent(percent) => format!("{percent}%"),
            Surge::Nodes(nodes) => nodes.to_string(),
        };
        remedies.push(set(&pool.surge.site, 1).replace(pool.surge.fact(), written, 1));
    }
    remedies
}

/// What of the blamed pool could be smaller, everything else unchanged.
fn smaller_pool(capacity: &SubnetCapacity<'_>, pool: &PoolDemand<'_>) -> Vec<String> {
    let mut ways = Vec::new();
    let Some(surge) = pool.surge.value.filter(|_| pool.addresses_of_node.is_exact()) else {
        return ways;
    };
    let left = capacity.left_for(pool, Moment::Upgrading);
    let nodes = largest_pool(left, pool.addresses_of_node.least, surge);
    if nodes > 0 && !pool.nodes.default {
        ways.push(format!(
            "{} at most {nodes}",
            of_pool(&pool.nodes.site, pool, &capacity.pools)
        ));
    }
    let upgrading = pool.nodes_at(Moment::Upgrading).least;
    if pool.pods_in_node_subnet() == Some(true)
        && let Some(pods) = largest_max_pods(left, upgrading)
    {
        ways.push(format!(
            "{} at most {pods}",
            of_pool(&pool.max_pods.site, pool, &capacity.pools)
        ));
    }
    ways
}

fn one_surge_node_fits(capacity: &SubnetCapacity<'_>, pool: &PoolDemand<'_>) -> bool {
    let nodes = nodes_in_upgrade(pool.nodes.value.least, Surge::Nodes(1));
    nodes.saturating_mul(pool.addresses_of_node.least) <= capacity.left_for(pool, Moment::Upgrading)
}

/// The finding of a pod range that is too small at a moment.
pub(super) fn pod_range_is_too_small(
    capacity: &PodRangeCapacity<'_>,
    moment: Moment,
    net: View<'_>,
    report: &mut Report,
) {
    let Some(pool) = largest(&capacity.pools, capacity.room, |pool| pool.nodes_at(moment)) else {
        return;
    };
    let needed = match moment {
        Moment::Running => capacity.needed_text(moment),
        Moment::Upgrading => format!("an upgrade needs {}", capacity.needed_text(moment)),
    };
    let (range, room) = (capacity.range_text(), capacity.room);
    let message = format!("{needed}, but {range} has room for only {room}, a /24 each");
    let range = capacity.range.fact();
    // A range that nobody wrote is not what people look at, and one that is large enough without a pool
    // that may be absent is not to blame.
    let is_certain = pool.conditions() <= conditions(&range.site.owner.presence);
    let finding = if is_certain && !capacity.range.default {
        report.finding(range, message)
    } else {
        let finding = report.finding(pool.nodes.fact(), message);
        let range_label = match capacity.range.default {
            true => format!("no pod CIDR is set, so it is {}", capacity.range.network),
            false => format!("{} gives each node a /24 of this", capacity.model.noun()),
        };
        finding.because(range, range_label);
        finding
    };
    label_pools(finding, &capacity.pools, pool, moment, |_| None);
    let mut wider = wider_pod_range(capacity, net);
    if let (true, [_], Some(surge)) = (!pool.nodes.default, &*capacity.pools, pool.surge.value) {
        let nodes = largest_pool(capacity.room, 1, surge);
        wider.help.push_str(&format!(
            "; or {} at most {nodes}",
            of_pool(&pool.nodes.site, pool, &capacity.pools)
        ));
    }
    finding.offer(wider).azure_error(pod_range_error(capacity.model));
}

/// The error that Azure answers with when a pod range is too small.
pub(super) fn pod_range_error(model: NetworkModel) -> &'static str {
    match model {
        NetworkModel::Kubenet => "InsufficientPodCidr",
        _ => "InsufficientSubnetSize",
    }
}

/// The pod range that fits, upgrades included.
pub(super) fn wider_pod_range(capacity: &PodRangeCapacity<'_>, net: View<'_>) -> Proposal {
    let needed = capacity.nodes(Moment::Upgrading).least;
    let Some(prefix) = smallest_pod_range(needed) else {
        return Proposal {
            help: "no pod CIDR is that large: spread the nodes over several clusters".to_owned(),
            remedies: Vec::new(),
        };
    };
    let mut help = format!("use a pod CIDR of at least /{prefix}");
    let usual = DEFAULT_POD_RANGE;
    let preferred = (prefix >= usual.prefix_len()).then_some(usual);
    let free = net
        .network
        .free_ranges_besides(preferred, prefix, &[], MAXIMUM_PROPOSED);
    if let Some(free) = free.first() {
        help.push_str(&format!(", such as {free}"));
    }
    let pools = capacity.pools.iter();
    let cluster = pools
        .filter_map(|pool| net.quietly().cluster_of(pool.pool).ok())
        .next();
    let remedy = |free: &IpNet| pod_range(net, cluster?, &capacity.range, *free);
    Proposal {
        remedies: free.iter().filter_map(remedy).collect(),
        help,
    }
}
