use ipnet::IpNet;

use crate::model::cidr::position;
use crate::model::cluster::Cluster;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::range_label;
use crate::rules::proposal::usual_dns_service_ip;
use crate::rules::{Report, rule};

rule! {
    /// The DNS service has the last address of the Kubernetes service address range, which is its broadcast
    /// address and no address for a service.
    ///
    /// AKS refuses to create the cluster. `cidrhost(var.service_cidr, -1)` gives this address.
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
    ///     service_cidr        = "10.200.0.0/16"
    ///     dns_service_ip      = "10.200.255.255"
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
    ///     service_cidr        = "10.200.0.0/16"
    ///     dns_service_ip      = "10.200.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use the tenth address of the service CIDR, as Azure does by default.
    AKS120 "dns-ip-broadcast" {
        summary: "the DNS service IP is the last address of the service CIDR",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some((address, dns)) = net.dns_service_address(cluster) else {
        return;
    };
    for range in net.service_ranges(cluster) {
        // The first two addresses of a tiny range are AKS119's.
        let is_last = matches!(range.network, IpNet::V4(_)) && address == range.network.broadcast();
        if !is_last || position(range.network, address) <= Some(1) {
            continue;
        }
        let message = format!(
            "DNS service IP {address} is the last address of the service CIDR {}, its broadcast address",
            range.network,
        );
        let finding = report
            .finding(dns, message)
            .because(range.fact(), range_label(RangeUse::Service, &range))
            .azure_error("DnsBroadcastAddressConflicting");
        if let Some(usual) = usual_dns_service_ip(dns, range.network) {
            finding.offer(usual);
        }
    }
}
