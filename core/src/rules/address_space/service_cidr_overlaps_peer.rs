use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::named;
use crate::rules::proposal::other_service_range;
use crate::rules::{Report, rule};

rule! {
    /// The Kubernetes service address range overlaps a virtual network that the cluster's network is peered
    /// with. Inside the cluster each of those addresses can become a service at any time: what pods send to
    /// the peered network then ends at that service. Microsoft calls the results unpredictable.
    ///
    /// Nothing refuses it; connections to the hub or to shared services fail one by one. The default range
    /// 10.0.0.0/16 counts too.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network_peering" "shop_hub" {
    ///   virtual_network_name      = azurerm_virtual_network.shop.name
    ///   remote_virtual_network_id = azurerm_virtual_network.hub.id
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
    ///     vnet_subnet_id = azurerm_subnet.aks.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network_peering" "shop_hub" {
    ///   virtual_network_name      = azurerm_virtual_network.shop.name
    ///   remote_virtual_network_id = azurerm_virtual_network.hub.id
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
    ///     vnet_subnet_id = azurerm_subnet.aks.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///     service_cidr   = "172.16.0.0/16"
    ///     dns_service_ip = "172.16.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a service CIDR that no peered network uses.
    AKS112 "service-cidr-overlaps-peer" {
        summary: "the service CIDR overlaps a peered virtual network",
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
    for range in net.service_ranges(cluster) {
        for (peering, overlap) in net.peers_overlapping(cluster, range.network) {
            let name = called(&overlap.with.name, &overlap.with.declared);
            let what = named(RangeUse::Service, &range);
            let message = format!("{what} overlaps the peered virtual network {name} ({})", overlap.range);
            report
                .finding(range.fact(), message)
                .because(overlap.range.fact, format!("{name} uses these addresses"))
                .because(peering.declared.fact(), "peered with the cluster's virtual network here")
                .offer(other_service_range(net, cluster, &range));
        }
    }
}
