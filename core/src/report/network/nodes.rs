//! Which resources and properties are shown, and in which order.

use crate::model::attr::{State, Target};
use crate::model::cluster::{Cluster, DnsServiceIp};
use crate::model::identity::{Principal, Role, RoleAssignment, Scope};
use crate::model::network::Network;
use crate::model::node_pool::{NodePool, Surge};
use crate::model::roles::built_in_name;
use crate::model::routing::{NatGateway, PrivateDnsZone, PublicIp, RouteTable};
use crate::model::security::SecurityGroup;
use crate::model::subnet::{Peering, Subnet, VirtualNetwork};

use super::answers;
use super::tree::{Node, Properties, Show, What, address, elsewhere, node, shown};

pub(super) fn nodes(network: &Network) -> Vec<Node> {
    let mut nodes = Vec::new();
    nodes.extend(network.clusters.iter().map(|one| cluster(one, network)));
    let alone = |pool: &&NodePool| here(&pool.cluster.state).is_none();
    nodes.extend(
        network
            .node_pools
            .iter()
            .filter(alone)
            .map(|one| pool(one, network)),
    );
    nodes.extend(
        network
            .virtual_networks
            .iter()
            .map(|one| virtual_network(one, network)),
    );
    let outside = |subnet: &&Subnet| network_of(subnet).is_none();
    nodes.extend(
        network
            .subnets
            .iter()
            .filter(outside)
            .map(|one| subnet(one, network)),
    );
    nodes.extend(network.peerings.iter().map(|one| peering(one, network)));
    nodes.extend(
        network
            .security_groups
            .iter()
            .map(|one| security_group(one, network)),
    );
    nodes.extend(network.route_tables.iter().map(|one| route_table(one, network)));
    nodes.extend(network.nat_gateways.iter().map(|one| nat_gateway(one, network)));
    nodes.extend(network.public_ips.iter().map(|one| public_ip(one, network)));
    nodes.extend(
        network
            .private_dns_zones
            .iter()
            .map(|one| private_dns_zone(one, network)),
    );
    nodes.extend(network.identities.iter().map(|one| {
        let properties = Properties::of(network).add_written("name", &one.name);
        node("managed identity", &one.declared, properties)
    }));
    nodes.extend(network.role_definitions.iter().map(|one| {
        let properties = Properties::of(network)
            .add_written("name", &one.name)
            .add_list("actions", &one.actions)
            .add_list("not_actions", &one.not_actions);
        node("role definition", &one.declared, properties)
    }));
    nodes.extend(
        network
            .role_assignments
            .iter()
            .map(|one| role_assignment(one, network)),
    );
    nodes
}

fn here<T>(state: &State<Target<T>>) -> Option<crate::model::attr::Id<T>> {
    match state {
        State::Known(Target::Here(id)) => Some(*id),
        _ => None,
    }
}

fn network_of(subnet: &Subnet) -> Option<crate::model::attr::Id<VirtualNetwork>> {
    subnet.virtual_network.as_ref().and_then(|link| here(&link.state))
}

fn cluster(cluster: &Cluster, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &cluster.name)
        .add_written("location", &cluster.location)
        .add_written("resource_group", &cluster.resource_group)
        .add_written("kubernetes_version", &cluster.kubernetes_version)
        .add_written("sku", &cluster.sku)
        .add_written("sku_tier", &cluster.sku_tier)
        .add_written("network_plugin", &cluster.network_plugin)
        .add_written("network_plugin_mode", &cluster.network_plugin_mode)
        .add_written("network_policy", &cluster.network_policy)
        .add_written("network_data_plane", &cluster.network_data_plane)
        .add_written("network_mode", &cluster.network_mode)
        .add_written("ip_families", &cluster.ip_families)
        .add_written("pod_cidrs", &cluster.pod_cidrs)
        .add_written("service_cidrs", &cluster.service_cidrs)
        .add_written("dns_service_ip", &cluster.dns_service_ip)
        .add_written("outbound_type", &cluster.outbound_type)
        .add_written("load_balancer_sku", &cluster.load_balancer_sku)
        .add_written("private_cluster", &cluster.private_cluster_enabled)
        .add_written(
            "api_server_vnet_integration",
            &cluster.api_server_vnet_integration,
        )
        .add_written("api_server_subnet", &cluster.api_server_subnet)
        .add_written("identity_type", &cluster.identity_type)
        .add_written("identities", &cluster.identities);
    let mut node = node("cluster", &cluster.declared, properties);
    node.answers = answers::of_cluster(cluster, network);
    let own = |one: &&NodePool| here(&one.cluster.state) == Some(cluster.id);
    node.children.extend(
        network
            .node_pools
            .iter()
            .filter(own)
            .map(|one| pool(one, network)),
    );
    if let Some(virtual_nodes) = &cluster.virtual_nodes {
        let properties = Properties::of(network)
            .add_written("enabled", &virtual_nodes.enabled)
            .add_written("subnet_name", &virtual_nodes.subnet_name);
        node.children.push(super::tree::node(
            "virtual nodes",
            &virtual_nodes.declared,
            properties,
        ));
    }
    node
}

fn pool(pool: &NodePool, network: &Network) -> Node {
    let mut properties = Properties::of(network).add_written("name", &pool.name);
    if here(&pool.cluster.state).is_none() {
        properties = properties.add("cluster", &pool.cluster);
    }
    let properties = properties
        .add_written("os_type", &pool.os_type)
        .add_written("os_sku", &pool.os_sku)
        .add_written("priority", &pool.priority)
        .add_written("subnet", &pool.subnet)
        .add_written("pod_subnet", &pool.pod_subnet)
        .add_written("pod_ip_allocation_mode", &pool.pod_ip_allocation_mode)
        .add_written("max_pods", &pool.max_pods)
        .add_written("auto_scaling", &pool.auto_scaling)
        .add_written("count", &pool.count)
        .add_written("min_count", &pool.min_count)
        .add_written("max_count", &pool.max_count)
        .add_written("max_surge", &pool.max_surge)
        .add_written("max_unavailable", &pool.max_unavailable)
        .add_written("node_public_ip", &pool.node_public_ip);
    let kind = if pool.is_default_pool {
        "default node pool"
    } else {
        "node pool"
    };
    node(kind, &pool.declared, properties)
}

fn virtual_network(virtual_network: &VirtualNetwork, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &virtual_network.name)
        .add_written("location", &virtual_network.location)
        .add_written("resource_group", &virtual_network.resource_group)
        .add("address_space", &virtual_network.address_space)
        .add_written("dns_servers", &virtual_network.dns_servers);
    let mut node = node("virtual network", &virtual_network.declared, properties);
    let inside = |one: &&Subnet| network_of(one) == Some(virtual_network.id);
    node.children.extend(
        network
            .subnets
            .iter()
            .filter(inside)
            .map(|one| subnet(one, network)),
    );
    node
}

fn subnet(subnet: &Subnet, network: &Network) -> Node {
    let mut properties = Properties::of(network).add_written("name", &subnet.name);
    if network_of(subnet).is_none() {
        properties = properties.add_written("virtual_network", &subnet.virtual_network);
    }
    let properties = properties
        .add("prefixes", &subnet.prefixes)
        .add_list("delegations", &subnet.delegations);
    let mut node = node("subnet", &subnet.declared, properties);
    node.answers = answers::of_subnet(subnet, network);
    for one in &subnet.security_groups {
        let properties = Properties::of(network).add("group", &one.link);
        node.children.push(super::tree::node(
            "uses security group",
            &one.declared,
            properties,
        ));
    }
    for one in &subnet.route_tables {
        let properties = Properties::of(network).add("table", &one.link);
        node.children
            .push(super::tree::node("uses route table", &one.declared, properties));
    }
    for one in &subnet.nat_gateways {
        let properties = Properties::of(network).add("gateway", &one.link);
        node.children
            .push(super::tree::node("uses NAT gateway", &one.declared, properties));
    }
    node
}

fn peering(peering: &Peering, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &peering.name)
        .add("from", &peering.from)
        .add("to", &peering.to)
        .add_written("complete_networks", &peering.complete_networks);
    node("peering", &peering.declared, properties)
}

fn security_group(group: &SecurityGroup, network: &Network) -> Node {
    let properties = Properties::of(network).add_written("name", &group.name);
    let mut node = node("network security group", &group.declared, properties);
    node.open = group.open.clone();
    for rule in &group.rules {
        let properties = Properties::of(network)
            .add_written("name", &rule.name)
            .add("priority", &rule.priority)
            .add("direction", &rule.direction)
            .add("access", &rule.access)
            .add("protocol", &rule.protocol)
            .add("source_addresses", &rule.source_addresses)
            .add("source_ports", &rule.source_ports)
            .add("destination_addresses", &rule.destination_addresses)
            .add("destination_ports", &rule.destination_ports);
        node.children
            .push(super::tree::node("rule", &rule.declared, properties));
    }
    node
}

fn route_table(table: &RouteTable, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &table.name)
        .add_written("bgp_route_propagation", &table.bgp_route_propagation);
    let mut node = node("route table", &table.declared, properties);
    node.open = table.open.clone();
    for route in &table.routes {
        let properties = Properties::of(network)
            .add_written("name", &route.name)
            .add("address_prefix", &route.address_prefix)
            .add("next_hop_type", &route.next_hop_type)
            .add_written("next_hop_address", &route.next_hop_address);
        node.children
            .push(super::tree::node("route", &route.declared, properties));
    }
    node
}

fn nat_gateway(gateway: &NatGateway, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &gateway.name)
        .add_written("sku", &gateway.sku)
        .add_links("public_ips", &gateway.public_ips, &gateway.declared);
    node("NAT gateway", &gateway.declared, properties)
}

fn public_ip(address: &PublicIp, network: &Network) -> Node {
    let properties = Properties::of(network)
        .add_written("name", &address.name)
        .add_written("sku", &address.sku)
        .add_written("prefix_length", &address.prefix_length);
    node("public IP", &address.declared, properties)
}

fn private_dns_zone(zone: &PrivateDnsZone, network: &Network) -> Node {
    let properties = Properties::of(network).add_written("name", &zone.name).add_links(
        "linked_networks",
        &zone.linked_networks,
        &zone.declared,
    );
    node("private DNS zone", &zone.declared, properties)
}

fn role_assignment(assignment: &RoleAssignment, network: &Network) -> Node {
    let mut properties = Properties::of(network);
    properties.list.push(("scope", shown(&assignment.scope, network)));
    let properties = properties
        .add_written("role", &assignment.role)
        .add("principal", &assignment.principal);
    node("role assignment", &assignment.declared, properties)
}

impl Show for DnsServiceIp {
    fn show(&self, _: &Network) -> What {
        What::Text(self.text.clone())
    }
}

impl Show for Surge {
    fn show(&self, _: &Network) -> What {
        match self {
            Surge::Nodes(nodes) => What::Number(*nodes),
            Surge::Percent(percent) => What::Text(format!("{percent}%")),
        }
    }
}

impl Show for Scope {
    fn show(&self, network: &Network) -> What {
        What::Text(match self {
            Scope::Subnet(id) => address(&network[*id].declared),
            Scope::VirtualNetwork(id) => address(&network[*id].declared),
            Scope::RouteTable(id) => address(&network[*id].declared),
            Scope::ResourceGroup(id) => address(&network[*id].declared),
            Scope::PrivateDnsZone(id) => address(&network[*id].declared),
            Scope::UnknownGroup(group) => format!("a resource group ({})", group.reason()),
            Scope::Everything => "everything".to_owned(),
            Scope::Other(other) => other.clone(),
            Scope::Elsewhere(id) => elsewhere(id),
        })
    }
}

impl Show for Role {
    fn show(&self, network: &Network) -> What {
        What::Text(match self {
            Role::Named(name) => name.clone(),
            Role::ById(id) => built_in_name(id).unwrap_or(id).to_owned(),
            Role::Custom(id) => address(&network[*id].declared),
        })
    }
}

impl Show for Principal {
    fn show(&self, network: &Network) -> What {
        What::Text(match self {
            Principal::Identity(id) => address(&network[*id].declared),
            Principal::ClusterIdentity(id) => format!("identity of {}", address(&network[*id].declared)),
            Principal::KubeletIdentity(id) => format!("kubelet of {}", address(&network[*id].declared)),
            Principal::Other(other) => other.clone(),
            Principal::ObjectId(id) => id.clone(),
        })
    }
}
