//! `azurerm_kubernetes_cluster`.

use crate::eval::deployment::Resource;
use crate::eval::value::Kind as ValueKind;
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::link::link;
use crate::lower::property::{cidr, dns_service_ip, text, truth, word};
use crate::model::attr::{Attr, Id, List, Target};
use crate::model::cluster::{Cluster, VirtualNodes};
use crate::model::identity::ManagedIdentity;

use super::is_exact;

pub(super) fn cluster(resource: &Resource, id: Id<Cluster>, index: &Index<'_>) -> Cluster {
    let exact = is_exact(index);
    let body = Body::of(resource);
    let profile = body.block("network_profile");
    let api_server = body.block("api_server_access_profile");
    let default_text = |word: &str| ValueKind::String(word.into());
    let families = profile.property("ip_versions");
    let integration = ["virtual_network_integration_enabled", "vnet_integration_enabled"];
    Cluster {
        id,
        declared: body.declared(),
        input: super::input(index),
        name: body.property("name").and_then(|name| name.attr(text)),
        location: body.property("location").and_then(|location| location.attr(text)),
        resource_group: body
            .property("resource_group_name")
            .and_then(|name| name.attr(text)),
        kubernetes_version: body
            .property("kubernetes_version")
            .and_then(|version| version.attr(text)),
        network_profile: profile.written(),
        network_plugin: profile
            .property("network_plugin")
            .and_then(|plugin| plugin.attr(word(exact))),
        network_plugin_mode: profile
            .property("network_plugin_mode")
            .and_then(|mode| mode.attr(word(exact))),
        network_policy: profile
            .property("network_policy")
            .and_then(|policy| policy.attr(word(exact))),
        network_data_plane: profile
            .first_of_or(&["network_data_plane", "ebpf_data_plane"], default_text("azure"))
            .attr(word(exact)),
        network_mode: profile
            .property("network_mode")
            .and_then(|mode| mode.attr(word(exact))),
        ip_families: families.and_then(|families| families.list(word(exact))),
        pod_cidrs: profile
            .plural_or_singular("pod_cidrs", "pod_cidr")
            .and_then(|ranges| ranges.list(cidr)),
        service_cidrs: profile
            .plural_or_singular("service_cidrs", "service_cidr")
            .and_then(|ranges| ranges.list(cidr)),
        dns_service_ip: profile
            .property("dns_service_ip")
            .and_then(|address| address.attr(dns_service_ip)),
        outbound_type: profile
            .first_of_or(&["outbound_type"], default_text("loadBalancer"))
            .attr(word(exact)),
        load_balancer_sku: profile
            .first_of_or(&["load_balancer_sku"], default_text("standard"))
            .attr(word(exact)),
        private_cluster_enabled: body
            .first_of_or(
                &["private_cluster_enabled", "private_link_enabled"],
                ValueKind::Bool(false),
            )
            .attr(truth),
        api_server_vnet_integration: api_server.first_of(&integration).and_then(|on| on.attr(truth)),
        api_server_subnet: link(index, api_server.property("subnet_id"), resource),
        virtual_nodes: virtual_nodes(&body),
        identity_type: body
            .block("identity")
            .property("type")
            .and_then(|kind| kind.attr(word(exact))),
        identities: identities(&body, resource, index),
        sku: None,
        sku_tier: body.property("sku_tier").and_then(|tier| tier.attr(text)),
    }
}

/// The add-on is a block of its own; before version 3 of the provider it was one of `addon_profile`.
fn virtual_nodes(body: &Body) -> Option<VirtualNodes> {
    let own = body.block("aci_connector_linux");
    let (block, enabled) = if own.is_absent() {
        let block = body.block("addon_profile").block("aci_connector_linux");
        let enabled = block.property("enabled").and_then(|enabled| enabled.attr(truth));
        (block, enabled)
    } else {
        // Writing the block is what turns the add-on on.
        let enabled = own.written().map(|written| written_as(&written));
        (own, enabled)
    };
    if block.is_absent() {
        return None;
    }
    Some(VirtualNodes {
        declared: block.declared(),
        enabled,
        subnet_name: block.property("subnet_name").and_then(|name| name.attr(text)),
    })
}

fn written_as(written: &Attr<()>) -> Attr<bool> {
    use crate::model::attr::{Choice, State};
    let state = match &written.state {
        State::Known(()) => State::Known(true),
        State::Unknown(unknown) => State::Unknown(unknown.clone()),
        State::OneOf(choice) => State::OneOf(Box::new(Choice {
            condition: choice.condition.clone(),
            yes: choice.yes.as_ref().map(written_as),
            no: choice.no.as_ref().map(written_as),
        })),
    };
    Attr {
        state,
        from: written.from.clone(),
        site: written.site.clone(),
    }
}

pub(super) fn identities(
    body: &Body,
    resource: &Resource,
    index: &Index<'_>,
) -> Option<List<Target<ManagedIdentity>>> {
    let identity = body.block("identity");
    // Version 2 of the provider took just one.
    let ids = identity.plural_or_singular("identity_ids", "user_assigned_identity_id")?;
    ids.list_by(&|value| index.by_id(value, resource))
}
