use crate::model::pool_demand::Moment;
use crate::model::resource::Resource;
use crate::model::subnet_capacity::SubnetUse;
use crate::model::view::View;
use crate::rules::capacity_labels::subnet_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// The nodes fit into their subnet, but the surge nodes of an upgrade do not: each takes one more address
    /// before the first old node is drained. The upgrade then stops with SubnetIsFull.
    ///
    /// A pool that sets no `max_surge` gets 10 % more nodes, rounded up; the surge of all pools in the subnet is
    /// added. 25 nodes in a /27, which has 27 addresses, need 28.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   resource_group_name  = "rg-shop"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.12.1.0/27"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 25
    ///     vnet_subnet_id       = azurerm_subnet.nodes.id
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
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   resource_group_name  = "rg-shop"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.12.1.0/27"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 24
    ///     vnet_subnet_id       = azurerm_subnet.nodes.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a larger subnet, or let the pools grow less far. An upgrade with `max_unavailable` in place of
    /// `max_surge` needs no further addresses, and takes nodes away instead.
    AKS204 "node-only-subnet-upgrade-headroom" {
        summary: "the node subnet has too few addresses for the surge nodes of an upgrade",
        category: Capacity,
        severity: Warning,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            "https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling",
        ],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.capacity_to_judge(resource, SubnetUse::NodesOnly) else {
        return;
    };
    // What is too small already is the business of the rule for errors.
    if capacity.is_exceeded(Moment::Running) == Some(true) {
        return;
    }
    if net.is_exceeded(&capacity, Moment::Upgrading)
        && let Some(finding) = subnet_is_too_small(&capacity, Moment::Upgrading, net, report)
    {
        finding.azure_error("SubnetIsFull");
    }
}
