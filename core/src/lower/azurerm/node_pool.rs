//! `azurerm_kubernetes_cluster_node_pool` and the `default_node_pool` block of a cluster.

use crate::eval::deployment::Resource;
use crate::eval::value::Kind as ValueKind;
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::link::link;
use crate::lower::property::{Property, number, required, surge, text, truth, word};
use crate::model::attr::{Attr, Id, Link, Target};
use crate::model::cluster::Cluster;
use crate::model::node_pool::NodePool;
use crate::model::vocabulary::ScaleSetPriority;

use super::is_exact;

/// The default pool of a cluster; none when it is not written.
pub(super) fn default_pool(
    resource: &Resource,
    id: Id<NodePool>,
    cluster: Id<Cluster>,
    index: &Index<'_>,
) -> Option<NodePool> {
    let body = Body::of(resource).block("default_node_pool");
    if body.is_absent() {
        return None;
    }
    let declared = body.declared();
    let link = Attr::known_as(
        Target::Here(cluster),
        declared.from.clone(),
        declared.site.clone(),
    );
    Some(pool(&body, id, link, true, resource, index))
}

pub(super) fn separate_pool(resource: &Resource, id: Id<NodePool>, index: &Index<'_>) -> NodePool {
    let body = Body::of(resource);
    let cluster = link(index, body.property("kubernetes_cluster_id"), resource);
    let cluster = required(cluster, &body.declared(), "kubernetes_cluster_id");
    pool(&body, id, cluster, false, resource, index)
}

fn pool(
    body: &Body,
    id: Id<NodePool>,
    cluster: Link<Cluster>,
    is_default_pool: bool,
    resource: &Resource,
    index: &Index<'_>,
) -> NodePool {
    let exact = is_exact(index);
    let upgrade = body.block("upgrade_settings");
    // Version 1 of the provider had it in the pool itself.
    let max_surge = upgrade
        .property("max_surge")
        .or_else(|| body.property("max_surge"));
    let subnet = body.property("vnet_subnet_id");
    let words = |name: &'static str| body.property(name).and_then(|property| property.attr(text));
    let numbers = |name: &'static str| body.property(name).and_then(|property| property.attr(number));
    let off_unless_set = |names: &[&'static str]| body.first_of_or(names, ValueKind::Bool(false)).attr(truth);
    let default_text = |word: &str| ValueKind::String(word.into());
    let priority: Option<Attr<ScaleSetPriority>> = if is_default_pool {
        body.property("priority")
            .and_then(|priority| priority.attr(word(exact)))
    } else {
        body.first_of_or(&["priority"], default_text("Regular"))
            .attr(word(exact))
    };
    NodePool {
        id,
        declared: body.declared(),
        input: super::input(index),
        name: words("name"),
        cluster,
        is_default_pool,
        os_type: body
            .first_of_or(&["os_type"], default_text("Linux"))
            .attr(word(exact)),
        os_sku: words("os_sku"),
        priority,
        subnet_text: subnet.as_ref().and_then(Property::known_text),
        subnet: link(index, subnet, resource),
        pod_subnet: link(index, body.property("pod_subnet_id"), resource),
        pod_ip_allocation_mode: None,
        max_pods: numbers("max_pods"),
        count: numbers("node_count"),
        min_count: numbers("min_count"),
        max_count: numbers("max_count"),
        auto_scaling: off_unless_set(&["auto_scaling_enabled", "enable_auto_scaling"]),
        max_surge: max_surge.and_then(|property| property.attr(surge)),
        max_unavailable: upgrade
            .property("max_unavailable")
            .and_then(|property| property.attr(surge)),
        node_public_ip: off_unless_set(&["node_public_ip_enabled", "enable_node_public_ip"]),
    }
}
