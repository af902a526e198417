//! The rules, one file each. A rule knows no language and no syntax: it reads the network through a view
//! and says what Microsoft's documentation says.

mod advice;
mod blocked;
mod capacity_labels;
mod declaration;
mod proposal;
mod remedy;
mod report;
mod run;
mod select;

pub use declaration::{Check, Rule};
pub(crate) use remedy::Change;
pub use remedy::Remedy;
pub use report::{Blame, Draft, Report};
pub use run::{Outcome, run};
pub use select::{UnknownRule, selector};

pub(crate) use declaration::rule;

/// Adds a rule: its file's name, in the order of the codes. Nothing else lists rules.
macro_rules! rules {
    ($($category:ident { $($rule:ident,)* })*) => {
        $(pub mod $category { $(pub mod $rule;)* })*

        /// All rules, by code.
        pub static ALL: &[&Rule] = &[$($(&$category::$rule::RULE,)*)*];
    };
}

rules! {
    input {
        syntax_error,
        module_not_found,
        unused_suppression,
        unknown_value,
    }
    address_space {
        cidr_invalid,
        cidr_host_bits_set,
        cidr_reserved_range,
        vnet_range_not_allowed,
        service_cidr_public,
        service_cidr_too_large,
        service_cidr_overlaps_subnet,
        service_cidr_overlaps_vnet,
        service_cidr_overlaps_peer,
        service_cidr_overlaps_pod_cidr,
        pod_cidr_overlaps_subnet,
        pod_cidr_overlaps_vnet,
        pod_cidr_overlaps_peer,
        dns_ip_outside_service_cidr,
        dns_ip_first_address,
        dns_ip_broadcast,
        tf_dns_and_service_cidr_pair,
        default_cidr_collides,
        managed_vnet_cidr_collides,
        subnet_outside_vnet,
        subnets_overlap,
        subnet_prefix_too_long,
        vnet_peering_overlap,
        dual_stack_cidr_order,
    }
    capacity {
        node_subnet_capacity,
        node_subnet_upgrade_headroom,
        node_only_subnet_capacity,
        node_only_subnet_upgrade_headroom,
        overlay_pod_cidr_capacity,
        kubenet_pod_cidr_capacity,
        pod_cidr_upgrade_headroom,
        pod_cidr_longer_than_24,
        max_pods_range,
        max_pods_below_thirty_total,
        kubenet_node_limit,
    }
    compatibility {
        windows_needs_azure_cni,
        policy_azure_needs_azure_cni,
        policy_with_plugin_none,
        overlay_needs_azure_plugin,
        pod_cidr_on_flat_cni,
        virtual_nodes_need_flat_cni,
    }
    subnet {
        node_subnet_delegated,
        pools_in_different_vnets,
        kubenet_shared_subnet,
        kubenet_shared_route_table,
        vnet_region_mismatch,
        vnet_subscription_mismatch,
        subnet_wrong_resource,
    }
    nsg {
        nsg_blocks_node_to_node,
        nsg_blocks_node_pool_to_pool,
        nsg_blocks_pod_cidr,
    }
    identity {
        identity_missing_subnet_role,
        kubenet_byo_route_table_identity,
        custom_role_missing_action,
    }
    exposure {
        network_policy_none,
    }
    deprecation {
        kubenet_retirement,
        legacy_cni_node_subnet,
    }
}

/// The rule with this code or name.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| {
        rule.metadata.code.eq_ignore_ascii_case(code_or_name) || rule.metadata.name == code_or_name
    })
}
