use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::reach::{Asked, Way};
use crate::model::view::View;
use crate::rules::{Report, blocked, rule};

rule! {
    /// Nodes must reach each other on all ports and protocols. AKS neither adds rules to the network
    /// security group of your subnet nor changes them, so a rule of your own that denies traffic within
    /// the node subnet cuts off kubelets, DNS and pods: metrics and logs fail first, then name lookups.
    ///
    /// A rule that leaves DNS and kubelets alone and denies single ports is a warning, and one that denies
    /// only ports of remote administration (22, 3389) is information: Kubernetes does not use these.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_network_security_group" "nodes" {
    ///   name = "nsg-nodes"
    ///
    ///   security_rule {
    ///     name                       = "deny-all-inbound"
    ///     priority                   = 4000
    ///     direction                  = "Inbound"
    ///     access                     = "Deny"
    ///     protocol                   = "*"
    ///     source_address_prefix      = "*"
    ///     source_port_range          = "*"
    ///     destination_address_prefix = "*"
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
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Before the rule that denies, allow the node subnet, or `VirtualNetwork`, to itself:
    ///
    /// ```terraform
    /// resource "azurerm_network_security_rule" "allow_nodes" {
    ///   name                        = "allow-nodes"
    ///   network_security_group_name = "nsg-nodes"
    ///   priority                    = 3900
    ///   direction                   = "Inbound"
    ///   access                      = "Allow"
    ///   protocol                    = "*"
    ///   source_address_prefix       = "10.1.0.0/22"
    ///   source_port_range           = "*"
    ///   destination_address_prefix  = "10.1.0.0/22"
    ///   destination_port_range      = "*"
    /// }
    /// ```
    AKS601 "nsg-blocks-node-to-node" {
        summary: "a security rule denies traffic between nodes of one subnet",
        category: Nsg,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network",
            "https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let mut named = Vec::new();
    for node in net.node_subnets(cluster) {
        let mut asked = Asked::default();
        let way = Way {
            cluster,
            from: node.subnet,
            to: node.subnet,
        };
        net.ask_between(way, &mut asked);
        for unknown in &asked.doubts {
            net.note(unknown);
        }
        let subnet = called(&node.subnet.name, &node.subnet.declared);
        let range = net.node_endpoint(cluster, node.subnet);
        for blocked in &asked.blocked {
            // One rule is one fault, however many subnets and directions it spoils.
            if named.iter().any(|known| std::ptr::eq(*known, blocked.rule)) {
                continue;
            }
            named.push(blocked.rule);
            let way = format!("between nodes in subnet {subnet}");
            let ends = [&range, &net.pod_endpoint(cluster)];
            blocked::finding(report, net, blocked, &way, None, &ends)
                .because(node.link, format!("nodes of the cluster are in subnet {subnet}"));
        }
    }
}
