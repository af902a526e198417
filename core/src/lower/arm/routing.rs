//! Route tables, NAT gateways, public addresses and private DNS zones.

use std::sync::Arc;

use crate::eval::deployment::Resource;
use crate::eval::value::{Kind as ValueKind, Value};
use crate::lower::azurerm::routing::negated;
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::property::{Property, members, number, required, text, truth, word};
use crate::lower::value::{chosen, member};
use crate::model::attr::{Attr, Id};
use crate::model::routing::{NatGateway, PrivateDnsZone, PublicIp, Route, RouteTable};

/// A table with the routes that are written in it.
pub(super) fn route_table(resource: &Resource, id: Id<RouteTable>) -> RouteTable {
    let body = Body::of(resource);
    let properties = body.block("properties");
    let blocks = properties.blocks("routes");
    let disabled = properties.first_of_or(&["disableBgpRoutePropagation"], ValueKind::Bool(false));
    let name = |body: &Body| body.property("name").and_then(|name| name.attr(text));
    RouteTable {
        id,
        declared: body.declared(),
        name: name(&body),
        routes: blocks
            .blocks
            .iter()
            .filter(|block| !block.is_unknown())
            .map(|block| route(&block.body, name(&block.body)))
            .collect(),
        open: blocks.open,
        bgp_route_propagation: Property::new(negated(&disabled.value), disabled.site).attr(truth),
    }
}

pub(super) fn route(body: &Body, name: Option<Attr<String>>) -> Route {
    let declared = body.declared();
    let properties = body.block("properties");
    let prefix = properties
        .property("addressPrefix")
        .and_then(|prefix| prefix.attr(text));
    let hop = properties
        .property("nextHopType")
        .and_then(|hop| hop.attr(word(false)));
    Route {
        name,
        address_prefix: required(prefix, &declared, "addressPrefix"),
        next_hop_type: required(hop, &declared, "nextHopType"),
        next_hop_address: properties
            .given("nextHopIpAddress")
            .and_then(|address| address.attr(text)),
        declared,
    }
}

pub(super) fn nat_gateway(resource: &Resource, id: Id<NatGateway>, index: &Index<'_>) -> NatGateway {
    let body = Body::of(resource);
    let properties = body.block("properties");
    let mut public_ips = Vec::new();
    for name in ["publicIpAddresses", "publicIpPrefixes"] {
        let written = properties.property(name);
        let ids = written.map(|written| Property::new(ids(&written.value), written.site));
        let ids = ids.and_then(|ids| ids.list_by(&|value| index.by_id(value, resource)));
        if let Some(ids) = ids {
            public_ips.extend(members(ids));
        }
    }
    NatGateway {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        sku: body
            .block("sku")
            .first_of_or(&["name"], ValueKind::String("Standard".into()))
            .attr(text),
        public_ips,
    }
}

/// The ids in a list of `{ id: … }`.
fn ids(references: &Value) -> Value {
    let kind = match &references.kind {
        ValueKind::OneOf(one_of) => {
            return chosen(one_of, &references.from, |branch| Some(ids(branch)))
                .unwrap_or_else(|| Value::new(ValueKind::Null, references.from.clone()));
        }
        ValueKind::List(elements) | ValueKind::Tuple(elements) | ValueKind::Set(elements) => {
            let id = |element: &Value| member(element, "id");
            ValueKind::Tuple(elements.iter().filter_map(id).collect::<Arc<[Value]>>())
        }
        other => other.clone(),
    };
    Value::new(kind, references.from.clone())
}

pub(super) fn public_ip(resource: &Resource, id: Id<PublicIp>) -> PublicIp {
    let body = Body::of(resource);
    let length = body.block("properties").property("prefixLength");
    PublicIp {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        sku: body.block("sku").given("name").and_then(|sku| sku.attr(text)),
        prefix_length: length.and_then(|length| length.attr(number)),
    }
}

pub(super) fn private_dns_zone(resource: &Resource, id: Id<PrivateDnsZone>) -> PrivateDnsZone {
    let body = Body::of(resource);
    PrivateDnsZone {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        linked_networks: Vec::new(),
    }
}
