//! Resource groups, managed identities, role definitions and role assignments.

use crate::eval::deployment::Resource;
use crate::lower::body::Body;
use crate::lower::grant::{principal, role_by_id, role_named, scope};
use crate::lower::index::Index;
use crate::lower::property::{required, text};
use crate::lower::value::joined;
use crate::model::attr::{Id, List};
use crate::model::identity::{ManagedIdentity, RoleAssignment, RoleDefinition};
use crate::model::network::ResourceGroup;

pub(super) fn resource_group(resource: &Resource, id: Id<ResourceGroup>) -> ResourceGroup {
    let body = Body::of(resource);
    let words = |name: &str| body.property(name).and_then(|property| property.attr(text));
    ResourceGroup {
        id,
        declared: body.declared(),
        name: words("name"),
        location: words("location"),
    }
}

pub(super) fn managed_identity(resource: &Resource, id: Id<ManagedIdentity>) -> ManagedIdentity {
    let body = Body::of(resource);
    ManagedIdentity {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
    }
}

/// A definition with the actions of all its permission blocks.
pub(super) fn role_definition(resource: &Resource, id: Id<RoleDefinition>) -> RoleDefinition {
    let body = Body::of(resource);
    let permissions = body.blocks("permissions");
    let actions = |name: &str| -> List<String> {
        let lists = permissions.blocks.iter();
        let lists = lists.filter_map(|block| block.body.property(name));
        let mut together = body.empty(name);
        for list in lists {
            let value = joined(Some(together.value), Some(list.value));
            together.value = value.unwrap_or_else(|| body.empty(name).value);
        }
        required(together.list(text), &body.declared(), name)
    };
    RoleDefinition {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        actions: actions("actions"),
        not_actions: actions("not_actions"),
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
