//! What data sources read from other deployments of the workspace: found by name, and brought in with all
//! that belongs to it.

use std::collections::HashMap;

use crate::eval::deployment::{Deployment, Mode, Resource};
use crate::eval::value::{Kind as ValueKind, Reason, Unknown};
use crate::model::attr::ResourceId;
use crate::model::network::Network;

use super::body::Body;
use super::graft::{Graft, graft};
use super::index::Index;
use super::kind::{Kind, Slot};
use super::link::Found;
use super::own_network;
use super::value::member;

/// A data source whose resource is not in its own deployment.
struct Need {
    /// The data source.
    position: usize,
    kind: Kind,
    id: ResourceId,
    matches: Vec<Match>,
}

/// A resource of another deployment that has the name.
#[derive(Clone, Copy)]
struct Match {
    deployment: usize,
    position: usize,
    /// The block of a subnet written inside the virtual network at this position.
    inline: Option<usize>,
}

/// The parts of other deployments that this one's data sources reach, with their places after this
/// deployment's own resources. The index knows them from here on.
pub(super) fn reached(index: &mut Index<'_>, workspace: &[&Deployment]) -> Vec<Graft> {
    let mut needs = needs(index);
    if needs.is_empty() {
        return Vec::new();
    }
    find_matches(&mut needs, index.deployment, workspace);
    let mut by_deployment: HashMap<usize, Vec<(usize, Match)>> = HashMap::new();
    for need in &needs {
        if let Some(found) = only_match(&need.matches, index.deployment, workspace) {
            let known = by_deployment.entry(found.deployment).or_default();
            known.push((need.position, found));
        }
    }
    let mut deployments: Vec<usize> = by_deployment.keys().copied().collect();
    deployments.sort_unstable();
    let mut grafts = Vec::new();
    for number in deployments {
        let foreign = Index::new(workspace[number]);
        let network = own_network(&foreign);
        let wanted = by_deployment.remove(&number).unwrap_or_default();
        let wanted: Vec<(usize, Slot)> = wanted
            .into_iter()
            .filter_map(|(data_source, found)| Some((data_source, slot(&foreign, found)?)))
            .collect();
        grafts.push(graft(&wanted, &foreign, &network, index));
    }
    grafts
}

/// Adds the parts of other deployments after the own resources.
pub(super) fn append(network: &mut Network, grafts: Vec<Graft>) {
    for graft in grafts {
        graft.append_to(network);
    }
}

fn needs(index: &Index<'_>) -> Vec<Need> {
    let mut needs = Vec::new();
    for position in &index.order {
        let resource = index.resource(*position);
        if resource.address.mode != Mode::Data {
            continue;
        }
        let Some(kind) = Kind::of_azurerm(&resource.schema) else {
            continue;
        };
        let unknown = Unknown::new(Reason::Incomplete, resource.header);
        if let Ok(Found::Elsewhere(id)) = index.data_source(*position, &unknown) {
            needs.push(Need {
                position: *position,
                kind,
                id,
                matches: Vec::new(),
            });
        }
    }
    needs
}

/// One pass over the workspace for all needs.
fn find_matches(needs: &mut [Need], own: &Deployment, workspace: &[&Deployment]) {
    let mut by_name: HashMap<(Kind, String), Vec<usize>> = HashMap::new();
    for (number, need) in needs.iter().enumerate() {
        if let Some(name) = need.id.names.last() {
            let key = (need.kind, name.to_lowercase());
            by_name.entry(key).or_default().push(number);
        }
    }
    let inside: Vec<usize> = (0..needs.len())
        .filter(|number| needs[*number].kind == Kind::Subnet)
        .collect();
    for (number, deployment) in workspace.iter().enumerate() {
        if deployment.root == own.root {
            continue;
        }
        for (position, resource) in deployment.resources.iter().enumerate() {
            if resource.address.mode == Mode::Data {
                continue;
            }
            let Some(kind) = Kind::of_azurerm(&resource.schema) else {
                continue;
            };
            let Some(name) = known_text(resource, "name") else {
                continue;
            };
            let found = Match {
                deployment: number,
                position,
                inline: None,
            };
            let same_name = by_name.get(&(kind, name.clone()));
            for need in same_name.into_iter().flatten() {
                if is_meant(&needs[*need].id, resource) {
                    needs[*need].matches.push(found);
                }
            }
            if kind == Kind::VirtualNetwork {
                for need in &inside {
                    find_inline(&mut needs[*need], resource, &name, found);
                }
            }
        }
    }
}

/// A subnet written inside the virtual network that the need names.
fn find_inline(need: &mut Need, network: &Resource, network_name: &str, found: Match) {
    let [parent, name] = need.id.names.as_slice() else {
        return;
    };
    if !parent.eq_ignore_ascii_case(network_name) || !is_in_group(&need.id, network) {
        return;
    }
    for (inline, block) in Body::of(network).blocks("subnet").blocks.iter().enumerate() {
        let written = block.body.property("name");
        let is_meant = written
            .and_then(|written| written.value.as_str().map(|text| text.eq_ignore_ascii_case(name)))
            .unwrap_or(false);
        if is_meant {
            need.matches.push(Match {
                inline: Some(inline),
                ..found
            });
        }
    }
}

fn is_meant(id: &ResourceId, resource: &Resource) -> bool {
    let parent = match id.names.as_slice() {
        [parent, _] => {
            known_text(resource, "virtual_network_name").is_some_and(|known| known == parent.to_lowercase())
        }
        _ => true,
    };
    parent && is_in_group(id, resource)
}

/// Whether the resource groups can be the same.
fn is_in_group(id: &ResourceId, resource: &Resource) -> bool {
    match (&id.resource_group, known_text(resource, "resource_group_name")) {
        (Some(wanted), Some(known)) => wanted.to_lowercase() == known,
        _ => true,
    }
}

fn known_text(resource: &Resource, property: &str) -> Option<String> {
    match member(&resource.body, property)?.kind {
        ValueKind::String(text) => Some(text.to_lowercase()),
        _ => None,
    }
}

/// The one match. When one root is deployed with several variable files, the deployment with the same file
/// as this one.
fn only_match(matches: &[Match], own: &Deployment, workspace: &[&Deployment]) -> Option<Match> {
    if let [only] = matches {
        return Some(*only);
    }
    let variant = |deployment: &Deployment| {
        let name = deployment.name.strip_prefix(deployment.root.as_str());
        name.unwrap_or(&deployment.name).to_owned()
    };
    let own_variant = variant(own);
    let mut same = matches
        .iter()
        .filter(|found| variant(workspace[found.deployment]) == own_variant);
    match (same.next(), same.next()) {
        (Some(only), None) => Some(*only),
        _ => None,
    }
}

fn slot(foreign: &Index<'_>, found: Match) -> Option<Slot> {
    match found.inline {
        None => foreign.slot(found.position),
        Some(inline) => {
            let (_, slot) = foreign.inline_subnets(found.position).get(inline)?;
            Some(*slot)
        }
    }
}
