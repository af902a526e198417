use crate::finding::Severity;
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::{label_subnets, named, overlapped};
use crate::rules::proposal::other_cluster_range;
use crate::rules::{Report, rule};

rule! {
    /// No range is written, so Azure takes 10.0.0.0/16 for services and, with kubenet and overlay, 10.244.0.0/16
    /// for pods; but the cluster's virtual network uses those addresses itself. AKS refuses the cluster when a
    /// subnet overlaps the default service range, or the network the default pod range. A default service range
    /// in the network, but in none of its subnets, is a warning: a subnet there blocks the next upgrade.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.0.1.0/24"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.aks.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.0.1.0/24"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
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
    /// Write the ranges out, outside the virtual network.
    AKS123 "default-cidr-collides" {
        summary: "a range that Azure takes by default overlaps the cluster's virtual network",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/servicecidroverlapexistingsubnetscidr-error",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let ranges = net.cluster_ranges(cluster).into_iter();
    for (purpose, range) in ranges.filter(|(_, range)| range.default) {
        let subnets = net.subnets_overlapping(cluster, range.network);
        let networks = net.networks_overlapping(cluster, range.network);
        let what = match (overlapped(&subnets), networks.first()) {
            (Some(what), _) => what,
            (None, Some(network)) => format!(
                "the address space {} of {}",
                network.range,
                called(&network.with.name, &network.with.declared),
            ),
            (None, None) => continue,
        };
        let finding = report.finding(range.fact(), format!("{} overlaps {what}", named(purpose, &range)));
        label_subnets(finding, &subnets);
        for network in &networks {
            finding.because(network.range.fact, "the cluster is in this virtual network");
        }
        match (purpose, subnets.is_empty()) {
            (RangeUse::Service, true) => finding.severity(Severity::Warning),
            (RangeUse::Service, false) => finding.azure_error("ServiceCidrOverlapExistingSubnetsCidr"),
            _ => finding.azure_error("NetworkProfileCIDROverlapVNET"),
        };
        finding.offer(other_cluster_range(net, cluster, purpose, &range));
    }
}
