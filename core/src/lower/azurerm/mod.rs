//! The azurerm provider's resources, with the names of its versions 2 to 5.

mod attach;
mod automatic;
mod cluster;
mod identity;
mod node_pool;
pub(super) mod routing;
mod security;
mod subnet;

pub(in crate::lower) use attach::attach;

use crate::eval::deployment::Resource;
use crate::model::attr::Id;
use crate::model::cluster::InputKind;
use crate::model::network::Network;

use super::identity as shared;
use super::index::Index;
use super::kind::AUTOMATIC_CLUSTER;

/// The types that take part without being what others refer to.
pub(super) const OTHER_TYPES: &[&str] = &[
    "azurerm_kubernetes_cluster_node_pool",
    "azurerm_management_group_template_deployment",
    "azurerm_nat_gateway_public_ip_association",
    "azurerm_nat_gateway_public_ip_prefix_association",
    "azurerm_network_security_rule",
    "azurerm_private_dns_zone_virtual_network_link",
    "azurerm_resource_group_template_deployment",
    "azurerm_role_assignment",
    "azurerm_route",
    "azurerm_subnet_nat_gateway_association",
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_route_table_association",
    "azurerm_subscription_template_deployment",
    "azurerm_template_deployment",
    "azurerm_tenant_template_deployment",
    "azurerm_virtual_network_dns_servers",
    "azurerm_virtual_network_peering",
];

fn input(index: &Index<'_>) -> InputKind {
    InputKind::Azurerm {
        major: index.deployment.provider_version.map(|version| version.major),
    }
}

/// Whether case counts in words: since version 3 of the provider.
fn is_exact(index: &Index<'_>) -> bool {
    let major = index.deployment.provider_version.map(|version| version.major);
    major.is_none_or(|major| major >= 3)
}

/// Adds a resource to the network, as the index numbered it. What others attach to it is not there yet.
pub(super) fn add(network: &mut Network, resource: &Resource, index: &Index<'_>) {
    match resource.schema.as_ref() {
        "azurerm_resource_group" => {
            let id = Id::new(network.resource_groups.len());
            network.resource_groups.push(shared::resource_group(resource, id));
        }
        "azurerm_kubernetes_cluster" => {
            let id = Id::new(network.clusters.len());
            network.clusters.push(cluster::cluster(resource, id, index));
            let pool = Id::new(network.node_pools.len());
            network
                .node_pools
                .extend(node_pool::default_pool(resource, pool, id, index));
        }
        AUTOMATIC_CLUSTER => {
            let id = Id::new(network.clusters.len());
            network.clusters.push(automatic::cluster(resource, id, index));
            let first = network.node_pools.len();
            network
                .node_pools
                .extend(automatic::pools(resource, id, first, index));
        }
        "azurerm_kubernetes_cluster_node_pool" => {
            let id = Id::new(network.node_pools.len());
            network
                .node_pools
                .push(node_pool::separate_pool(resource, id, index));
        }
        "azurerm_virtual_network" => {
            let id = Id::new(network.virtual_networks.len());
            network
                .virtual_networks
                .push(subnet::virtual_network(resource, id));
            let first = network.subnets.len();
            network
                .subnets
                .extend(subnet::inline_subnets(resource, id, first, index));
        }
        "azurerm_subnet" => {
            let id = Id::new(network.subnets.len());
            network.subnets.push(subnet::separate_subnet(resource, id, index));
        }
        "azurerm_virtual_network_peering" => {
            let id = Id::new(network.peerings.len());
            network.peerings.push(subnet::peering(resource, id, index));
        }
        "azurerm_network_security_group" => {
            let id = Id::new(network.security_groups.len());
            network
                .security_groups
                .push(security::security_group(resource, id, is_exact(index)));
        }
        "azurerm_route_table" => {
            let id = Id::new(network.route_tables.len());
            network
                .route_tables
                .push(routing::route_table(resource, id, is_exact(index)));
        }
        "azurerm_nat_gateway" => {
            let id = Id::new(network.nat_gateways.len());
            network
                .nat_gateways
                .push(routing::nat_gateway(resource, id, index));
        }
        "azurerm_public_ip" | "azurerm_public_ip_prefix" => {
            let id = Id::new(network.public_ips.len());
            network.public_ips.push(routing::public_ip(resource, id, index));
        }
        "azurerm_user_assigned_identity" => {
            let id = Id::new(network.identities.len());
            network.identities.push(shared::managed_identity(resource, id));
        }
        "azurerm_role_assignment" => {
            let id = Id::new(network.role_assignments.len());
            network
                .role_assignments
                .push(identity::role_assignment(resource, id, index));
        }
        "azurerm_role_definition" => {
            let id = Id::new(network.role_definitions.len());
            network
                .role_definitions
                .push(identity::role_definition(resource, id));
        }
        "azurerm_private_dns_zone" => {
            let id = Id::new(network.private_dns_zones.len());
            network
                .private_dns_zones
                .push(routing::private_dns_zone(resource, id));
        }
        _ => {}
    }
}
