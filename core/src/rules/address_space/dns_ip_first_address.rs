use crate::model::cidr::position;
use crate::model::cluster::Cluster;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::range_label;
use crate::rules::proposal::usual_dns_service_ip;
use crate::rules::{Report, rule};

rule! {
    /// The DNS service has the first address of the Kubernetes service address range. AKS gives that one to the
    /// API server: it is the address of `kubernetes.default.svc.cluster.local`. The address of the range itself
    /// cannot be used at all.
    ///
    /// AKS refuses to create the cluster.
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
    ///     dns_service_ip      = "10.200.0.1"
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
    AKS119 "dns-ip-first-address" {
        summary: "the DNS service IP is the first address of the service CIDR",
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
        let message = match position(range.network, address) {
            Some(0) => format!("DNS service IP {address} is the address of the service CIDR {} itself", range.network),
            Some(1) => format!(
                "DNS service IP {address} is the first address of the service CIDR {}, which the API server has",
                range.network,
            ),
            _ => continue,
        };
        let finding = report
            .finding(dns, message)
            .because(range.fact(), range_label(RangeUse::Service, &range))
            .azure_error("DnsServiceIpConflicting");
        if let Some(usual) = usual_dns_service_ip(dns, range.network) {
            finding.offer(usual);
        }
    }
}
