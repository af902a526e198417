use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::View;
use crate::rules::proposal::other_pod_range;
use crate::rules::{Report, rule};

rule! {
    /// With kubenet and with Azure CNI Overlay pods have a range of their own, which must not overlap the address
    /// space of the cluster's virtual network, even where no subnet uses those addresses yet.
    ///
    /// AKS compares the pod CIDR with the whole address space when it creates the cluster, and again when a
    /// cluster is migrated to the overlay. In the flat Azure CNI models pods have addresses of a subnet.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.240.0.0/12"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.248.4.0/22"]
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
    ///     pod_cidr            = "10.240.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.240.0.0/12"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.248.4.0/22"]
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
    ///     pod_cidr            = "192.168.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a pod CIDR outside the virtual network, or make the address space of the network smaller.
    AKS115 "pod-cidr-overlaps-vnet" {
        summary: "the pod CIDR overlaps the address space of the cluster's virtual network",
        category: AddressSpace,
        severity: Error,
        confidence: Medium,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/update-azure-cni",
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    // A range that nobody wrote is AKS123's.
    for range in net.pod_ranges(cluster).iter().filter(|range| !range.default) {
        let overlaps = net.networks_overlapping(cluster, range.network);
        // A subnet that overlaps as well is AKS114's.
        if overlaps.is_empty() || !net.quietly().subnets_overlapping(cluster, range.network).is_empty() {
            continue;
        }
        for overlap in overlaps {
            let name = called(&overlap.with.name, &overlap.with.declared);
            let message = format!(
                "pod CIDR {} overlaps the address space {} of {name}, the cluster's virtual network",
                range.network, overlap.range,
            );
            report
                .finding(range.fact(), message)
                .because(overlap.range.fact, "the cluster is in this virtual network")
                .azure_error("NetworkProfileCIDROverlapVNET")
                .offer(other_pod_range(net, cluster, range));
        }
    }
}
