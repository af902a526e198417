use crate::model::neighbours::called;
use crate::model::view::View;
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Report, rule};

rule! {
    /// Each kubenet cluster needs a route table for itself. It writes a route for every node's pods into the
    /// table of its subnet; with the same table on the subnets of two clusters, both write into one list,
    /// and overlapping pod ranges send traffic to the wrong cluster.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_route_table" "nodes" {
    ///   name = "rt-nodes"
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   for_each         = { blue = "10.1.0.0/22", green = "10.1.4.0/22" }
    ///   name             = "snet-${each.key}"
    ///   address_prefixes = [each.value]
    /// }
    ///
    /// resource "azurerm_subnet_route_table_association" "nodes" {
    ///   for_each       = azurerm_subnet.nodes
    ///   subnet_id      = each.value.id
    ///   route_table_id = azurerm_route_table.nodes.id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   for_each = azurerm_subnet.nodes
    ///   name     = "aks-shop-${each.key}"
    ///
    ///   default_node_pool {
    ///     vnet_subnet_id = each.value.id
    ///   }
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_route_table" "nodes" {
    ///   for_each = azurerm_subnet.nodes
    ///   name     = "rt-${each.key}"
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   for_each         = { blue = "10.1.0.0/22", green = "10.1.4.0/22" }
    ///   name             = "snet-${each.key}"
    ///   address_prefixes = [each.value]
    /// }
    ///
    /// resource "azurerm_subnet_route_table_association" "nodes" {
    ///   for_each       = azurerm_subnet.nodes
    ///   subnet_id      = each.value.id
    ///   route_table_id = azurerm_route_table.nodes[each.key].id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   for_each = azurerm_subnet.nodes
    ///   name     = "aks-shop-${each.key}"
    ///
    ///   default_node_pool {
    ///     vnet_subnet_id = each.value.id
    ///   }
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Make one route table for each cluster.
    AKS414 "kubenet-shared-route-table" {
        summary: "two kubenet clusters use one route table",
        category: Subnet,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/configure-kubenet"],
    }
    each Network check
}

fn check(net: View<'_>, report: &mut Report) {
    for (index, cluster) in net.network.clusters.iter().enumerate() {
        for earlier in &net.network.clusters[..index] {
            if !(net.may_be_kubenet(cluster) && net.may_be_kubenet(earlier)) {
                continue;
            }
            if !(net.is_present(&cluster.declared) && net.is_present(&earlier.declared)) {
                continue;
            }
            let Some([theirs, own]) = net.shared_route_table(earlier, cluster) else {
                continue;
            };
            let (Some(theirs), Some(own)) = (net.read(theirs), net.read(own)) else {
                continue;
            };
            let plugins = [earlier, cluster].map(|cluster| net.read_written(&cluster.network_plugin));
            if !plugins.iter().all(|plugin| plugin.is_some_and(|plugin| *plugin.value == NetworkPlugin::Kubenet)) {
                continue;
            }
            let names = [earlier, cluster].map(|cluster| called(&cluster.name, &cluster.declared));
            let finding = report
                .finding(own, format!("kubenet clusters {} and {} use the same route table", names[0], names[1]))
                .because(theirs, format!("the table is on the subnet of cluster {} too", names[0]))
                .help("make one route table for each cluster: each writes the routes of its pods into its own");
            for plugin in plugins.into_iter().flatten() {
                finding.because(plugin, "kubenet writes a route for every node");
            }
            break;
        }
    }
}
