//! Resource groups, managed identities, role definitions and role assignments.

use crate::eval::deployment::{Mode, Resource};
use crate::eval::value::{Kind as ValueKind, PathStep, Piece, Reason, Unknown, Value};
use crate::lower::body::Body;
use crate::lower::index::Index;
use crate::lower::kind::{Kind, Slot};
use crate::lower::link::{Found, outsider};
use crate::lower::property::{required, text};
use crate::lower::value::joined;
use crate::model::attr::{Id, List, Target};
use crate::model::identity::{ManagedIdentity, Principal, Role, RoleAssignment, RoleDefinition, Scope};
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

fn scope(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Scope, Unknown> {
    Ok(match index.find(value, resource)? {
        Found::Everything => Scope::Everything,
        Found::Elsewhere(id) => Scope::Elsewhere(id),
        Found::Other(address) => Scope::Other(address),
        Found::Here(slot) => match slot.kind {
            Kind::Subnet => Scope::Subnet(Id::new(slot.index)),
            Kind::VirtualNetwork => Scope::VirtualNetwork(Id::new(slot.index)),
            Kind::RouteTable => Scope::RouteTable(Id::new(slot.index)),
            Kind::ResourceGroup => Scope::ResourceGroup(Id::new(slot.index)),
            Kind::PrivateDnsZone => Scope::PrivateDnsZone(Id::new(slot.index)),
            _ => Scope::Other(address_of(slot, index)),
        },
    })
}

fn address_of(slot: Slot, index: &Index<'_>) -> String {
    let position = index.entry(slot).and_then(|entry| entry.position);
    position.map_or_else(String::new, |position| {
        index.resource(position).address.to_string()
    })
}

/// Who a role is given to, by the attribute that the id is read from.
fn principal(value: &Value, index: &Index<'_>) -> Result<Principal, Unknown> {
    let unknown = match &value.kind {
        ValueKind::String(text) => return Ok(Principal::ObjectId(text.to_string())),
        ValueKind::Unknown(unknown) => unknown,
        _ => {
            let message = "an object id is needed here".to_owned();
            return Err(Unknown::new(
                Reason::Invalid { message },
                value.from.nearest().span,
            ));
        }
    };
    let Some((position, path)) = unknown.edge().and_then(|edge| index.instance(edge)) else {
        let other = unknown.edge().and_then(outsider);
        return other.map(Principal::Other).ok_or_else(|| unknown.clone());
    };
    let source = index.resource(position);
    let slot = match source.address.mode {
        Mode::Managed => index.slot(position),
        Mode::Data => match index.data_source(position, unknown) {
            Ok(Found::Here(slot)) => Some(slot),
            // Someone outside this deployment, as far as names are known.
            Ok(_) => None,
            Err(_) => return Err(unknown.clone()),
        },
    };
    let attributes: Vec<&str> = path
        .iter()
        .filter_map(|step| match step {
            PathStep::Attribute(name) => Some(name.as_ref()),
            PathStep::Index(_) | PathStep::Key(_) => None,
        })
        .collect();
    let other = || Principal::Other(source.address.to_string());
    Ok(
        match (slot.map(|slot| (slot.kind, slot.index)), attributes.as_slice()) {
            (Some((Kind::Identity, index)), ["principal_id"]) => Principal::Identity(Id::new(index)),
            (Some((Kind::Cluster, index)), ["identity", "principal_id"]) => {
                Principal::ClusterIdentity(Id::new(index))
            }
            (Some((Kind::Cluster, index)), ["kubelet_identity", "object_id"]) => {
                Principal::KubeletIdentity(Id::new(index))
            }
            _ => other(),
        },
    )
}

/// A role of this deployment goes by its name too.
fn role_named(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Role, Unknown> {
    let found = index.by_name::<RoleDefinition>(Kind::RoleDefinition, value, resource)?;
    Ok(match (found, &value.kind) {
        (Target::Here(id), _) => Role::Custom(id),
        (_, ValueKind::String(name)) => Role::Named(name.to_string()),
        _ => return Err(not_a_role(value)),
    })
}

fn role_by_id(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Role, Unknown> {
    if let ValueKind::String(id) = &value.kind {
        return Ok(Role::ById(id.to_string()));
    }
    // `${data.azurerm_subscription.x.id}${data.azurerm_role_definition.y.id}` was the way of version 2.
    if let ValueKind::Unknown(unknown) = &value.kind
        && let [Piece::Unknown(_), Piece::Unknown(last)] = unknown.pieces()
    {
        let last = Value::unknown(last.clone(), value.from.clone());
        return role_by_id(&last, resource, index);
    }
    if let ValueKind::Unknown(unknown) = &value.kind
        && let Some((position, _)) = unknown.edge().and_then(|edge| index.instance(edge))
        && index.resource(position).schema.as_ref() == "azurerm_role_definition"
        && index.resource(position).address.mode == Mode::Data
        && let Some(name) = Body::of(index.resource(position)).property("name")
    {
        return role_named(&name.value, index.resource(position), index);
    }
    match index.find(value, resource)? {
        Found::Here(slot) => slot.id().map(Role::Custom).ok_or_else(|| not_a_role(value)),
        Found::Elsewhere(id) => match id.names.last() {
            Some(name) => Ok(Role::ById(name.clone())),
            None => Err(not_a_role(value)),
        },
        Found::Everything | Found::Other(_) => Err(not_a_role(value)),
    }
}

fn not_a_role(value: &Value) -> Unknown {
    match &value.kind {
        ValueKind::Unknown(unknown) => unknown.clone(),
        _ => {
            let message = "a role definition is needed here".to_owned();
            Unknown::new(Reason::Invalid { message }, value.from.nearest().span)
        }
    }
}
