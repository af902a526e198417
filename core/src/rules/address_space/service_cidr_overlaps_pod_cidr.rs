use crate::model::cidr::overlap;
use crate::model::cluster::Cluster;
use crate::model::resource::RangeUse;
use crate::model::view::View;
use crate::rules::advice::{named, range_label};
use crate::rules::proposal::{other_pod_range, other_service_range};
use crate::rules::{Report, rule};

rule! {
    /// Services and pods of one cluster have addresses in common. A node could not tell whether such an address
    /// is a pod to send to or a service to translate, so AKS refuses to create the cluster.
    ///
    /// The ranges that Azure takes where none is written count too: 10.0.0.0/16 for services and 10.244.0.0/16
    /// for pods. With the flat Azure CNI models pods have no range of their own.
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
    ///     pod_cidr            = "10.2.0.0/16"
    ///     service_cidr        = "10.2.0.0/20"
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
    ///     pod_cidr            = "10.244.0.0/16"
    ///     service_cidr        = "10.2.0.0/20"
    ///     dns_service_ip      = "10.2.0.10"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Give pods and services ranges of their own. Both are fixed when the cluster is created.
    AKS113 "service-cidr-overlaps-pod-cidr" {
        summary: "the service CIDR overlaps the pod CIDR",
        category: AddressSpace,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let pods = net.pod_ranges(cluster);
    if pods.is_empty() {
        return;
    }
    for service in net.service_ranges(cluster) {
        for pod in pods.iter().filter(|pod| overlap(pod.network, service.network)) {
            let message = format!(
                "{} overlaps {}",
                named(RangeUse::Service, &service),
                named(RangeUse::Pod, pod)
            );
            // Easier to change is the range that nobody wrote.
            let other = if service.default && !pod.default {
                other_service_range(net, cluster, &service)
            } else {
                other_pod_range(net, cluster, pod)
            };
            report
                .finding(service.fact(), message)
                .because(pod.fact(), range_label(RangeUse::Pod, pod))
                .azure_error("PodCidrOverlapServiceCidr")
                .offer(other);
        }
    }
}
