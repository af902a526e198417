use crate::model::pool_demand::Moment;
use crate::model::resource::Resource;
use crate::model::subnet_capacity::SubnetUse;
use crate::model::view::View;
use crate::rules::capacity_labels::subnet_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// The nodes and pods fit into their subnet, but an upgrade does not. It adds surge nodes before it drains
    /// the first old one, and with Azure CNI node subnet each of them reserves its own address and one for each
    /// pod. The upgrade then stops with InsufficientSubnetSize or SubnetIsFull, usually on a cluster that has
    /// been running for months.
    ///
    /// A pool that sets no `max_surge` gets 10 % more nodes, rounded up; the surge of all pools in the subnet is
    /// added. Spot pools are upgraded without surge nodes.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   resource_group_name  = "rg-shop"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.12.1.0/24"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     node_count     = 8
    ///     max_pods       = 30
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///
    ///     upgrade_settings {
    ///       max_surge = "1"
    ///     }
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   resource_group_name  = "rg-shop"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.12.1.0/24"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     node_count     = 7
    ///     max_pods       = 30
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///
    ///     upgrade_settings {
    ///       max_surge = "1"
    ///     }
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a larger subnet, or let the pools grow less far. An upgrade with `max_unavailable` in place of
    /// `max_surge` needs no further addresses, and takes nodes away instead.
    AKS202 "node-subnet-upgrade-headroom" {
        summary: "the node subnet has too few addresses for the surge nodes of an upgrade and their pods",
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
    let Some(capacity) = net.capacity_to_judge(resource, SubnetUse::NodesAndPods) else {
        return;
    };
    // What is too small already is the business of the rule for errors.
    if capacity.is_exceeded(Moment::Running) == Some(true) {
        return;
    }
    if net.is_exceeded(&capacity, Moment::Upgrading)
        && let Some(finding) = subnet_is_too_small(&capacity, Moment::Upgrading, net, report)
    {
        finding.azure_error("InsufficientSubnetSize");
    }
}
