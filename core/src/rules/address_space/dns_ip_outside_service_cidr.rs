use crate::model::cluster::{Cluster, InputKind};
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::range_label;
use crate::rules::proposal::usual_dns_service_ip;
use crate::rules::{Report, rule};

rule! {
    /// The address of the cluster's DNS service is not in the Kubernetes service address range. The DNS service
    /// is a service like any other, so its address must be one of theirs.
    ///
    /// AKS refuses to create the cluster: "The DNS service IP 10.0.0.10 is out of the range defined by service
    /// CIDR 10.200.0.0/16". It mostly happens when one of the two is changed and the other keeps its default.
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
    ///     dns_service_ip      = "10.0.0.10"
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
    /// Use the tenth address of the service CIDR, as Azure does by default: `cidrhost(var.service_cidr, 10)` keeps
    /// the two together.
    AKS118 "dns-ip-outside-service-cidr" {
        summary: "the DNS service IP is not in the service CIDR",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
            "https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/dnsserviceipoutofservicecidr-error",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(dns) = net.read_written(&cluster.dns_service_ip) else {
        return;
    };
    let is_written = net.is_written(&cluster.service_cidrs);
    if !is_written && matches!(cluster.input, InputKind::Azurerm { .. }) {
        // The provider wants both or none, which AKS122 says.
        return;
    }
    let written = cluster.service_cidrs.as_ref().filter(|_| is_written);
    if written.is_some_and(|list| net.complete_ranges(list).is_none()) {
        return;
    }
    let ranges = net.service_ranges(cluster);
    let Some(first) = ranges.first() else {
        return;
    };
    let (message, code) = match dns.address {
        Some(address) if ranges.iter().any(|range| range.network.contains(&address)) => return,
        Some(address) => (
            format!("DNS service IP {address} is not in the service CIDR {}", first.network),
            "DnsServiceIpOutOfServiceCidr",
        ),
        None => (format!("DNS service IP \"{}\" is no IP address", dns.text), "DnsServiceIpParseError"),
    };
    let finding = report.finding(dns, message).azure_error(code);
    for range in &ranges {
        finding.because(range.fact(), range_label(RangeUse::Service, range));
    }
    if let Some(usual) = usual_dns_service_ip(dns, first.network) {
            finding.offer(usual);
    }
}
