use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::rules::advice::{label_subnets, overlapped};
use crate::rules::proposal::other_service_range;
use crate::rules::{Report, rule};

rule! {
    /// The Kubernetes service address range overlaps a subnet of the cluster's virtual network: any subnet, not
    /// only the one of the nodes. Inside the cluster each of those addresses can become a service at any time, and then
    /// pods no longer reach what has the same address in the subnet.
    ///
    /// AKS refuses to create such a cluster. It looks again at every upgrade: a subnet that is added later
    /// blocks the next upgrade of a cluster that has run well until then.
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
    ///     service_cidr        = "10.1.0.0/16"
    ///     dns_service_ip      = "10.1.0.10"
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
    ///     service_cidr        = "172.16.0.0/16"
    ///     dns_service_ip      = "172.16.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a service CIDR outside the virtual network. The range of an existing cluster cannot be changed:
    /// move or shrink the subnet that came later, or replace the cluster.
    AKS110 "service-cidr-overlaps-subnet" {
        summary: "the service CIDR overlaps a subnet of the cluster's virtual network",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/servicecidroverlapexistingsubnetscidr-error",
            "https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    // A range that nobody wrote is AKS123's.
    for range in net.service_ranges(cluster).iter().filter(|range| !range.default) {
        let overlaps = net.subnets_overlapping(cluster, range.network);
        let Some(what) = overlapped(&overlaps) else {
            continue;
        };
        let message = format!("service CIDR {} overlaps {what}", range.network);
        let finding = report
            .finding(range.fact(), message)
            .azure_error("ServiceCidrOverlapExistingSubnetsCidr")
            .offer(other_service_range(net, cluster, range));
        label_subnets(finding, &overlaps);
    }
}
