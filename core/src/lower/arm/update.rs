//! `azapi_update_resource` of a resource that the azurerm provider deploys.

use crate::eval::deployment::{Presence, Resource};
use crate::eval::value::Unknown;
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::link::{ends, link};
use crate::model::attr::{Attr, Id, Link};
use crate::model::cluster::Cluster;
use crate::model::network::Network;
use crate::model::subnet::{Association, Subnet};

/// What the update writes counts instead of what the resource says. Whether it counts at all is not known
/// of an update that may be absent: then nothing is called certain.
pub(in crate::lower) fn update(
    network: &mut Network,
    update: &Resource,
    index: &Index<'_>,
) -> Option<Unknown> {
    let body = Body::of(update);
    let kind = body.property("type");
    let kind = kind.as_ref().and_then(|kind| kind.value.as_str());
    let kind = kind?.split('@').next()?.to_ascii_lowercase();
    let target = body.property("resource_id")?;
    match (kind.as_str(), &update.presence) {
        ("microsoft.containerservice/managedclusters", Presence::Certain) => {
            let clusters: Link<Cluster> = link(index, Some(target), update)?;
            let written = super::cluster::cluster(update, Id::new(0), index);
            for (id, _) in ends(&clusters).here {
                if let Some(known) = network.clusters.get_mut(id.index()) {
                    change_cluster(known, &written);
                }
            }
        }
        ("microsoft.network/virtualnetworks/subnets", Presence::Certain) => {
            let subnets: Link<Subnet> = link(index, Some(target), update)?;
            let written = super::network::separate_subnet(update, Id::new(0), index);
            for (id, _) in ends(&subnets).here {
                if let Some(known) = network.subnets.get_mut(id.index()) {
                    change_subnet(known, &written);
                }
            }
        }
        (
            "microsoft.containerservice/managedclusters" | "microsoft.network/virtualnetworks/subnets",
            Presence::If(assumptions),
        ) => {
            return assumptions
                .first()
                .map(|assumed| assumed.condition.unknown.clone());
        }
        (
            "microsoft.containerservice/managedclusters" | "microsoft.network/virtualnetworks/subnets",
            Presence::AnyNumber(unknown),
        ) => return Some(unknown.clone()),
        _ => {}
    }
    None
}

fn change<T: Clone>(known: &mut Option<Attr<T>>, written: &Option<Attr<T>>) {
    if let Some(written) = written
        .as_ref()
        .filter(|written| !written.from.is_provider_default())
    {
        *known = Some(written.clone());
    }
}

fn change_cluster(known: &mut Cluster, written: &Cluster) {
    change(&mut known.kubernetes_version, &written.kubernetes_version);
    change(&mut known.network_plugin, &written.network_plugin);
    change(&mut known.network_plugin_mode, &written.network_plugin_mode);
    change(&mut known.network_policy, &written.network_policy);
    change(&mut known.network_data_plane, &written.network_data_plane);
    change(&mut known.network_mode, &written.network_mode);
    change(&mut known.ip_families, &written.ip_families);
    change(&mut known.pod_cidrs, &written.pod_cidrs);
    change(&mut known.service_cidrs, &written.service_cidrs);
    change(&mut known.dns_service_ip, &written.dns_service_ip);
    change(&mut known.outbound_type, &written.outbound_type);
    change(&mut known.load_balancer_sku, &written.load_balancer_sku);
    change(
        &mut known.private_cluster_enabled,
        &written.private_cluster_enabled,
    );
    change(
        &mut known.api_server_vnet_integration,
        &written.api_server_vnet_integration,
    );
    if written.api_server_subnet.is_some() {
        known.api_server_subnet = written.api_server_subnet.clone();
    }
    if written.virtual_nodes.is_some() {
        known.virtual_nodes = written.virtual_nodes.clone();
    }
}

fn change_subnet(known: &mut Subnet, written: &Subnet) {
    let is_written = |names: &[Attr<crate::model::cidr::Cidr>]| !names.is_empty();
    if written
        .prefixes
        .known()
        .is_none_or(|prefixes| is_written(prefixes.value))
    {
        known.prefixes = written.prefixes.clone();
    }
    if written
        .delegations
        .known()
        .is_none_or(|services| !services.value.is_empty())
    {
        known.delegations = written.delegations.clone();
    }
    change_association(&mut known.security_groups, &written.security_groups);
    change_association(&mut known.route_tables, &written.route_tables);
    change_association(&mut known.nat_gateways, &written.nat_gateways);
}

fn change_association<T>(known: &mut Vec<Association<T>>, written: &[Association<T>])
where
    Association<T>: Clone,
{
    if !written.is_empty() {
        *known = written.to_vec();
    }
}
