//! A part of another deployment's network, numbered to stand after a deployment's own resources.

use std::collections::{BTreeSet, HashMap};

use crate::eval::value::Unknown;
use crate::model::attr::{Attr, Choice, Id, Link, List, State, Target};
use crate::model::network::Network;
use crate::model::subnet::{Association, Subnet};

use super::index::{Entry, Index};
use super::kind::{Kind, Listed, Slot};
use super::link::ends;

/// The part, with links as they are in the network that it is appended to.
pub(super) struct Graft {
    part: Network,
}

/// The resources that belong together: a virtual network with its subnets and what they use, and the
/// networks it is peered with.
struct Reach<'n> {
    network: &'n Network,
    members: BTreeSet<(Kind, usize)>,
    /// The virtual networks at the other ends of peerings, without what is in them.
    peers: BTreeSet<(Kind, usize)>,
    peerings: BTreeSet<usize>,
    pools: BTreeSet<usize>,
}

/// Cuts out what belongs to the wanted resources, and tells the index about it.
pub(super) fn graft(
    wanted: &[(usize, Slot)],
    foreign: &Index<'_>,
    network: &Network,
    index: &mut Index<'_>,
) -> Graft {
    let mut reach = Reach {
        network,
        members: BTreeSet::new(),
        peers: BTreeSet::new(),
        peerings: BTreeSet::new(),
        pools: BTreeSet::new(),
    };
    for (_, slot) in wanted {
        reach.add(*slot);
    }
    let peers = std::mem::take(&mut reach.peers);
    reach.members.extend(peers);
    let mut numbers = Numbers {
        new: HashMap::new(),
        foreign,
    };
    for (kind, old) in &reach.members {
        let slot = index.next_slot(*kind);
        numbers.new.insert((*kind, *old), slot.index);
        register(
            Slot {
                kind: *kind,
                index: *old,
            },
            slot,
            foreign,
            index,
        );
    }
    for (data_source, slot) in wanted {
        if let Some(new) = numbers.new.get(&(slot.kind.listed_as(), slot.index)) {
            let slot = Slot {
                kind: slot.kind,
                index: *new,
            };
            index.set_foreign(*data_source, slot);
        }
    }
    Graft {
        part: numbers.part(&reach),
    }
}

/// The index finds it by name from here on.
fn register(old: Slot, new: Slot, foreign: &Index<'_>, index: &mut Index<'_>) {
    let Some(known) = foreign.entry(old) else {
        return;
    };
    index.register(Entry {
        slot: new,
        position: None,
        span: known.span,
        names: known.names.clone(),
        parents: known.parents.clone(),
        resource_group: known.resource_group.clone(),
    });
}

impl Reach<'_> {
    fn add(&mut self, slot: Slot) {
        let mut left = vec![(slot.kind.listed_as(), slot.index)];
        while let Some((kind, number)) = left.pop() {
            if !self.members.insert((kind, number)) {
                continue;
            }
            match kind {
                Kind::VirtualNetwork => self.add_beside(number, &mut left),
                Kind::Subnet => {
                    let Some(subnet) = self.network.subnets.get(number) else {
                        continue;
                    };
                    left.extend(subnet.virtual_network.iter().flat_map(members));
                    left.extend(subnet.security_groups.iter().flat_map(|one| members(&one.link)));
                    left.extend(subnet.route_tables.iter().flat_map(|one| members(&one.link)));
                    left.extend(subnet.nat_gateways.iter().flat_map(|one| members(&one.link)));
                }
                Kind::NatGateway => {
                    let gateway = self.network.nat_gateways.get(number);
                    left.extend(gateway.iter().flat_map(|one| &one.public_ips).flat_map(members));
                }
                Kind::Cluster => {
                    for (position, pool) in self.network.node_pools.iter().enumerate() {
                        if members(&pool.cluster).contains(&(kind, number)) {
                            self.pools.insert(position);
                            left.extend(pool.subnet.iter().flat_map(members));
                            left.extend(pool.pod_subnet.iter().flat_map(members));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The subnets of a virtual network and the networks peered with it, these without their subnets.
    fn add_beside(&mut self, number: usize, left: &mut Vec<(Kind, usize)>) {
        let own = (Kind::VirtualNetwork, number);
        for (position, subnet) in self.network.subnets.iter().enumerate() {
            if subnet
                .virtual_network
                .iter()
                .flat_map(members)
                .any(|member| member == own)
            {
                left.push((Kind::Subnet, position));
            }
        }
        for (position, peering) in self.network.peerings.iter().enumerate() {
            let from = members(&peering.from);
            let to = members(&peering.to);
            if from.contains(&own) || to.contains(&own) {
                self.peerings.insert(position);
                self.peers.extend(from.into_iter().chain(to));
            }
        }
    }
}

fn members<T: Listed>(link: &Link<T>) -> Vec<(Kind, usize)> {
    let kind = T::KINDS.first().copied();
    let ends = ends(link).here.into_iter();
    kind.map(|kind| ends.map(|(id, _)| (kind, id.index())).collect())
        .unwrap_or_default()
}

/// The numbers of the part's resources in the network that it is appended to.
struct Numbers<'f, 'd> {
    new: HashMap<(Kind, usize), usize>,
    foreign: &'f Index<'d>,
}

impl Numbers<'_, '_> {
    fn part(&self, reach: &Reach<'_>) -> Network {
        let mut part = Network::default();
        for (kind, number) in &reach.members {
            self.copy(*kind, *number, reach.network, &mut part);
        }
        for number in &reach.peerings {
            if let Some(peering) = reach.network.peerings.get(*number) {
                let mut peering = peering.clone();
                peering.from = self.link(&peering.from);
                peering.to = self.link(&peering.to);
                part.peerings.push(peering);
            }
        }
        for number in &reach.pools {
            if let Some(pool) = reach.network.node_pools.get(*number) {
                let mut pool = pool.clone();
                pool.cluster = self.link(&pool.cluster);
                pool.subnet = pool.subnet.as_ref().map(|subnet| self.link(subnet));
                pool.pod_subnet = pool.pod_subnet.as_ref().map(|subnet| self.link(subnet));
                part.node_pools.push(pool);
            }
        }
        part
    }

    fn copy(&self, kind: Kind, number: usize, from: &Network, part: &mut Network) {
        match kind {
            Kind::ResourceGroup => part
                .resource_groups
                .extend(from.resource_groups.get(number).cloned()),
            Kind::VirtualNetwork => part
                .virtual_networks
                .extend(from.virtual_networks.get(number).cloned()),
            Kind::Subnet => part
                .subnets
                .extend(from.subnets.get(number).map(|subnet| self.subnet(subnet))),
            Kind::SecurityGroup => {
                let group = from.security_groups.get(number).cloned();
                part.security_groups.extend(group.map(|mut group| {
                    for rule in &mut group.rules {
                        rule.group = rule.group.as_ref().map(|link| self.link(link));
                    }
                    group
                }));
            }
            Kind::RouteTable => part.route_tables.extend(from.route_tables.get(number).cloned()),
            Kind::NatGateway => part
                .nat_gateways
                .extend(from.nat_gateways.get(number).cloned().map(|mut gateway| {
                    gateway.public_ips = gateway.public_ips.iter().map(|link| self.link(link)).collect();
                    gateway
                })),
            Kind::PublicIp | Kind::PublicIpPrefix => {
                part.public_ips.extend(from.public_ips.get(number).cloned());
            }
            Kind::Identity => part.identities.extend(from.identities.get(number).cloned()),
            Kind::RoleDefinition => part
                .role_definitions
                .extend(from.role_definitions.get(number).cloned()),
            Kind::PrivateDnsZone => {
                let zone = from.private_dns_zones.get(number).cloned();
                part.private_dns_zones.extend(zone.map(|mut zone| {
                    zone.linked_networks = zone.linked_networks.iter().map(|link| self.link(link)).collect();
                    zone
                }));
            }
            Kind::Cluster => part
                .clusters
                .extend(from.clusters.get(number).cloned().map(|mut cluster| {
                    cluster.api_server_subnet =
                        cluster.api_server_subnet.as_ref().map(|link| self.link(link));
                    cluster.identities = cluster.identities.as_ref().map(|list| self.links(list));
                    cluster
                })),
        }
    }

    fn subnet(&self, subnet: &Subnet) -> Subnet {
        let mut subnet = subnet.clone();
        subnet.virtual_network = subnet.virtual_network.as_ref().map(|link| self.link(link));
        subnet.security_groups = self.associations(&subnet.security_groups);
        subnet.route_tables = self.associations(&subnet.route_tables);
        subnet.nat_gateways = self.associations(&subnet.nat_gateways);
        subnet
    }

    fn associations<T: Listed>(&self, associations: &[Association<T>]) -> Vec<Association<T>> {
        let associations = associations.iter().map(|association| Association {
            declared: association.declared.clone(),
            link: self.link(&association.link),
        });
        associations.collect()
    }

    /// The same link where the part is appended. What was left behind is elsewhere.
    fn link<T: Listed>(&self, link: &Link<T>) -> Link<T> {
        mapped(link, &|target| self.target(target))
    }

    fn links<T: Listed>(&self, list: &List<Target<T>>) -> List<Target<T>> {
        mapped(list, &|links| links.iter().map(|link| self.link(link)).collect())
    }

    fn target<T: Listed>(&self, target: &Target<T>) -> Target<T> {
        let id = match target {
            Target::Here(id) => *id,
            Target::Elsewhere(id) => return Target::Elsewhere(id.clone()),
        };
        let kind = T::KINDS.first().copied().unwrap_or(Kind::ResourceGroup);
        match self.new.get(&(kind, id.index())) {
            Some(new) => Target::Here(Id::new(*new)),
            None => Target::Elsewhere(self.foreign.resource_id(Slot {
                kind,
                index: id.index(),
            })),
        }
    }
}

fn mapped<T>(attr: &Attr<T>, map: &dyn Fn(&T) -> T) -> Attr<T> {
    let state = match &attr.state {
        State::Known(value) => State::Known(map(value)),
        State::Unknown(unknown) => State::Unknown(Unknown::clone(unknown)),
        State::OneOf(choice) => State::OneOf(Box::new(Choice {
            condition: choice.condition.clone(),
            yes: choice.yes.as_ref().map(|branch| mapped(branch, map)),
            no: choice.no.as_ref().map(|branch| mapped(branch, map)),
        })),
    };
    Attr {
        state,
        from: attr.from.clone(),
        site: attr.site.clone(),
    }
}

impl Graft {
    /// Appends the part; ids follow from the places that the resources come to.
    pub(super) fn append_to(self, network: &mut Network) {
        macro_rules! append {
            ($($list:ident),+ $(,)?) => {
                $(for mut resource in self.part.$list {
                    resource.id = Id::new(network.$list.len());
                    network.$list.push(resource);
                })+
            };
        }
        append!(
            resource_groups,
            clusters,
            node_pools,
            virtual_networks,
            subnets,
            peerings,
            security_groups,
            route_tables,
            nat_gateways,
            public_ips,
            identities,
            role_definitions,
            private_dns_zones,
        );
    }
}
