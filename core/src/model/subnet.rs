//! Virtual networks, their subnets and peerings.

use super::attr::{Attr, Id, Link, List};
use super::cidr::Cidr;
use super::routing::{NatGateway, RouteTable};
use super::security::SecurityGroup;

#[derive(Debug, Clone)]
pub struct VirtualNetwork {
    pub id: Id<VirtualNetwork>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub location: Option<Attr<String>>,
    pub resource_group: Option<Attr<String>>,
    pub address_space: List<Cidr>,
    /// DNS servers other than Azure's own.
    pub dns_servers: Option<List<String>>,
}

#[derive(Debug, Clone)]
pub struct Subnet {
    pub id: Id<Subnet>,
    /// The resource, or the block in its virtual network.
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub virtual_network: Option<Link<VirtualNetwork>>,
    pub prefixes: List<Cidr>,
    /// The services that the subnet is delegated to; the list is unknown when a delegation block may exist.
    pub delegations: List<String>,
    /// Written inside its virtual network.
    pub is_inline: bool,
    pub security_groups: Vec<Association<SecurityGroup>>,
    pub route_tables: Vec<Association<RouteTable>>,
    pub nat_gateways: Vec<Association<NatGateway>>,
}

/// That a subnet uses a security group, route table or NAT gateway: a property of the subnet or a
/// resource of its own, which may be absent.
#[derive(Debug, Clone)]
pub struct Association<T> {
    pub declared: Attr<()>,
    pub link: Link<T>,
}

#[derive(Debug, Clone)]
pub struct Peering {
    pub id: Id<Peering>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub from: Link<VirtualNetwork>,
    pub to: Link<VirtualNetwork>,
    /// False for subnet peering, which does not join whole networks. Absent means true.
    pub complete_networks: Option<Attr<bool>>,
}
