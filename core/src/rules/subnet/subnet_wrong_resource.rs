use crate::model::attr::{Attr, ResourceId, Target};
use crate::model::cluster::{Cluster, InputKind};
use crate::model::node_pool::NodePool;
use crate::model::placement::{is_subnet, is_subnet_reference};
use crate::model::view::{Reading, View};
use crate::rules::{Blame, Report, rule};

rule! {
    /// `vnet_subnet_id` takes the full resource id of a subnet, which ends in
    /// `/virtualNetworks/<network>/subnets/<subnet>`. The id of the network, or a bare name, is refused by
    /// the provider or by AKS.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name                = "vnet-shop"
    ///   resource_group_name = "rg-shop"
    ///   address_space       = ["10.1.0.0/16"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_virtual_network.shop.id
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_subnet" "nodes" {
    ///   name                 = "snet-nodes"
    ///   virtual_network_name = "vnet-shop"
    ///   resource_group_name  = "rg-shop"
    ///   address_prefixes     = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   default_node_pool {
    ///     name           = "system"
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Refer to the subnet: `azurerm_subnet.<name>.id`.
    AKS419 "subnet-wrong-resource" {
        summary: "a pool's subnet id is not the id of a subnet",
        category: Subnet,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/kubernetes_cluster"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    for pool in net.pools_of(cluster) {
        let Some((blame, fault)) = wrong_link(pool, net).or_else(|| wrong_text(&pool.subnet_text, net)) else {
            // An attribute of a subnet is fine even where its value is not known.
            if let Reading::Unknown(unknown, _) = net.look(&pool.subnet)
                && !is_subnet_reference(unknown)
            {
                net.note(unknown);
            }
            continue;
        };
        report
            .finding(blame, format!("the subnet of a node pool is given by {fault}, not by the id of a subnet"))
            .azure_error("InvalidParameter")
            .help(match cluster.input {
                InputKind::Azurerm { .. } => {
                    "use the id of the subnet, which ends in /subnets/<name>: azurerm_subnet.<name>.id"
                }
                InputKind::Arm => "use the id of the subnet, which ends in /subnets/<name>",
            });
    }
}

/// A reference, or an id, that leads to something else.
fn wrong_link(pool: &NodePool, net: View<'_>) -> Option<(Blame, String)> {
    let Reading::Known(link) = net.look(&pool.subnet) else {
        return None;
    };
    match link.value {
        Target::Elsewhere(id) if !is_subnet(id) && !id.kind.is_empty() => Some((link.into(), kind_words(id))),
        Target::Here(_) | Target::Elsewhere(_) => None,
    }
}

fn kind_words(id: &ResourceId) -> String {
    let name = id.names.last().map_or("", String::as_str);
    match id.kind.to_ascii_lowercase().as_str() {
        "microsoft.network/virtualnetworks" => format!("the id of virtual network {name}"),
        _ => format!("the id of {} {name}", id.kind),
    }
}

fn wrong_text(text: &Option<Attr<String>>, net: View<'_>) -> Option<(Blame, String)> {
    let Reading::Known(text) = net.look(text) else {
        return None;
    };
    // Empty text is how some modules say that there is none.
    let is_name = !text.value.is_empty() && !text.value.contains('/');
    is_name.then(|| (text.into(), format!("the name \"{}\"", text.value)))
}
