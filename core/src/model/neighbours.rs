//! Which virtual networks and subnets a cluster is in, and what lies beside them.

use std::hash::{Hash, Hasher};

use ipnet::IpNet;

use crate::eval::value::{Reason, Unknown};

use super::attr::{Attr, Id, Link, List, ResourceId, State, Target};
use super::cidr::{Cidr, overlap};
use super::cluster::Cluster;
use super::node_pool::NodePool;
use super::subnet::{Peering, Subnet, VirtualNetwork};
use super::view::{Declared, Range, View};

/// Which virtual network something is in. Two subnets of the same unknown network are still together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Here(Id<VirtualNetwork>),
    Elsewhere(ResourceId),
    /// The value that names the network is unknown, for this reason.
    Unknown(Unknown),
}

/// Whether two things are in one virtual network.
#[derive(Debug, PartialEq, Eq)]
enum Nearness {
    Same,
    Apart,
    /// They are if this turns out so.
    Unsure(Unknown),
}

impl Hash for Place {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        match self {
            Place::Here(id) => id.hash(hasher),
            Place::Elsewhere(id) => id.hash(hasher),
            Place::Unknown(unknown) => unknown.identity().hash(hasher),
        }
    }
}

impl Place {
    fn nearness(&self, other: &Place) -> Nearness {
        match (self, other) {
            (one, other) if one == other => Nearness::Same,
            (Place::Unknown(unknown), _) | (_, Place::Unknown(unknown)) => Nearness::Unsure(unknown.clone()),
            _ => Nearness::Apart,
        }
    }
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
        for pool in self.network.pools_of(cluster.id) {
            let is_own = self.links_to(&pool.cluster, cluster.id);
            if is_own && self.is_present(&pool.declared) {
                pools.push(pool);
            }
        }
        pools
    }

    /// The subnets of this deployment that a cluster's nodes and pods are in, each once. One that is
    /// unknown or lies elsewhere is noted.
    pub fn subnets_of(&self, cluster: &'a Cluster) -> Vec<&'a Subnet> {
        let mut subnets: Vec<&Subnet> = Vec::new();
        for pool in self.network.pools_of(cluster.id) {
            if !self.links_to(&pool.cluster, cluster.id) {
                continue;
            }
            for link in pool.subnet.iter().chain(&pool.pod_subnet) {
                let is_known = |id: Id<Subnet>| subnets.iter().any(|known| known.id == id);
                // Each question whether a pool exists can double the worlds, so it is asked last.
                if matches!(self.target(link), Some(Target::Here(id)) if is_known(*id))
                    || !self.is_present(&pool.declared)
                {
                    continue;
                }
                if let Some(id) = self.follow(link, "subnet") {
                    subnets.push(&self.network[id]);
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
            return Some(Place::Unknown(unknown.clone()));
        }
        self.read(link).map(|target| match target.value {
            Target::Here(id) => Place::Here(*id),
            Target::Elsewhere(id) => Place::Elsewhere(id.clone()),
        })
    }

    /// The virtual networks of this deployment that a cluster is in. One that is unknown or lies elsewhere
    /// is noted.
    pub fn virtual_networks_of(&self, cluster: &'a Cluster) -> Vec<&'a VirtualNetwork> {
        let mut networks: Vec<&VirtualNetwork> = Vec::new();
        for subnet in self.subnets_of(cluster) {
            if let Some(network) = self.virtual_network_of(subnet)
                && !networks.iter().any(|known| known.id == network.id)
            {
                networks.push(network);
            }
        }
        networks
    }

    /// The virtual network of a subnet, when it is in this deployment. One that is unknown or lies
    /// elsewhere is noted.
    pub fn virtual_network_of(&self, subnet: &'a Subnet) -> Option<&'a VirtualNetwork> {
        let link = subnet.virtual_network.as_ref()?;
        let id = self.follow(link, "virtual network")?;
        Some(&self.network[id])
    }

    /// The subnets in the cluster's virtual networks, its own first, that overlap a range.
    pub fn subnets_overlapping(&self, cluster: &'a Cluster, range: IpNet) -> Vec<Overlap<'a, Subnet>> {
        let own = self.subnets_of(cluster);
        let places: Vec<Place> = own.iter().filter_map(|subnet| self.place_of(subnet)).collect();
        let mut near = own.clone();
        for subnet in &self.network.subnets {
            if own.iter().any(|known| known.id == subnet.id) {
                continue;
            }
            match self.nearness_to(subnet, &places) {
                Nearness::Same => near.push(subnet),
                Nearness::Unsure(unknown) if self.may_overlap(&subnet.prefixes, range) => self.note(&unknown),
                Nearness::Unsure(_) | Nearness::Apart => {}
            }
        }
        near.into_iter()
            .filter_map(|subnet| {
                let range = self.overlapping(&subnet.prefixes, range)?;
                self.present_overlap(subnet, range)
            })
            .collect()
    }

    /// The nearest that a subnet comes to any of these places.
    fn nearness_to(&self, subnet: &'a Subnet, places: &[Place]) -> Nearness {
        let Some(place) = self.place_of(subnet) else {
            return Nearness::Apart;
        };
        let mut nearest = Nearness::Apart;
        for other in places {
            match place.nearness(other) {
                Nearness::Same => return Nearness::Same,
                Nearness::Unsure(unknown) => nearest = Nearness::Unsure(unknown),
                Nearness::Apart => {}
            }
        }
        nearest
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
    /// the peerings. A peering whose other end is unknown is noted when its known end overlaps.
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
        if !own.is_empty() {
            self.note_half_known_peerings(range);
        }
        found
    }

    fn note_half_known_peerings(&self, range: IpNet) {
        for peering in &self.network.peerings {
            let (known, unknown) = match (self.unknown(&peering.from), self.unknown(&peering.to)) {
                (Some(unknown), None) => (&peering.to, unknown),
                (None, Some(unknown)) => (&peering.from, unknown),
                _ => continue,
            };
            if let Some(Target::Here(id)) = self.target(known)
                && self.may_overlap(&self.network[*id].address_space, range)
            {
                self.note(unknown);
            }
        }
    }

    /// The peerings that join a whole network with another one of this deployment, and that other one.
    /// Whether the peering and the network exist is left to ask. A peer that is unknown or lies elsewhere
    /// is noted.
    pub fn peers_of(&self, network: &VirtualNetwork) -> Vec<(&'a Peering, &'a VirtualNetwork)> {
        let mut peers = Vec::new();
        for peering in &self.network.peerings {
            let far_end = match (self.target(&peering.from), self.target(&peering.to)) {
                (Some(Target::Here(from)), _) if *from == network.id => &peering.to,
                (_, Some(Target::Here(to))) if *to == network.id => &peering.from,
                // Both ends may be anything.
                (None, None) => &peering.from,
                _ => continue,
            };
            let Some(peer) = self.follow(far_end, "virtual network") else {
                continue;
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

    /// Where a link leads in this deployment. That it is unknown or leads elsewhere is noted.
    pub(super) fn follow<T>(&self, link: &'a Link<T>, noun: &str) -> Option<Id<T>> {
        let target = self.read(link)?;
        match target.value {
            Target::Here(id) => Some(*id),
            Target::Elsewhere(id) => {
                let what = format!("{noun} {}", id.names.join("/"));
                let span = target.from.nearest().span;
                self.note(&Unknown::new(Reason::External { what }, span));
                None
            }
        }
    }

    /// Where a link leads; none when that is unknown, which is not noted.
    pub(super) fn target<T>(&self, link: &'a Link<T>) -> Option<&'a Target<T>> {
        self.quietly().read(link).map(|target| target.value)
    }

    /// Whether a link leads to this resource; what is unknown is not noted.
    pub(super) fn links_to<T>(&self, link: &'a Link<T>, id: Id<T>) -> bool {
        matches!(self.target(link), Some(Target::Here(target)) if *target == id)
    }

    /// The first range of a list that overlaps another one.
    fn overlapping(&self, list: &'a List<Cidr>, range: IpNet) -> Option<Range<'a>> {
        self.ranges(list)
            .into_iter()
            .find(|other| overlap(other.network, range))
    }

    /// Whether a list has a range that overlaps another one, or one that is unknown. Nothing is noted.
    fn may_overlap(&self, list: &'a List<Cidr>, range: IpNet) -> bool {
        let quiet = self.quietly();
        let is_unknown = match quiet.read(list) {
            Some(members) => members.value.iter().any(|member| quiet.unknown(member).is_some()),
            None => quiet.unknown(list).is_some(),
        };
        is_unknown || quiet.overlapping(list, range).is_some()
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
