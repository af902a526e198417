//! The arithmetic of addresses and nodes: plain numbers in, plain numbers out.
//!
//! Every function takes what Microsoft's pages count with and is exact; nothing here knows where a number
//! comes from. Sums are saturating, so that absurd input gives an absurd number and never a wrong one.

use super::node_pool::Surge;

/// The addresses that Azure keeps in every IPv4 prefix of a subnet: the first four and the last one.
/// <https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>
pub const RESERVED_IN_SUBNET: u64 = 5;

/// The prefix lengths that subnets can have: at least eight addresses, at most a whole /8.
pub const SUBNET_PREFIXES: std::ops::RangeInclusive<u8> = 8..=29;

/// Kubenet and overlay give each node a range of this length for its pods, whatever its maximum of pods.
/// <https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay>
pub const NODE_POD_PREFIX: u8 = 24;

/// The most nodes that a node pool can have.
/// <https://learn.microsoft.com/azure/aks/quotas-skus-regions>
pub const MAXIMUM_POOL_NODES: u64 = 1000;

/// The fewest and the most pods for which a node can be set up.
/// <https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning>
pub const MAX_PODS: std::ops::RangeInclusive<u64> = 10..=250;

/// A pool whose nodes take fewer than 30 pods must have room for this many on all its nodes together.
pub const MINIMUM_PODS_OF_POOL: u64 = 30;

/// A route table holds this many routes, and kubenet needs one for each node.
/// <https://learn.microsoft.com/azure/aks/configure-kubenet>
pub const MAXIMUM_ROUTES: u64 = 400;

/// The surge of a pool that sets none: 10 per cent of its nodes, rounded up.
pub const DEFAULT_SURGE: Surge = Surge::Percent(10);

/// Nodes with a pod subnet take addresses in batches of this many.
/// <https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-pod-subnet>
pub const POD_BATCH: u64 = 16;

/// What API Server VNet Integration takes for each cluster.
/// <https://learn.microsoft.com/azure/aks/api-server-vnet-integration>
pub const API_SERVER_ADDRESSES: u64 = 9;

/// The outbound ports of one load balancer address in the check that AKS makes.
/// <https://learn.microsoft.com/azure/aks/configure-load-balancer-standard>
pub const PORTS_OF_OUTBOUND_ADDRESS: u64 = 64_000;

fn addresses(prefix: u8) -> u64 {
    1 << (32 - u32::from(prefix.min(32)))
}

/// The addresses of one IPv4 prefix of a subnet that resources can have.
pub fn usable_addresses(prefix: u8) -> u64 {
    addresses(prefix).saturating_sub(RESERVED_IN_SUBNET)
}

/// The longest prefix of a subnet with this many usable addresses; none when no subnet is that large.
pub fn smallest_subnet(needed: u64) -> Option<u8> {
    SUBNET_PREFIXES
        .rev()
        .find(|prefix| usable_addresses(*prefix) >= needed)
}

/// How many nodes a pod range of kubenet or overlay has room for. Azure reserves nothing in it.
pub fn nodes_in_pod_range(prefix: u8) -> u64 {
    match NODE_POD_PREFIX.checked_sub(prefix) {
        Some(bits) => 1 << bits,
        None => 0,
    }
}

/// The longest prefix of a pod range with room for this many nodes.
pub fn smallest_pod_range(nodes: u64) -> Option<u8> {
    (8..=NODE_POD_PREFIX)
        .rev()
        .find(|prefix| nodes_in_pod_range(*prefix) >= nodes)
}

/// The addresses that a node of Azure CNI node subnet reserves: one for itself and one for each pod.
pub fn addresses_of_node(max_pods: u64) -> u64 {
    max_pods.saturating_add(1)
}

/// The most nodes that a pool has while it is upgraded: surge nodes come on top, but never more than there
/// are nodes to upgrade, and never beyond the size that a pool can have. Never falls as `nodes` grows.
pub fn nodes_in_upgrade(nodes: u64, surge: Surge) -> u64 {
    let surge = match surge {
        Surge::Nodes(surge) => u64::from(surge),
        Surge::Percent(percent) => nodes.saturating_mul(u64::from(percent)).div_ceil(100),
    };
    let limit = nodes.max(MAXIMUM_POOL_NODES);
    nodes.saturating_add(surge.min(nodes)).min(limit)
}

/// The most nodes of one pool for which this many addresses suffice, upgrades included.
pub fn largest_pool(available: u64, addresses_of_node: u64, surge: Surge) -> u64 {
    let fits = |nodes: u64| nodes_in_upgrade(nodes, surge).saturating_mul(addresses_of_node) <= available;
    (0..=MAXIMUM_POOL_NODES)
        .rev()
        .find(|nodes| fits(*nodes))
        .unwrap_or(0)
}

/// The most pods per node for which this many addresses suffice on this many nodes of Azure CNI node
/// subnet; none when that is fewer than AKS allows.
pub fn largest_max_pods(available: u64, nodes: u64) -> Option<u64> {
    let pods = available.checked_div(nodes)?.checked_sub(1)?.min(*MAX_PODS.end());
    let enough = pods.saturating_mul(nodes) >= MINIMUM_PODS_OF_POOL;
    (MAX_PODS.contains(&pods) && enough).then_some(pods)
}

/// What nodes take from a pod subnet with dynamic allocation before any pod runs.
pub fn dynamic_addresses_at_start(nodes: u64) -> u64 {
    nodes.saturating_mul(POD_BATCH)
}

/// What nodes take from a pod subnet with dynamic allocation when they are full: whole batches.
pub fn dynamic_addresses_when_full(nodes: u64, max_pods: u64) -> u64 {
    nodes.saturating_mul(max_pods.div_ceil(POD_BATCH).saturating_mul(POD_BATCH))
}

/// The blocks (/28) that a node takes from a pod subnet with static block allocation.
/// <https://learn.microsoft.com/azure/aks/configure-azure-cni-static-block-allocation>
pub fn static_blocks_of_node(max_pods: u64) -> u64 {
    addresses_of_node(max_pods).div_ceil(POD_BATCH)
}

/// The addresses of a node's blocks that no pod can ever have.
pub fn static_waste(max_pods: u64) -> u64 {
    let addresses = static_blocks_of_node(max_pods).saturating_mul(POD_BATCH);
    addresses.saturating_sub(addresses_of_node(max_pods))
}

/// The blocks (/28) of one prefix of a pod subnet that nodes can surely have. The first and the last one
/// hold the addresses that Azure keeps.
pub fn static_blocks_in_subnet(prefix: u8) -> u64 {
    match 28_u8.checked_sub(prefix) {
        Some(bits) => (1_u64 << bits.min(28)).saturating_sub(2),
        None => 0,
    }
}

/// The addresses that the API servers of clusters take in their subnet.
pub fn api_server_addresses(clusters: u64) -> u64 {
    clusters.saturating_mul(API_SERVER_ADDRESSES)
}

/// Whether a load balancer with this many outbound addresses has these ports for each node.
pub fn has_outbound_ports(ports_of_node: u64, nodes: u64, outbound_addresses: u64) -> bool {
    let ports = outbound_addresses.saturating_mul(PORTS_OF_OUTBOUND_ADDRESS);
    ports_of_node.saturating_mul(nodes) <= ports
}

/// The most nodes for which these outbound addresses have these ports; none when no number is asked for.
pub fn nodes_with_outbound_ports(ports_of_node: u64, outbound_addresses: u64) -> Option<u64> {
    outbound_addresses
        .saturating_mul(PORTS_OF_OUTBOUND_ADDRESS)
        .checked_div(ports_of_node)
}

#[cfg(test)]
#[path = "arithmetic_tests.rs"]
mod tests;
