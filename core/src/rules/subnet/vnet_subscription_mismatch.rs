use crate::model::attr::Target;
use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::rules::{Report, rule};

rule! {
    /// An existing virtual network must be in the subscription of the cluster that uses it: the network
    /// interface of a node and its subnet cannot be in different ones.
    ///
    /// Compared are ids that are written out: the subscription in the subnet's id with the one that the
    /// provider is configured for. With several providers nothing is said.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// provider "azurerm" {
    ///   subscription_id = "11111111-1111-1111-1111-111111111111"
    ///   features {}
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/nodes"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// provider "azurerm" {
    ///   subscription_id = "11111111-1111-1111-1111-111111111111"
    ///   features {}
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/nodes"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Make a network in the cluster's subscription and peer it with the other one.
    AKS418 "vnet-subscription-mismatch" {
        summary: "the virtual network is in another subscription than the cluster",
        category: Subnet,
        severity: Error,
        confidence: Medium,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for pool in net.pools_of(cluster) {
        let Reading::Known(link) = net.look(&pool.subnet) else {
            continue;
        };
        let Target::Elsewhere(subnet) = link.value else {
            continue;
        };
        let Some(theirs) = &subnet.subscription else {
            continue;
        };
        let Some(own) = net.read_written(&net.network.subscription) else {
            return;
        };
        if theirs.eq_ignore_ascii_case(own.value) {
            continue;
        }
        let name = net.subnet_name(link.value);
        report
            .finding(link, format!("subnet {name} is in subscription {theirs}, the cluster in {}", own.value))
            .because(own, "the cluster's subscription")
            .help("make a network in the cluster's subscription and peer it with the other one");
        return;
    }
}
