use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::View;
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Report, blocked, rule};

rule! {
    /// With Azure CNI Overlay and kubenet pods have addresses of their own range, and their traffic between
    /// nodes passes the security group of the node subnet with these. A rule of your own that denies too much
    /// cuts pods off, DNS with them; for overlay, node CIDR to pod CIDR and pod CIDR to itself must be allowed.
    ///
    /// Where only `VirtualNetwork` is allowed before, the finding is a warning: Azure documents for that tag
    /// the ranges of the network, of peers and of routes (so kubenet's), but not the pod CIDR of overlay.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_network_security_group" "nodes" {
    ///   name = "nsg-nodes"
    ///
    ///   security_rule {
    ///     name                       = "deny-private"
    ///     priority                   = 4000
    ///     direction                  = "Outbound"
    ///     access                     = "Deny"
    ///     protocol                   = "*"
    ///     source_address_prefix      = "*"
    ///     source_port_range          = "*"
    ///     destination_address_prefix = "192.168.0.0/16"
    ///     destination_port_range     = "*"
    ///   }
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   address_prefixes = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_subnet_network_security_group_association" "nodes" {
    ///   subnet_id                 = azurerm_subnet.nodes.id
    ///   network_security_group_id = azurerm_network_security_group.nodes.id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "192.168.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Before the rule that denies, allow the ranges to each other, in both directions:
    ///
    /// ```terraform
    /// resource "azurerm_network_security_rule" "allow_pods_out" {
    ///   name                         = "allow-pods-out"
    ///   network_security_group_name  = "nsg-nodes"
    ///   priority                     = 3900
    ///   direction                    = "Outbound"
    ///   access                       = "Allow"
    ///   protocol                     = "*"
    ///   source_address_prefixes      = ["10.1.0.0/22", "192.168.0.0/16"]
    ///   source_port_range            = "*"
    ///   destination_address_prefixes = ["10.1.0.0/22", "192.168.0.0/16"]
    ///   destination_port_range       = "*"
    /// }
    /// ```
    AKS603 "nsg-blocks-pod-cidr" {
        summary: "a security rule denies traffic from nodes to pods or between pods",
        category: Nsg,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    if net.is_flat(cluster) {
        return;
    }
    let nodes = net.node_subnets(cluster);
    if nodes.iter().all(|node| net.present(&node.subnet.security_groups).next().is_none()) {
        return;
    }
    let pods = net.pod_endpoint(cluster);
    let plugin = net.read_written(&cluster.network_plugin);
    let is_kubenet = plugin.is_some_and(|plugin| *plugin.value == NetworkPlugin::Kubenet);
    let within = net.ask_within(cluster, &nodes);
    let mut named = Vec::new();
    for node in &nodes {
        let subnet = called(&node.subnet.name, &node.subnet.declared);
        for traffic in net.ask_pods(cluster, node, &pods, is_kubenet) {
            traffic.doubts.iter().for_each(|unknown| net.note(unknown));
            for (blocked, is_sure) in &traffic.blocked {
                // What spoils the nodes too is AKS601's.
                if within.names(blocked.rule) || named.iter().any(|known| std::ptr::eq(*known, blocked.rule)) {
                    continue;
                }
                named.push(blocked.rule);
                let way = format!("{} of subnet {subnet}", traffic.words);
                let doubt = (!is_sure).then_some("Azure does not say that VirtualNetwork holds the pod CIDR");
                let ends = [&traffic.source, &traffic.target];
                blocked::finding(report, net, blocked, &way, doubt, &ends)
                    .because(node.link, format!("nodes of the cluster are in subnet {subnet}"));
            }
        }
    }
}
