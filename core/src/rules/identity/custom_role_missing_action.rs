use crate::finding::Severity;
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::permissions::{ASSIGN_ROLES, JOIN_SUBNET, READ_SUBNET};
use crate::model::view::View;
use crate::rules::{Blame, Report, rule};

rule! {
    /// A role of your own, given to the cluster's identity on its subnet in place of Network Contributor,
    /// must permit at least `Microsoft.Network/virtualNetworks/subnets/join/action` and
    /// `Microsoft.Network/virtualNetworks/subnets/read`. Microsoft's page asks for
    /// `Microsoft.Authorization/roleAssignments/write` too; Network Contributor does not have it, so where
    /// only that is missing the finding is information.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_role_definition" "join" {
    ///   name = "AKS subnet joiner"
    ///
    ///   permissions {
    ///     actions = ["Microsoft.Network/virtualNetworks/subnets/read"]
    ///   }
    /// }
    ///
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
    ///   scope              = azurerm_subnet.nodes.id
    ///   role_definition_id = azurerm_role_definition.join.role_definition_resource_id
    ///   principal_id       = azurerm_user_assigned_identity.shop.principal_id
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
    /// Add the missing actions to the definition, or use Network Contributor:
    ///
    /// ```terraform
    /// resource "azurerm_role_definition" "join" {
    ///   name = "AKS subnet joiner"
    ///
    ///   permissions {
    ///     actions = ["Microsoft.Network/virtualNetworks/subnets/*"]
    ///   }
    /// }
    /// ```
    AKS710 "custom-role-missing-action" {
        summary: "a custom role of the cluster's identity lacks an action on its subnet",
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
    // Without a definition here there is no custom role to look into.
    if named.is_empty() || net.network.role_definitions.is_empty() {
        return;
    }
    let Some(identity) = net.identity_of(cluster) else {
        return;
    };
    for (subnet, _) in named {
        let held = net.roles_held(identity.who, subnet);
        let role = |held: &_| net.sure_custom_role(held);
        let Some((fact, definition)) = held.iter().find_map(role) else {
            continue;
        };
        // Who holds a built-in role as well is as well off as with that alone.
        let is_built_in = |held: &&_| net.sure_custom_role(held).is_none();
        if held.iter().filter(is_built_in).any(|held| net.role_permits(&held.assignment.role, JOIN_SUBNET) != Ok(false)) {
            continue;
        }
        let lacking = net.lacking(&held, &[JOIN_SUBNET, READ_SUBNET, ASSIGN_ROLES]);
        if lacking.is_empty() {
            continue;
        }
        let name = called(&definition.name, &definition.declared);
        let severity = if lacking == [ASSIGN_ROLES] { Severity::Info } else { Severity::Warning };
        let actions = lacking.join(" and ");
        let action = net.quietly().known(&definition.actions).into_iter().next();
        report
            .finding(action.map_or_else(|| definition.declared.fact().into(), Blame::from), format!("role {name} of the cluster's identity lacks {actions}"))
            .severity(severity)
            .because(fact, "the cluster's identity gets this role here")
            .because(identity.fact, "the identity that the cluster acts with")
            .azure_error("LinkedAuthorizationFailed")
            .help(format!("add {actions} to the role's actions, or assign \"Network Contributor\""));
        return;
    }
}
