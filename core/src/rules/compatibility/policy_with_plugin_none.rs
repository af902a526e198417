use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkPlugin, NetworkPolicy};
use crate::rules::{Remedy, Report, rule};

rule! {
    /// With the network plugin `none` you bring your own CNI, and with it your own policy engine: AKS
    /// installs none and refuses a cluster that asks for one.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "none"
    ///     network_policy = "calico"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "none"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Remove the policy and install the engine together with your CNI, or use a plugin of AKS.
    AKS310 "policy-with-plugin-none" {
        summary: "a network policy engine on a cluster without a network plugin",
        category: Compatibility,
        severity: Error,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/use-byo-cni"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let is_engine =
        |policy: &NetworkPolicy| matches!(policy, NetworkPolicy::Azure | NetworkPolicy::Calico | NetworkPolicy::Cilium);
    match net.look(&cluster.network_policy) {
        Reading::Known(policy) if is_engine(policy.value) => {}
        Reading::Unknown(..) => {}
        Reading::Known(_) | Reading::Absent => return,
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if *plugin.value != NetworkPlugin::None {
        return;
    }
    let Some(policy) = net.read_written(&cluster.network_policy) else {
        return;
    };
    let word = policy.value;
    report
        .finding(policy, format!("network policy \"{word}\" does not work with network plugin \"none\""))
        .because(plugin, "AKS installs no policy engine beside a CNI of your own")
        .azure_error("NetworkPolicyNotSupportedForNone")
        .help(format!("remove {}, and install the engine together with your CNI", cluster.names().network_policy))
        .remedy(Remedy::safe(format!("Remove {}", cluster.names().network_policy)).remove(policy));
}
