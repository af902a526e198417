use crate::model::arithmetic::{MAX_PODS, MINIMUM_PODS_OF_POOL};
use crate::model::resource::Resource;
use crate::model::view::View;
use crate::rules::capacity_labels::nodes_label;
use crate::rules::{Remedy, Report, rule};

rule! {
    /// AKS keeps room for its system pods: the nodes of a pool must take 30 pods together, so fewer than 30 pods
    /// per node are possible only with several nodes. Ten pods per node, the fewest there can be, need three
    /// nodes. The fewest nodes count: the lower bound of the autoscaler, or the fixed number.
    ///
    /// A pool that may be empty is not checked.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 1
    ///     max_pods   = 10
    ///   }
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
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///     max_pods   = 10
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Raise the number of nodes or `max_pods`. The default of 30 and more is always enough.
    AKS214 "max-pods-below-thirty-total" {
        summary: "the nodes of a pool take fewer than 30 pods together",
        category: Capacity,
        severity: Error,
        confidence: Medium,
        fix: Suggest,
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
    let max_pods = u64::from(*pods.value);
    if !MAX_PODS.contains(&max_pods) || max_pods >= MINIMUM_PODS_OF_POOL {
        return;
    }
    let nodes = net.fewest_nodes_of(pool);
    let needed = MINIMUM_PODS_OF_POOL.div_ceil(max_pods);
    if nodes.value.least >= needed || nodes.value.most == 0 {
        return;
    }
    if let Some(unknown) = &nodes.unknown {
        net.note(unknown);
        return;
    }
    let number = nodes.value.least;
    let (total, noun) = (number.saturating_mul(max_pods), if number == 1 { "node" } else { "nodes" });
    let each = MINIMUM_PODS_OF_POOL.div_ceil(number.max(1));
    report
        .finding(pods, format!("{number} {noun} × {max_pods} pods = {total}, but a pool must take {MINIMUM_PODS_OF_POOL}"))
        .because(nodes.fact(), nodes_label(&nodes))
        .help(format!("use at least {needed} nodes, or {} {each}", pods.site.property_name()))
        .azure_error("InsufficientAgentPoolMaxPodsPerAgentPool")
        .remedy(Remedy::choice(format!("Set {} to {each}", pods.site.property_name())).replace(pods, pods.value, each));
}
