//! Virtual networks, their subnets and peerings.

use std::sync::Arc;

use crate::eval::deployment::Resource;
use crate::eval::value::{Kind as ValueKind, Reason, Unknown, Value};
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::kind::Kind;
use crate::lower::link::{link, link_by_name};
use crate::lower::property::{Property, cidr, required, text, truth};
use crate::lower::value::{listed, member, single};
use crate::model::attr::{Attr, Id, Link, List, Target};
use crate::model::cidr::Cidr;
use crate::model::subnet::{Association, Peering, Subnet, VirtualNetwork};

pub(super) fn virtual_network(resource: &Resource, id: Id<VirtualNetwork>) -> VirtualNetwork {
    let body = Body::of(resource);
    let words = |name: &'static str| body.property(name).and_then(|property| property.attr(text));
    VirtualNetwork {
        id,
        declared: body.declared(),
        name: words("name"),
        location: words("location"),
        resource_group: words("resource_group_name"),
        address_space: ranges(&body, body.property("address_space"), "address_space"),
        dns_servers: body
            .property("dns_servers")
            .and_then(|servers| servers.list(text)),
    }
}

/// The written ranges; unknown when an address pool will give them, none when nothing does.
fn ranges(body: &Body, written: Option<Property>, name: &'static str) -> List<Cidr> {
    let pool = body.block("ip_address_pool");
    let property = match written {
        Some(written) => written,
        None if pool.is_absent() => body.empty(name),
        None => {
            let from = pool.declared().from;
            let reason = Reason::External {
                what: "the range that the address pool gives".to_owned(),
            };
            let unknown = Unknown::new(reason, from.nearest().span);
            Property::new(Value::unknown(unknown, from), body.site("ip_address_pool"))
        }
    };
    let list = property.list(cidr).or_else(|| body.empty(name).list(cidr));
    required(list, &body.declared(), name)
}

pub(super) fn separate_subnet(resource: &Resource, id: Id<Subnet>, index: &Index<'_>) -> Subnet {
    let body = Body::of(resource);
    let network = body.property("virtual_network_name");
    let network = link_by_name(index, Kind::VirtualNetwork, network, resource);
    subnet(&body, id, network, false, resource, index)
}

/// The subnets written inside a virtual network, in the order in which the index numbers them.
pub(super) fn inline_subnets(
    resource: &Resource,
    network: Id<VirtualNetwork>,
    first: usize,
    index: &Index<'_>,
) -> Vec<Subnet> {
    let blocks = Body::of(resource).blocks("subnet").blocks;
    let inline = blocks.iter().enumerate().map(|(position, block)| {
        let declared = block.body.declared();
        let link = Attr::known_as(Target::Here(network), declared.from, declared.site);
        let id = Id::new(first + position);
        subnet(&block.body, id, Some(link), true, resource, index)
    });
    inline.collect()
}

fn subnet(
    body: &Body,
    id: Id<Subnet>,
    virtual_network: Option<Link<VirtualNetwork>>,
    is_inline: bool,
    resource: &Resource,
    index: &Index<'_>,
) -> Subnet {
    let declared = body.declared();
    let prefixes = body.plural_or_singular("address_prefixes", "address_prefix");
    let security_group = [
        "security_group",
        "network_security_group_id",
        "network_security_group_id_wo",
    ];
    let security_group = body.first_of(&security_group);
    let route_table = body.first_of(&["route_table_id", "route_table_id_wo"]);
    Subnet {
        id,
        name: body.property("name").and_then(|name| name.attr(text)),
        virtual_network,
        prefixes: ranges(body, prefixes, "address_prefixes"),
        delegations: delegations(body),
        is_inline,
        security_groups: association(&declared, link(index, not_empty(security_group), resource)),
        route_tables: association(&declared, link(index, not_empty(route_table), resource)),
        nat_gateways: Vec::new(),
        declared,
    }
}

/// Inline subnets written as an attribute set every attribute; empty text stands for none.
fn not_empty(property: Option<Property>) -> Option<Property> {
    property.filter(|property| property.value.as_str() != Some(""))
}

fn association<T>(declared: &Attr<()>, link: Option<Link<T>>) -> Vec<Association<T>> {
    let association = |link| Association {
        declared: declared.clone(),
        link,
    };
    link.map(association).into_iter().collect()
}

/// The service of each delegation block. A block that is there under a condition gives a service under
/// that condition.
fn delegations(body: &Body) -> List<String> {
    let name = "delegation";
    let written = body.property(name);
    let property = written.map(|written| {
        let services = services(&listed(&written.value));
        Property::new(services, written.site)
    });
    let list = property.and_then(|property| property.list(text));
    let list = list.or_else(|| body.empty(name).list(text));
    required(list, &body.declared(), name)
}

fn services(blocks: &Value) -> Value {
    let kind = match &blocks.kind {
        ValueKind::OneOf(one_of) => {
            let services = |branch: &Value| Some(services(branch));
            return crate::lower::value::chosen(one_of, &blocks.from, services)
                .unwrap_or_else(|| Value::new(ValueKind::Null, blocks.from.clone()));
        }
        ValueKind::Unknown(unknown) => ValueKind::Unknown(unknown.clone()),
        _ => {
            let elements = blocks.elements().unwrap_or_default();
            let unknown = elements.iter().find_map(|element| match &element.kind {
                ValueKind::Unknown(unknown) => Some(unknown),
                _ => None,
            });
            match unknown {
                // An unknown number of blocks: there may be none.
                Some(unknown) => ValueKind::Unknown(unknown.clone()),
                None => ValueKind::Tuple(elements.iter().filter_map(service).collect::<Arc<[Value]>>()),
            }
        }
    };
    Value::new(kind, blocks.from.clone())
}

fn service(delegation: &Value) -> Option<Value> {
    // Version 4 of the provider also takes the block of an inline subnet as an attribute.
    let service = member(delegation, "service_delegation")?;
    member(&single(&service), "name")
}

pub(super) fn peering(resource: &Resource, id: Id<Peering>, index: &Index<'_>) -> Peering {
    let body = Body::of(resource);
    let declared = body.declared();
    let from = body.property("virtual_network_name");
    let from = link_by_name(index, Kind::VirtualNetwork, from, resource);
    let to = link(index, body.property("remote_virtual_network_id"), resource);
    let complete = body.property("peer_complete_virtual_networks_enabled");
    Peering {
        id,
        name: body.property("name").and_then(|name| name.attr(text)),
        from: required(from, &declared, "virtual_network_name"),
        to: required(to, &declared, "remote_virtual_network_id"),
        complete_networks: complete.and_then(|complete| complete.attr(truth)),
        declared,
    }
}
