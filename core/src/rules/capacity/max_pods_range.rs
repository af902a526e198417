use crate::model::arithmetic::MAX_PODS;
use crate::model::resource::Resource;
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// A node takes between 10 and 250 pods, with every network plugin. AKS refuses a pool with another maximum.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///     max_pods   = 300
    ///   }
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
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///     max_pods   = 250
    ///   }
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
    /// Set `max_pods` between 10 and 250, or leave it out: the default is 30 with Azure CNI node subnet, 110 with
    /// kubenet and 250 with Azure CNI Overlay. It cannot be changed without replacing the pool.
    AKS213 "max-pods-range" {
        summary: "the maximum of pods per node is not between 10 and 250",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning"],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    let Resource::NodePool(pool) = resource else {
        return;
    };
    let Some(pods) = net.written_max_pods_of(pool) else {
        return;
    };
    let (number, lowest, highest) = (u64::from(*pods.value), MAX_PODS.start(), MAX_PODS.end());
    if MAX_PODS.contains(&number) {
        return;
    }
    let (code, nearest) = match number < *lowest {
        true => ("InsufficientMaxPods", lowest),
        false => ("MaxPodsLimitExceeded", highest),
    };
    report
        .finding(pods, format!("{number} pods per node, but AKS takes {lowest} to {highest}"))
        .help(format!("the nearest that AKS takes is {nearest}"))
        .azure_error(code);
}
