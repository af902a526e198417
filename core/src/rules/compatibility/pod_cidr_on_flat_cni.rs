use crate::finding::Severity;
use crate::model::cluster::{Cluster, InputKind};
use crate::model::view::{Reading, View};
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Remedy, Report, rule};

rule! {
    /// With Azure CNI in its flat form pods take their addresses from subnets of the virtual network, so a
    /// pod CIDR has no meaning. The azurerm provider refuses it unless the mode is `overlay`; templates are
    /// deployed, and the range is not used.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///     pod_cidr       = "10.244.0.0/16"
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
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Add `network_plugin_mode = "overlay"` if pods shall have a range of their own, otherwise remove the
    /// pod CIDR.
    AKS315 "pod-cidr-on-flat-cni" {
        summary: "a pod CIDR with Azure CNI that is not in overlay mode",
        category: Compatibility,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/azure-cni-overlay",
            "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(ranges) = &cluster.pod_cidrs else {
        return;
    };
    if net.is_written(&cluster.network_plugin_mode) {
        // Overlay, a word outside the set (AKS004), or one that may be overlay.
        if let Reading::Unknown(unknown, _) = net.look(&cluster.network_plugin_mode) {
            net.note(unknown);
        }
        return;
    }
    match net.look_at(ranges) {
        Reading::Known(members) if !members.value.is_empty() => {}
        Reading::Unknown(..) => {}
        Reading::Known(_) | Reading::Absent => return,
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if *plugin.value != NetworkPlugin::Azure {
        return;
    }
    let Some(range) = net.known(ranges).into_iter().next() else {
        return;
    };
    let (severity, outcome) = match cluster.input {
        InputKind::Azurerm { .. } => (Severity::Error, "the provider refuses it"),
        InputKind::Arm => (Severity::Warning, "it is not used"),
    };
    let mode = cluster.names().network_plugin_mode;
    report
        .finding(range, format!("pod CIDR {} on Azure CNI without overlay mode: {outcome}", range.value))
        .severity(severity)
        .because(plugin, "pods take their addresses from the subnet unless the mode is overlay")
        .help(format!("set {mode} to \"overlay\", or remove the pod CIDR"))
        .remedy(Remedy::safe("Remove the pod CIDR").remove(range));
}
