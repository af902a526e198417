use crate::finding::{Confidence, Severity};
use crate::model::cluster::Cluster;
use crate::model::flow::{Endpoint, Flow};
use crate::model::neighbours::called;
use crate::model::reach::Asked;
use crate::model::service_tags::Surroundings;
use crate::model::view::View;
use crate::model::vocabulary::{Direction, NetworkPlugin};
use crate::rules::{Report, blocked, rule};

rule! {
    /// With Azure CNI Overlay and kubenet pods have addresses of their own range, and their traffic between
    /// nodes passes the network security group of the node subnet with these addresses. A rule of your own
    /// that denies more than it should cuts pods off, DNS and services with them. With overlay, Microsoft's
    /// page asks for rules that allow node CIDR to pod CIDR and pod CIDR to pod CIDR before such a rule.
    ///
    /// Where only `VirtualNetwork` is allowed before, the finding is a warning: Azure documents for that tag
    /// the ranges of the network, of peers and of routes, which are kubenet's, but not overlay's pod CIDR.
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
    ///   name             = "snet-nodes"
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
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     pod_cidr            = "192.168.0.0/16"
    ///   }
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
    let nodes = net.node_subnets(cluster);
    if !nodes.iter().any(|node| net.present(&node.subnet.security_groups).next().is_some()) {
        return;
    }
    let pods = blocked::pods(cluster, net);
    let plugin = net.read_written(&cluster.network_plugin);
    // The routes that kubenet makes put its pod range into `VirtualNetwork`.
    let is_kubenet = plugin.is_some_and(|plugin| *plugin.value == NetworkPlugin::Kubenet);
    let within = net.ask_within(&nodes);
    let mut named = Vec::new();
    for node in &nodes {
        let subnet = called(&node.subnet.name, &node.subnet.declared);
        let range = net.endpoint(&node.subnet.prefixes);
        let mut ways = vec![(&range, &pods, "from nodes to pods"), (&pods, &pods, "between pods")];
        if is_kubenet {
            ways.push((&pods, &range, "from pods to nodes"));
        }
        for (source, target, way) in ways {
            let ask = |virtual_network: Endpoint| {
                let around = Surroundings { virtual_network };
                let mut asked = Asked::default();
                for direction in [Direction::Outbound, Direction::Inbound] {
                    net.ask(node.subnet, &Flow::all(direction, source.clone(), target.clone()), &around, &mut asked);
                }
                asked
            };
            let (sure, all) = (ask(range.and(&pods)), ask(if is_kubenet { range.and(&pods) } else { range.clone() }));
            sure.doubts.iter().chain(&all.doubts).for_each(|unknown| net.note(unknown));
            for blocked in &all.blocked {
                if within.names(blocked.rule) || named.iter().any(|known| std::ptr::eq(*known, blocked.rule)) {
                    continue;
                }
                named.push(blocked.rule);
                let way = format!("{way} of subnet {subnet}");
                let finding = blocked::finding(report, net, blocked, &way, &[source, target]);
                finding.because(node.link, format!("nodes of the cluster are in subnet {subnet}"));
                if !sure.names(blocked.rule) && !blocked.is_administration_only() {
                    finding.severity(Severity::Warning).confidence(Confidence::Medium);
                }
            }
        }
    }
}
