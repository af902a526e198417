use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::{Reading, View};
use crate::rules::{Report, rule};

rule! {
    /// An existing virtual network must be in the region of the cluster that uses it: nodes are machines of
    /// the cluster's region, and a subnet takes machines of its own region only.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name                = "vnet-shop"
    ///   location            = "northeurope"
    ///   resource_group_name = "rg-shop"
    ///   address_space       = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name     = "aks-shop"
    ///   location = "West Europe"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name                = "vnet-shop"
    ///   location            = "westeurope"
    ///   resource_group_name = "rg-shop"
    ///   address_space       = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name     = "aks-shop"
    ///   location = "West Europe"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Make the network and the cluster in the same region.
    AKS417 "vnet-region-mismatch" {
        summary: "the virtual network is in another region than the cluster",
        category: Subnet,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for network in net.virtual_networks_of(cluster) {
        // Both can be the one unknown location of a resource group.
        if let (Reading::Unknown(own, _), Reading::Unknown(theirs, _)) =
            (net.look(&cluster.location), net.look(&network.location))
            && own == theirs
        {
            continue;
        }
        let (Some(own), Some(theirs)) =
            (net.read_written(&cluster.location), net.read_written(&network.location))
        else {
            continue;
        };
        if region(own.value) == region(theirs.value) {
            continue;
        }
        let name = called(&network.name, &network.declared);
        let (own_region, their_region) = (own.value, theirs.value);
        let message = format!("the cluster is in {own_region}, its virtual network {name} in {their_region}");
        report
            .finding(own, message)
            .because(theirs, "the network's region")
            .because(network.declared.fact(), "the cluster's virtual network")
            .help("put the cluster and its virtual network in the same region");
    }
}

/// Azure takes `West Europe` for `westeurope`.
fn region(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}
