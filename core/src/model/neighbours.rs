//! Which virtual networks and subnets a cluster is in, and what lies beside them.

use ipnet::IpNet;

use super::attr::{Attr, Id, Link, ResourceId, State, Target};
use super::cidr::overlap;
use super::cluster::Cluster;
use super::node_pool::NodePool;
use super::subnet::{Peering, Subnet, VirtualNetwork};
use super::view::{Declared, Range, View};

/// Which virtual network something is in. Two subnets of the same unknown network are still together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Here(Id<VirtualNetwork>),
    Elsewhere(ResourceId),
    /// The identity of the unknown value that names the network.
    Unknown(u64),
}

/// A subnet or virtual network and the range of it that overlaps another one.
#[derive(Debug)]
pub struct Overlap<'a, T> {
    pub with: &'a T,
    pub range: Range<'a>,
}

impl<'a> View<'a> {
    /// The node pools of a cluster.
    pub fn pools_of(&self, cluster: &'a Cluster) -> Vec<&'a NodePool> {
        let mut pools: Vec<&NodePool> = Vec::new();
        for pool in &self.network.node_pools {
            let is_own = self.links_to(&pool.cluster, cluster.id);
            if is_own && self.is_present(&pool.declared) {
                pools.push(pool);
            }
        }
        pools
    }

    /// The subnets of this deployment that a cluster's nodes and pods are in, each once.
    pub fn subnets_of(&self, cluster: &'a Cluster) -> Vec<&'a Subnet> {
        let mut subnets: Vec<&Subnet> = Vec::new();
        for pool in self.pools_of(cluster) {
            for link in pool.subnet.iter().chain(&pool.pod_subnet) {
                let Some(Target::Here(id)) = self.read(link).map(|target| target.value) else {
                    continue;
                };
                if !subnets.iter().any(|known| known.id == *id) {
                    subnets.push(&self.network[*id]);
                }
            }
        }
        subnets
    }

    /// Whether a pool of the cluster is put into a subnet, known or not: then AKS makes no network.
    pub fn brings_subnet(&self, cluster: &'a Cluster) -> bool {
        let pools = self.pools_of(cluster);
        pools.iter().any(|pool| self.is_written(&pool.subnet))
    }

    /// Where a subnet is; none when no network is written. What is unknown is not noted.
    pub fn place_of(&self, subnet: &'a Subnet) -> Option<Place> {
        let link = subnet.virtual_network.as_ref()?;
        if let Some(unknown) = self.unknown(link) {
            return Some(Place::Unknown(unknown.identity()));
        }
        self.read(link).map(|target| match target.value {
            Target::Here(id) => Place::Here(*id),
            Target::Elsewhere(id) => Place::Elsewhere(id.clone()),
        })
    }

    /// The virtual networks of this deployment that a cluster is in.
    pub fn virtual_networks_of(&self, cluster: &'a Cluster) -> Vec<&'a VirtualNetwork> {
        let mut networks: Vec<&VirtualNetwork> = Vec::new();
        for subnet in self.subnets_of(cluster) {
            if let Some(Place::Here(id)) = self.place_of(subnet)
                && !networks.iter().any(|known| known.id == id)
            {
                networks.push(&self.network[id]);
            }
        }
        networks
    }

    /// The subnets in the cluster's virtual networks, its own first, that overlap a range.
    pub fn subnets_overlapping(&self, cluster: &'a Cluster, range: IpNet) -> Vec<Overlap<'a, Subnet>> {
        let own = self.subnets_of(cluster);
        let places: Vec<Place> = own.iter().filter_map(|subnet| self.place_of(subnet)).collect();
        let is_own = |subnet: &Subnet| own.iter().any(|known| known.id == subnet.id);
        let siblings = self.network.subnets.iter().filter(|subnet| {
            !is_own(subnet) && self.place_of(subnet).is_some_and(|place| places.contains(&place))
        });
        let near: Vec<&'a Subnet> = own.iter().copied().chain(siblings).collect();
        near.into_iter()
            .filter_map(|subnet| {
                let range = self.overlapping(&subnet.prefixes, range)?;
                self.present_overlap(subnet, range)
            })
            .collect()
    }

    /// The cluster's virtual networks whose address space overlaps a range.
    pub fn networks_overlapping(
        &self,
        cluster: &'a Cluster,
        range: IpNet,
    ) -> Vec<Overlap<'a, VirtualNetwork>> {
        self.virtual_networks_of(cluster)
            .into_iter()
            .filter_map(|network| {
                let range = self.overlapping(&network.address_space, range)?;
                self.present_overlap(network, range)
            })
            .collect()
    }

    /// The networks peered with the cluster's virtual networks whose address space overlaps a range, and
    /// the peerings.
    pub fn peers_overlapping(
        &self,
        cluster: &'a Cluster,
        range: IpNet,
    ) -> Vec<(&'a Peering, Overlap<'a, VirtualNetwork>)> {
        let own = self.virtual_networks_of(cluster);
        let mut found: Vec<(&Peering, Overlap<'a, VirtualNetwork>)> = Vec::new();
        for network in &own {
            for (peering, peer) in self.peers_of(network) {
                let is_known = own.iter().any(|known| known.id == peer.id)
                    || found.iter().any(|(_, known)| known.with.id == peer.id);
                if is_known {
                    continue;
                }
                if let Some(range) = self.overlapping(&peer.address_space, range)
                    && self.is_present(&peering.declared)
                    && let Some(overlap) = self.present_overlap(peer, range)
                {
                    found.push((peering, overlap));
                }
            }
        }
        found
    }

    /// The peerings that join a whole network with another one of this deployment, and that other one.
    /// Whether the peering and the network exist is left to ask.
    pub fn peers_of(&self, network: &VirtualNetwork) -> Vec<(&'a Peering, &'a VirtualNetwork)> {
        let mut peers = Vec::new();
        for peering in &self.network.peerings {
            let from = self.network_here(&peering.from);
            let to = self.network_here(&peering.to);
            let peer = match (from, to) {
                (Some(from), Some(to)) if from == network.id => to,
                (Some(from), Some(to)) if to == network.id => from,
                _ => continue,
            };
            if peer != network.id && self.joins_whole_networks(peering) {
                peers.push((peering, &self.network[peer]));
            }
        }
        peers
    }

    fn joins_whole_networks(&self, peering: &'a Peering) -> bool {
        if !self.is_written(&peering.complete_networks) {
            return true;
        }
        self.read_written(&peering.complete_networks)
            .is_some_and(|whole| *whole.value)
    }

    fn network_here(&self, link: &'a Link<VirtualNetwork>) -> Option<Id<VirtualNetwork>> {
        match self.read(link)?.value {
            Target::Here(id) => Some(*id),
            Target::Elsewhere(_) => None,
        }
    }

    /// Whether a link leads to this resource; what is unknown is not noted.
    fn links_to<T>(&self, link: &'a Link<T>, id: Id<T>) -> bool {
        self.unknown(link).is_none()
            && self
                .read(link)
                .is_some_and(|target| matches!(target.value, Target::Here(target) if *target == id))
    }

    /// The first range of a list that overlaps another one.
    fn overlapping(&self, list: &'a super::attr::List<super::cidr::Cidr>, range: IpNet) -> Option<Range<'a>> {
        self.ranges(list)
            .into_iter()
            .find(|other| overlap(other.network, range))
    }

    fn present_overlap<T: Declared>(&self, with: &'a T, range: Range<'a>) -> Option<Overlap<'a, T>> {
        self.is_present(with.declared())
            .then_some(Overlap { with, range })
    }
}

/// What messages call a resource: its name, or its address where the name is not known.
pub fn called<'a>(name: &'a Option<Attr<String>>, declared: &'a Attr<()>) -> &'a str {
    match name.as_ref().map(|name| &name.state) {
        Some(State::Known(name)) => name,
        _ => &declared.site.owner.resource,
    }
}
