use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkPlugin, OsType};
use crate::rules::{Report, rule};

rule! {
    /// Windows node pools work with Azure CNI only. Kubenet has no Windows support, and a cluster without a
    /// plugin (`none`, to bring your own) takes Linux pools alone; AKS refuses the Windows pool.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster_node_pool" "windows" {
    ///   name                  = "win"
    ///   kubernetes_cluster_id = azurerm_kubernetes_cluster.shop.id
    ///   os_type               = "Windows"
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
    ///
    /// resource "azurerm_kubernetes_cluster_node_pool" "windows" {
    ///   name                  = "win"
    ///   kubernetes_cluster_id = azurerm_kubernetes_cluster.shop.id
    ///   os_type               = "Windows"
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use Azure CNI, best in its overlay mode. The plugin of an existing cluster cannot simply be changed:
    /// without a migration to overlay the cluster is made anew.
    AKS301 "windows-needs-azure-cni" {
        summary: "a Windows node pool in a cluster without Azure CNI",
        category: Compatibility,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/windows-vs-linux-containers",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let mut pools = net.pools_of(cluster);
    pools.retain(|pool| match net.look(&pool.os_type) {
        Reading::Known(system) => *system.value == OsType::Windows,
        Reading::Unknown(..) => true,
        Reading::Absent => false,
    });
    if pools.is_empty() {
        return;
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if !matches!(plugin.value, NetworkPlugin::Kubenet | NetworkPlugin::None) {
        return;
    }
    let mut windows = Vec::new();
    for pool in pools {
        let system = net.read_written(&pool.os_type);
        windows.extend(system.filter(|system| *system.value == OsType::Windows).map(|system| (pool, system)));
    }
    let Some((first, _)) = windows.first() else {
        return;
    };
    let (name, names) = (called(&first.name, &first.declared), cluster.names());
    let finding = report
        .finding(
            plugin,
            format!("network plugin \"{plugin}\" cannot run Windows node pool {name}: Windows nodes need Azure CNI", plugin = plugin.value),
        )
        .azure_error("AzureCNIOnlyForWindows")
        .help(format!(
            "set {} to \"azure\" (with {} \"overlay\"), or make the pool Linux",
            names.network_plugin, names.network_plugin_mode
        ));
    for (_, system) in windows {
        finding.because(system, "this node pool runs Windows");
    }
}
