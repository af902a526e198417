//! The pools written in a cluster (`agentPoolProfiles`) and `Microsoft.ContainerService/managedClusters/agentPools`.

use std::collections::{BTreeMap, HashMap};

use crate::eval::deployment::{Presence, Resource};
use crate::eval::value::Kind as ValueKind;
use crate::lower::body::{Block, Body};
use crate::lower::index::Index;
use crate::lower::kind::Kind;
use crate::lower::link::link;
use crate::lower::property::{Property, number, required, surge, text, truth, word};
use crate::model::attr::{Attr, Id, Link, Target};
use crate::model::cluster::{Cluster, InputKind};
use crate::model::network::Network;
use crate::model::node_pool::NodePool;

/// The pools of a cluster in the order in which they are written. The first that runs the system's own pods
/// is what other languages call the default pool.
pub(super) fn inline_pools(
    resource: &Resource,
    cluster: Id<Cluster>,
    first: usize,
    index: &Index<'_>,
) -> Vec<NodePool> {
    let blocks = Body::of(resource)
        .block("properties")
        .blocks("agentPoolProfiles")
        .blocks;
    let default_pool = blocks.iter().position(is_system).unwrap_or(0);
    let pools = blocks.iter().enumerate().map(|(position, block)| {
        let body = &block.body;
        let declared = body.declared();
        let link = Attr::known_as(Target::Here(cluster), declared.from, declared.site);
        let id = Id::new(first + position);
        let name = body.property("name").and_then(|name| name.attr(text));
        let pool = pool(body, body, id, name, link, resource, index);
        if position != default_pool {
            return pool;
        }
        NodePool {
            is_default_pool: true,
            // A pool for the system's own pods has no choice.
            priority: pool
                .priority
                .filter(|priority| !priority.from.is_provider_default()),
            ..pool
        }
    });
    pools.collect()
}

fn is_system(pool: &Block) -> bool {
    let mode = pool.body.property("mode");
    mode.is_some_and(|mode| {
        let text = mode.value.as_str();
        text.is_some_and(|mode| mode.eq_ignore_ascii_case("System"))
    })
}

pub(super) fn separate_pool(resource: &Resource, id: Id<NodePool>, index: &Index<'_>) -> NodePool {
    let body = Body::of(resource);
    let cluster = super::parent(Kind::Cluster, resource, &body, index);
    let cluster = required(cluster, &body.declared(), "name");
    let name = super::own_name(resource, &body);
    pool(
        &body,
        &body.block("properties"),
        id,
        name,
        cluster,
        resource,
        index,
    )
}

/// `properties` is where the pool's properties are: the pool itself when it is written in its cluster.
fn pool(
    body: &Body,
    properties: &Body,
    id: Id<NodePool>,
    name: Option<Attr<String>>,
    cluster: Link<Cluster>,
    resource: &Resource,
    index: &Index<'_>,
) -> NodePool {
    let upgrade = properties.block("upgradeSettings");
    let subnet = properties.given("vnetSubnetID");
    let numbers = |name: &'static str| {
        properties
            .property(name)
            .and_then(|property| property.attr(number))
    };
    let default_text = |word: &str| ValueKind::String(word.into());
    NodePool {
        id,
        declared: body.declared(),
        input: InputKind::Arm,
        name,
        cluster,
        is_default_pool: false,
        os_type: properties
            .given_or("osType", default_text("Linux"))
            .attr(word(false)),
        os_sku: properties.given("osSKU").and_then(|sku| sku.attr(text)),
        priority: properties
            .given_or("scaleSetPriority", default_text("Regular"))
            .attr(word(false)),
        subnet_text: subnet.as_ref().and_then(Property::known_text),
        subnet: link(index, subnet, resource),
        pod_subnet: link(index, properties.given("podSubnetID"), resource),
        pod_ip_allocation_mode: properties
            .given("podIPAllocationMode")
            .and_then(|mode| mode.attr(word(false))),
        max_pods: numbers("maxPods"),
        count: numbers("count"),
        min_count: numbers("minCount"),
        max_count: numbers("maxCount"),
        auto_scaling: properties
            .given_or("enableAutoScaling", ValueKind::Bool(false))
            .attr(truth),
        max_surge: upgrade
            .given("maxSurge")
            .and_then(|property| property.attr(surge)),
        max_unavailable: upgrade
            .given("maxUnavailable")
            .and_then(|property| property.attr(surge)),
        node_public_ip: properties
            .given_or("enableNodePublicIP", ValueKind::Bool(false))
            .attr(truth),
    }
}

/// A pool that is written in its cluster and as a resource too is one pool: what the resource says is
/// deployed last.
pub(in crate::lower) fn leave_out_repeated_pools(network: &mut Network) {
    let name = |pool: &NodePool| {
        let name = pool.name.as_ref()?.known()?;
        let cluster = match pool.cluster.known()?.value {
            Target::Here(cluster) => *cluster,
            Target::Elsewhere(_) => return None,
        };
        Some((cluster, name.to_lowercase()))
    };
    let pools = network.node_pools.iter();
    let separate: HashMap<_, usize> = pools
        .enumerate()
        .filter(|(_, pool)| pool.input == InputKind::Arm && !is_inline(pool))
        .filter(|(_, pool)| matches!(pool.declared.site.owner.presence, Presence::Certain))
        .filter_map(|(position, pool)| Some((name(pool)?, position)))
        .collect();
    let mut repeated: BTreeMap<usize, usize> = BTreeMap::new();
    for (position, pool) in network.node_pools.iter().enumerate() {
        let other = name(pool).filter(|_| pool.input == InputKind::Arm && is_inline(pool));
        if let Some(other) = other.and_then(|name| separate.get(&name)) {
            repeated.insert(position, *other);
        }
    }
    for (inline, separate) in &repeated {
        let is_default = network.node_pools[*inline].is_default_pool;
        if let Some(pool) = network.node_pools.get_mut(*separate) {
            pool.is_default_pool |= is_default;
        }
    }
    let mut positions = 0..;
    network.node_pools.retain(|_| {
        positions
            .next()
            .is_none_or(|position| !repeated.contains_key(&position))
    });
    for (position, pool) in network.node_pools.iter_mut().enumerate() {
        pool.id = Id::new(position);
    }
}

/// Written inside its cluster.
fn is_inline(pool: &NodePool) -> bool {
    !pool.declared.site.property.is_empty()
}
