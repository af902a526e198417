//! Ranges that share addresses although they must be apart: subnets of one virtual network, and networks
//! that are peered.

use std::collections::HashMap;

use ipnet::IpNet;

use super::attr::Id;
use super::neighbours::{Overlap, Place};
use super::subnet::{Peering, Subnet, VirtualNetwork};
use super::view::{Declared, Range, View};

/// A range, and ranges of others that lie inside it or equal it.
#[derive(Debug)]
pub struct Clash<'a, T> {
    pub wider: Overlap<'a, T>,
    /// Not empty.
    pub inside: Vec<Overlap<'a, T>>,
}

/// Virtual networks whose ranges clash although peerings join them.
#[derive(Debug)]
pub struct PeerClash<'a> {
    pub clash: Clash<'a, VirtualNetwork>,
    /// The network that all of them are peered with, where they are not peered with each other.
    pub hub: Option<&'a VirtualNetwork>,
    pub peerings: Vec<&'a Peering>,
}

/// Two ranges are nested or apart, never half over each other: each outermost range with all that lie
/// inside it. Of equal ranges the first one counts as the outermost.
fn nested<T>(mut items: Vec<(IpNet, T)>) -> Vec<Vec<(IpNet, T)>> {
    items.sort_by_key(|(range, _)| (range.network(), range.prefix_len()));
    let mut groups: Vec<Vec<(IpNet, T)>> = Vec::new();
    for item in items {
        match groups.last_mut() {
            Some(group)
                if group
                    .first()
                    .is_some_and(|(outermost, _)| outermost.contains(&item.0)) =>
            {
                group.push(item);
            }
            _ => groups.push(vec![item]),
        }
    }
    groups.retain(|group| group.len() > 1);
    groups
}

impl<'a> View<'a> {
    /// The clashes between the subnets of one virtual network, for every network, also one that is not in
    /// this deployment.
    pub fn subnet_clashes(&self) -> Vec<Clash<'a, Subnet>> {
        let mut order: Vec<Vec<&'a Subnet>> = Vec::new();
        let mut known: HashMap<Place, usize> = HashMap::new();
        let mut unknown = Vec::new();
        for subnet in &self.network.subnets {
            let Some(place) = self.place_of(subnet) else {
                continue;
            };
            if let Place::Unknown(reason) = &place {
                unknown.push((subnet.id, reason.clone()));
            }
            let next = order.len();
            let group = *known.entry(place).or_insert(next);
            match order.get_mut(group) {
                Some(subnets) => subnets.push(subnet),
                None => order.push(vec![subnet]),
            }
        }
        if !unknown.is_empty() {
            self.note_possible_clashes(&unknown);
        }
        let several = order.into_iter().filter(|subnets| subnets.len() > 1);
        several
            .flat_map(|subnets| {
                let ranges = subnets
                    .iter()
                    .flat_map(|subnet| self.ranges_of(*subnet, &subnet.prefixes));
                self.clashes(
                    ranges.collect(),
                    &|subnet| self.is_present(&subnet.declared),
                    &is_other_subnet,
                )
            })
            .collect()
    }

    /// Subnets whose network is unknown may be in the network of any other subnet.
    fn note_possible_clashes(&self, unknown: &[(Id<Subnet>, crate::eval::value::Unknown)]) {
        let quiet = self.quietly();
        let subnets = self.network.subnets.iter();
        let ranges = subnets.flat_map(|subnet| quiet.ranges_of(subnet, &subnet.prefixes));
        for group in nested(ranges.collect()) {
            let places: Vec<Option<Place>> = group.iter().map(|(_, one)| quiet.place_of(one.with)).collect();
            if places.iter().all(|place| *place == places[0]) {
                continue;
            }
            for (_, overlap) in &group {
                if let Some((_, reason)) = unknown.iter().find(|(id, _)| *id == overlap.with.id) {
                    self.note(reason);
                }
            }
        }
    }

    /// The clashes between a network and its peers in which the network has the wider range, and those
    /// between two of its peers.
    pub fn peer_clashes(&self, network: &'a VirtualNetwork) -> Vec<PeerClash<'a>> {
        let peerings = self.peers_of(network);
        if peerings.is_empty() {
            return Vec::new();
        }
        let mut networks: Vec<&VirtualNetwork> = peerings.iter().map(|(_, peer)| *peer).collect();
        networks.push(network);
        networks.sort_by_key(|network| network.id);
        networks.dedup_by_key(|network| network.id);
        let ranges = networks
            .iter()
            .flat_map(|one| self.ranges_of(*one, &one.address_space));
        let joining = |peer: &VirtualNetwork| {
            let own = peerings.iter().filter(move |(_, other)| other.id == peer.id);
            own.map(|(peering, _)| *peering)
                .find(|peering| self.is_present(&peering.declared))
        };
        let is_joined = |peer: &VirtualNetwork| {
            peer.id == network.id || self.is_present(&peer.declared) && joining(peer).is_some()
        };
        // What a peer shares with this network or with a peer of its own is said where its range is wider.
        let is_ours = |wider: &VirtualNetwork, other: &VirtualNetwork| {
            wider.id != other.id
                && (wider.id == network.id || other.id != network.id && !self.are_peers(wider, other))
        };
        self.clashes(ranges.collect(), &is_joined, &is_ours)
            .into_iter()
            .map(|clash| {
                let others = clash.inside.iter().map(|overlap| overlap.with);
                let peers = std::iter::once(clash.wider.with).chain(others);
                PeerClash {
                    peerings: peers.filter_map(joining).collect(),
                    hub: (clash.wider.with.id != network.id).then_some(network),
                    clash,
                }
            })
            .collect()
    }

    fn are_peers(&self, one: &VirtualNetwork, other: &VirtualNetwork) -> bool {
        let peers = self.quietly().peers_of(one);
        peers
            .iter()
            .any(|(peering, peer)| peer.id == other.id && self.is_present(&peering.declared))
    }

    fn ranges_of<T>(
        &self,
        with: &'a T,
        list: &'a super::attr::List<super::cidr::Cidr>,
    ) -> impl Iterator<Item = (IpNet, Overlap<'a, T>)> + use<'a, T> {
        let ranges: Vec<Range<'a>> = self.ranges(list);
        ranges
            .into_iter()
            .map(move |range| (range.network, Overlap { with, range }))
    }

    /// Nested ranges of resources that exist. Whether one exists is asked only where it would matter, as
    /// each such question can double the worlds.
    fn clashes<T: Declared>(
        &self,
        ranges: Vec<(IpNet, Overlap<'a, T>)>,
        is_present: &dyn Fn(&T) -> bool,
        is_clash: &dyn Fn(&T, &T) -> bool,
    ) -> Vec<Clash<'a, T>> {
        let mut clashes = Vec::new();
        for candidates in nested(ranges) {
            let present = candidates.into_iter().filter(|(_, one)| is_present(one.with));
            for group in nested(present.collect()) {
                let mut members = group.into_iter().map(|(_, overlap)| overlap);
                let Some(wider) = members.next() else {
                    continue;
                };
                let inside: Vec<_> = members.filter(|one| is_clash(wider.with, one.with)).collect();
                if !inside.is_empty() {
                    clashes.push(Clash { wider, inside });
                }
            }
        }
        clashes
    }
}

/// A subnet that is written both in its network and as a resource is one subnet.
fn is_other_subnet(one: &Subnet, other: &Subnet) -> bool {
    let name = |subnet: &Subnet| {
        let name = subnet.name.as_ref().and_then(|name| name.known());
        name.map(|name| name.to_lowercase())
    };
    let is_twin = one.is_inline != other.is_inline && name(one).is_some() && name(one) == name(other);
    one.id != other.id && !is_twin
}

#[cfg(test)]
mod tests {
    use super::nested;

    fn groups(ranges: &[&str]) -> Vec<Vec<String>> {
        let items = ranges.iter().map(|range| (range.parse().unwrap(), ()));
        let groups = nested(items.collect()).into_iter();
        groups
            .map(|group| group.into_iter().map(|(range, ())| range.to_string()).collect())
            .collect()
    }

    #[test]
    fn nested_ranges_are_found_in_any_order() {
        let expected = [["10.0.0.0/16", "10.0.1.0/24", "10.0.255.0/24"]];
        assert_eq!(
            groups(&["10.0.1.0/24", "10.0.0.0/16", "10.1.0.0/16", "10.0.255.0/24"]),
            expected
        );
        assert_eq!(
            groups(&["10.1.0.0/16", "10.0.255.0/24", "10.0.0.0/16", "10.0.1.0/24"]),
            expected
        );
    }

    #[test]
    fn neighbours_and_other_families_are_apart() {
        assert!(groups(&["10.0.0.0/24", "10.0.1.0/24", "::/0", "fd00::/64"]).len() == 1);
        assert!(groups(&["10.0.0.0/25", "10.0.0.128/25"]).is_empty());
        assert_eq!(
            groups(&["10.0.0.0/24", "10.0.0.0/24"]),
            [["10.0.0.0/24", "10.0.0.0/24"]]
        );
    }
}
