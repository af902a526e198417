//! Managed identities and what they may do.

use crate::eval::value::Unknown;

use super::attr::{Attr, Id, List, ResourceId};
use super::cluster::Cluster;
use super::network::ResourceGroup;
use super::routing::{PrivateDnsZone, RouteTable};
use super::subnet::{Subnet, VirtualNetwork};

#[derive(Debug, Clone)]
pub struct ManagedIdentity {
    pub id: Id<ManagedIdentity>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
}

#[derive(Debug, Clone)]
pub struct RoleAssignment {
    pub id: Id<RoleAssignment>,
    pub declared: Attr<()>,
    pub scope: Attr<Scope>,
    pub role: Option<Attr<Role>>,
    pub principal: Attr<Principal>,
}

/// What a role assignment covers, with all that lies inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Subnet(Id<Subnet>),
    VirtualNetwork(Id<VirtualNetwork>),
    RouteTable(Id<RouteTable>),
    ResourceGroup(Id<ResourceGroup>),
    /// A resource group by a name that is unknown.
    UnknownGroup(Unknown),
    PrivateDnsZone(Id<PrivateDnsZone>),
    /// The subscription or a management group: everything.
    Everything,
    /// Another resource of this deployment, by its address.
    Other(String),
    Elsewhere(ResourceId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// A built-in role by its name: `Network Contributor`.
    Named(String),
    /// A role definition of this deployment.
    Custom(Id<RoleDefinition>),
    /// A role definition by its id.
    ById(String),
}

/// Who a role is given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    Identity(Id<ManagedIdentity>),
    /// The system-assigned identity of a cluster.
    ClusterIdentity(Id<Cluster>),
    /// The identity that the nodes use to pull images; never the one that joins subnets.
    KubeletIdentity(Id<Cluster>),
    /// Another resource of this deployment, by its address.
    Other(String),
    /// An object id as written.
    ObjectId(String),
}

#[derive(Debug, Clone)]
pub struct RoleDefinition {
    pub id: Id<RoleDefinition>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub actions: List<String>,
    pub not_actions: List<String>,
}
