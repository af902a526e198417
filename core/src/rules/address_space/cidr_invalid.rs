use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::cidr::CidrProblem;
use crate::model::resource::{RangeUse, Resource};
use crate::model::view::View;
use crate::model::vocabulary::IpFamily;
use crate::rules::{Report, rule};

rule! {
    /// A range is not written as one: Azure reads an address, a slash and a prefix length. An address alone
    /// denotes no range, and a cluster that has IPv4 only takes no IPv6 range.
    ///
    /// Azure refuses the deployment; the provider refuses most of these already in the plan. Checked are the
    /// service and pod CIDRs of clusters, the address spaces of virtual networks and the prefixes of subnets.
    /// Other rules pass over a range that is not one.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     service_cidr        = "10.2.0.0"
    ///     dns_service_ip      = "10.2.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///     service_cidr        = "10.2.0.0/16"
    ///     dns_service_ip      = "10.2.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Write the range as address, slash and prefix length. For IPv6 services or pods make the cluster dual
    /// stack, which takes an IPv4 and an IPv6 range.
    AKS101 "cidr-invalid" {
        summary: "an address range is not written as one",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
            "https://learn.microsoft.com/azure/aks/configure-dual-stack",
        ],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    for (purpose, list) in resource.written_ranges() {
        let of_cluster = matches!(purpose, RangeUse::Service | RangeUse::Pod);
        let noun = purpose.noun();
        let members = net.known(list);
        for fact in &members {
            let text = &fact.text;
            let (message, help) = match (fact.problem, fact.network) {
                (Some(CidrProblem::NotARange), _) => (
                    format!("{noun} \"{text}\" is not an address range"),
                    "write an address, a slash and a prefix length, such as 10.2.0.0/16".to_owned(),
                ),
                (Some(CidrProblem::NoPrefixLength(address)), _) => (
                    format!("{noun} \"{text}\" has no prefix length"),
                    format!("write the prefix length after it, such as {address}/{}", usual_length(purpose, address)),
                ),
                (_, Some(IpNet::V6(_))) if of_cluster && members.len() == 1 => {
                    let Resource::Cluster(cluster) = resource else {
                        continue;
                    };
                    // With several ranges their number or order is at fault, which AKS129 says.
                    if net.ip_families(cluster) != Some(vec![IpFamily::IPv4]) {
                        continue;
                    }
                    let message = format!("{noun} {text} is an IPv6 range, but the cluster has IPv4 only");
                    (message, "use an IPv4 range, or make the cluster dual stack".to_owned())
                }
                _ => continue,
            };
            let finding = report.finding(*fact, message).help(help);
            if of_cluster {
                finding.azure_error(match fact.network {
                    Some(_) => "UnexpectedIPVersionCIDR",
                    None => "CidrStringParseError",
                });
            }
        }
    }
}

/// A length to show: the usual one for the purpose.
fn usual_length(purpose: RangeUse, address: IpAddr) -> u8 {
    match (address, purpose) {
        (IpAddr::V4(_), RangeUse::SubnetPrefix) => 24,
        (IpAddr::V4(_), _) => 16,
        (IpAddr::V6(_), RangeUse::Service) => 108,
        (IpAddr::V6(_), RangeUse::AddressSpace) => 48,
        (IpAddr::V6(_), RangeUse::Pod | RangeUse::SubnetPrefix) => 64,
    }
}
