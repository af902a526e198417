use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::named;
use crate::rules::proposal::other_pod_range;
use crate::rules::{Report, rule};

rule! {
    /// The pod CIDR of a kubenet or overlay cluster overlaps a virtual network that the cluster's network is
    /// peered with. Pods take those addresses for other pods, so the part of the peered network with the same
    /// addresses cannot be reached from them.
    ///
    /// Nothing refuses it; connections from pods fail. The default range 10.244.0.0/16 counts too.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.244.0.0/20"]
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
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.244.0.0/20"]
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
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "192.168.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a pod CIDR that no peered network uses. Overlay clusters can share one pod CIDR, as it is not
    /// visible outside the cluster.
    AKS116 "pod-cidr-overlaps-peer" {
        summary: "the pod CIDR overlaps a peered virtual network",
        category: AddressSpace,
        severity: Warning,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for range in net.pod_ranges(cluster) {
        for (peering, overlap) in net.peers_overlapping(cluster, range.network) {
            let name = called(&overlap.with.name, &overlap.with.declared);
            let what = named(RangeUse::Pod, &range);
            let message = format!("{what} overlaps the peered virtual network {name} ({})", overlap.range);
            report
                .finding(range.fact(), message)
                .because(overlap.range.fact, format!("{name} uses these addresses"))
                .because(peering.declared.fact(), "peered with the cluster's virtual network here")
                .offer(other_pod_range(net, cluster, &range));
        }
    }
}
