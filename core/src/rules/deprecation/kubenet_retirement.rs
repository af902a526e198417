use crate::calendar::Date;
use crate::finding::Severity;
use crate::model::cluster::Cluster;
use crate::model::view::View;
use crate::model::vocabulary::NetworkPlugin;
use crate::rules::{Report, rule};

/// The last day on which kubenet is supported.
const RETIREMENT: Date = Date::new(2028, 3, 31);

rule! {
    /// Kubenet networking for AKS is retired on 31 March 2028. A cluster that still uses it then is out of
    /// support; the way out is a migration to Azure CNI Overlay, which replaces the network of every node
    /// and wants planning: it needs Kubernetes 1.27 or later, no network policy engine at that moment, and
    /// a user-assigned identity where the cluster brings its own route table.
    ///
    /// The finding is advice until 18 months before that day, then a warning, and an error after it.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "main" {
    ///   name                = "aks-shop"
    ///   location            = "westeurope"
    ///   resource_group_name = "rg-shop"
    ///   dns_prefix          = "shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///     vm_size    = "Standard_D4s_v5"
    ///   }
    ///
    ///   identity {
    ///     type = "SystemAssigned"
    ///   }
    ///
    ///   network_profile {
    ///     network_plugin = "kubenet"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "main" {
    ///   name                = "aks-shop"
    ///   location            = "westeurope"
    ///   resource_group_name = "rg-shop"
    ///   dns_prefix          = "shop"
    ///
    ///   default_node_pool {
    ///     name       = "system"
    ///     node_count = 3
    ///     vm_size    = "Standard_D4s_v5"
    ///   }
    ///
    ///   identity {
    ///     type = "SystemAssigned"
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
    /// New clusters: use Azure CNI Overlay. Existing clusters: plan the migration to it before the date.
    AKS951 "kubenet-retirement" {
        summary: "kubenet is retired on 31 March 2028",
        category: Deprecation,
        severity: Warning,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/upgrade-azure-cni",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    if *plugin.value != NetworkPlugin::Kubenet {
        return;
    }
    let severity = match report.as_of {
        today if today > RETIREMENT => Severity::Error,
        today if today.months_until(RETIREMENT) >= 18 => Severity::Info,
        _ => Severity::Warning,
    };
    let months = report.as_of.months_until(RETIREMENT);
    let message = match severity {
        Severity::Error => format!("kubenet has been out of support since {RETIREMENT}"),
        _ => format!("kubenet is retired on {RETIREMENT}, in {months} months"),
    };
    let names = cluster.names();
    report
        .finding(plugin, message)
        .severity(severity)
        .help(format!(
            "use {} \"azure\" with {} \"overlay\"; an existing cluster can be migrated in place",
            names.network_plugin, names.network_plugin_mode
        ));
}
