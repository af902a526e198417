use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::placement::NetworkOf;
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// Node pools of one cluster can have subnets of their own, but all of these, and the pod subnets too,
    /// must be in the same virtual network. AKS refuses a pool in another one, even when both are peered.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_subnet" "system" {
    ///   name                 = "snet-system"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_subnet" "batch" {
    ///   name                 = "snet-batch"
    ///   virtual_network_name = "vnet-batch"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.2.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.system.id
    ///   }
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster_node_pool" "batch" {
    ///   name                  = "batch"
    ///   kubernetes_cluster_id = azurerm_kubernetes_cluster.shop.id
    ///   vnet_subnet_id        = azurerm_subnet.batch.id
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_subnet" "system" {
    ///   name                 = "snet-system"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.system.id
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Make the subnet in the network of the other pools, or run the pool in a cluster of its own.
    AKS411 "pools-in-different-vnets" {
        summary: "subnets of one cluster are in different virtual networks",
        category: Subnet,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/node-pool-unique-subnet"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let named = net.named_subnets(cluster);
    let Some((first, others)) = named.split_first() else {
        return;
    };
    for other in others {
        match net.differ(first.network, other.network) {
            Ok(true) => {}
            Ok(false) => continue,
            Err(unknown) => {
                net.note(&unknown);
                continue;
            }
        }
        let (Some(link), Some(first_link)) = (net.read(other.link), net.read(first.link)) else {
            continue;
        };
        let (network, first_network) = (name(other.network), name(first.network));
        report
            .finding(link, format!("this subnet is in virtual network {network}, but the cluster's other nodes are in {first_network}"))
            .because(first_link, format!("the cluster's first subnet, in virtual network {first_network}"))
            .help(format!("use a subnet of {first_network}: all subnets of a cluster must be in one virtual network"));
    }
}

fn name(network: NetworkOf<'_>) -> &str {
    match network {
        NetworkOf::Here(network) => called(&network.name, &network.declared),
        NetworkOf::Elsewhere(id) => id.names.first().map_or("another one", String::as_str),
        NetworkOf::Unknown(_) => "another one",
    }
}
