use crate::finding::Confidence;
use crate::model::cluster::Cluster;
use crate::model::view::{Reading, View};
use crate::model::vocabulary::{NetworkPlugin, NetworkPluginMode};
use crate::rules::{Report, rule};

rule! {
    /// Virtual nodes run pods as container instances in a subnet of the virtual network, where they must
    /// reach the cluster's pods by address. That works only when these have addresses of the network
    /// themselves: with Azure CNI in its flat form, not with kubenet and not in overlay mode.
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
    ///
    ///   aci_connector_linux {
    ///     subnet_name = "snet-aci"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin = "azure"
    ///   }
    ///
    ///   aci_connector_linux {
    ///     subnet_name = "snet-aci"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Remove the add-on, or use Azure CNI without overlay.
    AKS337 "virtual-nodes-need-flat-cni" {
        summary: "virtual nodes on kubenet or overlay",
        category: Compatibility,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/aks/virtual-nodes",
            "https://learn.microsoft.com/azure/aks/configure-kubenet",
        ],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let Some(add_on) = &cluster.virtual_nodes else {
        return;
    };
    // The add-on is on where it is written, unless it says otherwise.
    match net.look(&add_on.enabled) {
        Reading::Known(enabled) if !*enabled.value => return,
        Reading::Absent if add_on.enabled.is_some() => return,
        _ => {}
    }
    let Some(plugin) = net.read_written(&cluster.network_plugin) else {
        return;
    };
    let (needs, blame, confidence) = match plugin.value {
        NetworkPlugin::Kubenet | NetworkPlugin::None => (plugin.value.to_string(), plugin.into(), Confidence::High),
        NetworkPlugin::Azure => {
            let Some(mode) = net.read_written(&cluster.network_plugin_mode) else {
                return;
            };
            if *mode.value != NetworkPluginMode::Overlay {
                return;
            }
            ("overlay".to_owned(), mode.into(), Confidence::Medium)
        }
        NetworkPlugin::Other(_) => return,
    };
    let blame: crate::rules::Blame = blame;
    if let Reading::Unknown(unknown, _) = net.look(&add_on.enabled) {
        net.note(unknown);
        return;
    }
    report
        .finding(add_on.declared.fact(), format!("virtual nodes do not work with {needs}: they need Azure CNI without overlay"))
        .confidence(confidence)
        .because(blame, "pods have no addresses of the virtual network here")
        .azure_error("ACIConnectorRequiresAzureNetworking")
        .help(format!("remove the add-on, or set {} to \"azure\" without overlay", cluster.names().network_plugin));
}
