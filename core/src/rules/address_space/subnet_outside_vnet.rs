use ipnet::IpNet;

use crate::model::cidr::overlap;
use crate::model::neighbours::called;
use crate::model::subnet::Subnet;
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// A subnet takes a part of the address space of its virtual network, so its prefix must lie in one of the
    /// ranges there.
    ///
    /// Azure refuses the subnet. Mostly the address space was moved, or a module got the range of another
    /// environment.
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
    ///   address_prefixes     = ["10.2.4.0/22"]
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
    /// Move the subnet into the address space, or add a range to the address space. `cidrsubnet` of the network's
    /// range always gives a subnet inside it.
    AKS125 "subnet-outside-vnet" {
        summary: "a subnet is not in the address space of its virtual network",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"],
    }
    each Subnet check
}

fn check(subnet: &Subnet, net: View<'_>, report: &mut Report) {
    let ranges = net.ranges(&subnet.prefixes);
    let Some(network) = net.virtual_network_of(subnet).filter(|_| !ranges.is_empty()) else {
        return;
    };
    let known = net.quietly().ranges(&network.address_space);
    // Ranges that adjoin count as one: Azure's own words do not exclude a subnet across both.
    let space = IpNet::aggregate(&known.iter().map(|range| range.network).collect());
    for range in ranges {
        if space.iter().any(|space| space.contains(&range.network)) {
            continue;
        }
        let Some(spaces) = net.complete_ranges(&network.address_space).filter(|all| !all.is_empty()) else {
            return;
        };
        let (name, network_name) = (
            called(&subnet.name, &subnet.declared),
            called(&network.name, &network.declared),
        );
        let list: Vec<String> = spaces.iter().map(ToString::to_string).collect();
        let message = format!(
            "subnet {name} ({range}) is not in the address space of {network_name} ({})",
            list.join(", "),
        );
        let free = net.network.free_subnet_range(network, subnet, range.network.prefix_len());
        let reaches_out = known.iter().any(|space| overlap(space.network, range.network));
        let finding = report.finding(range.fact, message).help(match free {
            Some(free) => format!("use {free}, which is free in {network_name}, or add {range} to its address space"),
            None if reaches_out => format!("use a longer prefix, or widen the address space of {network_name}"),
            None => format!("add {range} to the address space of {network_name}"),
        });
        for space in spaces {
            finding.because(space.fact, format!("the address space of {network_name}"));
        }
    }
}
