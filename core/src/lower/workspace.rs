//! The deployments of a run, where one's data sources find what another one makes.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

use crate::eval::deployment::{Deployment, Mode, Resource};
use crate::eval::value::{Kind as ValueKind, Value};
use crate::model::attr::ResourceId;
use crate::model::network::Network;

use super::index::Index;
use super::kind::{Kind, Slot};
use super::naming::{inline_subnets, naming};
use super::own_network;

/// The deployments of a run. What is asked of more than one deployment is worked out once, when it is
/// first asked.
pub struct Workspace<'d> {
    deployments: Vec<&'d Deployment>,
    by_name: OnceLock<FxHashMap<(Kind, String), Vec<Match>>>,
    /// For each deployment.
    lowered: Vec<OnceLock<(Index<'d>, Network)>>,
}

/// A resource that has a name.
#[derive(Clone, Copy)]
pub(super) struct Match {
    pub(super) deployment: usize,
    position: usize,
    /// The block of a subnet written inside the virtual network at this position.
    inline: Option<usize>,
}

impl<'d> Workspace<'d> {
    pub fn new(deployments: Vec<&'d Deployment>) -> Self {
        let lowered = deployments.iter().map(|_| OnceLock::new()).collect();
        Workspace {
            deployments,
            by_name: OnceLock::new(),
            lowered,
        }
    }

    /// The network of a deployment by itself, and where its resources are in it.
    pub(super) fn lowered(&self, deployment: usize) -> Option<&(Index<'d>, Network)> {
        let lowered = self.lowered.get(deployment)?;
        let deployment = *self.deployments.get(deployment)?;
        Some(lowered.get_or_init(|| {
            let index = Index::new(deployment);
            let network = own_network(&index);
            (index, network)
        }))
    }

    /// The one resource of this name in deployments of other roots than `own`. When one root is deployed
    /// with several variable files, the one with the same file counts.
    pub(super) fn only_match(&self, kind: Kind, id: &ResourceId, own: &Deployment) -> Option<Match> {
        let by_name = self.by_name.get_or_init(|| by_name(&self.deployments));
        let found = by_name.get(&(kind, key(id)))?;
        let meant: Vec<Match> = found
            .iter()
            .filter(|found| {
                self.deployments.get(found.deployment).is_some_and(|deployment| {
                    let resource = deployment.resources.get(found.position);
                    deployment.root != own.root && resource.is_some_and(|it| is_in_group(id, it))
                })
            })
            .copied()
            .collect();
        if let [only] = meant.as_slice() {
            return Some(*only);
        }
        let own_variant = variant(own);
        let is_same = |found: &&Match| {
            let deployment = self.deployments.get(found.deployment);
            deployment.is_some_and(|deployment| variant(deployment) == own_variant)
        };
        let mut same = meant.iter().filter(is_same);
        match (same.next(), same.next()) {
            (Some(only), None) => Some(*only),
            _ => None,
        }
    }

    /// Where the match is in the network of its deployment.
    pub(super) fn slot(foreign: &Index<'_>, found: Match) -> Option<Slot> {
        match found.inline {
            None => foreign.slot(found.position),
            Some(inline) => {
                let (_, slot) = foreign.inline_subnets(found.position).get(inline)?;
                Some(*slot)
            }
        }
    }
}

/// The name of a resource, by which another deployment can find it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(Kind, String);

/// The names that other deployments can find in this one.
pub fn offered_names(deployment: &Deployment) -> BTreeSet<Name> {
    let names = by_name(&[deployment]).into_keys();
    names.map(|(kind, name)| Name(kind, name)).collect()
}

/// The names that a deployment looks for in others: its network hangs on the deployments that offer one of
/// them, and on no other.
pub fn sought_names(deployment: &Deployment) -> BTreeSet<Name> {
    // Most read nothing, and need no index to know it.
    let mut kinds = deployment.resources.iter().filter_map(super::foreign::read_kind);
    if kinds.next().is_none() {
        return BTreeSet::new();
    }
    let index = Index::new(deployment);
    let sought = super::foreign::sought(&index).into_iter();
    sought.map(|(_, kind, id)| Name(kind, key(&id))).collect()
}

/// By which resources of this id are found.
fn key(id: &ResourceId) -> String {
    id.names.join("/").to_lowercase()
}

/// What tells the deployments of one root apart: the variable file in the name.
fn variant(deployment: &Deployment) -> &str {
    let name = deployment.name.strip_prefix(deployment.root.as_str());
    name.unwrap_or(&deployment.name)
}

/// Every resource with a known name; subnets by the names of their network and themselves.
fn by_name(deployments: &[&Deployment]) -> FxHashMap<(Kind, String), Vec<Match>> {
    let mut by_name: FxHashMap<(Kind, String), Vec<Match>> = FxHashMap::default();
    for (number, deployment) in deployments.iter().enumerate() {
        for (position, resource) in deployment.resources.iter().enumerate() {
            if resource.address.mode == Mode::Data {
                continue;
            }
            let Some(kind) = Kind::of_schema(&resource.schema) else {
                continue;
            };
            let naming = naming(resource);
            let Some(mut name) = naming.name.as_ref().and_then(known_text) else {
                continue;
            };
            let mut add = |kind: Kind, name: String, inline: Option<usize>| {
                let found = Match {
                    deployment: number,
                    position,
                    inline,
                };
                by_name.entry((kind, name)).or_default().push(found);
            };
            if kind == Kind::VirtualNetwork {
                for (inline, block) in inline_subnets(resource).blocks.iter().enumerate() {
                    let inner = block.body.property("name");
                    if let Some(inner) = inner.and_then(|name| known_text(&name.value)) {
                        add(Kind::Subnet, format!("{name}/{inner}"), Some(inline));
                    }
                }
            }
            if kind == Kind::Subnet {
                let Some(network) = naming.parent.as_ref().and_then(known_text) else {
                    continue;
                };
                name = format!("{network}/{name}");
            }
            add(kind, name, None);
        }
    }
    by_name
}

/// Whether the resource groups can be the same.
fn is_in_group(id: &ResourceId, resource: &Resource) -> bool {
    let own = naming(resource).resource_group;
    match (&id.resource_group, own.as_ref().and_then(known_text)) {
        (Some(wanted), Some(known)) => wanted.to_lowercase() == known,
        _ => true,
    }
}

fn known_text(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::String(text) => Some(text.to_lowercase()),
        _ => None,
    }
}
