use crate::finding::Severity;
use crate::model::cidr::overlap;
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::reserved::{reserved_by_aks, reserved_for_clusters};
use crate::model::view::View;
use crate::rules::proposal::other_cluster_range;
use crate::rules::{Report, rule};

rule! {
    /// AKS keeps 169.254.0.0/16, 172.30.0.0/16, 172.31.0.0/16 and 192.0.2.0/24 for itself: no cluster may use
    /// them for services, for pods or in its virtual network. What counts is any address in common, so
    /// 172.16.0.0/12 is refused as well: it holds 172.30.0.0/16 and 172.31.0.0/16.
    ///
    /// Creation fails, or nodes and pods come up without working routes. A virtual network whose address space
    /// reaches into such a range while the subnets of the cluster do not is a warning. 169.254.0.0/16 in a
    /// virtual network is AKS104's, as no virtual network may have it.
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
    ///     pod_cidr            = "172.16.0.0/12"
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
    ///     pod_cidr            = "172.16.0.0/16"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose a private range (RFC 1918) without these four. The ranges of a cluster cannot be changed after it
    /// has been created.
    AKS103 "cidr-reserved-range" {
        summary: "a range of the cluster overlaps one that AKS reserves",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
            "https://learn.microsoft.com/azure/aks/concepts-network-cni-overview",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for (purpose, range) in net.cluster_ranges(cluster) {
        if let Some(reserved) = reserved_by_aks(range.network) {
            let (noun, network) = (purpose.noun(), range.network);
            let message = format!("{noun} {network} overlaps {reserved}, which AKS reserves");
            let other = other_cluster_range(net, cluster, purpose, &range);
            report.finding(range.fact(), message).offer(other);
        }
    }
    let mut refused = Vec::new();
    for subnet in net.subnets_of(cluster) {
        for range in net.ranges(&subnet.prefixes) {
            let Some(reserved) = reserved_for_clusters(range.network) else {
                continue;
            };
            let name = called(&subnet.name, &subnet.declared);
            let finding = report
                .finding(range.fact, format!("subnet {name} ({range}) overlaps {reserved}, which AKS reserves"))
                .because(cluster.declared.fact(), "this cluster is in the subnet")
                .help(outside(net, range.network.prefix_len()));
            if let Some(network) = net.virtual_network_of(subnet) {
                refused.push(network.id);
                for space in net.ranges(&network.address_space) {
                    if overlap(space.network, range.network) {
                        finding.because(space.fact, "the address space that the subnet is in");
                    }
                }
            }
        }
    }
    for network in net.virtual_networks_of(cluster) {
        if refused.contains(&network.id) {
            continue;
        }
        for range in net.ranges(&network.address_space) {
            let Some(reserved) = reserved_for_clusters(range.network) else {
                continue;
            };
            let name = called(&network.name, &network.declared);
            let message = format!("address space {range} of {name} overlaps {reserved}, which AKS reserves");
            report
                .finding(range.fact, message)
                .severity(Severity::Warning)
                .because(cluster.declared.fact(), "this cluster is in the virtual network")
                .help(outside(net, range.network.prefix_len()));
        }
    }
}

fn outside(net: View<'_>, prefix: u8) -> String {
    match net.network.free_address_space(prefix.max(16)) {
        Some(free) => format!("use a range without the reserved ones, such as {free}, which nothing here uses"),
        None => "use a range without the reserved ones".to_owned(),
    }
}
