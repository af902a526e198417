use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkDataPlane, NetworkPlugin, NetworkPolicy};
use crate::rules::{Report, rule};

rule! {
    /// Without a network policy engine, `NetworkPolicy` objects in the cluster have no effect: they are
    /// accepted and nothing enforces them, so every pod can reach every other one. AKS installs no engine
    /// unless it is asked for one.
    ///
    /// Clusters with a CNI of their own (`network_plugin = "none"`) and with the Cilium data plane bring an
    /// engine, and are not reported.
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
    ///     network_data_plane  = "cilium"
    ///     network_policy      = "cilium"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Choose an engine: `cilium` with Azure CNI on Linux, otherwise `calico`.
    AKS815 "network-policy-none" {
        summary: "no network policy engine, so network policies have no effect",
        category: Exposure,
        severity: Info,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/use-network-policies"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let mut doubt = None;
    match net.look(&cluster.network_plugin) {
        Reading::Known(plugin) if *plugin.value == NetworkPlugin::None => return,
        Reading::Unknown(unknown, _) => doubt = Some(unknown),
        Reading::Known(_) | Reading::Absent => {}
    }
    match net.look(&cluster.network_data_plane) {
        Reading::Known(plane) if *plane.value == NetworkDataPlane::Cilium => return,
        Reading::Unknown(unknown, _) => doubt = Some(unknown),
        Reading::Known(_) | Reading::Absent => {}
    }
    match net.look(&cluster.network_policy) {
        Reading::Known(policy) if *policy.value == NetworkPolicy::None => {}
        Reading::Known(_) => return,
        Reading::Unknown(unknown, _) => doubt = Some(unknown),
        Reading::Absent => {}
    }
    if let Some(unknown) = doubt {
        net.note(unknown);
        return;
    }
    report
        .finding(
            net.omitted_at(cluster, cluster.names().network_policy),
            "no network policy engine: network policies in the cluster have no effect",
        )
        .help(format!(
            "set {}: \"cilium\" with the Cilium data plane, otherwise \"calico\"",
            cluster.names().network_policy
        ));
}
