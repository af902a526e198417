//! Route tables, NAT gateways, public addresses and private DNS zones.

use crate::eval::deployment::Resource;
use crate::eval::value::{Kind as ValueKind, Value};
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::property::{Property, members, number, required, text, truth, word};
use crate::lower::value::chosen;
use crate::model::attr::Id;
use crate::model::routing::{NatGateway, PrivateDnsZone, PublicIp, Route, RouteTable};

/// A table with the routes that are written in it.
pub(super) fn route_table(resource: &Resource, id: Id<RouteTable>, exact: bool) -> RouteTable {
    let body = Body::of(resource);
    let blocks = body.blocks("route");
    // Before version 4 of the provider the property said the opposite.
    let disabled = body.property("disable_bgp_route_propagation");
    let propagation = body.first_of_or(&["bgp_route_propagation_enabled"], ValueKind::Bool(true));
    let propagation = match disabled {
        Some(disabled) => Property::new(negated(&disabled.value), disabled.site),
        None => propagation,
    };
    RouteTable {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        routes: blocks
            .blocks
            .iter()
            .filter(|block| !block.is_unknown())
            .map(|block| route(&block.body, exact))
            .collect(),
        open: blocks.open,
        bgp_route_propagation: propagation.attr(truth),
    }
}

pub(in crate::lower) fn negated(value: &Value) -> Value {
    let kind = match &value.kind {
        ValueKind::OneOf(one_of) => {
            return chosen(one_of, &value.from, |branch| Some(negated(branch)))
                .unwrap_or_else(|| value.clone());
        }
        _ => match truth(value) {
            Ok(truth) => ValueKind::Bool(!truth),
            Err(_) => value.kind.clone(),
        },
    };
    Value::new(kind, value.from.clone())
}

pub(super) fn route(body: &Body, exact: bool) -> Route {
    let declared = body.declared();
    let prefix = body
        .property("address_prefix")
        .and_then(|prefix| prefix.attr(text));
    let hop = body
        .property("next_hop_type")
        .and_then(|hop| hop.attr(word(exact)));
    let address = body.property("next_hop_in_ip_address");
    let address = address.filter(|address| address.value.as_str() != Some(""));
    Route {
        name: body.property("name").and_then(|name| name.attr(text)),
        address_prefix: required(prefix, &declared, "address_prefix"),
        next_hop_type: required(hop, &declared, "next_hop_type"),
        next_hop_address: address.and_then(|address| address.attr(text)),
        declared,
    }
}

/// A gateway with the addresses that version 2 of the provider wrote in it.
pub(super) fn nat_gateway(resource: &Resource, id: Id<NatGateway>, index: &Index<'_>) -> NatGateway {
    let body = Body::of(resource);
    let mut public_ips = Vec::new();
    for name in ["public_ip_address_ids", "public_ip_prefix_ids"] {
        let ids = body.property(name);
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
            .first_of_or(&["sku_name"], ValueKind::String("Standard".into()))
            .attr(text),
        public_ips,
    }
}

pub(super) fn public_ip(resource: &Resource, id: Id<PublicIp>, index: &Index<'_>) -> PublicIp {
    let body = Body::of(resource);
    let is_prefix = resource.schema.as_ref() == "azurerm_public_ip_prefix";
    let standard = ValueKind::String("Standard".into());
    // The default of a single address changed with version 4 of the provider.
    let sku = match index.deployment.provider_version.map(|version| version.major) {
        _ if is_prefix => Some(body.first_of_or(&["sku"], standard)),
        Some(4..) => Some(body.first_of_or(&["sku"], standard)),
        Some(_) => Some(body.first_of_or(&["sku"], ValueKind::String("Basic".into()))),
        None => body.property("sku"),
    };
    let length = is_prefix.then(|| body.first_of_or(&["prefix_length"], ValueKind::Number(28_i64.into())));
    PublicIp {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        sku: sku.and_then(|sku| sku.attr(text)),
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
