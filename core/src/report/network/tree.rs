//! A network as a tree of resources and their properties, which text and JSON are written from.

use crate::eval::deployment::Presence;
use crate::eval::provenance::Provenance;
use crate::eval::value::Unknown;
use crate::model::attr::{Attr, Id, Link, List, Owner, ResourceId, State, Target};
use crate::model::network::Network;
use crate::model::view::Declared;

use super::answers::Answers;

/// A resource, or a block that is a resource for Azure.
pub(super) struct Node {
    /// In Azure's words: "virtual network".
    pub(super) kind: &'static str,
    /// `azurerm_virtual_network.hub`, with the block's path where it is one: `….hub subnet[0]`.
    pub(super) address: String,
    pub(super) from: Provenance,
    pub(super) presence: Presence,
    /// Why it may hold more than is listed.
    pub(super) open: Option<Unknown>,
    pub(super) properties: Vec<(&'static str, Shown)>,
    /// What follows from these and from other resources.
    pub(super) answers: Answers,
    pub(super) children: Vec<Node>,
}

/// The value of a property as far as it is known.
pub(super) struct Shown {
    pub(super) what: What,
    pub(super) from: Provenance,
}

pub(super) enum What {
    Text(String),
    Number(u32),
    Truth(bool),
    List(Vec<Shown>),
    Choice {
        condition: Unknown,
        yes: Option<Box<Shown>>,
        no: Option<Box<Shown>>,
    },
    Unknown(Unknown),
}

/// A known value as it is shown.
pub(super) trait Show {
    fn show(&self, network: &Network) -> What;
}

macro_rules! shown_as_text {
    ($($kind:ty),+ $(,)?) => {
        $(impl Show for $kind {
            fn show(&self, _: &Network) -> What {
                What::Text(self.to_string())
            }
        })+
    };
}

shown_as_text!(
    String,
    crate::model::cidr::Cidr,
    crate::model::vocabulary::NetworkPlugin,
    crate::model::vocabulary::NetworkPluginMode,
    crate::model::vocabulary::NetworkPolicy,
    crate::model::vocabulary::NetworkDataPlane,
    crate::model::vocabulary::NetworkMode,
    crate::model::vocabulary::OutboundType,
    crate::model::vocabulary::LoadBalancerSku,
    crate::model::vocabulary::OsType,
    crate::model::vocabulary::IpFamily,
    crate::model::vocabulary::ClusterSku,
    crate::model::vocabulary::IdentityType,
    crate::model::vocabulary::NextHopType,
    crate::model::vocabulary::Direction,
    crate::model::vocabulary::Access,
    crate::model::vocabulary::Protocol,
    crate::model::vocabulary::PodIpAllocationMode,
    crate::model::vocabulary::ScaleSetPriority,
);

impl Show for bool {
    fn show(&self, _: &Network) -> What {
        What::Truth(*self)
    }
}

impl Show for u32 {
    fn show(&self, _: &Network) -> What {
        What::Number(*self)
    }
}

impl<T: Show> Show for Vec<Attr<T>> {
    fn show(&self, network: &Network) -> What {
        What::List(self.iter().map(|member| shown(member, network)).collect())
    }
}

impl<T: Declared> Show for Target<T>
where
    Network: std::ops::Index<Id<T>, Output = T>,
{
    fn show(&self, network: &Network) -> What {
        What::Text(match self {
            Target::Here(id) => address(network[*id].declared()),
            Target::Elsewhere(id) => elsewhere(id),
        })
    }
}

pub(super) fn shown<T: Show>(attr: &Attr<T>, network: &Network) -> Shown {
    let what = match &attr.state {
        State::Known(value) => value.show(network),
        State::Unknown(unknown) => What::Unknown(unknown.clone()),
        State::OneOf(choice) => {
            let branch =
                |branch: &Option<Attr<T>>| branch.as_ref().map(|attr| Box::new(shown(attr, network)));
            What::Choice {
                condition: choice.condition.unknown.clone(),
                yes: branch(&choice.yes),
                no: branch(&choice.no),
            }
        }
    };
    Shown {
        what,
        from: attr.from.clone(),
    }
}

/// The properties of a node, as they are added.
pub(super) struct Properties<'n> {
    network: &'n Network,
    pub(super) list: Vec<(&'static str, Shown)>,
}

impl<'n> Properties<'n> {
    pub(super) fn of(network: &'n Network) -> Self {
        Properties {
            network,
            list: Vec::new(),
        }
    }

    pub(super) fn add<T: Show>(mut self, name: &'static str, attr: &Attr<T>) -> Self {
        self.list.push((name, shown(attr, self.network)));
        self
    }

    pub(super) fn add_written<T: Show>(self, name: &'static str, attr: &Option<Attr<T>>) -> Self {
        match attr {
            Some(attr) => self.add(name, attr),
            None => self,
        }
    }

    /// A list that is left out when it is known to be empty.
    pub(super) fn add_list<T: Show>(self, name: &'static str, list: &List<T>) -> Self {
        match &list.state {
            State::Known(members) if members.is_empty() => self,
            _ => self.add(name, list),
        }
    }

    pub(super) fn add_links<T>(
        mut self,
        name: &'static str,
        links: impl IntoIterator<Item = &'n Link<T>>,
        from: &Attr<()>,
    ) -> Self
    where
        T: Declared + 'n,
        Network: std::ops::Index<Id<T>, Output = T>,
    {
        let network = self.network;
        let shown: Vec<Shown> = links.into_iter().map(|link| shown(link, network)).collect();
        if !shown.is_empty() {
            let list = Shown {
                what: What::List(shown),
                from: from.from.clone(),
            };
            self.list.push((name, list));
        }
        self
    }
}

pub(super) fn node(kind: &'static str, declared: &Attr<()>, properties: Properties<'_>) -> Node {
    Node {
        kind,
        address: address(declared),
        from: declared.from.clone(),
        presence: owner(declared).presence.clone(),
        open: None,
        properties: properties.list,
        answers: Answers::new(),
        children: Vec::new(),
    }
}

fn owner(declared: &Attr<()>) -> &Owner {
    &declared.site.owner
}

pub(super) fn address(declared: &Attr<()>) -> String {
    let resource = &owner(declared).resource;
    match declared.site.property.as_ref() {
        "" => resource.clone(),
        block => format!("{resource} {block}"),
    }
}

pub(super) fn elsewhere(id: &ResourceId) -> String {
    let kind = id
        .kind
        .rsplit_once('/')
        .map_or(id.kind.as_str(), |(_, last)| last);
    let names = id.names.join("/");
    match &id.resource_group {
        Some(group) => format!("{kind} {names} in {group}, not in this deployment"),
        None => format!("{kind} {names}, not in this deployment"),
    }
}
