use crate::model::neighbours::called;
use crate::model::subnet::VirtualNetwork;
use crate::model::view::View;
use crate::rules::advice::and_more;
use crate::rules::{Report, rule};

rule! {
    /// Virtual networks can be peered only if their address spaces have nothing in common. The same holds for
    /// two networks that are peered with a third one: a hub cannot tell which of two spokes an address is in.
    ///
    /// Azure refuses the peering. Peerings of single subnets are left out here, as they do not join whole networks.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.0.128.0/20"]
    /// }
    ///
    /// resource "azurerm_virtual_network_peering" "shop_hub" {
    ///   virtual_network_name      = azurerm_virtual_network.shop.name
    ///   remote_virtual_network_id = azurerm_virtual_network.hub.id
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "hub" {
    ///   name          = "vnet-hub"
    ///   address_space = ["10.0.0.0/16"]
    /// }
    ///
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/20"]
    /// }
    ///
    /// resource "azurerm_virtual_network_peering" "shop_hub" {
    ///   virtual_network_name      = azurerm_virtual_network.shop.name
    ///   remote_virtual_network_id = azurerm_virtual_network.hub.id
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Give every network that is ever to be connected a range of its own. The address space of a network can be
    /// extended, but not moved while subnets use it.
    AKS128 "vnet-peering-overlap" {
        summary: "virtual networks that are peered overlap",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
            "https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview",
        ],
    }
    each VirtualNetwork check
}

fn check(network: &VirtualNetwork, net: View<'_>, report: &mut Report) {
    for found in net.peer_clashes(network) {
        let (wider, inside) = (&found.clash.wider, &found.clash.inside);
        let Some(first) = inside.first() else {
            continue;
        };
        let (name, other) = (
            called(&wider.with.name, &wider.with.declared),
            called(&first.with.name, &first.with.declared),
        );
        let more = and_more(inside.len(), "network");
        let which = match found.hub {
            Some(hub) => {
                let all = if inside.len() == 1 { "both" } else { "all" };
                let hub = called(&hub.name, &hub.declared);
                format!("{other} ({}){more}, and {all} are peered with {hub}", first.range)
            }
            None => format!("its peer {other} ({}){more}", first.range),
        };
        let message = format!("address space {} of {name} overlaps {which}", wider.range);
        let free = net.network.free_address_space(first.range.network.prefix_len());
        let finding = report
            .finding(wider.range.fact, message)
            .azure_error("VnetAddressSpacesOverlap")
            .help(match free {
                Some(free) => format!("give {other} another range, such as {free}, which nothing here uses"),
                None => format!("give {other} a range that no network here has"),
            });
        for overlap in inside {
            let name = called(&overlap.with.name, &overlap.with.declared);
            finding.because(overlap.range.fact, format!("the address space of {name}"));
        }
        for peering in found.peerings {
            finding.because(peering.declared.fact(), "this peering joins them");
        }
    }
}
