//! Who gets a role, which one and where: what role assignments of either schema refer to.

use crate::eval::deployment::{Mode, Resource};
use crate::eval::value::{Kind as ValueKind, PathStep, Piece, Reason, Unknown, Value};
use crate::model::attr::{Id, Target};
use crate::model::identity::{Principal, Role, RoleDefinition, Scope};

use super::azure_id::{AzureId, Segment};
use super::body::Body;
use super::index::Index;
use super::kind::{Kind, Slot};
use super::link::{Found, outsider};

pub(super) fn scope(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Scope, Unknown> {
    let found = match index.find(value, resource) {
        Ok(found) => found,
        Err(unknown) => return unknown_group(value).ok_or(unknown),
    };
    Ok(match found {
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

/// The id of a resource group whose name is unknown: what is deployed to it may say so all the same.
fn unknown_group(value: &Value) -> Option<Scope> {
    let ValueKind::Unknown(unknown) = &value.kind else {
        return None;
    };
    let id = AzureId::of_pieces(unknown.pieces())?;
    match id.resource_group? {
        Segment::Unknown(group) if id.base.is_none() && id.parts.is_empty() => {
            Some(Scope::UnknownGroup(group))
        }
        _ => None,
    }
}

fn address_of(slot: Slot, index: &Index<'_>) -> String {
    let position = index.entry(slot).and_then(|entry| entry.position);
    position.map_or_else(String::new, |position| {
        index.resource(position).address.to_string()
    })
}

/// Who a role is given to, by the attribute that the id is read from.
pub(super) fn principal(value: &Value, index: &Index<'_>) -> Result<Principal, Unknown> {
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
    let attributes: Vec<String> = path
        .iter()
        .filter_map(|step| match step {
            PathStep::Attribute(name) => Some(name.to_ascii_lowercase()),
            PathStep::Index(_) | PathStep::Key(_) => None,
        })
        // What the azapi provider reads back is in its output, templates read the properties.
        .filter(|name| !matches!(name.as_str(), "output" | "properties"))
        .collect();
    let attributes: Vec<&str> = attributes.iter().map(String::as_str).collect();
    let slot = slot.map(|slot| (slot.kind, slot.index));
    Ok(match (slot, attributes.as_slice()) {
        (Some((Kind::Identity, index)), ["principal_id" | "principalid"]) => {
            Principal::Identity(Id::new(index))
        }
        (Some((Kind::Cluster, index)), ["identity", "principal_id" | "principalid"]) => {
            Principal::ClusterIdentity(Id::new(index))
        }
        (
            Some((Kind::Cluster, index)),
            ["kubelet_identity", "object_id"] | ["identityprofile", "kubeletidentity", "objectid"],
        ) => Principal::KubeletIdentity(Id::new(index)),
        _ => Principal::Other(source.address.to_string()),
    })
}

/// A role of this deployment goes by its name too.
pub(super) fn role_named(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Role, Unknown> {
    let found = index.by_name::<RoleDefinition>(Kind::RoleDefinition, value, resource)?;
    Ok(match (found, &value.kind) {
        (Target::Here(id), _) => Role::Custom(id),
        (_, ValueKind::String(name)) => Role::Named(name.to_string()),
        _ => return Err(not_a_role(value)),
    })
}

pub(super) fn role_by_id(value: &Value, resource: &Resource, index: &Index<'_>) -> Result<Role, Unknown> {
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
