use crate::model::neighbours::called;
use crate::model::view::View;
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Report, rule};

rule! {
    /// A kubenet cluster cannot share its subnet with another cluster. Kubenet reaches pods through a route
    /// table on the subnet, a subnet has only one, and each cluster writes the routes of its own pods into
    /// it: the second cluster's routes never take effect, or overwrite the first one's.
    ///
    /// Several node pools of one cluster may share a subnet.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   for_each = toset(["blue", "green"])
    ///   name     = "aks-shop-${each.key}"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   for_each = toset(["blue", "green"])
    ///   name     = "aks-shop-${each.key}"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes[each.key].id
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   for_each             = { blue = "10.1.0.0/22", green = "10.1.4.0/22" }
    ///   name                 = "snet-${each.key}"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = [each.value]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Give each cluster a subnet (and a route table) of its own, or use Azure CNI.
    AKS413 "kubenet-shared-subnet" {
        summary: "a kubenet cluster shares its subnet with another cluster",
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
            if !(net.may_be_kubenet(cluster) || net.may_be_kubenet(earlier)) {
                continue;
            }
            if !(net.is_present(&cluster.declared) && net.is_present(&earlier.declared)) {
                continue;
            }
            let Some([theirs, own]) = net.shared_subnet(earlier, cluster) else {
                continue;
            };
            let plugins = [earlier, cluster].map(|cluster| net.read_written(&cluster.network_plugin));
            let mut kubenet = plugins.into_iter().flatten().filter(|plugin| *plugin.value == NetworkPlugin::Kubenet);
            let Some(plugin) = kubenet.next() else {
                continue;
            };
            let subnet = own.name.map_or_else(|| "one subnet".to_owned(), |name| format!("subnet {name}"));
            let names = [earlier, cluster].map(|cluster| called(&cluster.name, &cluster.declared));
            report
                .finding(own.link, format!("clusters {} and {} share {subnet}, which kubenet does not allow", names[0], names[1]))
                .because(theirs.link, format!("cluster {} is in this subnet too", names[0]))
                .because(plugin, "kubenet needs the one route table of a subnet for itself")
                .help("give each cluster a subnet and a route table of its own");
            break;
        }
    }
}
