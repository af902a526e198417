use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::View;
use crate::rules::proposal::other_service_range;
use crate::rules::{Report, rule};

rule! {
    /// The Kubernetes service address range lies in the address space of the cluster's virtual network, but no
    /// subnet uses those addresses yet. It is possible, and Microsoft advises against it: Azure networking does
    /// not see the service range, so nothing stops a later subnet from taking the same addresses.
    ///
    /// Then services and machines share addresses with unpredictable results, and the next upgrade of the
    /// cluster is refused.
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
    ///     service_cidr        = "10.1.128.0/18"
    ///     dns_service_ip      = "10.1.128.10"
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
    ///     service_cidr        = "172.16.0.0/18"
    ///     dns_service_ip      = "172.16.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a service CIDR outside the virtual network. For a cluster that already runs, reserve its range in
    /// the address plan so that no subnet takes it.
    AKS111 "service-cidr-overlaps-vnet" {
        summary: "the service CIDR lies in the address space of the cluster's virtual network",
        category: AddressSpace,
        severity: Warning,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    // A range that nobody wrote is AKS123's.
    for range in net.service_ranges(cluster).iter().filter(|range| !range.default) {
        let overlaps = net.networks_overlapping(cluster, range.network);
        // A subnet that overlaps as well is the worse fault, AKS110.
        if overlaps.is_empty() || !net.quietly().subnets_overlapping(cluster, range.network).is_empty() {
            continue;
        }
        for overlap in overlaps {
            let name = called(&overlap.with.name, &overlap.with.declared);
            let message = format!(
                "service CIDR {} overlaps the address space {} of {name}, the cluster's virtual network",
                range.network, overlap.range,
            );
            report
                .finding(range.fact(), message)
                .because(overlap.range.fact, "the cluster is in this virtual network")
                .offer(other_service_range(net, cluster, range));
        }
    }
}
