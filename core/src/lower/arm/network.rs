//! `Microsoft.Network/virtualNetworks`, their subnets and peerings.

use std::sync::Arc;

use crate::eval::deployment::Resource;
use crate::eval::value::{Kind as ValueKind, Reason, Unknown, Value};
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::kind::{Kind, Listed};
use crate::lower::link::link;
use crate::lower::property::{Property, cidr, required, text, truth};
use crate::lower::value::{chosen, member};
use crate::model::attr::{Attr, Id, Link, List, Target};
use crate::model::cidr::Cidr;
use crate::model::subnet::{Association, Peering, Subnet, VirtualNetwork};

pub(super) fn virtual_network(resource: &Resource, id: Id<VirtualNetwork>) -> VirtualNetwork {
    let body = Body::of(resource);
    let properties = body.block("properties");
    let space = properties.block("addressSpace");
    let words = |name: &'static str| body.property(name).and_then(|property| property.attr(text));
    let servers = properties.block("dhcpOptions").property("dnsServers");
    VirtualNetwork {
        id,
        declared: body.declared(),
        name: words("name"),
        location: words("location"),
        resource_group: super::resource_group(resource, &body),
        address_space: ranges(&space, space.property("addressPrefixes"), "addressPrefixes"),
        dns_servers: servers.and_then(|servers| servers.list(text)),
    }
}

/// The written ranges; unknown when an address pool will give them, none when nothing does.
fn ranges(body: &Body, written: Option<Property>, name: &'static str) -> List<Cidr> {
    let pools = body.property("ipamPoolPrefixAllocations");
    let property = match (written, pools) {
        (Some(written), _) => written,
        (None, None) => body.empty(name),
        (None, Some(pools)) => {
            let reason = Reason::External {
                what: "the range that the address pool gives".to_owned(),
            };
            let unknown = Unknown::new(reason, pools.value.from.nearest().span);
            Property::new(Value::unknown(unknown, pools.value.from), pools.site)
        }
    };
    let list = property.list(cidr).or_else(|| body.empty(name).list(cidr));
    required(list, &body.declared(), name)
}

pub(super) fn separate_subnet(resource: &Resource, id: Id<Subnet>, index: &Index<'_>) -> Subnet {
    let body = Body::of(resource);
    let network = super::parent(Kind::VirtualNetwork, resource, &body, index);
    Subnet {
        name: super::own_name(resource, &body),
        ..subnet(&body, id, network, resource, index)
    }
}

/// The subnets written inside a virtual network, in the order in which the index numbers them.
pub(super) fn inline_subnets(
    resource: &Resource,
    network: Id<VirtualNetwork>,
    first: usize,
    index: &Index<'_>,
) -> Vec<Subnet> {
    let blocks = Body::of(resource).block("properties").blocks("subnets").blocks;
    let inline = blocks.iter().enumerate().map(|(position, block)| {
        let declared = block.body.declared();
        let link = Attr::known_as(Target::Here(network), declared.from, declared.site);
        let id = Id::new(first + position);
        Subnet {
            is_inline: true,
            ..subnet(&block.body, id, Some(link), resource, index)
        }
    });
    inline.collect()
}

fn subnet(
    body: &Body,
    id: Id<Subnet>,
    virtual_network: Option<Link<VirtualNetwork>>,
    resource: &Resource,
    index: &Index<'_>,
) -> Subnet {
    let declared = body.declared();
    let properties = body.block("properties");
    let prefixes = properties.plural_or_given("addressPrefixes", "addressPrefix");
    Subnet {
        id,
        name: body.property("name").and_then(|name| name.attr(text)),
        virtual_network,
        prefixes: ranges(&properties, prefixes, "addressPrefix"),
        delegations: delegations(&properties),
        is_inline: false,
        security_groups: used(&declared, &properties, "networkSecurityGroup", resource, index),
        route_tables: used(&declared, &properties, "routeTable", resource, index),
        nat_gateways: used(&declared, &properties, "natGateway", resource, index),
        declared,
    }
}

/// `{ id: … }`, perhaps without an id.
fn used<T: Listed>(
    declared: &Attr<()>,
    properties: &Body,
    name: &'static str,
    resource: &Resource,
    index: &Index<'_>,
) -> Vec<Association<T>> {
    let link = link(index, properties.block(name).given("id"), resource);
    let association = |link| Association {
        declared: declared.clone(),
        link,
    };
    link.map(association).into_iter().collect()
}

/// The service of each delegation.
fn delegations(properties: &Body) -> List<String> {
    let name = "delegations";
    let written = properties.property(name);
    let property = written.map(|written| Property::new(services(&written.value), written.site));
    let list = property.and_then(|property| property.list(text));
    let list = list.or_else(|| properties.empty(name).list(text));
    required(list, &properties.declared(), name)
}

fn services(delegations: &Value) -> Value {
    let kind = match &delegations.kind {
        ValueKind::OneOf(one_of) => {
            return chosen(one_of, &delegations.from, |branch| Some(services(branch)))
                .unwrap_or_else(|| Value::new(ValueKind::Null, delegations.from.clone()));
        }
        ValueKind::List(elements) | ValueKind::Tuple(elements) | ValueKind::Set(elements) => {
            let service = |element: &Value| member(&member(element, "properties")?, "serviceName");
            ValueKind::Tuple(elements.iter().filter_map(service).collect::<Arc<[Value]>>())
        }
        other => other.clone(),
    };
    Value::new(kind, delegations.from.clone())
}

pub(super) fn separate_peering(resource: &Resource, id: Id<Peering>, index: &Index<'_>) -> Peering {
    let body = Body::of(resource);
    let from = super::parent(Kind::VirtualNetwork, resource, &body, index);
    let from = required(from, &body.declared(), "name");
    Peering {
        name: super::own_name(resource, &body),
        ..peering(&body, id, from, resource, index)
    }
}

/// The peerings written inside a virtual network.
pub(super) fn inline_peerings(
    resource: &Resource,
    network: Id<VirtualNetwork>,
    first: usize,
    index: &Index<'_>,
) -> Vec<Peering> {
    let properties = Body::of(resource).block("properties");
    let blocks = properties.blocks("virtualNetworkPeerings").blocks;
    let inline = blocks.iter().enumerate().map(|(position, block)| {
        let declared = block.body.declared();
        let from = Attr::known_as(Target::Here(network), declared.from, declared.site);
        peering(&block.body, Id::new(first + position), from, resource, index)
    });
    inline.collect()
}

fn peering(
    body: &Body,
    id: Id<Peering>,
    from: Link<VirtualNetwork>,
    resource: &Resource,
    index: &Index<'_>,
) -> Peering {
    let declared = body.declared();
    let properties = body.block("properties");
    let remote = properties.block("remoteVirtualNetwork").given("id");
    let complete = properties.property("peerCompleteVnets");
    Peering {
        id,
        name: body.property("name").and_then(|name| name.attr(text)),
        from,
        to: required(link(index, remote, resource), &declared, "remoteVirtualNetwork"),
        complete_networks: complete.and_then(|complete| complete.attr(truth)),
        declared,
    }
}
