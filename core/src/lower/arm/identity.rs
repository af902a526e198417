//! Resource groups, managed identities, role definitions and role assignments.

use super::name::{is_assignment_below, scope_of_assignment};
use crate::eval::deployment::Resource;
use crate::eval::value::{Kind as ValueKind, Value};
use crate::lower::body::Body;
use crate::lower::grant::{principal, role_by_id, scope};
use crate::lower::identity::allowed;
use crate::lower::index::{Index, names_of};
use crate::lower::kind::Kind;
use crate::lower::names::not_understood;
use crate::lower::property::{Property, required, text};
use crate::model::attr::{Attr, Id, ResourceId};
use crate::model::identity::{RoleAssignment, RoleDefinition, Scope};

/// A definition with the actions of all its permissions.
pub(super) fn role_definition(resource: &Resource, id: Id<RoleDefinition>) -> RoleDefinition {
    let body = Body::of(resource);
    let properties = body.block("properties");
    RoleDefinition {
        id,
        declared: body.declared(),
        // The name of the resource is a GUID.
        name: properties.property("roleName").and_then(|name| name.attr(text)),
        actions: allowed(&properties, &body.declared(), "actions"),
        not_actions: allowed(&properties, &body.declared(), "notActions"),
    }
}

pub(super) fn role_assignment(
    resource: &Resource,
    id: Id<RoleAssignment>,
    index: &Index<'_>,
) -> RoleAssignment {
    let body = Body::of(resource);
    let declared = body.declared();
    let properties = body.block("properties");
    // Such a name says more than the scope, which is what the template is deployed to.
    let below = is_assignment_below(&resource.schema)
        .then(|| scope_of_assignment(resource, &body))
        .flatten();
    let below = below.map(|below| Property::new(below, body.site("name")));
    let written = below.or_else(|| body.property("scope"));
    let written = written.or_else(|| body.property("parent_id"));
    let assigned = match written {
        Some(written) => written.attr_by(&|value| scope(value, resource, index)),
        None => own_group(resource, &body, index),
    };
    let whom = properties.property("principalId");
    let whom = whom.and_then(|whom| whom.attr_by(&|value| principal(value, index)));
    let role = properties.property("roleDefinitionId");
    let role = role.and_then(|role| role.attr_by(&|value| role_by_id(value, resource, index)));
    RoleAssignment {
        id,
        scope: required(assigned, &declared, "scope"),
        role,
        principal: required(whom, &declared, "principalId"),
        declared,
    }
}

/// Without a scope, what the deployment goes to: its resource group, or else everything in its subscription.
fn own_group(resource: &Resource, body: &Body, index: &Index<'_>) -> Option<Attr<Scope>> {
    let Some(group) = resource.resource_group.clone() else {
        let declared = body.declared();
        return Some(Attr::known_as(Scope::Everything, declared.from, declared.site));
    };
    let group = Property::new(group, body.site("resourceGroup"));
    group.attr_by(&|group: &Value| {
        let name = names_of(group).into_iter().next();
        let name = name.ok_or_else(|| not_understood(group))?;
        let named = index.named(Kind::ResourceGroup, None, &name);
        if let [only] = named
            && let Some(entry) = index.entries.get(*only)
        {
            return Ok(Scope::ResourceGroup(Id::new(entry.slot.index)));
        }
        match &group.kind {
            ValueKind::Unknown(unknown) => Ok(Scope::UnknownGroup(unknown.clone())),
            _ => Ok(Scope::Elsewhere(ResourceId {
                kind: Kind::ResourceGroup.arm().to_owned(),
                names: group.as_str().map(str::to_owned).into_iter().collect(),
                ..ResourceId::default()
            })),
        }
    })
}
