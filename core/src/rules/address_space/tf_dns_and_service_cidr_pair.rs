use crate::model::cluster::{Cluster, InputKind};
use crate::model::effective::usual_dns_address;
use crate::model::view::View;
use crate::rules::{Remedy, Report, rule};

rule! {
    /// The azurerm provider wants the service CIDR and the DNS service IP together: both or none. With only one
    /// of them it refuses to create the cluster, before it asks Azure.
    ///
    /// ARM templates and Bicep may give one alone; there Azure supplies the other.
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
    /// Set both, the DNS service IP to the tenth address of the service CIDR, or leave both out for the defaults
    /// 10.0.0.0/16 and 10.0.0.10.
    AKS122 "tf-dns-and-service-cidr-pair" {
        summary: "only one of service CIDR and DNS service IP is set",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    if !matches!(cluster.input, InputKind::Azurerm { .. }) {
        return;
    }
    // An unknown one of them may be null; reading notes it.
    let address = net.read_written(&cluster.dns_service_ip);
    let list = net.read_written(&cluster.service_cidrs);
    let has_address = net.is_written(&cluster.dns_service_ip);
    let has_range = net.is_written(&cluster.service_cidrs);
    if let (Some(dns), false) = (address, has_range) {
        report
            .finding(dns, format!("DNS service IP {} is set without a service CIDR", dns.text))
            .help("set service_cidr to the range that holds it, or leave dns_service_ip out")
            .remedy(Remedy::choice("Leave dns_service_ip out").remove(dns));
    }
    let (Some(list), false) = (list, has_address) else {
        return;
    };
    let ranges = cluster.service_cidrs.iter().flat_map(|list| net.known(list));
    let Some(first) = ranges.into_iter().next() else {
        return;
    };
    let finding = report.finding(list, format!("service CIDR {} is set without a DNS service IP", first.text));
    if let Some(usual) = first.network.and_then(usual_dns_address) {
        let set = Remedy::safe(format!("Set dns_service_ip to {usual}"));
        finding
            .help(format!("set dns_service_ip to {usual}"))
            .remedy(set.set(list, "dns_service_ip", usual));
    }
}
