use crate::model::cluster::Cluster;
use crate::model::network_model::NetworkModel;
use crate::model::pool_demand::Moment;
use crate::model::view::View;
use crate::rules::capacity_labels::pod_range_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// With kubenet every node gets a /24 of the cluster's pod CIDR, whatever its maximum of pods is. Azure
    /// refuses pools that can reach more nodes than the pod CIDR has room for: "Pre-allocated IPs 768 exceeds
    /// IPs available 256 in Pod Cidr". It counts the upper bound of the autoscaler.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     pod_cidr       = "10.240.100.0/24"
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
    ///     node_count = 3
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     pod_cidr       = "10.240.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a larger pod CIDR: a /16 has room for 256 nodes, and kubenet ends at 400. It cannot be changed later.
    AKS206 "kubenet-pod-cidr-capacity" {
        summary: "the pod CIDR of a kubenet cluster has no /24 for each node",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/configure-kubenet"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.pod_range_capacity(cluster) else {
        return;
    };
    // A range without room for any node is another rule's business.
    if capacity.model != NetworkModel::Kubenet || capacity.room == 0 {
        return;
    }
    if net.is_pod_range_exceeded(&capacity, Moment::Running) {
        pod_range_is_too_small(&capacity, Moment::Running, net, report);
    }
}
