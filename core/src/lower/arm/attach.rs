//! Children that add something to their parents: rules of security groups, routes, links of DNS zones.

use crate::eval::deployment::{Presence, Resource};
use crate::eval::value::Unknown;
use crate::lower::body::{Body, assumptions};
use crate::lower::index::Index;
use crate::lower::kind::{Kind, Listed};
use crate::lower::link::{Ends, ends, link};
use crate::lower::property::{only_when, required};
use crate::model::attr::Link;
use crate::model::network::Network;
use crate::model::routing::{PrivateDnsZone, RouteTable};
use crate::model::security::SecurityGroup;

use super::routing::route;
use super::security::security_rule;

/// Adds to the network what a child says of its parent. When the parent is not known, the reason for that:
/// it may be any of them.
pub(in crate::lower) fn attach(
    network: &mut Network,
    resource: &Resource,
    index: &Index<'_>,
) -> Option<Unknown> {
    match resource.schema.to_ascii_lowercase().as_str() {
        "microsoft.network/networksecuritygroups/securityrules" => add_rule(network, resource, index),
        "microsoft.network/routetables/routes" => add_route(network, resource, index),
        "microsoft.network/privatednszones/virtualnetworklinks" => {
            return add_zone_link(network, resource, index);
        }
        _ => {}
    }
    None
}

fn parent<T: Listed>(kind: Kind, body: &Body, resource: &Resource, index: &Index<'_>) -> Link<T> {
    required(
        super::parent(kind, resource, body, index),
        &body.declared(),
        "name",
    )
}

fn add_rule(network: &mut Network, resource: &Resource, index: &Index<'_>) {
    let body = Body::of(resource);
    let group = parent::<SecurityGroup>(Kind::SecurityGroup, &body, resource, index);
    let Ends { here, unknown } = ends(&group);
    for (id, when) in here {
        let body = body.when(&when);
        let rule = security_rule(&body, super::own_name(resource, &body), Some(group.clone()));
        if let Some(known) = network.security_groups.get_mut(id.index()) {
            if let Presence::AnyNumber(unknown) = &resource.presence {
                known.open.get_or_insert_with(|| unknown.clone());
            }
            known.rules.push(rule);
        }
    }
    if let Some(unknown) = unknown {
        for group in &mut network.security_groups {
            group.open.get_or_insert_with(|| unknown.clone());
        }
    }
}

fn add_route(network: &mut Network, resource: &Resource, index: &Index<'_>) {
    let body = Body::of(resource);
    let table = parent::<RouteTable>(Kind::RouteTable, &body, resource, index);
    let Ends { here, unknown } = ends(&table);
    for (id, when) in here {
        let body = body.when(&when);
        if let Some(known) = network.route_tables.get_mut(id.index()) {
            if let Presence::AnyNumber(unknown) = &resource.presence {
                known.open.get_or_insert_with(|| unknown.clone());
            }
            known.routes.push(route(&body, super::own_name(resource, &body)));
        }
    }
    if let Some(unknown) = unknown {
        for table in &mut network.route_tables {
            table.open.get_or_insert_with(|| unknown.clone());
        }
    }
}

fn add_zone_link(network: &mut Network, resource: &Resource, index: &Index<'_>) -> Option<Unknown> {
    let body = Body::of(resource);
    let zones = ends(&parent::<PrivateDnsZone>(
        Kind::PrivateDnsZone,
        &body,
        resource,
        index,
    ));
    let name = "virtualNetwork";
    for (id, when) in &zones.here {
        let body = body.when(when);
        let conditions = assumptions(&body.owner.presence);
        let linked = link(index, body.block("properties").block(name).given("id"), resource);
        let linked = only_when(required(linked, &body.declared(), name), &conditions);
        if let Some(zone) = network.private_dns_zones.get_mut(id.index()) {
            zone.linked_networks.push(linked);
        }
    }
    zones.unknown
}
