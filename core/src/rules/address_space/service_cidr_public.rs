use ipnet::IpNet;

use crate::model::cluster::Cluster;
use crate::model::reserved::{PRIVATE, reserved_by_aks};
use crate::model::view::View;
use crate::rules::proposal::other_service_range;
use crate::rules::{Report, rule};

rule! {
    /// The service CIDR holds public addresses. AKS takes ranges of private networks (RFC 1918) and of shared
    /// address space (100.64.0.0/10) for services, and refuses a cluster with any other; and where such a
    /// range is in use already, pods can no longer reach the real owners of those addresses.
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
    ///     service_cidr        = "20.0.0.0/16"
    ///     dns_service_ip      = "20.0.0.10"
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
    ///     service_cidr        = "172.16.0.0/16"
    ///     dns_service_ip      = "172.16.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a private range that nothing else uses. It cannot be changed after the cluster has been created.
    AKS105 "service-cidr-public" {
        summary: "the service CIDR holds public addresses",
        category: AddressSpace,
        severity: Error,
        confidence: Medium,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning"],
    }
    each Cluster check
}

/// The shared address space of RFC 6598.
const SHARED: &str = "100.64.0.0/10";

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for range in net.service_ranges(cluster) {
        // Ranges that AKS keeps for itself are AKS103's, whether public or not.
        let is_ipv4 = matches!(range.network, IpNet::V4(_));
        if !is_ipv4 || reserved_by_aks(range.network).is_some() || is_private(range.network) {
            continue;
        }
        report
            .finding(
                range.fact(),
                format!("service CIDR {} holds public addresses", range.network),
            )
            .offer(other_service_range(net, cluster, &range));
    }
}

fn is_private(range: IpNet) -> bool {
    let shared = SHARED.parse::<IpNet>().ok();
    PRIVATE
        .into_iter()
        .chain(shared)
        .any(|private| private.contains(&range))
}
