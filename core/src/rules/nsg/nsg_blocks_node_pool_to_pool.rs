use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::reach::{Asked, Way};
use crate::model::view::View;
use crate::rules::{Report, blocked, rule};

rule! {
    /// Node pools in different subnets are still one cluster: their nodes must reach each other on all
    /// ports, first of all UDP 53, where the DNS pods listen, and TCP 10250, where kubelets answer for logs
    /// and metrics. Security groups that keep the subnets apart break name lookups on one side.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_network_security_group" "batch" {
    ///   name = "nsg-batch"
    ///
    ///   security_rule {
    ///     name                         = "deny-system"
    ///     priority                     = 200
    ///     direction                    = "Inbound"
    ///     access                       = "Deny"
    ///     protocol                     = "*"
    ///     source_address_prefix        = "10.1.0.0/24"
    ///     source_port_range            = "*"
    ///     destination_address_prefixes = ["10.1.1.0/24"]
    ///     destination_port_range       = "*"
    ///   }
    /// }
    ///
    /// resource "azurerm_subnet" "pools" {
    ///   for_each         = { system = "10.1.0.0/24", batch = "10.1.1.0/24" }
    ///   name             = "snet-${each.key}"
    ///   address_prefixes = [each.value]
    /// }
    ///
    /// resource "azurerm_subnet_network_security_group_association" "batch" {
    ///   subnet_id                 = azurerm_subnet.pools["batch"].id
    ///   network_security_group_id = azurerm_network_security_group.batch.id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.pools["system"].id
    ///   }
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster_node_pool" "batch" {
    ///   name                  = "batch"
    ///   kubernetes_cluster_id = azurerm_kubernetes_cluster.shop.id
    ///   vnet_subnet_id        = azurerm_subnet.pools["batch"].id
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Allow the subnets of the cluster to each other, in both directions, before the rule that denies.
    ///
    /// ```terraform
    /// resource "azurerm_network_security_rule" "allow_system" {
    ///   name                        = "allow-system"
    ///   network_security_group_name = "nsg-batch"
    ///   priority                    = 100
    ///   direction                   = "Inbound"
    ///   access                      = "Allow"
    ///   protocol                    = "*"
    ///   source_address_prefix       = "10.1.0.0/24"
    ///   source_port_range           = "*"
    ///   destination_address_prefix  = "10.1.1.0/24"
    ///   destination_port_range      = "*"
    /// }
    /// ```
    AKS602 "nsg-blocks-node-pool-to-pool" {
        summary: "a security rule denies traffic between node pools in different subnets",
        category: Nsg,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/connectivity/traffic-between-node-pools-is-blocked"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    if !net.has_several_subnets(cluster) {
        return;
    }
    let nodes = net.node_subnets(cluster);
    let within = net.ask_within(cluster, &nodes);
    let mut named = Vec::new();
    for from in &nodes {
        for to in nodes.iter().filter(|to| to.subnet.id != from.subnet.id) {
            let mut asked = Asked::default();
            let way = Way {
                cluster,
                from: from.subnet,
                to: to.subnet,
            };
            net.ask_between(way, &mut asked);
            for unknown in &asked.doubts {
                net.note(unknown);
            }
            for blocked in &asked.blocked {
                // What spoils a subnet by itself is AKS601's.
                if within.names(blocked.rule) || named.iter().any(|known| std::ptr::eq(*known, blocked.rule)) {
                    continue;
                }
                named.push(blocked.rule);
                let [source, target] = [from, to].map(|node| called(&node.subnet.name, &node.subnet.declared));
                let way = format!("from node subnet {source} to {target}");
                let ends = [from, to].map(|node| net.node_endpoint(cluster, node.subnet));
                blocked::finding(report, net, blocked, &way, None, &[&ends[0], &ends[1]])
                    .because(from.link, format!("nodes in {source}"))
                    .because(to.link, format!("nodes in {target}"));
            }
        }
    }
}
