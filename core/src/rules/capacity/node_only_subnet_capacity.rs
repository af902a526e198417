use crate::model::pool_demand::Moment;
use crate::model::resource::Resource;
use crate::model::subnet_capacity::SubnetUse;
use crate::model::view::View;
use crate::rules::capacity_labels::subnet_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// With kubenet, Azure CNI Overlay, pod subnets or a plugin of your own, a node takes one address of its
    /// subnet and its pods none. Even so the subnet must have an address for every node that the pools can
    /// reach. Azure counts the upper bound of the autoscaler, not the nodes that run now, and keeps five
    /// addresses of the subnet for itself.
    ///
    /// All pools of all clusters in the subnet count, and the private endpoint of a private cluster's API
    /// server.
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
    ///     max_count            = 30
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
    ///   address_prefixes     = ["10.12.1.0/26"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 30
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
    /// Use a larger subnet, or a lower upper bound of nodes. A subnet that nodes are in cannot be resized.
    AKS203 "node-only-subnet-capacity" {
        summary: "the node subnet has too few addresses for the nodes in it",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
        ],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.capacity_to_judge(resource, SubnetUse::NodesOnly) else {
        return;
    };
    if net.is_exceeded(&capacity, Moment::Running)
        && let Some(finding) = subnet_is_too_small(&capacity, Moment::Running, net, report)
    {
        finding.azure_error("InsufficientSubnetSize");
    }
}
