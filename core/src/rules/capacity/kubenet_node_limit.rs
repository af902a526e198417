use crate::finding::Severity;
use crate::model::arithmetic::MAXIMUM_ROUTES;
use crate::model::cluster::Cluster;
use crate::model::pool_demand::{Moment, largest};
use crate::model::view::View;
use crate::rules::capacity_labels::label_pools;
use crate::rules::{Report, rule};

rule! {
    /// With kubenet every node needs a route in the route table of its subnet, and a route table holds 400. So a
    /// kubenet cluster ends at 400 nodes, or earlier where the route table has routes of its own. It is an error
    /// when the pools can grow beyond that, and a warning when only the surge nodes of an upgrade do.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 420
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     pod_cidr       = "10.128.0.0/14"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name                 = "system"
    ///     auto_scaling_enabled = true
    ///     min_count            = 3
    ///     max_count            = 300
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///     pod_cidr       = "10.128.0.0/14"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Use Azure CNI Overlay, which needs no routes and takes 5,000 nodes, or spread the nodes over several
    /// clusters.
    AKS216 "kubenet-node-limit" {
        summary: "a kubenet cluster can grow beyond the 400 routes of its route table",
        category: Capacity,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/configure-kubenet"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(routes) = net.kubenet_routes(cluster) else {
        return;
    };
    let (moment, severity) = match routes.is_exceeded(Moment::Running) {
        Some(true) => (Moment::Running, Severity::Error),
        _ => (Moment::Upgrading, Severity::Warning),
    };
    let custom = routes.custom_routes.least;
    let room = MAXIMUM_ROUTES.saturating_sub(custom);
    if !net.is_route_limit_exceeded(&routes, moment) {
        return;
    }
    let Some(pool) = largest(&routes.pools, room, |pool| pool.nodes_at(moment)) else {
        return;
    };
    let needed = match moment {
        Moment::Running => routes.nodes_text(moment),
        Moment::Upgrading => format!("an upgrade needs {}", routes.nodes_text(moment)),
    };
    let message = match custom {
        0 => format!("{needed}, but kubenet needs a route for each and a route table holds {MAXIMUM_ROUTES}"),
        _ => format!("{needed}, but kubenet needs a route for each and the route table has room for {room} besides its own {custom}"),
    };
    let finding = report.finding(pool.nodes.fact(), message);
    finding.severity(severity).help("use Azure CNI Overlay, which needs no routes, or several clusters");
    label_pools(finding, &routes.pools, pool, moment, |_| None);
    if let Some(table) = routes.table.filter(|_| custom > 0) {
        finding.because(table.declared.fact(), format!("{custom} routes of its own"));
    }
    if let Some(plugin) = net.read_written(&cluster.network_plugin) {
        finding.because(plugin, "kubenet needs a route for each node");
    }
}
