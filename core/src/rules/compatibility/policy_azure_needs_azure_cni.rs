use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkPlugin, NetworkPolicy};
use crate::rules::{Remedy, Report, rule};

rule! {
    /// The network policy engine `azure` (Azure Network Policy Manager) works on interfaces that only Azure
    /// CNI makes. With kubenet the one engine is Calico; AKS refuses the cluster.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     network_policy = "azure"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     network_policy = "calico"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Keep kubenet with `calico`, or use Azure CNI Overlay, for which Microsoft now recommends `cilium`
    /// (with the data plane `cilium`).
    AKS309 "policy-azure-needs-azure-cni" {
        summary: "network policy azure on a kubenet cluster",
        category: Compatibility,
        severity: Error,
        confidence: High,
        fix: Suggest,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/use-network-policies",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    match net.look(&cluster.network_policy) {
        Reading::Known(policy) if *policy.value == NetworkPolicy::Azure => {}
        Reading::Unknown(..) => {}
        Reading::Known(_) | Reading::Absent => return,
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if *plugin.value != NetworkPlugin::Kubenet {
        return;
    }
    let Some(policy) = net.read_written(&cluster.network_policy) else {
        return;
    };
    let names = cluster.names();
    let overlay = Remedy::choice("Use Azure CNI Overlay").replace(plugin, plugin.value, "azure");
    let overlay = match net.look(&cluster.network_plugin_mode) {
        Reading::Absent => overlay.set(plugin, names.network_plugin_mode, "overlay"),
        _ => overlay,
    };
    report
        .finding(policy, "network policy \"azure\" does not work with network plugin \"kubenet\"")
        .because(plugin, "kubenet knows Calico only")
        .azure_error("NetworkPolicyAzureNotSupportedForKubenet")
        .help(format!(
            "set {} to \"calico\", or use {} \"azure\" with {} \"overlay\"",
            names.network_policy, names.network_plugin, names.network_plugin_mode
        ))
        .remedy(
            Remedy::choice(format!("Set {} to \"calico\"", names.network_policy)).replace(policy, policy.value, "calico"),
        )
        .remedy(overlay);
}
