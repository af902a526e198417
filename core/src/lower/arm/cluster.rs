//! `Microsoft.ContainerService/managedClusters`.

use std::sync::Arc;

use crate::eval::deployment::Resource;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind as ValueKind, Value};
use crate::lower::body::{Body, without_word};
use crate::lower::index::Index;
use crate::lower::link::link;
use crate::lower::property::{Property, cidr, dns_service_ip, text, truth, word};
use crate::lower::value::chosen;
use crate::model::attr::{Id, List, State, Target};
use crate::model::cluster::{Cluster, InputKind, VirtualNodes};
use crate::model::identity::ManagedIdentity;
use crate::source::Span;

pub(super) fn cluster(resource: &Resource, id: Id<Cluster>, index: &Index<'_>) -> Cluster {
    let body = Body::of(resource);
    let properties = body.block("properties");
    let profile = properties.block("networkProfile");
    let api_server = properties.block("apiServerAccessProfile");
    let sku = body.block("sku").given("name").map(|name| name.value);
    let preset =
        |block: &Body, name: &'static str, automatic: Option<ValueKind>, otherwise: Option<ValueKind>| {
            let place = block.declared().from.nearest().span;
            let fallback = by_sku(sku.as_ref(), place, automatic.as_ref(), otherwise.as_ref());
            match block.given(name) {
                Some(written) => written.filled_with(&fallback),
                None => Property::new(fallback, block.site(name)),
            }
        };
    let default = |word: &str| Some(ValueKind::String(word.into()));
    let families = profile.property("ipFamilies");
    Cluster {
        id,
        declared: body.declared(),
        input: InputKind::Arm,
        name: body.property("name").and_then(|name| name.attr(text)),
        location: body.property("location").and_then(|location| location.attr(text)),
        resource_group: super::resource_group(resource, &body),
        kubernetes_version: properties
            .given("kubernetesVersion")
            .and_then(|version| version.attr(text)),
        network_profile: profile.written(),
        network_plugin: preset(&profile, "networkPlugin", default("azure"), None).attr(word(false)),
        network_plugin_mode: preset(&profile, "networkPluginMode", default("overlay"), None)
            .attr(word(false)),
        network_policy: preset(&profile, "networkPolicy", default("cilium"), None).attr(word(false)),
        network_data_plane: preset(&profile, "networkDataplane", default("cilium"), default("azure"))
            .attr(word(false)),
        network_mode: profile
            .given("networkMode")
            .and_then(|mode| mode.attr(word(false))),
        ip_families: families.and_then(|families| families.list(word(false))),
        pod_cidrs: profile
            .plural_or_given("podCidrs", "podCidr")
            .and_then(|ranges| ranges.list(cidr)),
        service_cidrs: profile
            .plural_or_given("serviceCidrs", "serviceCidr")
            .and_then(|ranges| ranges.list(cidr)),
        dns_service_ip: profile
            .given("dnsServiceIP")
            .and_then(|address| address.attr(dns_service_ip)),
        // What an Automatic cluster takes depends on whether it has a network of its own.
        outbound_type: preset(&profile, "outboundType", None, default("loadBalancer")).attr(word(false)),
        load_balancer_sku: profile
            .given_or("loadBalancerSku", ValueKind::String("standard".into()))
            .attr(word(false)),
        private_cluster_enabled: api_server
            .first_of_or(&["enablePrivateCluster"], ValueKind::Bool(false))
            .attr(truth),
        api_server_vnet_integration: preset(
            &api_server,
            "enableVnetIntegration",
            Some(ValueKind::Bool(true)),
            None,
        )
        .attr(truth),
        api_server_subnet: link(index, api_server.given("subnetId"), resource),
        virtual_nodes: virtual_nodes(&properties),
        identity_type: body
            .block("identity")
            .given("type")
            .map(|kind| Property::new(without_word(&kind.value, "None"), kind.site))
            .and_then(|kind| kind.attr(word(false))),
        identities: identities(&body, resource, index),
        sku: body
            .block("sku")
            .given("name")
            .and_then(|name| name.attr(word(false))),
        sku_tier: body.block("sku").given("tier").and_then(|tier| tier.attr(text)),
    }
}

/// What counts where nothing is written: AKS Automatic presets its network.
/// <https://learn.microsoft.com/azure/aks/intro-aks-automatic>
fn by_sku(
    sku: Option<&Value>,
    place: Span,
    automatic: Option<&ValueKind>,
    otherwise: Option<&ValueKind>,
) -> Value {
    let from = Provenance::new(Via::ProviderDefault, place);
    let default = |kind: Option<&ValueKind>| {
        let kind = kind.cloned().unwrap_or(ValueKind::Null);
        Value::new(kind, from.clone())
    };
    let Some(sku) = sku else {
        return default(otherwise);
    };
    match &sku.kind {
        ValueKind::String(name) if name.eq_ignore_ascii_case("Automatic") => default(automatic),
        ValueKind::Unknown(_) => sku.clone(),
        ValueKind::OneOf(one_of) => chosen(one_of, &sku.from, |branch| {
            Some(by_sku(Some(branch), place, automatic, otherwise))
        })
        .unwrap_or_else(|| default(None)),
        _ => default(otherwise),
    }
}

/// The add-on; none where it is switched off.
fn virtual_nodes(properties: &Body) -> Option<VirtualNodes> {
    let add_ons = properties.block("addonProfiles");
    let block = add_ons.block("aciConnectorLinux");
    let enabled = block.property("enabled").and_then(|enabled| enabled.attr(truth));
    let is_off = enabled
        .as_ref()
        .is_some_and(|enabled| matches!(enabled.state, State::Known(false)));
    if block.is_absent() || is_off {
        return None;
    }
    let subnet = block.block("config").given("SubnetName");
    Some(VirtualNodes {
        declared: block.declared(),
        enabled,
        subnet_name: subnet.and_then(|name| name.attr(text)),
    })
}

/// Templates write the identities as the names of an object's members.
fn identities(body: &Body, resource: &Resource, index: &Index<'_>) -> Option<List<Target<ManagedIdentity>>> {
    let identity = body.block("identity");
    // The azapi provider has a list.
    let ids = match identity.property("identity_ids") {
        Some(ids) => ids,
        None => {
            let named = identity.property("userAssignedIdentities")?;
            Property::new(member_names(&named.value), named.site)
        }
    };
    ids.list_by(&|value| index.by_id(value, resource))
}

fn member_names(object: &Value) -> Value {
    let kind = match &object.kind {
        ValueKind::Object(entries) | ValueKind::Map(entries) => {
            let members = entries.members.iter();
            let mut names: Vec<Value> = members
                .map(|(name, member)| Value::string(name.clone(), member.from.clone()))
                .collect();
            let unknown = entries.open.clone();
            names.extend(unknown.map(|unknown| Value::unknown(unknown, object.from.clone())));
            ValueKind::Tuple(Arc::from(names))
        }
        ValueKind::OneOf(one_of) => {
            return chosen(one_of, &object.from, |branch| Some(member_names(branch)))
                .unwrap_or_else(|| Value::new(ValueKind::Null, object.from.clone()));
        }
        other => other.clone(),
    };
    Value::new(kind, object.from.clone())
}
