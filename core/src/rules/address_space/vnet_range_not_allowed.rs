use crate::model::neighbours::called;
use crate::model::reserved::not_allowed_in_networks;
use crate::model::resource::Resource;
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// A virtual network cannot hold 224.0.0.0/4 (multicast), 255.255.255.255/32 (broadcast), 127.0.0.0/8
    /// (loopback), 169.254.0.0/16 (link-local) or 168.63.129.16/32 (Azure's internal DNS). Azure refuses the
    /// network, and a subnet likewise, as soon as one address is in common.
    ///
    /// A subnet is not named when its virtual network is: it is the same fault.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["169.254.0.0/16"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.2.0.0/16"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a private range: 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, or a part of them.
    AKS104 "vnet-range-not-allowed" {
        summary: "a virtual network or subnet holds addresses that Azure does not allow there",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    let (ranges, what) = match resource {
        Resource::VirtualNetwork(network) => {
            let name = called(&network.name, &network.declared);
            (net.ranges(&network.address_space), format!("virtual network {name}"))
        }
        Resource::Subnet(subnet) => {
            let network = net.quietly().virtual_network_of(subnet);
            let spaces = network.map(|network| net.quietly().ranges(&network.address_space));
            let is_said = |space: &crate::model::view::Range<'_>| not_allowed_in_networks(space.network).is_some();
            if spaces.unwrap_or_default().iter().any(is_said) {
                return;
            }
            let name = called(&subnet.name, &subnet.declared);
            (net.ranges(&subnet.prefixes), format!("subnet {name}"))
        }
        _ => return,
    };
    for range in ranges {
        let Some((reserved, noun)) = not_allowed_in_networks(range.network) else {
            continue;
        };
        let free = net.network.free_address_space(range.network.prefix_len().max(16));
        let instead = free.map(|free| format!(", such as {free}")).unwrap_or_default();
        report
            .finding(range.fact, format!("{what} ({range}) overlaps {reserved}, which is {noun}"))
            .azure_error("VnetCIDRInvalid")
            .help(format!("use a private range{instead}"));
    }
}
