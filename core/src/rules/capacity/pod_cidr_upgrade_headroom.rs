use crate::model::cluster::Cluster;
use crate::model::pool_demand::Moment;
use crate::model::view::View;
use crate::rules::capacity_labels::pod_range_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// The pod CIDR has a /24 for every node, but not for the surge nodes of an upgrade as well. With kubenet
    /// and Azure CNI Overlay each of them needs a /24 of its own before the first old node is drained.
    ///
    /// A pool that sets no `max_surge` gets 10 % more nodes, rounded up; the surge of all pools is added.
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
    ///     max_count            = 16
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.240.0.0/20"
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
    ///     max_count            = 16
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.240.0.0/19"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a larger pod CIDR: a /16 has room for 256 nodes. It is hard to change later.
    AKS207 "pod-cidr-upgrade-headroom" {
        summary: "the pod CIDR has no /24 for the surge nodes of an upgrade",
        category: Capacity,
        severity: Warning,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
            "https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.pod_range_capacity(cluster) else {
        return;
    };
    // What is too small already is the business of the rules for errors.
    if capacity.nodes(Moment::Running).exceeds(capacity.room) == Some(true) || capacity.room == 0 {
        return;
    }
    if net.is_pod_range_exceeded(&capacity, Moment::Upgrading) {
        pod_range_is_too_small(&capacity, Moment::Upgrading, net, report);
    }
}
