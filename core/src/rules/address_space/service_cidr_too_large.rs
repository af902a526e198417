use ipnet::IpNet;

use crate::finding::Severity;
use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::rules::proposal::other_service_range;
use crate::rules::{Report, rule};

rule! {
    /// The Kubernetes service address range must be smaller than a /12. AKS refuses a larger one when the
    /// cluster is created. A /12 itself is a warning: the documentation excludes it, but that AKS refuses it is
    /// not certain.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///     service_cidr   = "10.0.0.0/8"
    ///     dns_service_ip = "10.0.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///     service_cidr   = "10.0.0.0/16"
    ///     dns_service_ip = "10.0.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// A /16 is plenty: it has room for 65,000 services. The range cannot be changed after the cluster has been
    /// created, so size it once, and keep it apart from every network that the cluster should reach.
    AKS107 "service-cidr-too-large" {
        summary: "the service CIDR is larger than AKS allows",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning"],
    }
    each Cluster check
}

/// A range must have a longer prefix than this.
const LIMIT: u8 = 12;

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for range in net.service_ranges(cluster) {
        let IpNet::V4(network) = range.network else {
            continue;
        };
        let (severity, message) = match network.prefix_len() {
            0..LIMIT => (
                Severity::Error,
                format!("service CIDR {network} is larger than a /{LIMIT}"),
            ),
            LIMIT => (
                Severity::Warning,
                format!("service CIDR {network} is not smaller than a /{LIMIT}"),
            ),
            _ => continue,
        };
        report
            .finding(range.fact(), message)
            .severity(severity)
            .offer(other_service_range(net, cluster, &range));
    }
}
