//! How a resource is called, in the words of either schema.

use crate::eval::deployment::Resource;
use crate::eval::value::Value;

use super::arm;
use super::body::{Blocks, Body};
use super::kind::is_arm;

/// The names by which a resource can be found; none where nothing is written.
pub(super) struct Naming {
    pub(super) name: Option<Value>,
    /// Of the virtual network that a subnet is in.
    pub(super) parent: Option<Value>,
    pub(super) resource_group: Option<Value>,
}

pub(super) fn naming(resource: &Resource, body: &Body) -> Naming {
    let written = |name: &str| body.property(name).map(|property| property.value);
    if is_arm(&resource.schema) {
        let (parent, name) = arm::names(resource, body);
        return Naming {
            name,
            parent,
            resource_group: resource.resource_group.clone(),
        };
    }
    Naming {
        name: written("name"),
        parent: written("virtual_network_name"),
        resource_group: written("resource_group_name"),
    }
}

/// The subnets that are written inside a virtual network.
pub(super) fn inline_subnets(resource: &Resource, body: &Body) -> Blocks {
    if is_arm(&resource.schema) {
        return body.block("properties").blocks("subnets");
    }
    body.blocks("subnet")
}
