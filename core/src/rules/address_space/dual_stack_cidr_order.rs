use ipnet::IpNet;

use crate::model::attr::List;
use crate::model::cidr::Cidr;
use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::model::vocabulary::{IpFamily, Vocabulary};
use crate::rules::{Remedy, Report, rule};

rule! {
    /// A dual-stack cluster has one service range and one pod range for each IP family. The number of ranges and
    /// their order must be those of the IP families: the first range for the first family.
    ///
    /// AKS refuses to create the cluster; the provider refuses two ranges with one family already in the plan.
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
    ///     ip_versions         = ["IPv4", "IPv6"]
    ///     service_cidrs       = ["fd00:1234::/108", "10.2.0.0/16"]
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
    ///     ip_versions         = ["IPv4", "IPv6"]
    ///     service_cidrs       = ["10.2.0.0/16", "fd00:1234::/108"]
    ///     dns_service_ip      = "10.2.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// List one range for each family, in the order of the families, or leave the list out for the defaults.
    AKS129 "dual-stack-cidr-order" {
        summary: "the ranges do not match the IP families in number or order",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/configure-dual-stack",
            "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    check_list(cluster, &cluster.service_cidrs, "service", net, report);
    // Where pods have addresses of a subnet, a pod range is not read at all.
    if net.is_written(&cluster.pod_cidrs) && net.has_pod_ranges(cluster) == Some(true) {
        check_list(cluster, &cluster.pod_cidrs, "pod", net, report);
    }
}

fn check_list<'a>(cluster: &'a Cluster, list: &'a Option<List<Cidr>>, noun: &str, net: View<'a>, report: &mut Report) {
    let Some(list) = list.as_ref().filter(|_| net.is_written(list)) else {
        return;
    };
    // The singular property always holds one range; Azure supplies the one of the other family.
    let (Some(ranges), Some(fact)) = (net.complete_ranges(list), net.read(list)) else {
        return;
    };
    if ranges.is_empty() || !fact.site.property_name().ends_with('s') {
        return;
    }
    let Some(families) = net.ip_families(cluster) else {
        return;
    };
    let family = |range: &IpNet| match range {
        IpNet::V4(_) => IpFamily::IPv4,
        IpNet::V6(_) => IpFamily::IPv6,
    };
    let given: Vec<IpFamily> = ranges.iter().map(|range| family(&range.network)).collect();
    // One IPv6 range for an IPv4 cluster is AKS101's.
    if given == families || given.len() == 1 && families.len() == 1 {
        return;
    }
    let texts: Vec<&str> = ranges.iter().map(|range| range.fact.text.as_str()).collect();
    let words: Vec<&str> = families.iter().map(Vocabulary::word).collect();
    let message = format!(
        "{noun} CIDRs {} do not match the IP families {}",
        texts.join(", "),
        words.join(", "),
    );
    let is_reversed = given.iter().rev().eq(&families);
    let help = if is_reversed {
        let reversed: Vec<&str> = texts.iter().rev().copied().collect();
        format!("list them as {}", reversed.join(", "))
    } else if families.len() == 1 {
        format!("list one {} range, or make the cluster dual stack", words.join(", "))
    } else {
        format!("list one range for each of {}, in this order", words.join(", "))
    };
    let finding = report.finding(fact, message).help(help);
    if let (true, [first, second]) = (is_reversed, ranges.as_slice()) {
        let swap = Remedy::safe("Swap them").replace(first.fact, &first.fact.text, &second.fact.text);
        finding.remedy(swap.replace(second.fact, &second.fact.text, &first.fact.text));
    }
    if let Some(written) = net.read_written(&cluster.ip_families) {
        finding.because(written, "the IP families");
    }
}
