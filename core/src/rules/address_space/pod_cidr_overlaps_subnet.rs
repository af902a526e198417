use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::rules::advice::{label_subnets, overlapped};
use crate::rules::proposal::other_pod_range;
use crate::rules::{Report, rule};

rule! {
    /// With kubenet and with Azure CNI Overlay pods have a range of their own, which must not overlap a subnet
    /// of the cluster's virtual network: what a pod sends to an address in that subnet is taken for traffic to
    /// another pod.
    ///
    /// AKS refuses to create the cluster. In the flat Azure CNI models pods have addresses of a subnet, and
    /// nothing is to be kept apart.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.4.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     node_count     = 3
    ///     vnet_subnet_id = azurerm_subnet.aks.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "10.1.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.4.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     node_count     = 3
    ///     vnet_subnet_id = azurerm_subnet.aks.id
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
    /// Choose a pod CIDR outside every network that pods should reach. It cannot be moved after the cluster has
    /// been created.
    AKS114 "pod-cidr-overlaps-subnet" {
        summary: "the pod CIDR overlaps a subnet of the cluster's virtual network",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    // A range that nobody wrote is AKS123's.
    for range in net.pod_ranges(cluster).iter().filter(|range| !range.default) {
        let overlaps = net.subnets_overlapping(cluster, range.network);
        let Some(what) = overlapped(&overlaps) else {
            continue;
        };
        let message = format!("pod CIDR {} overlaps {what}", range.network);
        let finding = report
            .finding(range.fact(), message)
            .azure_error("PodCidrOverlapExistingSubnetsCidr")
            .offer(other_pod_range(net, cluster, range));
        label_subnets(finding, &overlaps);
    }
}
