//! Resources that add something to others: associations, separate rules and routes, DNS links.

use crate::eval::deployment::{Presence, Resource};
use crate::eval::value::{Reason, Unknown};
use crate::lower::body::{Body, assumptions};
use crate::lower::index::Index;
use crate::lower::kind::{Kind, Listed};
use crate::lower::link::{Ends, ends, link, link_by_name};
use crate::lower::property::{only_when, required, text};
use crate::model::attr::{Id, Link};
use crate::model::network::Network;
use crate::model::subnet::{Association, Subnet};

use super::is_exact;
use super::routing::route;
use super::security::security_rule;

/// Adds to the network what an attaching resource says. When it leads nowhere known, the reason for that:
/// what it is attached to may be any of them.
pub(in crate::lower) fn attach(
    network: &mut Network,
    resource: &Resource,
    index: &Index<'_>,
) -> Option<Unknown> {
    match resource.schema.as_ref() {
        "azurerm_subnet_network_security_group_association" => associate(
            network,
            resource,
            index,
            "network_security_group_id",
            |subnet, association| {
                subnet.security_groups.push(association);
            },
        ),
        "azurerm_subnet_route_table_association" => associate(
            network,
            resource,
            index,
            "route_table_id",
            |subnet, association| {
                subnet.route_tables.push(association);
            },
        ),
        "azurerm_subnet_nat_gateway_association" => associate(
            network,
            resource,
            index,
            "nat_gateway_id",
            |subnet, association| {
                subnet.nat_gateways.push(association);
            },
        ),
        "azurerm_nat_gateway_public_ip_association" => {
            add_public_ip(network, resource, index, "public_ip_address_id")
        }
        "azurerm_nat_gateway_public_ip_prefix_association" => {
            add_public_ip(network, resource, index, "public_ip_prefix_id")
        }
        "azurerm_network_security_rule" => add_rule(network, resource, index),
        "azurerm_route" => add_route(network, resource, index),
        "azurerm_private_dns_zone_virtual_network_link" => add_zone_link(network, resource, index),
        "azurerm_virtual_network_dns_servers" => set_dns_servers(network, resource, index),
        kind if kind.ends_with("_template_deployment") => Some(unknown_template(resource)),
        _ => None,
    }
}

/// Of a template that is known, the resources are there in place of what deploys it.
fn unknown_template(resource: &Resource) -> Unknown {
    let body = Body::of(resource);
    let content = ["template_content", "template_body"];
    let content = body
        .first_of(&content)
        .and_then(|content| content.value.first_unknown().cloned());
    content.unwrap_or_else(|| {
        let what = format!("the template of {}", resource.address);
        Unknown::new(Reason::External { what }, resource.header)
    })
}

fn target<T: Listed>(body: &Body, name: &'static str, resource: &Resource, index: &Index<'_>) -> Link<T> {
    required(link(index, body.property(name), resource), &body.declared(), name)
}

fn associate<T: Listed>(
    network: &mut Network,
    resource: &Resource,
    index: &Index<'_>,
    property: &'static str,
    add: impl Fn(&mut Subnet, Association<T>),
) -> Option<Unknown> {
    let body = Body::of(resource);
    let subnets = ends(&target::<Subnet>(&body, "subnet_id", resource, index));
    for (id, when) in &subnets.here {
        let body = body.when(when);
        let association = Association {
            declared: body.declared(),
            link: target(&body, property, resource, index),
        };
        if let Some(subnet) = network.subnets.get_mut(id.index()) {
            add(subnet, association);
        }
    }
    subnets.unknown
}

fn add_public_ip(
    network: &mut Network,
    resource: &Resource,
    index: &Index<'_>,
    property: &'static str,
) -> Option<Unknown> {
    let body = Body::of(resource);
    let gateways = ends(&target(&body, "nat_gateway_id", resource, index));
    for (id, when) in &gateways.here {
        let conditions = assumptions(&body.when(when).owner.presence);
        let address = only_when(target(&body, property, resource, index), &conditions);
        let id: &Id<crate::model::routing::NatGateway> = id;
        if let Some(gateway) = network.nat_gateways.get_mut(id.index()) {
            gateway.public_ips.push(address);
        }
    }
    gateways.unknown
}

fn add_rule(network: &mut Network, resource: &Resource, index: &Index<'_>) -> Option<Unknown> {
    let body = Body::of(resource);
    let name = "network_security_group_name";
    let group = link_by_name(index, Kind::SecurityGroup, body.property(name), resource);
    let group = required(group, &body.declared(), name);
    let Ends { here, unknown } = ends(&group);
    for (id, when) in here {
        let rule = security_rule(&body.when(&when), Some(group.clone()), is_exact(index));
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
    None
}

fn add_route(network: &mut Network, resource: &Resource, index: &Index<'_>) -> Option<Unknown> {
    let body = Body::of(resource);
    let name = "route_table_name";
    let table = link_by_name(index, Kind::RouteTable, body.property(name), resource);
    let Ends { here, unknown } = ends(&required(table, &body.declared(), name));
    for (id, when) in here {
        let id: Id<crate::model::routing::RouteTable> = id;
        if let Some(known) = network.route_tables.get_mut(id.index()) {
            if let Presence::AnyNumber(unknown) = &resource.presence {
                known.open.get_or_insert_with(|| unknown.clone());
            }
            known.routes.push(route(&body.when(&when), is_exact(index)));
        }
    }
    if let Some(unknown) = unknown {
        for table in &mut network.route_tables {
            table.open.get_or_insert_with(|| unknown.clone());
        }
    }
    None
}

fn add_zone_link(network: &mut Network, resource: &Resource, index: &Index<'_>) -> Option<Unknown> {
    let body = Body::of(resource);
    let name = "private_dns_zone_name";
    let zone = link_by_name(index, Kind::PrivateDnsZone, body.property(name), resource);
    let zones = ends(&required(zone, &body.declared(), name));
    for (id, when) in &zones.here {
        let id: &Id<crate::model::routing::PrivateDnsZone> = id;
        let conditions = assumptions(&body.when(when).owner.presence);
        let linked = only_when(target(&body, "virtual_network_id", resource, index), &conditions);
        if let Some(zone) = network.private_dns_zones.get_mut(id.index()) {
            zone.linked_networks.push(linked);
        }
    }
    zones.unknown
}

fn set_dns_servers(network: &mut Network, resource: &Resource, index: &Index<'_>) -> Option<Unknown> {
    let body = Body::of(resource);
    let networks = ends(&target(&body, "virtual_network_id", resource, index));
    for (id, when) in &networks.here {
        let id: &Id<crate::model::subnet::VirtualNetwork> = id;
        let conditions = assumptions(&body.when(when).owner.presence);
        let servers = body
            .property("dns_servers")
            .and_then(|servers| servers.list(text));
        if let (Some(servers), Some(known)) = (servers, network.virtual_networks.get_mut(id.index())) {
            known.dns_servers = Some(only_when(servers, &conditions));
        }
    }
    networks.unknown
}
