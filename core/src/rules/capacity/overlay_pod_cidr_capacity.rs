use crate::model::cluster::Cluster;
use crate::model::network_model::NetworkModel;
use crate::model::pool_demand::Moment;
use crate::model::view::View;
use crate::rules::capacity_labels::pod_range_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// With Azure CNI Overlay every node gets a /24 of the cluster's pod CIDR, whatever its maximum of pods is.
    /// A pod CIDR of /22 therefore has room for four nodes, and Azure refuses pools that can reach five: it
    /// counts the upper bound of the autoscaler.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 5
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.240.100.0/22"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 5
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
    /// Use a larger pod CIDR: a /16 has room for 256 nodes. It is not part of the virtual network, so it costs
    /// nothing there, and other clusters may use the same one. It is hard to change later.
    AKS205 "overlay-pod-cidr-capacity" {
        summary: "the pod CIDR of an overlay cluster has no /24 for each node",
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
    // A range without room for any node is another rule's business.
    if capacity.model == NetworkModel::Kubenet || capacity.room == 0 {
        return;
    }
    if net.is_pod_range_exceeded(&capacity, Moment::Running) {
        pod_range_is_too_small(&capacity, Moment::Running, net, report);
    }
}
