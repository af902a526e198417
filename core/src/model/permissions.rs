//! What the identity of a cluster may do on a subnet.

use crate::eval::value::{Reason, Unknown};

use super::attr::{Attr, Fact, Id, Link, Target};
use super::cluster::Cluster;
use super::identity::{ManagedIdentity, Principal, Role, RoleAssignment, RoleDefinition};
use super::roles::{self, matches_action};
use super::scopes::Place;
use super::subnet::Subnet;
use super::view::{Reading, View};
use super::vocabulary::IdentityType;

/// Puts machines and load balancers into a subnet.
pub const JOIN_SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets/join/action";
pub const READ_SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets/read";
pub const ASSIGN_ROLES: &str = "Microsoft.Authorization/roleAssignments/write";

/// The identity that a cluster acts with in its virtual network.
#[derive(Debug, Clone, Copy)]
pub struct ClusterIdentity<'a> {
    pub who: Who,
    /// Where the cluster says so: the identity's id, or that the identity is system-assigned.
    pub fact: Fact<'a, ()>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    SystemAssigned(Id<Cluster>),
    UserAssigned(Id<ManagedIdentity>),
}

/// A subnet as a pool names it.
#[derive(Debug, Clone, Copy)]
pub enum SubnetOf<'a> {
    Named(&'a Target<Subnet>),
    Unknown(&'a Unknown),
}

/// Yes, no, or what the answer hangs on.
pub type Answer = Result<bool, Unknown>;

/// A role assignment that gives something to an identity on a subnet, or may do so.
#[derive(Debug)]
pub struct Held<'a> {
    pub assignment: &'a RoleAssignment,
    /// Why it is not certain that the assignment is for this identity and covers this subnet.
    pub doubt: Option<Unknown>,
}

impl<'a> View<'a> {
    /// The identity of a cluster, when both are this deployment's own. What is unknown is noted; a cluster
    /// of another deployment is judged there.
    pub fn identity_of(&self, cluster: &'a Cluster) -> Option<ClusterIdentity<'a>> {
        let is_foreign = |from: Option<usize>, index: usize| from.is_some_and(|from| index >= from);
        if is_foreign(self.network.foreign_clusters_from, cluster.id.index()) {
            return None;
        }
        let fact = self.read_written(&cluster.identity_type)?;
        let place = |from, site| Fact {
            value: &(),
            from,
            site,
        };
        match fact.value {
            IdentityType::SystemAssigned => Some(ClusterIdentity {
                who: Who::SystemAssigned(cluster.id),
                fact: place(fact.from, fact.site),
            }),
            IdentityType::UserAssigned => {
                // AKS takes exactly one identity for the control plane.
                let identities = self.known(cluster.identities.as_ref()?);
                let identity = identities.first()?;
                match identity.value {
                    Target::Here(id) if !is_foreign(self.network.foreign_identities_from, id.index()) => {
                        Some(ClusterIdentity {
                            who: Who::UserAssigned(*id),
                            fact: place(identity.from, identity.site),
                        })
                    }
                    Target::Here(_) | Target::Elsewhere(_) => {
                        let what = "what the cluster's identity may do".to_owned();
                        self.note(&outside(*identity, what));
                        None
                    }
                }
            }
            IdentityType::Other(_) => None,
        }
    }

    /// The subnets that the pools of a cluster name for their nodes, each once, with the link.
    pub fn role_subnets(&self, cluster: &'a Cluster) -> Vec<(SubnetOf<'a>, &'a Link<Subnet>)> {
        let mut subnets: Vec<(SubnetOf<'a>, &'a Link<Subnet>)> = Vec::new();
        for link in self
            .pools_of(cluster)
            .into_iter()
            .filter_map(|pool| pool.subnet.as_ref())
        {
            let subnet = match self.look_at(link) {
                Reading::Known(target) => SubnetOf::Named(target.value),
                Reading::Unknown(unknown, _) => SubnetOf::Unknown(unknown),
                Reading::Absent => continue,
            };
            if !subnets
                .iter()
                .any(|(_, known)| self.is_same(known, link) == Ok(true))
            {
                subnets.push((subnet, link));
            }
        }
        subnets
    }

    /// The definition of a role that is surely held and is one of this deployment's own, and where it is
    /// assigned.
    pub fn sure_custom_role(&self, held: &Held<'a>) -> Option<(Fact<'a, Role>, &'a RoleDefinition)> {
        let Reading::Known(role) = self.look(&held.assignment.role) else {
            return None;
        };
        let definition = self.custom_role(role.value)?;
        held.doubt.is_none().then_some((role, definition))
    }

    /// The assignments of this deployment that cover a subnet and are, or may be, for an identity.
    pub fn roles_held(&self, identity: Who, subnet: SubnetOf<'a>) -> Vec<Held<'a>> {
        let place = self.place_of_scope(subnet);
        let mut held = Vec::new();
        for assignment in &self.network.role_assignments {
            let is_for = self.is_for(identity, assignment);
            let covers = match &is_for {
                Ok(false) => continue,
                Ok(true) | Err(_) => self.covers(assignment, &place),
            };
            let doubt = match (is_for, covers) {
                (_, Ok(false)) => continue,
                (Err(unknown), _) | (_, Err(unknown)) => Some(unknown),
                (Ok(_), Ok(_)) => None,
            };
            if self.is_present(&assignment.declared) {
                held.push(Held { assignment, doubt });
            }
        }
        held
    }

    /// Whether an identity may do this on a subnet, by the assignments of this deployment.
    pub fn may(&self, held: &[Held<'a>], action: &str) -> Answer {
        let mut doubt = self.network.open.clone();
        for Held {
            assignment,
            doubt: own,
        } in held
        {
            match self.role_permits(&assignment.role, action) {
                Ok(false) => {}
                Ok(true) if own.is_none() => return Ok(true),
                Ok(true) => doubt = doubt.or_else(|| own.clone()),
                Err(unknown) => doubt = doubt.or_else(|| own.clone()).or(Some(unknown)),
            }
        }
        doubt.map_or(Ok(false), Err)
    }

    /// Those of the actions that an identity surely may not do. What is unknown is noted.
    pub fn lacking<'n>(&self, held: &[Held<'a>], actions: &[&'n str]) -> Vec<&'n str> {
        let mut lacking = Vec::new();
        for action in actions {
            match self.may(held, action) {
                Ok(true) => {}
                Ok(false) => lacking.push(*action),
                Err(unknown) => self.note(&unknown),
            }
        }
        lacking
    }

    fn is_for(&self, identity: Who, assignment: &'a RoleAssignment) -> Answer {
        let fact = match self.look_at(&assignment.principal) {
            Reading::Known(fact) => fact,
            Reading::Unknown(unknown, _) => return Err(unknown.clone()),
            Reading::Absent => return Ok(false),
        };
        match fact.value {
            Principal::Identity(id) => Ok(identity == Who::UserAssigned(*id)),
            Principal::ClusterIdentity(id) => Ok(identity == Who::SystemAssigned(*id)),
            Principal::KubeletIdentity(_) => Ok(false),
            // A group may have the identity as a member; a directory lookup may find the identity itself.
            Principal::Other(address) if address.contains("azuread_") => Err(outside(
                fact,
                format!("whether {address} is or holds the cluster's identity"),
            )),
            Principal::Other(_) => Ok(false),
            Principal::ObjectId(object) => Err(outside(
                fact,
                format!("whether the object id {object} is or holds the cluster's identity"),
            )),
        }
    }

    fn covers(&self, assignment: &'a RoleAssignment, subnet: &Place<'a>) -> Answer {
        match self.look_at(&assignment.scope) {
            Reading::Known(scope) => self.is_inside(subnet, scope),
            Reading::Unknown(unknown, _) if subnet.is(unknown) => Ok(true),
            Reading::Unknown(unknown, _) => Err(unknown.clone()),
            Reading::Absent => Ok(false),
        }
    }

    /// Whether a role permits an action such as `Microsoft.Network/virtualNetworks/subnets/join/action`.
    pub fn role_permits(&self, role: &'a Option<Attr<Role>>, action: &str) -> Answer {
        let fact = match self.look(role) {
            Reading::Known(fact) => fact,
            Reading::Unknown(unknown, _) => return Err(unknown.clone()),
            Reading::Absent => return Ok(false),
        };
        if let Some(definition) = self.custom_role(fact.value) {
            return self.definition_permits(definition, action);
        }
        let (Role::Named(name) | Role::ById(name)) = fact.value else {
            return Ok(false);
        };
        roles::built_in_permits(name, action)
            .ok_or_else(|| outside(fact, format!("what the role {name} permits")))
    }

    /// The definition of a role, when it is one of this deployment's own.
    pub fn custom_role(&self, role: &Role) -> Option<&'a RoleDefinition> {
        match role {
            Role::Custom(id) => Some(&self.network[*id]),
            Role::Named(name) => self.network.role_definitions.iter().find(
                |definition| matches!(self.look(&definition.name), Reading::Known(own) if own.value == name),
            ),
            Role::ById(_) => None,
        }
    }

    fn definition_permits(&self, definition: &'a RoleDefinition, action: &str) -> Answer {
        match self.any_matches(&definition.actions, action) {
            Ok(true) => self
                .any_matches(&definition.not_actions, action)
                .map(|excluded| !excluded),
            // What may be permitted is not when it is excluded.
            Err(unknown) => match self.any_matches(&definition.not_actions, action) {
                Ok(true) => Ok(false),
                Ok(false) | Err(_) => Err(unknown),
            },
            Ok(false) => Ok(false),
        }
    }

    fn any_matches(&self, patterns: &'a super::attr::List<String>, action: &str) -> Answer {
        let members = match self.look_at(patterns) {
            Reading::Known(members) => members.value,
            Reading::Unknown(unknown, _) => return Err(unknown.clone()),
            Reading::Absent => return Ok(false),
        };
        let mut doubt = None;
        for member in members {
            match self.look_at(member) {
                Reading::Known(pattern) if matches_action(pattern.value, action) => return Ok(true),
                Reading::Unknown(unknown, _) => doubt = doubt.or(Some(unknown)),
                Reading::Known(_) | Reading::Absent => {}
            }
        }
        doubt.map_or(Ok(false), |unknown| Err(unknown.clone()))
    }
}

/// The doubt about something that only Azure or the directory can tell.
pub(super) fn outside<T>(fact: Fact<'_, T>, what: String) -> Unknown {
    Unknown::new(Reason::External { what }, fact.from.nearest().span)
}
