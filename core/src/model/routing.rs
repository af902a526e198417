//! Route tables, NAT gateways and public addresses.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::attr::{Attr, Id, Link};
use super::view::{Reading, View};
use super::vocabulary::NextHopType;

#[derive(Debug, Clone)]
pub struct RouteTable {
    pub id: Id<RouteTable>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    /// Inline routes and routes that are resources of their own.
    pub routes: Vec<Route>,
    /// Why there may be more routes than these.
    pub open: Option<Unknown>,
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

/// Where a route table sends an address.
#[derive(Debug)]
pub enum NextHop<'a> {
    Route(&'a Route),
    /// No route of the table matches: Azure's own routes decide.
    System,
    /// Which route wins hangs on this.
    Undecided(Unknown),
}

impl<'a> View<'a> {
    /// The route that wins for an address: the one with the longest prefix. Routes for service tags are
    /// left aside; where the winning route leads is for its reader to find out. Nothing is noted.
    /// <https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview>
    pub fn next_hop(&self, table: &'a RouteTable, address: IpAddr) -> NextHop<'a> {
        let mut best: Option<(u8, &'a Route)> = None;
        let mut doubt: Option<&Unknown> = table.open.as_ref();
        for route in &table.routes {
            match self.look_at(&route.address_prefix) {
                Reading::Known(text) => {
                    let matching = text
                        .parse::<IpNet>()
                        .ok()
                        .filter(|range| range.contains(&address));
                    let Some(range) = matching else { continue };
                    let is_longer = best.is_none_or(|(prefix, _)| range.prefix_len() > prefix);
                    if is_longer && self.is_present(&route.declared) {
                        best = Some((range.prefix_len(), route));
                    }
                }
                Reading::Unknown(unknown, _) if doubt.is_none() && self.is_present(&route.declared) => {
                    doubt = Some(unknown);
                }
                Reading::Unknown(..) | Reading::Absent => {}
            }
        }
        let longest = if address.is_ipv4() { 32 } else { 128 };
        match (best, doubt) {
            (Some((prefix, route)), _) if prefix == longest => NextHop::Route(route),
            (_, Some(unknown)) => NextHop::Undecided(unknown.clone()),
            (Some((_, route)), None) => NextHop::Route(route),
            (None, None) => NextHop::System,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::eval::deployment::Presence;
    use crate::eval::provenance::{Provenance, Via};
    use crate::eval::value::Reason;
    use crate::model::attr::{Owner, Site, State};
    use crate::model::network::Network;
    use crate::model::world::World;
    use crate::source::{FileId, Span};

    fn attr<T>(state: State<T>) -> Attr<T> {
        let span = Span::new(FileId(0), 0, 0);
        let owner = Owner {
            resource: "azurerm_route_table.nodes".to_owned(),
            header: span,
            block: span,
            presence: Presence::Certain,
        };
        Attr {
            state,
            from: Provenance::new(Via::Literal, span),
            site: Arc::new(Site {
                owner: Arc::new(owner),
                property: "".into(),
            }),
        }
    }

    fn unknown(name: &str) -> Unknown {
        let name = name.to_owned();
        Unknown::new(Reason::Unassigned { name }, Span::new(FileId(0), 0, 0))
    }

    /// Routes are `NAME PREFIX`, a prefix with a question mark is unknown.
    fn next_hop(routes: &str, address: &str) -> String {
        let route = |line: &str| {
            let (name, prefix) = line.trim().split_once(' ').unwrap();
            Route {
                declared: attr(State::Known(())),
                name: Some(attr(State::Known(name.to_owned()))),
                address_prefix: attr(match prefix.strip_suffix('?') {
                    Some(name) => State::Unknown(unknown(name)),
                    None => State::Known(prefix.to_owned()),
                }),
                next_hop_type: attr(State::Known(NextHopType::VirtualAppliance)),
                next_hop_address: None,
            }
        };
        let table = RouteTable {
            id: Id::new(0),
            declared: attr(State::Known(())),
            name: None,
            routes: routes
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(route)
                .collect(),
            open: None,
            bgp_route_propagation: None,
        };
        let (network, world) = (Network::default(), World::default());
        match View::new(&network, &world).next_hop(&table, address.parse().unwrap()) {
            NextHop::Route(route) => match &route.name.as_ref().unwrap().state {
                State::Known(name) => name.clone(),
                _ => "?".to_owned(),
            },
            NextHop::System => "system".to_owned(),
            NextHop::Undecided(unknown) => format!("undecided: {}", unknown.reason()),
        }
    }

    #[test]
    fn the_longest_prefix_wins() {
        let routes = "default 0.0.0.0/0\n hub 10.0.0.0/8\n spoke 10.2.0.0/16\n v6 ::/0\n tag AzureCloud";
        for (address, expected) in [
            ("8.8.8.8", "default"),
            ("10.1.0.4", "hub"),
            ("10.2.0.4", "spoke"),
            ("2001:db8::1", "v6"),
        ] {
            assert_eq!(next_hop(routes, address), expected, "{address}");
        }
        assert_eq!(next_hop("hub 10.0.0.0/8", "8.8.8.8"), "system");
        assert_eq!(next_hop("", "8.8.8.8"), "system");
    }

    #[test]
    fn an_unknown_prefix_may_be_longer_unless_none_can_be() {
        let routes = "default 0.0.0.0/0\n host 10.2.0.4/32\n other range?";
        assert_eq!(next_hop(routes, "10.2.0.4"), "host");
        assert_eq!(next_hop(routes, "10.2.0.5"), "undecided: range has no value");
    }
}
