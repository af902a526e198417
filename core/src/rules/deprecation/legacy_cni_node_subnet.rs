use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Report, rule};

rule! {
    /// Azure CNI without overlay mode and without pod subnets gives every pod an address of the node subnet,
    /// and keeps as many addresses as a node can have pods. Microsoft calls this form legacy: it works and is
    /// supported, but it uses up address space, and new clusters are better off with overlay or pod subnets.
    ///
    /// Virtual nodes still need it.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
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
    /// New clusters: set the mode to `overlay`. An existing cluster can be migrated in place, which reimages
    /// its nodes and cannot be taken back.
    AKS965 "legacy-cni-node-subnet" {
        summary: "Azure CNI gives pods addresses of the node subnet, the legacy form",
        category: Deprecation,
        severity: Info,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/concepts-network-legacy-cni",
            "https://learn.microsoft.com/azure/aks/upgrade-azure-cni",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    // Virtual nodes need the flat form.
    if cluster.virtual_nodes.is_some() {
        return;
    }
    let mut doubt = None;
    match net.look(&cluster.network_plugin_mode) {
        Reading::Known(_) => return,
        Reading::Unknown(unknown, _) => doubt = Some(unknown),
        Reading::Absent => {}
    }
    for pool in net.pools_of(cluster) {
        match net.look(&pool.pod_subnet) {
            Reading::Known(_) => return,
            Reading::Unknown(unknown, _) => doubt = Some(unknown),
            Reading::Absent => {}
        }
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if *plugin.value != NetworkPlugin::Azure {
        return;
    }
    if let Some(unknown) = doubt {
        net.note(unknown);
        return;
    }
    report
        .finding(plugin, "Azure CNI without overlay mode takes the addresses of pods from the node subnet, a legacy form")
        .help(format!(
            "for a new cluster set {} to \"overlay\", or give the pools pod subnets",
            cluster.names().network_plugin_mode
        ));
}
