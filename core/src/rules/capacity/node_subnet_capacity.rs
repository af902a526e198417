use crate::model::pool_demand::Moment;
use crate::model::resource::Resource;
use crate::model::subnet_capacity::SubnetUse;
use crate::model::view::View;
use crate::rules::capacity_labels::subnet_is_too_small;
use crate::rules::{Report, rule};

rule! {
    /// With Azure CNI node subnet every node reserves an address for itself and one for each pod that it may
    /// run, up front. When a cluster is created or scaled, Azure adds up what all node pools can reach: nodes ×
    /// (pods per node + 1), with the upper bound of the autoscaler. If that is more than the subnet has after
    /// the five addresses that Azure keeps, it refuses: "Pre-allocated IPs 310 exceeds IPs available in Subnet
    /// 251".
    ///
    /// All pools of all clusters in the subnet count. Pods per node are 30 where nothing is set.
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
    ///     node_count     = 10
    ///     max_pods       = 30
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
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
    ///   address_prefixes     = ["10.12.2.0/23"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     node_count     = 10
    ///     max_pods       = 30
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
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
    /// Use a larger subnet, fewer nodes or fewer pods per node. A subnet that nodes are in cannot be resized, nor
    /// can `max_pods` of a pool be changed, without replacing the pool. With Azure CNI Overlay a node takes one
    /// address only.
    AKS201 "node-subnet-capacity" {
        summary: "the node subnet has too few addresses for the nodes and pods in it",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/insufficientsubnetsize-error-advanced-networking",
        ],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    let Some(capacity) = net.capacity_to_judge(resource, SubnetUse::NodesAndPods) else {
        return;
    };
    if net.is_exceeded(&capacity, Moment::Running)
        && let Some(finding) = subnet_is_too_small(&capacity, Moment::Running, net, report)
    {
        finding.azure_error("InsufficientSubnetSize");
    }
}
