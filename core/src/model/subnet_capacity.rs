//! Whether the nodes and pods of all node pools in a subnet have addresses there.

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::amount::{Amount, Figure};
use super::arithmetic::usable_addresses;
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
pub(super) enum NodeSubnet {
    Here(Id<Subnet>),
    /// AKS makes a network, which is always large enough.
    Managed,
    Unseen(Unknown),
}

impl<'a> View<'a> {
    /// The capacity of each subnet that node pools of this resource are in: the pools of a cluster, or a
    /// pool whose cluster is not in this deployment. Only subnets of this use; what cannot be known about
    /// the others, and what cannot be known about these, is noted.
    pub fn subnet_capacities(&self, resource: Resource<'a>, wanted: SubnetUse) -> Vec<SubnetCapacity<'a>> {
        let mut subnets: Vec<&'a Subnet> = Vec::new();
        for pool in self.pools_under_examination(resource) {
            match self.node_subnet_of(pool) {
                NodeSubnet::Managed => {}
                NodeSubnet::Here(id) if subnets.iter().any(|known| known.id == id) => {}
                NodeSubnet::Here(id) => subnets.push(&self.network[id]),
                NodeSubnet::Unseen(unknown) => {
                    let pods = self.demand_of(pool).pods_in_node_subnet();
                    if pods.is_none_or(|pods| pods == (wanted == SubnetUse::NodesAndPods)) {
                        self.note(&unknown);
                    }
                }
            }
        }
        let of_this_use = |subnet: &&Subnet| self.is_used(subnet, wanted);
        subnets
            .into_iter()
            .filter(of_this_use)
            .filter_map(|subnet| self.subnet_capacity(subnet))
            .collect()
    }

    /// The capacity of a subnet that node pools are in; none when no pool is, or when its prefixes are
    /// unknown, which is noted.
    pub fn subnet_capacity(&self, subnet: &'a Subnet) -> Option<SubnetCapacity<'a>> {
        let pools = self.demands_on(subnet);
        if pools.is_empty() {
            return None;
        }
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
            private_endpoints: self.private_endpoints_in(subnet),
            pools,
        })
    }

    /// Whether a subnet is used like this. While that is not known of all its pools, the others decide, and
    /// it is noted that there may be pods as well.
    fn is_used(&self, subnet: &'a Subnet, wanted: SubnetUse) -> bool {
        let pools = self.demands_on(subnet);
        let in_use = use_of(&pools);
        if in_use.is_none() && wanted == SubnetUse::NodesAndPods {
            let undetermined = pools.iter().filter(|pool| pool.model.is_none());
            undetermined
                .flat_map(|pool| &pool.unknown)
                .for_each(|unknown| self.note(unknown));
        }
        in_use.unwrap_or(SubnetUse::NodesOnly) == wanted
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

    fn pools_under_examination(&self, resource: Resource<'a>) -> Vec<&'a NodePool> {
        match resource {
            Resource::Cluster(cluster) => self.pools_of(cluster),
            Resource::NodePool(pool) if self.cluster_of(pool).is_err() => vec![pool],
            _ => Vec::new(),
        }
    }

    /// What the pools in a subnet ask of it, whichever cluster they belong to.
    fn demands_on(&self, subnet: &Subnet) -> Vec<PoolDemand<'a>> {
        let pools = self.present(&self.network.node_pools);
        pools
            .filter(|pool| matches!(self.node_subnet_of(pool), NodeSubnet::Here(id) if id == subnet.id))
            .map(|pool| self.demand_of(pool))
            .collect()
    }

    pub(super) fn node_subnet_of(&self, pool: &'a NodePool) -> NodeSubnet {
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

    /// The first of the pools that are written inside the cluster.
    fn first_pool_of(&self, cluster: &'a Cluster) -> Option<&'a NodePool> {
        self.network.node_pools.iter().find(|pool| {
            let own = pool.is_default_pool && self.cluster_of(pool).is_ok_and(|it| it.id == cluster.id);
            own && self.is_present(&pool.declared)
        })
    }

    /// The private endpoints of API servers, which Azure puts into the subnet of the cluster's first pool.
    /// <https://learn.microsoft.com/azure/aks/private-clusters>
    fn private_endpoints_in(&self, subnet: &Subnet) -> Vec<Figure<()>> {
        let mut endpoints = Vec::new();
        for cluster in self.present(&self.network.clusters) {
            let place = match self.look(&cluster.private_cluster_enabled) {
                Reading::Absent => continue,
                Reading::Known(private) => Figure::read(private, ()),
                Reading::Unknown(_, place) => Figure::read(place, ()),
            };
            let is_here = self.first_pool_of(cluster).is_some_and(
                |pool| matches!(self.node_subnet_of(pool), NodeSubnet::Here(id) if id == subnet.id),
            );
            let has_endpoint = is_here
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
