//! Any one resource of the network, for rules that ask the same of many kinds.

use super::attr::{Attr, List, Owner};
use super::cidr::Cidr;
use super::cluster::Cluster;
use super::network::Network;
use super::node_pool::NodePool;
use super::routing::RouteTable;
use super::security::SecurityGroup;
use super::subnet::{Subnet, VirtualNetwork};
use super::view::Declared;

#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    Cluster(&'a Cluster),
    NodePool(&'a NodePool),
    VirtualNetwork(&'a VirtualNetwork),
    Subnet(&'a Subnet),
    RouteTable(&'a RouteTable),
    SecurityGroup(&'a SecurityGroup),
}

impl<'a> Resource<'a> {
    /// The resource as the owner of its properties.
    pub fn owner(self) -> &'a Owner {
        &self.declaration().site.owner
    }

    fn declaration(self) -> &'a Attr<()> {
        match self {
            Resource::Cluster(cluster) => cluster.declared(),
            Resource::NodePool(pool) => pool.declared(),
            Resource::VirtualNetwork(network) => network.declared(),
            Resource::Subnet(subnet) => subnet.declared(),
            Resource::RouteTable(table) => table.declared(),
            Resource::SecurityGroup(group) => group.declared(),
        }
    }
}

impl Declared for Resource<'_> {
    fn declared(&self) -> &Attr<()> {
        self.declaration()
    }
}

impl Network {
    /// Every resource of these kinds, kind by kind.
    pub fn resources(&self) -> impl Iterator<Item = Resource<'_>> {
        let clusters = self.clusters.iter().map(Resource::Cluster);
        let pools = self.node_pools.iter().map(Resource::NodePool);
        let networks = self.virtual_networks.iter().map(Resource::VirtualNetwork);
        let subnets = self.subnets.iter().map(Resource::Subnet);
        let tables = self.route_tables.iter().map(Resource::RouteTable);
        let groups = self.security_groups.iter().map(Resource::SecurityGroup);
        clusters
            .chain(pools)
            .chain(networks)
            .chain(subnets)
            .chain(tables)
            .chain(groups)
    }
}

/// What a written range is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeUse {
    Service,
    Pod,
    AddressSpace,
    SubnetPrefix,
}

impl RangeUse {
    /// How messages call it, in the words of the documentation.
    pub fn noun(self) -> &'static str {
        match self {
            RangeUse::Service => "service CIDR",
            RangeUse::Pod => "pod CIDR",
            RangeUse::AddressSpace => "address space",
            RangeUse::SubnetPrefix => "subnet prefix",
        }
    }
}

impl<'a> Resource<'a> {
    /// The lists of ranges that are written in this resource.
    pub fn written_ranges(self) -> Vec<(RangeUse, &'a List<Cidr>)> {
        match self {
            Resource::Cluster(cluster) => {
                let services = cluster.service_cidrs.iter();
                let pods = cluster.pod_cidrs.iter();
                services
                    .map(|list| (RangeUse::Service, list))
                    .chain(pods.map(|list| (RangeUse::Pod, list)))
                    .collect()
            }
            Resource::VirtualNetwork(network) => vec![(RangeUse::AddressSpace, &network.address_space)],
            Resource::Subnet(subnet) => vec![(RangeUse::SubnetPrefix, &subnet.prefixes)],
            Resource::NodePool(_) | Resource::RouteTable(_) | Resource::SecurityGroup(_) => Vec::new(),
        }
    }
}
