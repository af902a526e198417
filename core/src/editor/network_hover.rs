//! What the network of a deployment says about a place.

use crate::model::attr::{Link, State, Target};
use crate::model::neighbours::called;
use crate::model::network::Network;
use crate::model::node_pool::NodePool;
use crate::model::subnet::{Peering, Subnet, VirtualNetwork};
use crate::source::{FileId, SourceFile, Span};

use super::answer::ask;
use super::capacity;
use super::markdown::{Files, name};
use super::place::{self, Place, Thing};
use super::range;
use super::range_neighbours as neighbours;
use super::{FileAddress, Hover, Surroundings};

/// Further ones are only counted.
const MAXIMUM_THINGS: usize = 3;

/// What the networks of all deployments that read a file say about an offset, as Markdown, and about how
/// much of the text. Deployments that say the same are not named.
pub fn network_hover(
    around: &Surroundings<'_>,
    file: FileId,
    offset: u32,
    address: &FileAddress<'_>,
) -> Option<Hover> {
    let files = &Files {
        sources: around.trees.sources.as_ref(),
        address,
    };
    let source = files.sources.file(file);
    let mut said: Vec<(Span, String, Vec<&str>)> = Vec::new();
    for view in around.reading(file) {
        let Some((span, text)) = describe(&view.network, &source, offset, files) else {
            continue;
        };
        let deployment = view.network.name.as_str();
        match said.iter_mut().find(|(_, known, _)| *known == text) {
            Some((_, _, deployments)) => deployments.push(deployment),
            None => said.push((span, text, vec![deployment])),
        }
    }
    let span = said
        .iter()
        .map(|(span, ..)| *span)
        .min_by_key(|span| span.end - span.start)?;
    if let [(_, text, _)] = said.as_slice() {
        return Some(Hover {
            span,
            markdown: text.clone(),
        });
    }
    let sections = said.iter().take(MAXIMUM_THINGS).map(|(_, text, deployments)| {
        let names: Vec<String> = deployments.iter().map(|deployment| name(deployment)).collect();
        format!("### {}\n\n{text}", names.join(", "))
    });
    let mut text = sections.collect::<Vec<_>>().join("\n");
    if said.len() > MAXIMUM_THINGS {
        text.push_str(&format!(
            "\nAnd {} more deployments.\n",
            said.len() - MAXIMUM_THINGS
        ));
    }
    Some(Hover { span, markdown: text })
}

/// What one network says about an offset, and about how much of the text; none where it has nothing to say.
fn describe(network: &Network, file: &SourceFile, offset: u32, files: &Files<'_>) -> Option<(Span, String)> {
    let Place {
        span,
        written,
        things,
    } = place::at(network, file, offset)?;
    let mut parts = vec![range::of_place(written, &things, network, files)];
    let mut others: Vec<&Thing<'_>> = things
        .iter()
        .filter(|thing| !matches!(thing, Thing::Extent(..)))
        .collect();
    let subnets: Vec<&Subnet> = others
        .iter()
        .filter_map(|thing| match thing {
            Thing::Subnet(subnet) => Some(*subnet),
            _ => None,
        })
        .collect();
    if subnets.len() > 1 {
        parts.push(capacity::of_subnets(&subnets, network, files));
        others.retain(|thing| !matches!(thing, Thing::Subnet(_)));
    }
    let pools: Vec<&NodePool> = others
        .iter()
        .filter_map(|thing| match thing {
            Thing::NodePool(pool) => Some(*pool),
            _ => None,
        })
        .collect();
    if pools.len() > 1 {
        parts.push(capacity::of_pools(&pools, network, files));
        others.retain(|thing| !matches!(thing, Thing::NodePool(_)));
    }
    for thing in others.iter().take(MAXIMUM_THINGS) {
        parts.push(match thing {
            Thing::Extent(..) => String::new(),
            Thing::Subnet(subnet) => capacity::of_subnet(subnet, network, files),
            Thing::NodePool(pool) => capacity::of_pool(pool, network, files),
            Thing::Cluster(cluster) => capacity::of_cluster(cluster, network, files),
            Thing::VirtualNetwork(one) => virtual_network(one, network, files),
            Thing::Peering(peering) => self::peering(peering, network, files),
        });
    }
    if others.len() > MAXIMUM_THINGS {
        parts.push(format!(
            "And {} more like these.\n",
            others.len() - MAXIMUM_THINGS
        ));
    }
    parts.retain(|part| !part.is_empty());
    (!parts.is_empty()).then(|| (span, parts.join("\n")))
}

fn virtual_network(one: &VirtualNetwork, network: &Network, files: &Files<'_>) -> String {
    ask(network, files, &one.declared.site.owner.presence, |view| {
        let one = &view.network[one.id];
        let mut text = format!("**Virtual network {}**", name(called(&one.name, &one.declared)));
        let spaces = view.quietly().ranges(&one.address_space);
        let ranges: Vec<String> = spaces.iter().map(ToString::to_string).collect();
        if !ranges.is_empty() {
            text.push_str(&format!(" · {}", ranges.join(" and ")));
        }
        text.push('\n');
        for space in spaces {
            let beside = neighbours::of_address_space(view, one, space.network);
            text.push_str(&neighbours::shown(beside, files));
            text.push_str(&format!("\n{}", neighbours::free_in(view, one, space.network)));
        }
        text
    })
}

fn peering(one: &Peering, network: &Network, files: &Files<'_>) -> String {
    ask(network, files, &one.declared.site.owner.presence, |view| {
        let end = |link: &Link<VirtualNetwork>| match &link.state {
            State::Known(Target::Here(id)) => {
                let network = &view.network[*id];
                name(called(&network.name, &network.declared))
            }
            State::Known(Target::Elsewhere(id)) => name(id.names.last().map_or("?", String::as_str)),
            State::Unknown(_) | State::OneOf(_) => "an unknown network".to_owned(),
        };
        let called = name(called(&one.name, &one.declared));
        format!(
            "**Peering {called}** · from {} to {}\n",
            end(&one.from),
            end(&one.to)
        )
    })
}
