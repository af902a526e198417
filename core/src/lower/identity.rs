//! What either schema writes of resource groups, managed identities and roles in the same way.

use crate::eval::deployment::Resource;
use crate::model::attr::{Attr, Id, List};
use crate::model::identity::ManagedIdentity;
use crate::model::network::ResourceGroup;

use super::body::Body;
use super::property::{required, text};
use super::value::joined;

pub(super) fn resource_group(resource: &Resource, id: Id<ResourceGroup>) -> ResourceGroup {
    let body = Body::of(resource);
    let words = |name: &'static str| body.property(name).and_then(|property| property.attr(text));
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

/// The actions of this name in all permissions that stand in a body.
pub(super) fn allowed(body: &Body, declared: &Attr<()>, name: &'static str) -> List<String> {
    let permissions = body.blocks("permissions");
    let lists = permissions.blocks.iter();
    let lists = lists.filter_map(|block| block.body.property(name));
    let mut together = body.empty(name);
    for list in lists {
        let value = joined(Some(together.value), Some(list.value));
        together.value = value.unwrap_or_else(|| body.empty(name).value);
    }
    required(together.list(text), declared, name)
}
