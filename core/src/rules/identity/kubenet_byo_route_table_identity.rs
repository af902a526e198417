use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{IdentityType, NetworkPlugin};
use crate::rules::{Report, rule};

rule! {
    /// A kubenet cluster whose subnet comes with a route table of your own needs a user-assigned identity.
    /// AKS must write into that table while it makes the cluster, but a system-assigned identity exists only
    /// afterwards, so nobody can have given it the role. Only the command line can do with one.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_route_table" "nodes" {
    ///   name = "rt-nodes"
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name             = "snet-nodes"
    ///   address_prefixes = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_subnet_route_table_association" "nodes" {
    ///   subnet_id      = azurerm_subnet.nodes.id
    ///   route_table_id = azurerm_route_table.nodes.id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///   identity {
    ///     type = "SystemAssigned"
    ///   }
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_subnet" "nodes" {
    ///   name             = "snet-nodes"
    ///   address_prefixes = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///   identity {
    ///     type = "SystemAssigned"
    ///   }
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a user-assigned identity with Network Contributor on the route table and the subnet, or leave the
    /// route table to AKS.
    AKS704 "kubenet-byo-route-table-identity" {
        summary: "kubenet with a route table of one's own and a system-assigned identity",
        category: Identity,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/configure-kubenet"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    if !net.may_be_kubenet(cluster) {
        return;
    }
    match net.look(&cluster.identity_type) {
        Reading::Known(kind) if *kind.value == IdentityType::SystemAssigned => {}
        Reading::Unknown(..) => {}
        Reading::Known(_) | Reading::Absent => return,
    }
    for node in net.node_subnets(cluster) {
        let Some(table) = net.present(&node.subnet.route_tables).find_map(|table| net.read(&table.link)) else {
            continue;
        };
        let (Some(plugin), Some(kind)) =
            (net.read_written(&cluster.network_plugin), net.read_written(&cluster.identity_type))
        else {
            return;
        };
        if *plugin.value != NetworkPlugin::Kubenet || *kind.value != IdentityType::SystemAssigned {
            return;
        }
        let subnet = called(&node.subnet.name, &node.subnet.declared);
        report
            .finding(kind, format!("kubenet with your own route table on subnet {subnet} needs a user-assigned identity"))
            .because(table, format!("a route table of your own on subnet {subnet}"))
            .because(plugin, "kubenet writes a route for every node into it")
            .because(node.link, format!("nodes of the cluster are in subnet {subnet}"))
            .azure_error("CustomRouteTableWithUnsupportedMSIType")
            .help("use a user-assigned identity with Network Contributor on the route table, or leave the table to AKS");
        return;
    }
}
