//! How a resource is called, in the words of either schema.

use crate::eval::deployment::Resource;
use crate::eval::value::Value;

use super::arm;
use super::body::{Blocks, Body, existing};
use super::kind::is_arm;
use super::value::member;

/// The names by which a resource can be found; none where nothing is written.
pub(super) struct Naming {
    pub(super) name: Option<Value>,
    /// Of the virtual network that a subnet is in.
    pub(super) parent: Option<Value>,
    pub(super) resource_group: Option<Value>,
}

pub(super) fn naming(resource: &Resource) -> Naming {
    let body = existing(resource);
    let written = |name: &str| member(&body, name);
    if is_arm(&resource.schema) {
        let (parent, name) = arm::names(resource, written("name"));
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
pub(super) fn inline_subnets(resource: &Resource) -> Blocks {
    let body = Body::of(resource);
    if is_arm(&resource.schema) {
        return body.block("properties").blocks("subnets");
    }
    body.blocks("subnet")
}
