use crate::model::cidr::overlap;
use crate::model::cluster::Cluster;
use crate::model::node_pool::NodePool;
use crate::model::reserved::MANAGED_NETWORK;
use crate::model::view::View;
use crate::rules::advice::named;
use crate::rules::proposal::other_cluster_range;
use crate::rules::{Report, rule};

rule! {
    /// No node pool is put into a subnet, so AKS makes a virtual network of its own: 10.224.0.0/12, with the
    /// nodes in 10.224.0.0/16. The service or pod CIDR overlaps it.
    ///
    /// AKS refuses to create the cluster: the range "overlaps with reserved VNET CIDR". The network that AKS
    /// makes stretches from 10.224.0.0 to 10.239.255.255.
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
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.224.0.0/16"
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
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.244.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose ranges outside 10.224.0.0/12, or bring a subnet of your own (`vnet_subnet_id`).
    AKS124 "managed-vnet-cidr-collides" {
        summary: "a range of the cluster overlaps the virtual network that AKS makes",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let pools = net.pools_of(cluster);
    let is_in_subnet = |pool: &&NodePool| net.quietly().read_written(&pool.subnet).is_some();
    if pools.is_empty() || pools.iter().any(is_in_subnet) {
        return;
    }
    for (purpose, range) in net.cluster_ranges(cluster) {
        if !overlap(range.network, MANAGED_NETWORK) {
            continue;
        }
        if let Some(unknown) = pools.iter().find(|pool| net.is_written(&pool.subnet)) {
            net.read_written(&unknown.subnet);
            return;
        }
        let message = format!(
            "{} overlaps {MANAGED_NETWORK}, the virtual network that AKS makes for this cluster",
            named(purpose, &range),
        );
        let finding = report
            .finding(range.fact(), message)
            .azure_error("NetworkProfileCIDROverlapVNET")
            .offer(other_cluster_range(net, cluster, purpose, &range));
        for pool in &pools {
            finding.because(pool.declared.fact(), "this node pool is put into no subnet");
        }
    }
}
