//! From evaluated resources to the network: chosen by the schema of a resource, not by the language that it
//! was written in. Knows no rule.

mod arm;
mod azure_id;
mod azurerm;
mod body;
mod foreign;
mod graft;
mod grant;
mod identity;
mod index;
mod kind;
mod link;
mod modules;
mod names;
mod naming;
mod property;
mod value;
mod workspace;
mod written_id;

pub use workspace::{Name, Workspace, offered_names, sought_names};

use std::sync::Arc;

use crate::eval::catalogue::{Catalogue, KnownModule};
use crate::eval::deployment::{Deployment, Mode, Presence, Problem};
use crate::eval::value::{Reason, Unknown, Value};
use crate::model::attr::{Attr, Owner, Site};
use crate::model::network::Network;
use crate::source::{FileId, Span};

use index::Index;
use kind::{Kind, is_arm};
use property::{Property, text};

/// Resources that a provider deploys in Azure's own words become resources of Azure's types. This comes
/// before anything else that is done here with a deployment.
pub fn prepare(deployment: &mut Deployment) {
    arm::azapi::translate(deployment);
}

/// The network that a deployment makes. Data sources that name a resource of just one other deployment of
/// the workspace bring that resource, and what belongs to it, into this network.
pub fn network(deployment: &Deployment, workspace: &Workspace<'_>) -> Network {
    let mut index = Index::new(deployment);
    let grafts = foreign::reached(&mut index, workspace);
    let mut network = resources(&index);
    foreign::append(&mut network, grafts);
    attach(&mut network, &index);
    network.subscription = deployment.subscription.as_ref().and_then(subscription);
    network.name = deployment.name.clone();
    network.problems = deployment.problems.clone();
    if let Some(problem) = deployment.problems.first() {
        network.open = Some(lost(problem, &deployment.files));
    }
    network
}

/// It belongs to no resource: to blame is the place where it is written.
fn subscription(value: &Value) -> Option<Attr<String>> {
    let span = value.from.nearest().span;
    let owner = Owner {
        resource: String::new(),
        header: span,
        block: span,
        presence: Presence::Certain,
    };
    let site = Site {
        owner: Arc::new(owner),
        property: "subscription_id".into(),
    };
    Property::new(value.clone(), Arc::new(site)).attr(text)
}

/// What evaluators are told: the types that take part in the network, and modules that are known without their
/// files.
pub struct Azure;

impl Catalogue for Azure {
    fn takes_part(&self, schema: &str) -> bool {
        takes_part(schema)
    }

    fn reads(&self, attribute: &str) -> bool {
        attribute != "tags"
    }

    fn module(&self, source: &str, version: Option<&str>) -> Option<KnownModule> {
        modules::module(source, version)
    }

    fn is_unrelated(&self, source: &str) -> bool {
        modules::is_unrelated(source)
    }
}

/// The modules that are known without their files, as callers write them, each with its known versions between
/// blanks.
pub fn known_modules() -> impl Iterator<Item = (String, &'static str)> {
    modules::listed()
}

/// Whether resources and data sources of this type take part in the network. Others need not be evaluated.
fn takes_part(schema: &str) -> bool {
    Kind::of_schema(schema).is_some()
        || azurerm::OTHER_TYPES.contains(&schema)
        || arm::azapi::TYPES.contains(&schema)
        || arm::is_assignment_below(schema)
        || arm::OTHER_TYPES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(schema))
}

/// The same without a look at other deployments.
fn own_network(index: &Index<'_>) -> Network {
    let mut network = resources(index);
    attach(&mut network, index);
    network
}

/// The resources of a deployment in the order of their addresses, which is the order in which the index
/// numbered them; pools of their own come behind those that are written in clusters, whatever the types are
/// called. What others attach to them is not there yet.
fn resources(index: &Index<'_>) -> Network {
    let mut network = Network::default();
    let is_pool = |position: &&usize| is_separate_pool(&index.resource(**position).schema);
    let others = index.order.iter().filter(|position| !is_pool(position));
    for position in others.chain(index.order.iter().filter(is_pool)) {
        let resource = index.resource(*position);
        if resource.address.mode == Mode::Data {
            continue;
        }
        if is_arm(&resource.schema) {
            arm::add(&mut network, resource, index);
        } else {
            azurerm::add(&mut network, resource, index);
        }
    }
    arm::leave_out_repeated_pools(&mut network);
    network
}

fn is_separate_pool(schema: &str) -> bool {
    schema == "azurerm_kubernetes_cluster_node_pool"
        || schema.eq_ignore_ascii_case("Microsoft.ContainerService/managedClusters/agentPools")
}

/// Adds to the network what its attaching resources say. One that leads nowhere known leaves the network
/// open.
fn attach(network: &mut Network, index: &Index<'_>) {
    for position in &index.order {
        let resource = index.resource(*position);
        if resource.address.mode == Mode::Data {
            continue;
        }
        let unknown = if is_arm(&resource.schema) {
            arm::attach(network, resource, index)
        } else if resource.schema.as_ref() == arm::azapi::UPDATE {
            arm::update(network, resource, index)
        } else {
            azurerm::attach(network, resource, index)
        };
        if let Some(unknown) = unknown {
            network.open.get_or_insert(unknown);
        }
    }
}

/// Why a problem can mean that resources are missing.
fn lost(problem: &Problem, files: &[FileId]) -> Unknown {
    match problem {
        Problem::Syntax(error) => Unknown::new(Reason::Incomplete, error.span),
        Problem::ModuleNotFound { source, span } => {
            let source = source.clone();
            Unknown::new(Reason::ModuleNotFound { source }, *span)
        }
        Problem::Unreadable { path, reason } => {
            let message = format!("{path} cannot be read: {reason}");
            let file = files.first().copied().unwrap_or(FileId(0));
            Unknown::new(Reason::Invalid { message }, Span::new(file, 0, 0))
        }
        Problem::Limit { message, span } | Problem::Unfinished { message, span } => {
            let what = message.clone();
            Unknown::new(Reason::Limit { what }, *span)
        }
    }
}
