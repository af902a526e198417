use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::View;
use crate::rules::{Remedy, Report, rule};

rule! {
    /// The subnet of a node pool must not be delegated: a delegation hands the subnet to one service, which
    /// keeps everything else out, and AKS refuses to put nodes there.
    ///
    /// That holds for every service, `Microsoft.ContainerService/managedClusters` included, although some
    /// pages show that delegation: it belongs on the subnet of the API server (API Server VNet
    /// Integration), and on a pod subnet AKS adds it itself.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    ///
    ///   delegation {
    ///     name = "aks"
    ///
    ///     service_delegation {
    ///       name = "Microsoft.ContainerService/managedClusters"
    ///     }
    ///   }
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
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
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Remove the delegation, or give the nodes a subnet of their own.
    AKS401 "node-subnet-delegated" {
        summary: "the subnet of a node pool is delegated to a service",
        category: Subnet,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-cni-overview",
            "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/subnetisdelegated-error",
        ],
    }
    each Cluster check
}

/// The service whose delegation is right on two other kinds of subnets.
const MANAGED_CLUSTERS: &str = "Microsoft.ContainerService/managedClusters";

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for node in net.node_subnets(cluster) {
        let delegations = net.known(&node.subnet.delegations);
        let Some(service) = delegations.first().copied() else {
            continue;
        };
        let subnet = called(&node.subnet.name, &node.subnet.declared);
        let pool = called(&node.pool.name, &node.pool.declared);
        let is_of_aks = service.eq_ignore_ascii_case(MANAGED_CLUSTERS);
        let help = if is_of_aks {
            "remove the delegation: it belongs on the API server's subnet, and AKS adds it to pod subnets itself"
        } else {
            "remove the delegation, or put the nodes into a subnet of their own"
        };
        // What is delegated to another service may be used by it.
        let remedy = if is_of_aks { Remedy::safe } else { Remedy::choice };
        let finding = report
            .finding(service, format!("subnet {subnet} of node pool {pool} is delegated to {}", service.value))
            .because(node.link, "this node pool is put into the subnet")
            .azure_error("SubnetIsDelegated")
            .help(help);
        if delegations.len() == 1 {
            finding.remedy(remedy("Remove the delegation").remove_block(service));
        }
    }
}
