//! All of a deployment's network resources.

use std::sync::OnceLock;

pub use crate::eval::deployment::Problem;
use crate::eval::value::Unknown;

use super::attr::{Attr, Id};
use super::cluster::Cluster;
use super::identity::{ManagedIdentity, RoleAssignment, RoleDefinition};
use super::node_pool::NodePool;
use super::pool_index::PoolIndex;
use super::routing::{NatGateway, PrivateDnsZone, PublicIp, RouteTable};
use super::security::SecurityGroup;
use super::subnet::{Peering, Subnet, VirtualNetwork};

/// The network of one deployment. Lists are in the order of the resources' addresses.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// The deployment's name.
    pub name: String,
    /// The id of the subscription that everything is deployed to, when the configuration says so.
    pub subscription: Option<Attr<String>>,
    pub resource_groups: Vec<ResourceGroup>,
    pub clusters: Vec<Cluster>,
    pub node_pools: Vec<NodePool>,
    pub virtual_networks: Vec<VirtualNetwork>,
    pub subnets: Vec<Subnet>,
    pub peerings: Vec<Peering>,
    pub security_groups: Vec<SecurityGroup>,
    pub route_tables: Vec<RouteTable>,
    pub nat_gateways: Vec<NatGateway>,
    pub public_ips: Vec<PublicIp>,
    pub identities: Vec<ManagedIdentity>,
    pub role_assignments: Vec<RoleAssignment>,
    pub role_definitions: Vec<RoleDefinition>,
    pub private_dns_zones: Vec<PrivateDnsZone>,
    /// Where in the lists the clusters and identities begin that belong to other deployments and are only
    /// read here. What is given to them there, such as roles, is not part of this network. None: all are
    /// this deployment's own.
    pub foreign_clusters_from: Option<usize>,
    pub foreign_identities_from: Option<usize>,
    /// What the evaluator could not read.
    pub problems: Vec<Problem>,
    /// Why the deployment may hold resources that are not here: a module that is not on disk, a file that
    /// does not parse. Nothing may be called missing then.
    pub open: Option<Unknown>,
    /// Made when it is first asked for: no list changes after lowering.
    pool_index: OnceLock<PoolIndex>,
}

impl Network {
    /// Which node pools can be of which cluster and in which subnet.
    pub fn pool_index(&self) -> &PoolIndex {
        self.pool_index.get_or_init(|| PoolIndex::of(self))
    }

    /// The node pools that can be of a cluster.
    pub fn pools_of(&self, cluster: Id<Cluster>) -> impl Iterator<Item = &NodePool> {
        self.pool_index().of_cluster(cluster).iter().map(|id| &self[*id])
    }
}

#[derive(Debug, Clone)]
pub struct ResourceGroup {
    pub id: Id<ResourceGroup>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub location: Option<Attr<String>>,
}

macro_rules! arenas {
    ($($kind:ty => $list:ident),+ $(,)?) => {
        $(impl std::ops::Index<Id<$kind>> for Network {
            type Output = $kind;

            fn index(&self, id: Id<$kind>) -> &$kind {
                &self.$list[id.index()]
            }
        })+
    };
}

// Ids are only made by lowering, for entries that exist, and lists are never shortened.
arenas! {
    ResourceGroup => resource_groups,
    Cluster => clusters,
    NodePool => node_pools,
    VirtualNetwork => virtual_networks,
    Subnet => subnets,
    Peering => peerings,
    SecurityGroup => security_groups,
    RouteTable => route_tables,
    NatGateway => nat_gateways,
    PublicIp => public_ips,
    ManagedIdentity => identities,
    RoleAssignment => role_assignments,
    RoleDefinition => role_definitions,
    PrivateDnsZone => private_dns_zones,
}
