use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::rules::capacity_labels::{pod_range_error, wider_pod_range};
use crate::rules::{Report, rule};

rule! {
    /// With kubenet and Azure CNI Overlay every node gets a /24 of the cluster's pod CIDR. A pod CIDR that is
    /// longer than /24 has no room for a single node, however few pods the node may run.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 1
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.240.100.0/26"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 1
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.240.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a larger pod CIDR: a /16 has room for 256 nodes.
    AKS208 "pod-cidr-longer-than-24" {
        summary: "the pod CIDR has no room for a single node",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.pod_range_capacity(cluster) else {
        return;
    };
    if capacity.room > 0 {
        return;
    }
    let (range, model) = (capacity.range.network, capacity.model.noun());
    let message = format!("pod CIDR {range} has room for no node: {model} gives each node a /24 of it");
    let finding = report.finding(capacity.range.fact(), message);
    finding
        .offer(wider_pod_range(&capacity, net))
        .azure_error(pod_range_error(capacity.model));
    if let Some(plugin) = net.read_written(&cluster.network_plugin) {
        finding.because(plugin, "this plugin");
    }
}
