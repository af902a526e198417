use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkPlugin, NetworkPluginMode};
use crate::rules::{Remedy, Report, rule};

rule! {
    /// The overlay mode is a mode of Azure CNI: with `kubenet` or `none` there is nothing that it could
    /// change, and the provider and AKS refuse the pair.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin      = "kubenet"
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
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Set the plugin to `azure`, or remove the mode.
    AKS314 "overlay-needs-azure-plugin" {
        summary: "overlay mode with a network plugin other than azure",
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
    match net.look(&cluster.network_plugin_mode) {
        Reading::Known(mode) if *mode.value == NetworkPluginMode::Overlay => {}
        Reading::Unknown(..) => {}
        Reading::Known(_) | Reading::Absent => return,
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if !matches!(plugin.value, NetworkPlugin::Kubenet | NetworkPlugin::None) {
        return;
    }
    let Some(mode) = net.read_written(&cluster.network_plugin_mode) else {
        return;
    };
    let word = plugin.value;
    let (plugin_name, mode_name) = (cluster.names().network_plugin, cluster.names().network_plugin_mode);
    let title = format!("Set {plugin_name} to \"azure\"");
    // With "none" somebody brings a CNI of their own, and may mean that.
    let to_azure = match word {
        NetworkPlugin::Kubenet => Remedy::safe(title),
        _ => Remedy::choice(title),
    };
    report
        .finding(mode, format!("{mode_name} \"overlay\" needs network plugin \"azure\", not \"{word}\""))
        .because(plugin, "overlay is a mode of Azure CNI")
        .help(format!("set {plugin_name} to \"azure\", or remove {mode_name}"))
        .remedy(to_azure.replace(plugin, word, "azure"))
        .remedy(Remedy::choice(format!("Remove {mode_name}")).remove(mode));
}
