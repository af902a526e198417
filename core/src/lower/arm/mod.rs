//! Azure's own resource types, as templates, Bicep files and the azapi provider write them.

mod attach;
pub(super) mod azapi;
mod cluster;
mod identity;
mod name;
mod network;
mod node_pool;
mod routing;
mod security;
mod update;

pub(super) use attach::attach;
pub(super) use name::{is_assignment_below, names};
pub(super) use node_pool::leave_out_repeated_pools;
pub(super) use update::update;

use crate::eval::deployment::Resource;
use crate::model::attr::{Attr, Id, Link};
use crate::model::network::Network;

use super::body::Body;
use super::identity as shared;
use super::index::Index;
use super::kind::{Kind, Listed};
use super::link::{ends, link, link_by_name};
use super::property::{Property, text};

/// The types that take part without being what others refer to.
pub(super) const OTHER_TYPES: &[&str] = &[
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.ContainerService/managedClusters/agentPools",
    "Microsoft.Network/networkSecurityGroups/securityRules",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
    "Microsoft.Network/routeTables/routes",
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
];

/// Adds a resource to the network, as the index numbered it. What others attach to it is not there yet.
pub(super) fn add(network: &mut Network, resource: &Resource, index: &Index<'_>) {
    match resource.schema.to_ascii_lowercase().as_str() {
        "microsoft.resources/resourcegroups" => {
            let id = Id::new(network.resource_groups.len());
            network.resource_groups.push(shared::resource_group(resource, id));
        }
        "microsoft.managedidentity/userassignedidentities" => {
            let id = Id::new(network.identities.len());
            network.identities.push(shared::managed_identity(resource, id));
        }
        "microsoft.authorization/roleassignments" => {
            let id = Id::new(network.role_assignments.len());
            network
                .role_assignments
                .push(identity::role_assignment(resource, id, index));
        }
        "microsoft.authorization/roledefinitions" => {
            let id = Id::new(network.role_definitions.len());
            network
                .role_definitions
                .push(identity::role_definition(resource, id));
        }
        "microsoft.containerservice/managedclusters" => {
            let id = Id::new(network.clusters.len());
            network.clusters.push(cluster::cluster(resource, id, index));
            let first = network.node_pools.len();
            network
                .node_pools
                .extend(node_pool::inline_pools(resource, id, first, index));
        }
        "microsoft.containerservice/managedclusters/agentpools" => {
            let id = Id::new(network.node_pools.len());
            let pool = node_pool::separate_pool(resource, id, index);
            // An update of a pool of a cluster that is here adds none: it is one of the cluster's pools.
            let is_update = resource.address.kind.as_ref() == azapi::UPDATE;
            if !is_update || ends(&pool.cluster).here.is_empty() {
                network.node_pools.push(pool);
            }
        }
        "microsoft.network/virtualnetworks" => {
            let id = Id::new(network.virtual_networks.len());
            network
                .virtual_networks
                .push(network::virtual_network(resource, id));
            let first = network.subnets.len();
            network
                .subnets
                .extend(network::inline_subnets(resource, id, first, index));
            let first = network.peerings.len();
            network
                .peerings
                .extend(network::inline_peerings(resource, id, first, index));
        }
        "microsoft.network/virtualnetworks/subnets" => {
            let id = Id::new(network.subnets.len());
            network
                .subnets
                .push(network::separate_subnet(resource, id, index));
        }
        "microsoft.network/virtualnetworks/virtualnetworkpeerings" => {
            let id = Id::new(network.peerings.len());
            network
                .peerings
                .push(network::separate_peering(resource, id, index));
        }
        "microsoft.network/networksecuritygroups" => {
            let id = Id::new(network.security_groups.len());
            network
                .security_groups
                .push(security::security_group(resource, id));
        }
        "microsoft.network/routetables" => {
            let id = Id::new(network.route_tables.len());
            network.route_tables.push(routing::route_table(resource, id));
        }
        "microsoft.network/natgateways" => {
            let id = Id::new(network.nat_gateways.len());
            network
                .nat_gateways
                .push(routing::nat_gateway(resource, id, index));
        }
        "microsoft.network/publicipaddresses" | "microsoft.network/publicipprefixes" => {
            let id = Id::new(network.public_ips.len());
            network.public_ips.push(routing::public_ip(resource, id));
        }
        "microsoft.network/privatednszones" => {
            let id = Id::new(network.private_dns_zones.len());
            network
                .private_dns_zones
                .push(routing::private_dns_zone(resource, id));
        }
        _ if is_assignment_below(&resource.schema) => {
            let id = Id::new(network.role_assignments.len());
            network
                .role_assignments
                .push(identity::role_assignment(resource, id, index));
        }
        _ => {}
    }
}

/// The resource that a child belongs to, by the first part of the child's name.
fn parent<T: Listed>(kind: Kind, resource: &Resource, body: &Body, index: &Index<'_>) -> Option<Link<T>> {
    // A child that the azapi provider deploys says it by an id.
    if let Some(id) = body.property("parent_id") {
        return link(index, Some(id), resource);
    }
    let name = names(resource, body.member("name")).0?;
    link_by_name(
        index,
        kind,
        Some(Property::new(name, body.site("name"))),
        resource,
    )
}

/// The part of the name that is the resource's own.
fn own_name(resource: &Resource, body: &Body) -> Option<Attr<String>> {
    let name = names(resource, body.member("name")).1?;
    Property::new(name, body.site("name")).attr(text)
}

/// The resource group that the resource is deployed to.
fn resource_group(resource: &Resource, body: &Body) -> Option<Attr<String>> {
    let group = resource.resource_group.clone()?;
    Property::new(group, body.site("resourceGroup")).attr(text)
}
