//! `azurerm_kubernetes_automatic_cluster`: AKS presets the network, and runs the nodes.

use std::sync::Arc;

use crate::eval::deployment::Resource;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Reason, Unknown, Value};
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::link::link;
use crate::lower::property::{Property, number, text, word};
use crate::model::attr::{Attr, Id, Target};
use crate::model::cluster::Cluster;
use crate::model::node_pool::NodePool;
use crate::model::vocabulary::{
    ClusterSku, LoadBalancerSku, NetworkDataPlane, NetworkPlugin, NetworkPluginMode, NetworkPolicy, OsType,
};

use super::cluster::identities;

/// <https://learn.microsoft.com/azure/aks/intro-aks-automatic>
pub(super) fn cluster(resource: &Resource, id: Id<Cluster>, index: &Index<'_>) -> Cluster {
    let body = Body::of(resource);
    let words = |name: &'static str| body.property(name).and_then(|property| property.attr(text));
    let private = !body.block("private_cluster").is_absent();
    let identity_type = body.block("identity").property("type");
    Cluster {
        id,
        declared: body.declared(),
        input: super::input(index),
        name: words("name"),
        location: words("location"),
        resource_group: words("resource_group_name"),
        kubernetes_version: None,
        network_profile: None,
        network_plugin: preset(&body, "network_plugin", NetworkPlugin::Azure),
        network_plugin_mode: preset(&body, "network_plugin_mode", NetworkPluginMode::Overlay),
        network_policy: preset(&body, "network_policy", NetworkPolicy::Cilium),
        network_data_plane: preset(&body, "network_data_plane", NetworkDataPlane::Cilium),
        network_mode: None,
        ip_families: None,
        pod_cidrs: None,
        service_cidrs: None,
        dns_service_ip: None,
        // It depends on whether the cluster has a network of its own.
        outbound_type: None,
        load_balancer_sku: preset(&body, "load_balancer_sku", LoadBalancerSku::Standard),
        private_cluster_enabled: preset(&body, "private_cluster", private),
        api_server_vnet_integration: preset(&body, "api_server_access", true),
        api_server_subnet: link(
            index,
            body.block("api_server_access").property("subnet_id"),
            resource,
        ),
        virtual_nodes: None,
        identity_type: identity_type.and_then(|kind| kind.attr(word(super::is_exact(index)))),
        identities: identities(&body, resource, index),
        sku: preset(&body, "sku", ClusterSku::Automatic),
        sku_tier: None,
    }
}

fn preset<T>(body: &Body, name: &'static str, value: T) -> Option<Attr<T>> {
    let from = Provenance::new(Via::ProviderDefault, body.owner.header);
    Some(Attr::known_as(value, from, body.site(name)))
}

/// The subnets of the nodes, each as a pool of a size that AKS chooses. Without them AKS makes a network.
pub(super) fn pools(
    resource: &Resource,
    cluster: Id<Cluster>,
    first: usize,
    index: &Index<'_>,
) -> Vec<NodePool> {
    let body = Body::of(resource).block("hosted_system");
    if body.is_absent() {
        return Vec::new();
    }
    let names = ["system_node_subnet_id", "node_subnet_id"];
    let pools = names.iter().enumerate().map(|(position, name)| {
        let declared = body.declared();
        let subnet = body.property(name);
        NodePool {
            id: Id::new(first + position),
            input: super::input(index),
            name: None,
            cluster: Attr::known_as(
                Target::Here(cluster),
                declared.from.clone(),
                declared.site.clone(),
            ),
            is_default_pool: position == 0,
            os_type: preset(&body, "os_type", OsType::Linux),
            os_sku: None,
            priority: None,
            subnet_text: subnet.as_ref().and_then(Property::known_text),
            subnet: link(index, subnet, resource),
            pod_subnet: None,
            pod_ip_allocation_mode: None,
            max_pods: None,
            count: nodes(&body),
            min_count: None,
            max_count: None,
            auto_scaling: preset(&body, "auto_scaling", false),
            max_surge: None,
            max_unavailable: None,
            node_public_ip: preset(&body, "node_public_ip", false),
            declared,
        }
    });
    pools.collect()
}

fn nodes(body: &Body) -> Option<Attr<u32>> {
    let span = body.declared().from.nearest().span;
    let what = "how many nodes AKS runs".to_owned();
    let unknown = Unknown::new(Reason::External { what }, span);
    let from = Provenance::new(Via::ProviderDefault, span);
    let site = body.site("node_count");
    Property::new(Value::unknown(unknown, from), Arc::clone(&site)).attr(number)
}
