//! What data sources read from other deployments of the workspace: found by name, and brought in with all
//! that belongs to it.

use std::collections::BTreeMap;

use crate::eval::deployment::{Mode, Resource};
use crate::eval::value::{Reason, Unknown};
use crate::model::attr::ResourceId;
use crate::model::network::Network;

use super::graft::{Graft, graft};
use super::index::Index;
use super::kind::{Kind, Slot};
use super::link::Found;
use super::workspace::Workspace;

/// The parts of other deployments that this one's data sources reach, with their places after this
/// deployment's own resources. The index knows them from here on.
pub(super) fn reached(index: &mut Index<'_>, workspace: &Workspace<'_>) -> Vec<Graft> {
    let mut wanted: BTreeMap<usize, Vec<(usize, Slot)>> = BTreeMap::new();
    for (position, kind, id) in sought(index) {
        let found = workspace.only_match(kind, &id, index.deployment);
        if let Some(found) = found
            && let Some((foreign, _)) = workspace.lowered(found.deployment)
            && let Some(slot) = Workspace::slot(foreign, found)
        {
            let known = wanted.entry(found.deployment).or_default();
            known.push((position, slot));
        }
    }
    let mut grafts = Vec::new();
    for (deployment, wanted) in wanted {
        if let Some((foreign, network)) = workspace.lowered(deployment) {
            grafts.push(graft(&wanted, foreign, network, index));
        }
    }
    grafts
}

/// The data sources that read what this deployment does not make: where they stand, and what they look for.
pub(super) fn sought(index: &Index<'_>) -> Vec<(usize, Kind, ResourceId)> {
    let mut sought = Vec::new();
    for position in &index.order {
        let resource = index.resource(*position);
        let Some(kind) = read_kind(resource) else {
            continue;
        };
        let unknown = Unknown::new(Reason::Incomplete, resource.header);
        if let Ok(Found::Elsewhere(id)) = index.data_source(*position, &unknown) {
            sought.push((*position, kind, id));
        }
    }
    sought
}

/// The kind of what a data source reads; none for what is made, and for what others cannot refer to.
pub(super) fn read_kind(resource: &Resource) -> Option<Kind> {
    let is_read = resource.address.mode == Mode::Data;
    is_read.then(|| Kind::of_schema(&resource.schema)).flatten()
}

/// Adds the parts of other deployments after the own resources.
pub(super) fn append(network: &mut Network, grafts: Vec<Graft>) {
    network.foreign_clusters_from = Some(network.clusters.len());
    network.foreign_identities_from = Some(network.identities.len());
    for graft in grafts {
        graft.append_to(network);
    }
}
