//! Whether a subnet lies inside the scope of a role assignment.

use crate::eval::value::Unknown;

use super::attr::{Attr, Fact, Link, ResourceId, Target};
use super::identity::Scope;
use super::neighbours;
use super::permissions::{Answer, SubnetOf, outside};
use super::subnet::{Subnet, VirtualNetwork};
use super::view::{Reading, View};

/// One name on the way from the subscription down to a subnet.
#[derive(Debug, Clone, Copy)]
enum Name<'a> {
    Text(&'a str),
    Unknown(&'a Unknown),
    /// The id does not say: it is the subscription or group of the deployment.
    Unsaid,
}

/// Where a subnet lies: its own target where it is named, and the names on the way to it.
#[derive(Debug)]
pub(super) struct Place<'a> {
    subnet: SubnetOf<'a>,
    network: Option<neighbours::Place>,
    names: [Name<'a>; 4],
}

impl Place<'_> {
    /// Whether this unknown value is the subnet itself.
    pub(super) fn is(&self, unknown: &Unknown) -> bool {
        matches!(self.subnet, SubnetOf::Unknown(own) if own == unknown)
    }
}

impl<'a> View<'a> {
    pub(super) fn place_of_scope(&self, subnet: SubnetOf<'a>) -> Place<'a> {
        let mut network = None;
        let names = match subnet {
            SubnetOf::Named(Target::Elsewhere(id)) => names_of(id),
            SubnetOf::Named(Target::Here(id)) => {
                let subnet: &'a Subnet = &self.network[*id];
                network = self.place_of(subnet);
                let [subscription, group, name, _] = self.names_of_network_link(&subnet.virtual_network);
                [subscription, group, name, self.name(&subnet.name)]
            }
            SubnetOf::Unknown(unknown) => [Name::Unknown(unknown); 4],
        };
        Place {
            subnet,
            network,
            names,
        }
    }

    /// Whether a subnet lies inside a scope.
    pub(super) fn is_inside(&self, place: &Place<'a>, scope: Fact<'a, Scope>) -> Answer {
        let names = match scope.value {
            Scope::Everything => return Ok(true),
            Scope::RouteTable(_) | Scope::PrivateDnsZone(_) => return Ok(false),
            Scope::Subnet(id) => {
                if let SubnetOf::Named(Target::Here(own)) = place.subnet {
                    return Ok(own == id);
                }
                let subnet: &'a Subnet = &self.network[*id];
                let [subscription, group, name, _] = self.names_of_network_link(&subnet.virtual_network);
                [subscription, group, name, self.name(&subnet.name)]
            }
            Scope::VirtualNetwork(id) => {
                if let Some(neighbours::Place::Here(own)) = &place.network {
                    return Ok(own == id);
                }
                self.names_of_network(&self.network[*id])
            }
            Scope::ResourceGroup(id) => {
                let group = self.name(&self.network[*id].name);
                [Name::Unsaid, group, Name::Unsaid, Name::Unsaid]
            }
            Scope::UnknownGroup(group) => [Name::Unsaid, Name::Unknown(group), Name::Unsaid, Name::Unsaid],
            Scope::Elsewhere(id) => match container_names(id) {
                Some(names) => names,
                None => return Ok(false),
            },
            Scope::Other(address) => return other(scope, address),
        };
        let mut doubt = None;
        for (own, scope) in place.names.iter().zip(names) {
            match (*own, scope) {
                (_, Name::Unsaid) | (Name::Unsaid, _) => {}
                (Name::Text(own), Name::Text(scope)) if own.eq_ignore_ascii_case(scope) => {}
                (Name::Text(_), Name::Text(_)) => return Ok(false),
                (Name::Unknown(own), Name::Unknown(scope)) if own == scope => {}
                (Name::Unknown(unknown), _) | (_, Name::Unknown(unknown)) => doubt = doubt.or(Some(unknown)),
            }
        }
        doubt.map_or(Ok(true), |unknown| Err(unknown.clone()))
    }

    fn names_of_network_link(&self, link: &'a Option<Link<VirtualNetwork>>) -> [Name<'a>; 4] {
        match self.look(link) {
            Reading::Known(target) => match target.value {
                Target::Here(id) => self.names_of_network(&self.network[*id]),
                Target::Elsewhere(id) => names_of(id),
            },
            Reading::Unknown(unknown, _) => [Name::Unknown(unknown); 4],
            Reading::Absent => [Name::Unsaid; 4],
        }
    }

    fn names_of_network(&self, network: &'a VirtualNetwork) -> [Name<'a>; 4] {
        let group = self.name(&network.resource_group);
        [Name::Unsaid, group, self.name(&network.name), Name::Unsaid]
    }

    fn name(&self, name: &'a Option<Attr<String>>) -> Name<'a> {
        match self.look(name) {
            Reading::Known(text) => Name::Text(text.value),
            Reading::Unknown(unknown, _) => Name::Unknown(unknown),
            Reading::Absent => Name::Unsaid,
        }
    }
}

fn names_of(id: &ResourceId) -> [Name<'_>; 4] {
    let name = |index: usize| id.names.get(index);
    [
        id.subscription.as_ref(),
        id.resource_group.as_ref(),
        name(0),
        name(1),
    ]
    .map(|text| text.map_or(Name::Unsaid, |text| Name::Text(text)))
}

/// The names in the id of something that can hold a subnet: the subnet itself, a network, a resource group
/// or a subscription.
fn container_names(id: &ResourceId) -> Option<[Name<'_>; 4]> {
    let kind = id.kind.to_ascii_lowercase();
    if kind == "microsoft.network/virtualnetworks" || kind.ends_with("/virtualnetworks/subnets") {
        return Some(names_of(id));
    }
    // The name of a resource group can stand in either place.
    let group = id.resource_group.as_ref();
    let group = match kind.as_str() {
        "" => group,
        "microsoft.resources/resourcegroups" => group.or(id.names.first()),
        _ => return None,
    };
    let [subscription, ..] = names_of(id);
    let group = group.map_or(Name::Unsaid, |name| Name::Text(name));
    Some([subscription, group, Name::Unsaid, Name::Unsaid])
}

/// A resource of a kind that the model does not hold. One that can contain networks may contain this one.
fn other(scope: Fact<'_, Scope>, address: &str) -> Answer {
    let containers = [
        "subscription",
        "management_group",
        "resource_group",
        "virtual_network",
        "subnet",
    ];
    if containers.iter().any(|kind| address.contains(kind)) {
        return Err(outside(scope, format!("whether {address} contains the subnet")));
    }
    Ok(false)
}
