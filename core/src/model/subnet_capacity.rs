//! Whether the nodes and pods of all node pools in a subnet have addresses there.

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::amount::{Amount, Figure};
use super::arithmetic::{MAXIMUM_POOL_NODES, largest_pool, usable_addresses};
use super::attr::{Id, Target};
use super::capacity_text::{addresses_text, nodes_text};
use super::cluster::Cluster;
use super::neighbours::called;
use super::network_model::elsewhere;
use super::node_pool::NodePool;
use super::pool_demand::{Moment, PoolDemand};
use super::resource::Resource;
use super::subnet::Subnet;
use super::view::{Range, Reading, View};

/// What takes addresses of a subnet that node pools are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubnetUse {
    /// At least one pool puts its pods there too.
    NodesAndPods,
    NodesOnly,
}

/// The addresses of a subnet, and everything known that takes them.
#[derive(Debug, Clone)]
pub struct SubnetCapacity<'a> {
    pub subnet: &'a Subnet,
    /// The IPv4 prefixes.
    pub prefixes: Vec<Range<'a>>,
    /// What resources can have: the addresses of all prefixes less the five that Azure keeps in each.
    pub usable: u64,
    /// Every pool in the subnet, of all clusters.
    pub pools: Vec<PoolDemand<'a>>,
    /// For each private cluster whose first pool is here: its API server's private endpoint takes one.
    pub private_endpoints: Vec<Figure<()>>,
}

impl SubnetCapacity<'_> {
    pub fn needed(&self, moment: Moment) -> Amount {
        let pools: Amount = self.pools.iter().map(|pool| pool.addresses_at(moment)).sum();
        pools.plus(Amount::exactly(self.private_endpoints.len() as u64))
    }

    /// Whether the subnet is too small; none when that hangs on something unknown.
    pub fn is_exceeded(&self, moment: Moment) -> Option<bool> {
        self.needed(moment).exceeds(self.usable)
    }

    /// The addresses that the other pools and the endpoints leave to one pool.
    pub fn left_for(&self, pool: &PoolDemand<'_>, moment: Moment) -> u64 {
        let all = self.needed(moment).least;
        let others = all.saturating_sub(pool.addresses_at(moment).least);
        self.usable.saturating_sub(others)
    }

    /// The most nodes that one pool can have, everything else unchanged; none when that hangs on something
    /// unknown.
    pub fn most_nodes_of(&self, pool: &PoolDemand<'_>, moment: Moment) -> Option<u64> {
        let others = self.pools.iter().filter(|other| other.pool.id != pool.pool.id);
        let are_others_exact = others
            .map(|other| other.addresses_at(moment))
            .all(Amount::is_exact);
        if !are_others_exact || !pool.addresses_of_node.is_exact() || !pool.instances.is_exact() {
            return None;
        }
        let (left, of_node) = (self.left_for(pool, moment), pool.addresses_of_node.least);
        match moment {
            Moment::Running => Some(left.checked_div(of_node)?.min(MAXIMUM_POOL_NODES)),
            Moment::Upgrading => Some(largest_pool(left, of_node, pool.surge.value?)),
        }
    }

    /// The arithmetic in one line: `10 nodes × 31 addresses = 310, subnet 10.1.0.0/24 has 251`.
    pub fn text(&self, moment: Moment) -> String {
        let (needed, prefixes) = (self.needed_text(moment), self.prefix_text());
        format!("{needed}, subnet {prefixes} has {}", self.room_text())
    }

    /// `10 nodes × 31 addresses = 310`
    pub fn needed_text(&self, moment: Moment) -> String {
        let endpoints = self.private_endpoints.len();
        match self.with_pods() {
            true => addresses_text(&self.pools, endpoints, moment),
            false => nodes_text(&self.pools, endpoints, moment),
        }
    }

    /// `251`, `27 addresses`: what the subnet has, after [`SubnetCapacity::needed_text`].
    pub fn room_text(&self) -> String {
        match self.with_pods() {
            true => self.usable.to_string(),
            false => format!("{} addresses", self.usable),
        }
    }

    fn with_pods(&self) -> bool {
        let in_subnet = |pool: &PoolDemand<'_>| pool.pods_in_node_subnet() == Some(true);
        self.pools.iter().any(in_subnet)
    }

    /// The prefixes, as written: `10.1.0.0/24`.
    pub fn prefix_text(&self) -> String {
        let prefixes: Vec<String> = self
            .prefixes
            .iter()
            .map(|range| range.network.to_string())
            .collect();
        prefixes.join(" and ")
    }

    /// `snet-nodes (10.1.0.0/24)`
    pub fn subnet_text(&self) -> String {
        let name = called(&self.subnet.name, &self.subnet.declared);
        format!("{name} ({})", self.prefix_text())
    }
}

/// Where the nodes of a pool are.
pub enum NodeSubnet {
    Here(Id<Subnet>),
    /// AKS makes a network, which is always large enough.
    Managed,
    Unseen(Unknown),
}

impl<'a> View<'a> {
    /// What a rule about subnets of this use has to judge: the capacity of the resource if it is such a
    /// subnet. What cannot be known about it is noted, and so is the subnet of a node pool that is not in
    /// this deployment.
    pub fn capacity_to_judge(&self, resource: Resource<'a>, wanted: SubnetUse) -> Option<SubnetCapacity<'a>> {
        match resource {
            Resource::Subnet(subnet) => {
                let pools = self.demands_on(subnet);
                if !self.is_used(&pools, wanted) {
                    return None;
                }
                self.capacity_with(subnet, pools)
            }
            Resource::NodePool(pool) => {
                if let NodeSubnet::Unseen(unknown) = self.node_subnet_of(pool) {
                    let pods = self.demand_of(pool).pods_in_node_subnet();
                    if pods.is_none_or(|pods| pods == (wanted == SubnetUse::NodesAndPods)) {
                        self.note(&unknown);
                    }
                }
                None
            }
            _ => None,
        }
    }

    /// The capacity of a subnet that node pools are in; none when no pool is, or when its prefixes are
    /// unknown, which is noted.
    pub fn subnet_capacity(&self, subnet: &'a Subnet) -> Option<SubnetCapacity<'a>> {
        let pools = self.demands_on(subnet);
        if pools.is_empty() {
            return None;
        }
        self.capacity_with(subnet, pools)
    }

    fn capacity_with(&self, subnet: &'a Subnet, pools: Vec<PoolDemand<'a>>) -> Option<SubnetCapacity<'a>> {
        let prefixes = self.complete_ranges(&subnet.prefixes)?;
        let ipv4 = |range: &Range<'_>| matches!(range.network, IpNet::V4(_));
        let prefixes: Vec<Range<'a>> = prefixes.into_iter().filter(ipv4).collect();
        if prefixes.is_empty() {
            return None;
        }
        let usable = |range: &Range<'_>| usable_addresses(range.network.prefix_len());
        Some(SubnetCapacity {
            subnet,
            usable: prefixes.iter().map(usable).fold(0, u64::saturating_add),
            prefixes,
            private_endpoints: self.private_endpoints(&pools),
            pools,
        })
    }

    /// Whether a subnet with these pools is used like this. While that is not known of all of them, the
    /// others decide, and it is noted that there may be pods as well.
    fn is_used(&self, pools: &[PoolDemand<'a>], wanted: SubnetUse) -> bool {
        let in_use = use_of(pools);
        if in_use.is_none() && wanted == SubnetUse::NodesAndPods {
            let undetermined = pools.iter().filter(|pool| pool.model.is_none());
            undetermined
                .flat_map(|pool| &pool.unknown)
                .for_each(|unknown| self.note(unknown));
        }
        !pools.is_empty() && in_use.unwrap_or(SubnetUse::NodesOnly) == wanted
    }

    /// Whether a subnet is too small; false when that hangs on something unknown, which is noted.
    pub fn is_exceeded(&self, capacity: &SubnetCapacity<'a>, moment: Moment) -> bool {
        if let Some(answer) = capacity.is_exceeded(moment) {
            return answer;
        }
        for pool in &capacity.pools {
            pool.unknown_addresses(moment)
                .for_each(|unknown| self.note(unknown));
        }
        false
    }

    /// What the pools in a subnet ask of it, whichever cluster they belong to. Only conditions of pools
    /// that can be in it are asked for, so that the others make no further worlds.
    fn demands_on(&self, subnet: &Subnet) -> Vec<PoolDemand<'a>> {
        let candidates = self.network.pool_index().in_subnet(subnet.id).iter();
        candidates
            .map(|id| &self.network[*id])
            .filter(|pool| matches!(self.node_subnet_of(pool), NodeSubnet::Here(id) if id == subnet.id))
            .filter(|pool| self.is_present(&pool.declared))
            .map(|pool| self.demand_of(pool))
            .collect()
    }

    /// Where the nodes of a pool are. Nothing is noted.
    pub fn node_subnet_of(&self, pool: &'a NodePool) -> NodeSubnet {
        match self.look(&pool.subnet) {
            Reading::Known(target) => match target.value {
                Target::Here(id) => NodeSubnet::Here(*id),
                Target::Elsewhere(id) => {
                    NodeSubnet::Unseen(elsewhere("subnet", id, target.from.origin().span))
                }
            },
            Reading::Unknown(unknown, _) => NodeSubnet::Unseen(unknown.clone()),
            // Azure puts a pool that names no subnet into that of the cluster's first pool.
            Reading::Absent => match self.cluster_of(pool).ok().and_then(|it| self.first_pool_of(it)) {
                Some(first) if first.id != pool.id => match self.look(&first.subnet) {
                    Reading::Absent => NodeSubnet::Managed,
                    _ => self.node_subnet_of(first),
                },
                _ => NodeSubnet::Managed,
            },
        }
    }

    /// The first of the pools that are written inside the cluster; it exists when the cluster does.
    fn first_pool_of(&self, cluster: &Cluster) -> Option<&'a NodePool> {
        let first = self.network.pool_index().first_of(cluster.id)?;
        Some(&self.network[first])
    }

    /// The private endpoints of API servers, which Azure puts into the subnet of the cluster's first pool.
    /// <https://learn.microsoft.com/azure/aks/private-clusters>
    fn private_endpoints(&self, pools: &[PoolDemand<'a>]) -> Vec<Figure<()>> {
        let mut endpoints = Vec::new();
        for pool in pools.iter().map(|demand| demand.pool) {
            let Ok(cluster) = self.cluster_of(pool) else {
                continue;
            };
            let place = match self.look(&cluster.private_cluster_enabled) {
                Reading::Absent => continue,
                Reading::Known(private) => Figure::read(private, ()),
                Reading::Unknown(_, place) => Figure::read(place, ()),
            };
            let has_endpoint = self
                .first_pool_of(cluster)
                .is_some_and(|first| first.id == pool.id)
                && self.is_on(&cluster.private_cluster_enabled, false)
                && !self.is_on(&cluster.api_server_vnet_integration, false);
            if has_endpoint {
                endpoints.push(place);
            }
        }
        endpoints
    }
}

/// None when that is not known of all pools and those that are known keep their pods elsewhere.
fn use_of(pools: &[PoolDemand<'_>]) -> Option<SubnetUse> {
    let uses: Vec<Option<bool>> = pools.iter().map(PoolDemand::pods_in_node_subnet).collect();
    if uses.contains(&Some(true)) {
        return Some(SubnetUse::NodesAndPods);
    }
    (!uses.contains(&None)).then_some(SubnetUse::NodesOnly)
}
