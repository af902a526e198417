//! Route tables, NAT gateways and public addresses.

use super::attr::{Attr, Id, Link};
use super::vocabulary::NextHopType;

#[derive(Debug, Clone)]
pub struct RouteTable {
    pub id: Id<RouteTable>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    /// Inline routes and routes that are resources of their own.
    pub routes: Vec<Route>,
    /// Why there may be more routes than these.
    pub open: Option<crate::eval::value::Unknown>,
    pub bgp_route_propagation: Option<Attr<bool>>,
}

#[derive(Debug, Clone)]
pub struct Route {
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    /// A range or a service tag, as written.
    pub address_prefix: Attr<String>,
    pub next_hop_type: Attr<NextHopType>,
    pub next_hop_address: Option<Attr<String>>,
}

#[derive(Debug, Clone)]
pub struct NatGateway {
    pub id: Id<NatGateway>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub sku: Option<Attr<String>>,
    pub public_ips: Vec<Link<PublicIp>>,
}

/// A public IP address or prefix.
#[derive(Debug, Clone)]
pub struct PublicIp {
    pub id: Id<PublicIp>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub sku: Option<Attr<String>>,
    /// The prefix length of a public IP prefix; none for a single address.
    pub prefix_length: Option<Attr<u32>>,
}

/// A private DNS zone and the networks it is linked to.
#[derive(Debug, Clone)]
pub struct PrivateDnsZone {
    pub id: Id<PrivateDnsZone>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub linked_networks: Vec<Link<super::subnet::VirtualNetwork>>,
}
