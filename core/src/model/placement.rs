//! Whether two pools are in the same subnet, use the same route table, or are in different networks.

use crate::eval::value::Unknown;

use super::attr::{Fact, Link, ResourceId, Target};
use super::cluster::Cluster;
use super::permissions::Answer;
use super::routing::RouteTable;
use super::subnet::{Subnet, VirtualNetwork};
use super::view::{Reading, View};
use super::vocabulary::NetworkPlugin;

/// The virtual network that the subnet of a link is in.
#[derive(Debug, Clone, Copy)]
pub enum NetworkOf<'a> {
    Here(&'a VirtualNetwork),
    /// By the id of the network or of a subnet in it.
    Elsewhere(&'a ResourceId),
    Unknown(&'a Unknown),
}

/// A subnet that a pool of a cluster names, for its nodes or its pods.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    pub link: &'a Link<Subnet>,
    pub network: NetworkOf<'a>,
}

impl<'a> View<'a> {
    /// The subnets that the pools of a cluster name, in the order of the pools, each link with its network.
    /// Nothing is noted.
    pub fn named_subnets(&self, cluster: &'a Cluster) -> Vec<Named<'a>> {
        let links = self
            .pools_of(cluster)
            .into_iter()
            .flat_map(|pool| pool.subnet.iter().chain(&pool.pod_subnet));
        let named = |link| {
            Some(Named {
                link,
                network: self.network_of(link)?,
            })
        };
        links.filter_map(named).collect()
    }

    /// None when the link is not set in this world, names no subnet, or its subnet names no network.
    fn network_of(&self, link: &'a Link<Subnet>) -> Option<NetworkOf<'a>> {
        let subnet: &'a Subnet = match self.look_at(link) {
            Reading::Known(target) => match target.value {
                Target::Here(id) => &self.network[*id],
                Target::Elsewhere(id) => return is_subnet(id).then_some(NetworkOf::Elsewhere(id)),
            },
            Reading::Unknown(unknown, _) => return Some(NetworkOf::Unknown(unknown)),
            Reading::Absent => return None,
        };
        match self.look(&subnet.virtual_network) {
            Reading::Known(target) => Some(match target.value {
                Target::Here(id) => NetworkOf::Here(&self.network[*id]),
                Target::Elsewhere(id) => NetworkOf::Elsewhere(id),
            }),
            Reading::Unknown(unknown, _) => Some(NetworkOf::Unknown(unknown)),
            Reading::Absent => None,
        }
    }

    /// Whether two networks are surely different ones.
    pub fn differ(&self, one: NetworkOf<'a>, other: NetworkOf<'a>) -> Answer {
        match (one, other) {
            (NetworkOf::Here(one), NetworkOf::Here(other)) => Ok(one.id != other.id),
            (NetworkOf::Elsewhere(one), NetworkOf::Elsewhere(other)) => Ok(ids_differ(one, other)),
            (NetworkOf::Here(here), NetworkOf::Elsewhere(id))
            | (NetworkOf::Elsewhere(id), NetworkOf::Here(here)) => {
                // Only a different name tells them apart: the same name may be the same network.
                match self.look(&here.name) {
                    Reading::Known(name) => {
                        Ok(id.names.first().is_some_and(|known| !same(known, name.value)))
                    }
                    Reading::Unknown(unknown, _) => Err(unknown.clone()),
                    Reading::Absent => Ok(false),
                }
            }
            (NetworkOf::Unknown(one), NetworkOf::Unknown(other)) if one == other => Ok(false),
            (NetworkOf::Unknown(unknown), _) | (_, NetworkOf::Unknown(unknown)) => Err(unknown.clone()),
        }
    }

    /// Whether two links surely lead to the same resource.
    pub fn is_same<T: 'static>(&self, one: &'a Link<T>, other: &'a Link<T>) -> Answer {
        match (self.look_at(one), self.look_at(other)) {
            (Reading::Known(one), Reading::Known(other)) => Ok(match (one.value, other.value) {
                (Target::Here(one), Target::Here(other)) => one == other,
                (Target::Elsewhere(one), Target::Elsewhere(other)) => is_same_id(one, other),
                _ => false,
            }),
            (Reading::Unknown(one, _), Reading::Unknown(other, _)) if one == other => Ok(true),
            (Reading::Absent, _) | (_, Reading::Absent) => Ok(false),
            (Reading::Unknown(unknown, _), _) | (_, Reading::Unknown(unknown, _)) => Err(unknown.clone()),
        }
    }

    /// The first subnet that nodes of both clusters are in, as each names it. A doubt is noted.
    pub fn shared_subnet(&self, one: &'a Cluster, other: &'a Cluster) -> Option<[Shared<'a>; 2]> {
        let links = |cluster| {
            self.pools_of(cluster)
                .into_iter()
                .filter_map(|pool| pool.subnet.as_ref())
        };
        for own in links(one) {
            for theirs in links(other) {
                match self.is_same(own, theirs) {
                    Ok(true) => return Some([self.shared(own), self.shared(theirs)]),
                    Ok(false) => {}
                    Err(unknown) => self.note(&unknown),
                }
            }
        }
        None
    }

    /// The associations of one route table with subnets of both clusters, the subnets being different ones.
    /// A doubt is noted.
    pub fn shared_route_table(
        &self,
        one: &'a Cluster,
        other: &'a Cluster,
    ) -> Option<[&'a Link<RouteTable>; 2]> {
        for own in self.node_subnets(one) {
            for theirs in self.node_subnets(other) {
                if own.subnet.id == theirs.subnet.id {
                    continue;
                }
                for one in self.present(&own.subnet.route_tables) {
                    for other in self.present(&theirs.subnet.route_tables) {
                        match self.is_same(&one.link, &other.link) {
                            Ok(true) => return Some([&one.link, &other.link]),
                            Ok(false) => {}
                            Err(unknown) => self.note(&unknown),
                        }
                    }
                }
            }
        }
        None
    }

    /// Whether a cluster uses kubenet as far as is known. A plugin that nobody wrote is none: which one
    /// Azure takes depends on the version.
    pub fn may_be_kubenet(&self, cluster: &'a Cluster) -> bool {
        match self.look(&cluster.network_plugin) {
            Reading::Known(plugin) => *plugin.value == NetworkPlugin::Kubenet,
            Reading::Unknown(..) => true,
            Reading::Absent => false,
        }
    }

    fn shared(&self, link: &'a Link<Subnet>) -> Shared<'a> {
        Shared {
            link: Fact {
                value: &(),
                from: &link.from,
                site: &link.site,
            },
            name: match self.look_at(link) {
                Reading::Known(target) => Some(self.subnet_name(target.value)),
                Reading::Unknown(..) | Reading::Absent => None,
            },
        }
    }

    /// What messages call a subnet.
    pub fn subnet_name(&self, target: &'a Target<Subnet>) -> &'a str {
        match target {
            Target::Here(id) => {
                let subnet = &self.network[*id];
                super::neighbours::called(&subnet.name, &subnet.declared)
            }
            Target::Elsewhere(id) => id.names.last().map_or("", String::as_str),
        }
    }
}

/// Where a cluster names a subnet that another one names too.
#[derive(Debug, Clone, Copy)]
pub struct Shared<'a> {
    pub link: Fact<'a, ()>,
    /// None when only its identity is known.
    pub name: Option<&'a str>,
}

/// Whether an id is the one of a subnet.
pub fn is_subnet(id: &ResourceId) -> bool {
    id.kind.to_ascii_lowercase().ends_with("/subnets")
}

/// Whether an unknown value is read from a resource or data source for subnets.
pub fn is_subnet_reference(unknown: &Unknown) -> bool {
    unknown
        .edge()
        .is_some_and(|edge| edge.address.kind.to_ascii_lowercase().contains("subnet"))
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether the networks in two ids differ in a part that both say.
fn ids_differ(one: &ResourceId, other: &ResourceId) -> bool {
    let differ = |one: Option<&String>, other: Option<&String>| {
        one.zip(other).is_some_and(|(one, other)| !same(one, other))
    };
    differ(one.names.first(), other.names.first())
        || differ(one.resource_group.as_ref(), other.resource_group.as_ref())
        || differ(one.subscription.as_ref(), other.subscription.as_ref())
}

/// Whether two ids are the same in every part; one that leaves its resource group open is the same as none.
fn is_same_id(one: &ResourceId, other: &ResourceId) -> bool {
    let all_names = one.names.len() == other.names.len()
        && one
            .names
            .iter()
            .zip(&other.names)
            .all(|(one, other)| same(one, other));
    let group = one.resource_group.as_ref().zip(other.resource_group.as_ref());
    all_names && same(&one.kind, &other.kind) && group.is_some() && !ids_differ(one, other)
}
