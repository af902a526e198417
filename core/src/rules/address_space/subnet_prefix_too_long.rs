use ipnet::IpNet;

use crate::model::neighbours::called;
use crate::model::subnet::Subnet;
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// Azure keeps five addresses of every IPv4 subnet for itself: the first four and the last. The smallest
    /// subnet is therefore a /29, with three addresses left. An IPv6 subnet is always exactly a /64.
    ///
    /// Azure refuses the subnet.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.4.0/30"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_subnet" "aks" {
    ///   name                 = "snet-aks"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.4.0/22"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use a shorter prefix: nodes need room for an upgrade as well, and each node of a flat Azure CNI cluster
    /// takes one address for itself and one for every pod that it may run.
    AKS127 "subnet-prefix-too-long" {
        summary: "a subnet is smaller than Azure allows, or its IPv6 prefix is not a /64",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"],
    }
    each Subnet check
}

/// The longest prefix of an IPv4 subnet.
const LONGEST: u8 = 29;
/// The prefix of every IPv6 subnet.
const IPV6: u8 = 64;

fn check(subnet: &Subnet, net: View<'_>, report: &mut Report) {
    for range in net.ranges(&subnet.prefixes) {
        let name = called(&subnet.name, &subnet.declared);
        let (message, help) = match range.network {
            IpNet::V4(network) if network.prefix_len() > LONGEST => (
                format!("subnet {name} ({range}) is smaller than a /{LONGEST}, the smallest that Azure allows"),
                format!("use a /{LONGEST} at least; nodes need room to be upgraded, too"),
            ),
            IpNet::V6(network) if network.prefix_len() != IPV6 => (
                format!("IPv6 prefix {range} of subnet {name} is not a /{IPV6}"),
                format!("use a /{IPV6}: Azure takes no other size for IPv6 subnets"),
            ),
            _ => continue,
        };
        report.finding(range.fact, message).help(help);
    }
}
