use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::permissions::{JOIN_SUBNET, Who};
use crate::model::view::View;
use crate::rules::{Report, rule};

rule! {
    /// In a subnet of your own the cluster acts with its identity: it joins nodes and internal load balancers
    /// to the subnet. Only the command line gives that identity a role by itself; Terraform and templates
    /// must do it, with at least Network Contributor on the subnet or on what contains it. Without it,
    /// creating the cluster or its first internal load balancer ends with an authorization error.
    ///
    /// Looked at are identities that this configuration creates. A role for the kubelet identity does not
    /// count, since that only pulls images.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_user_assigned_identity" "shop" {
    ///   name = "id-shop"
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name = "snet-nodes"
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///   identity {
    ///     type         = "UserAssigned"
    ///     identity_ids = [azurerm_user_assigned_identity.shop.id]
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_user_assigned_identity" "shop" {
    ///   name = "id-shop"
    /// }
    ///
    /// resource "azurerm_subnet" "nodes" {
    ///   name             = "snet-nodes"
    ///   address_prefixes = ["10.1.0.0/22"]
    /// }
    ///
    /// resource "azurerm_role_assignment" "nodes" {
    ///   scope                = azurerm_subnet.nodes.id
    ///   role_definition_name = "Network Contributor"
    ///   principal_id         = azurerm_user_assigned_identity.shop.principal_id
    /// }
    ///
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   default_node_pool {
    ///     vnet_subnet_id = azurerm_subnet.nodes.id
    ///   }
    ///   identity {
    ///     type         = "UserAssigned"
    ///     identity_ids = [azurerm_user_assigned_identity.shop.id]
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Assign Network Contributor on the subnet to the identity, before the cluster is created.
    AKS701 "identity-missing-subnet-role" {
        summary: "the cluster's identity has no role on the subnet of its nodes",
        category: Identity,
        severity: Warning,
        confidence: Medium,
        fix: None,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/aks/concepts-network-cni-overview"],
    }
    each Cluster check
}

fn check(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    let named = net.role_subnets(cluster);
    if named.is_empty() {
        return;
    }
    let Some(identity) = net.identity_of(cluster) else {
        return;
    };
    let (whose, help) = match identity.who {
        Who::SystemAssigned(_) => (
            "the cluster's system-assigned identity".to_owned(),
            "assign it Network Contributor there; a user-assigned identity can have the role before the cluster is made",
        ),
        Who::UserAssigned(id) => {
            let own = &net.network[id];
            let name = called(&own.name, &own.declared);
            (format!("the cluster's identity {name}"), "assign it Network Contributor there, before the cluster is made")
        }
    };
    for (subnet, link) in named {
        let held = net.roles_held(identity.who, subnet);
        // A custom role that lacks an action is AKS710's.
        if held.iter().any(|held| net.sure_custom_role(held).is_some()) {
            continue;
        }
        match net.may(&held, JOIN_SUBNET) {
            Ok(true) => {}
            Err(unknown) => net.note(&unknown),
            // On an unknown subnet, which reading notes, whoever made it may have given the role.
            Ok(false) => {
                let Some(link) = net.read(link) else { continue };
                let subnet = net.subnet_name(link.value);
                report
                    .finding(link, format!("{whose} has no role on subnet {subnet}"))
                    .because(identity.fact, "the identity that the cluster acts with")
                    .azure_error("LinkedAuthorizationFailed")
                    .help(help);
            }
        }
    }
}
