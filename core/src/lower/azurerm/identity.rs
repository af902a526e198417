//! Resource groups, managed identities, role definitions and role assignments.

use crate::eval::deployment::Resource;
use crate::lower::body::Body;
use crate::lower::grant::{principal, role_by_id, role_named, scope};
use crate::lower::identity::allowed;
use crate::lower::index::Index;
use crate::lower::property::{required, text};
use crate::model::attr::Id;
use crate::model::identity::{RoleAssignment, RoleDefinition};

/// A definition with the actions of all its permission blocks.
pub(super) fn role_definition(resource: &Resource, id: Id<RoleDefinition>) -> RoleDefinition {
    let body = Body::of(resource);
    RoleDefinition {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        actions: allowed(&body, &body.declared(), "actions"),
        not_actions: allowed(&body, &body.declared(), "not_actions"),
    }
}

pub(super) fn role_assignment(
    resource: &Resource,
    id: Id<RoleAssignment>,
    index: &Index<'_>,
) -> RoleAssignment {
    let body = Body::of(resource);
    let declared = body.declared();
    let assigned = body.property("scope");
    let assigned = assigned.and_then(|assigned| assigned.attr_by(&|value| scope(value, resource, index)));
    let whom = body.property("principal_id");
    let whom = whom.and_then(|whom| whom.attr_by(&|value| principal(value, index)));
    let by_name = body.property("role_definition_name");
    let by_name = by_name.and_then(|name| name.attr_by(&|value| role_named(value, resource, index)));
    let by_id = body.property("role_definition_id");
    let by_id = || by_id.and_then(|role| role.attr_by(&|value| role_by_id(value, resource, index)));
    RoleAssignment {
        id,
        scope: required(assigned, &declared, "scope"),
        role: by_name.or_else(by_id),
        principal: required(whom, &declared, "principal_id"),
        declared,
    }
}
