//! A property of the network: its value or why that is unknown, and where it comes from.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::eval::deployment::Presence;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Condition, Unknown};
use crate::source::Span;

#[derive(Debug, Clone)]
pub struct Attr<T> {
    pub state: State<T>,
    pub from: Provenance,
    pub site: Arc<Site>,
}

#[derive(Debug, Clone)]
pub enum State<T> {
    Known(T),
    OneOf(Box<Choice<T>>),
    Unknown(Unknown),
}

/// The value is `yes` or `no`, as the condition turns out. A branch can be absent: the property is not
/// set there.
#[derive(Debug, Clone)]
pub struct Choice<T> {
    pub condition: Condition,
    pub yes: Option<Attr<T>>,
    pub no: Option<Attr<T>>,
}

/// A resource of the deployment, as the owner of properties.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The resource's address: `module.aks.azurerm_kubernetes_cluster.main[0]`.
    pub resource: String,
    pub header: Span,
    /// The whole block; a suppression above it covers the block.
    pub block: Span,
    pub presence: Presence,
}

/// Which property of which resource.
#[derive(Debug, Clone)]
pub struct Site {
    pub owner: Arc<Owner>,
    /// The path as the input language writes it: `network_profile.service_cidr`; empty for the resource.
    pub property: Cow<'static, str>,
}

/// A known property: the value together with where it comes from. What findings are made from.
#[derive(Debug)]
pub struct Fact<'a, T: ?Sized> {
    pub value: &'a T,
    pub from: &'a Provenance,
    pub site: &'a Arc<Site>,
}

// Derived, these would ask that `T` be `Clone`.
impl<T: ?Sized> Clone for Fact<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Fact<'_, T> {}

impl<T: ?Sized> Fact<'_, T> {
    /// Nobody wrote the value: the provider or Azure supplies it.
    pub fn is_default(&self) -> bool {
        self.from.is_provider_default()
    }
}

impl<T: ?Sized> std::ops::Deref for Fact<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
    }
}

impl<T> Attr<T> {
    pub fn known_as(value: T, from: Provenance, site: Arc<Site>) -> Self {
        Attr {
            state: State::Known(value),
            from,
            site,
        }
    }

    /// The value, when there is just one. Rules use [`super::view::View::read`] instead, which also
    /// follows choices and notes what is unknown.
    pub fn known(&self) -> Option<Fact<'_, T>> {
        match &self.state {
            State::Known(value) => Some(Fact {
                value,
                from: &self.from,
                site: &self.site,
            }),
            State::OneOf(_) | State::Unknown(_) => None,
        }
    }
}

impl Attr<()> {
    /// A resource or block itself, to blame for what is not in it.
    pub fn fact(&self) -> Fact<'_, ()> {
        Fact {
            value: &(),
            from: &self.from,
            site: &self.site,
        }
    }
}

/// A list property. The list as a whole and each member can be unknown.
pub type List<T> = Attr<Vec<Attr<T>>>;

/// A reference to another resource.
pub type Link<T> = Attr<Target<T>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target<T> {
    /// In this deployment.
    Here(Id<T>),
    /// Named, but not in this deployment.
    Elsewhere(ResourceId),
}

/// The Azure id of a resource that is written out or put together from names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct ResourceId {
    pub subscription: Option<String>,
    pub resource_group: Option<String>,
    /// `Microsoft.Network/virtualNetworks/subnets`
    pub kind: String,
    /// One name for each part of the kind after the provider, outermost first.
    pub names: Vec<String>,
}

/// The place of a `T` in its list of the network.
#[derive(Debug)]
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub fn new(index: usize) -> Self {
        Id {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            of: PhantomData,
        }
    }

    pub fn index(self) -> usize {
        self.index as usize
    }
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.index.hash(hasher);
    }
}
