//! The network as it is in one world: what rules ask.

use std::ops::Deref;

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::attr::{Attr, Fact, List, State};
use super::cidr::Cidr;
use super::network::Network;
use super::world::World;

/// A network in one world. Reading through a view notes what is unknown, so that a rule cannot forget to
/// say that it was undecided.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub network: &'a Network,
    world: &'a World,
    notes: bool,
}

impl Deref for View<'_> {
    type Target = Network;

    fn deref(&self) -> &Network {
        self.network
    }
}

/// What a property says in one world.
#[derive(Debug, Clone, Copy)]
pub enum Reading<'a, T> {
    /// Not set: the default counts.
    Absent,
    Known(Fact<'a, T>),
    /// Set to something that cannot be known, together with where it is set.
    Unknown(&'a Unknown, Fact<'a, ()>),
}

/// A well-formed range and the fact it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Range<'a> {
    pub network: IpNet,
    pub fact: Fact<'a, Cidr>,
}

impl std::fmt::Display for Range<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.network.fmt(formatter)
    }
}

impl<'a> View<'a> {
    pub fn new(network: &'a Network, world: &'a World) -> Self {
        View {
            network,
            world,
            notes: true,
        }
    }

    /// The same world without noting: for looking whether something matters before it is asked.
    #[must_use]
    pub fn quietly(self) -> Self {
        View { notes: false, ..self }
    }

    /// The value of a property in this world. None when it is unknown, which is noted, or when it is not
    /// set in this world, which is not.
    pub fn read<T>(&self, attr: &'a Attr<T>) -> Option<Fact<'a, T>> {
        let settled = self.settle(attr)?;
        match &settled.state {
            State::Known(value) => Some(Fact {
                value,
                from: &settled.from,
                site: &settled.site,
            }),
            State::OneOf(_) => None,
            State::Unknown(unknown) => {
                self.note(unknown);
                None
            }
        }
    }

    /// The same for a property that need not be written.
    pub fn read_written<T>(&self, attr: &'a Option<Attr<T>>) -> Option<Fact<'a, T>> {
        attr.as_ref().and_then(|attr| self.read(attr))
    }

    /// Whether the property is written in this world, known or not.
    pub fn is_written<T>(&self, attr: &'a Option<Attr<T>>) -> bool {
        attr.as_ref().is_some_and(|attr| self.settle(attr).is_some())
    }

    /// What a property says in this world, without noting what is unknown: for sums that may be decided
    /// all the same.
    pub fn look<T>(&self, attr: &'a Option<Attr<T>>) -> Reading<'a, T> {
        match attr {
            Some(attr) => self.look_at(attr),
            None => Reading::Absent,
        }
    }

    /// The same for a property that is always there.
    pub fn look_at<T>(&self, attr: &'a Attr<T>) -> Reading<'a, T> {
        let Some(settled) = self.settle(attr) else {
            return Reading::Absent;
        };
        let (from, site) = (&settled.from, &settled.site);
        match &settled.state {
            State::Known(value) => Reading::Known(Fact { value, from, site }),
            State::Unknown(unknown) => Reading::Unknown(
                unknown,
                Fact {
                    value: &(),
                    from,
                    site,
                },
            ),
            State::OneOf(_) => Reading::Absent,
        }
    }

    /// Whether a switch is on in this world. An unknown switch is on in some worlds and off in others,
    /// which keeps it in step with everything else that hangs on the same condition.
    pub fn is_on(&self, switch: &'a Option<Attr<bool>>, default: bool) -> bool {
        match self.look(switch) {
            Reading::Absent => default,
            Reading::Known(on) => *on.value,
            Reading::Unknown(unknown, _) => self.world.decide(unknown),
        }
    }

    /// Why a property is unknown in this world, without noting it.
    pub fn unknown<T>(&self, attr: &'a Attr<T>) -> Option<&'a Unknown> {
        match &self.settle(attr)?.state {
            State::Unknown(unknown) => Some(unknown),
            State::Known(_) | State::OneOf(_) => None,
        }
    }

    /// Follows choices to the property as it is in this world; never `OneOf`.
    fn settle<T>(&self, attr: &'a Attr<T>) -> Option<&'a Attr<T>> {
        let mut attr = attr;
        while let State::OneOf(choice) = &attr.state {
            let branch = if self.world.holds(&choice.condition) {
                &choice.yes
            } else {
                &choice.no
            };
            attr = branch.as_ref()?;
        }
        Some(attr)
    }

    /// The known members of a list: enough for a rule about any of them. What is unknown is noted.
    pub fn known<T>(&self, list: &'a List<T>) -> Vec<Fact<'a, T>> {
        match self.read(list) {
            Some(members) => members
                .value
                .iter()
                .filter_map(|member| self.read(member))
                .collect(),
            None => Vec::new(),
        }
    }

    /// All members of a list, or none when one is unknown: needed for a rule about all of them or about
    /// their number.
    pub fn complete<T>(&self, list: &'a List<T>) -> Option<Vec<Fact<'a, T>>> {
        let members = self.read(list)?;
        let mut facts = Vec::with_capacity(members.value.len());
        for member in members.value {
            match self.settle(member) {
                Some(_) => facts.push(self.read(member)?),
                None => continue,
            }
        }
        Some(facts)
    }

    /// The known, well-formed ranges of a list; what is malformed is AKS101's.
    pub fn ranges(&self, list: &'a List<Cidr>) -> Vec<Range<'a>> {
        self.known(list)
            .into_iter()
            .filter_map(|fact| fact.value.network.map(|network| Range { network, fact }))
            .collect()
    }

    /// All ranges of a list, or none when one is unknown or malformed.
    pub fn complete_ranges(&self, list: &'a List<Cidr>) -> Option<Vec<Range<'a>>> {
        let facts = self.complete(list)?;
        facts
            .into_iter()
            .map(|fact| fact.value.network.map(|network| Range { network, fact }))
            .collect()
    }

    /// Whether a resource exists in this world.
    pub fn is_present(&self, declared: &Attr<()>) -> bool {
        self.world.is_present(&declared.site.owner.presence)
    }

    /// The resources of a list that exist in this world.
    pub fn present<T: Declared>(&self, resources: &'a [T]) -> impl Iterator<Item = &'a T> {
        let view = *self;
        resources
            .iter()
            .filter(move |resource| view.is_present(resource.declared()))
    }

    /// Notes that a question could not be answered because of this.
    pub fn note(&self, unknown: &Unknown) {
        if self.notes {
            self.world.note(unknown);
        }
    }
}

/// A resource or block that has a place and may be absent.
pub trait Declared {
    fn declared(&self) -> &Attr<()>;
}

macro_rules! declared {
    ($($kind:ty),+ $(,)?) => {
        $(impl Declared for $kind {
            fn declared(&self) -> &Attr<()> {
                &self.declared
            }
        })+
    };
}

declared!(
    super::cluster::Cluster,
    super::identity::ManagedIdentity,
    super::identity::RoleAssignment,
    super::identity::RoleDefinition,
    super::network::ResourceGroup,
    super::node_pool::NodePool,
    super::routing::NatGateway,
    super::routing::PrivateDnsZone,
    super::routing::PublicIp,
    super::routing::Route,
    super::routing::RouteTable,
    super::security::SecurityGroup,
    super::security::SecurityRule,
    super::subnet::Peering,
    super::subnet::Subnet,
    super::subnet::VirtualNetwork,
);

impl<T> Declared for super::subnet::Association<T> {
    fn declared(&self) -> &Attr<()> {
        &self.declared
    }
}
