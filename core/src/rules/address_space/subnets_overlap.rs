use crate::model::neighbours::{Overlap, called};
use crate::model::nesting::Clash;
use crate::model::subnet::Subnet;
use crate::model::view::View;
use crate::rules::advice::and_more;
use crate::rules::{Report, rule};

rule! {
    /// Two subnets of one virtual network have addresses in common.
    ///
    /// Azure refuses the one that is created second, so a plan that looks well fails halfway through. Mostly a
    /// prefix was copied, or is shorter than meant and swallows the subnets behind it.
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
    ///   address_prefixes     = ["10.1.0.0/20"]
    /// }
    ///
    /// resource "azurerm_subnet" "database" {
    ///   name                 = "snet-database"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.4.0/24"]
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
    ///   address_prefixes     = ["10.1.0.0/20"]
    /// }
    ///
    /// resource "azurerm_subnet" "database" {
    ///   name                 = "snet-database"
    ///   virtual_network_name = azurerm_virtual_network.shop.name
    ///   address_prefixes     = ["10.1.16.0/24"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Move one of them to a free range. `cidrsubnets` cuts a network into subnets that never overlap.
    AKS126 "subnets-overlap" {
        summary: "two subnets of one virtual network overlap",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"],
    }
    each Network check
}

fn check(net: View<'_>, report: &mut Report) {
    for Clash { wider, inside } in net.subnet_clashes() {
        let Some(first) = inside.first() else {
            continue;
        };
        let message = format!(
            "subnet {} overlaps subnet {}{}",
            described(&wider),
            described(first),
            and_more(inside.len(), "subnet"),
        );
        let finding = report.finding(wider.range.fact, message).help(help(net, first));
        for overlap in &inside {
            let name = called(&overlap.with.name, &overlap.with.declared);
            finding.because(overlap.range.fact, format!("subnet {name} has the same addresses"));
        }
    }
}

fn described(overlap: &Overlap<'_, Subnet>) -> String {
    let name = called(&overlap.with.name, &overlap.with.declared);
    format!("{name} ({})", overlap.range)
}

fn help(net: View<'_>, overlap: &Overlap<'_, Subnet>) -> String {
    let name = called(&overlap.with.name, &overlap.with.declared);
    let prefix = overlap.range.network.prefix_len();
    let free = net.quietly().virtual_network_of(overlap.with).and_then(|network| {
        let free = net.network.free_subnet_range(network, overlap.with, prefix)?;
        Some((free, called(&network.name, &network.declared)))
    });
    match free {
        Some((free, network)) => format!("move {name} to {free}, which is free in {network}"),
        None => format!("move {name} to a range that no other subnet has"),
    }
}
