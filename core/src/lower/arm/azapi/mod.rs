//! The azapi provider's resources: a type, a body in Azure's own words, and where it goes as arguments beside
//! it. They become resources of their type, as a template would have them.

mod json;
mod merge;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::eval::deployment::{Deployment, Presence, Resource};
use crate::eval::value::{Entries, Kind, OneOf, Piece, Reason, Unknown, Value};
use crate::lower::azure_id::{AzureId, Segment};
use crate::lower::index::Index;
use crate::lower::kind::is_arm;
use crate::lower::link::Found;
use crate::lower::value::{chosen, inside, member};

/// The provider's types that stand for a resource of Azure.
pub(in crate::lower) const TYPES: [&str; 2] = ["azapi_resource", "azapi_update_resource"];

pub(in crate::lower) const UPDATE: &str = "azapi_update_resource";

/// How many parents are followed to a resource group.
const MAXIMUM_PARENTS: usize = 8;

/// Turns the provider's resources into resources of Azure's types. Their addresses stay.
pub(in crate::lower) fn translate(deployment: &mut Deployment) {
    let is_azapi = |resource: &Resource| TYPES.contains(&resource.schema.as_ref());
    if !deployment.resources.iter().any(is_azapi) {
        return;
    }
    let index = Index::new(deployment);
    let resources = deployment.resources.iter().enumerate();
    let azapi = resources.filter(|(_, resource)| is_azapi(resource));
    let translated: Vec<(usize, Resource, Option<usize>)> = azapi
        .filter_map(|(position, resource)| {
            let target = (resource.schema.as_ref() == UPDATE)
                .then(|| updated(resource, &index))
                .flatten();
            Some((position, translated(resource, &index)?, target))
        })
        .collect();
    for (position, resource, target) in translated {
        let is_update = deployment.resources[position].schema.as_ref() == UPDATE;
        deployment.resources[position] = match target {
            None if is_update => partial(resource),
            None => resource,
            // What changes another resource is none itself; that of azurerm is changed when it is lowered.
            Some(_) => Resource {
                schema: UPDATE.into(),
                ..resource
            },
        };
    }
    merge_updates(deployment);
}

/// The resource with the type and body that Azure gets; none when the type is unknown.
fn translated(resource: &Resource, index: &Index<'_>) -> Option<Resource> {
    let written = |name: &str| member(&resource.body, name);
    let kind = written("type")?;
    let kind = kind.as_str()?;
    let kind = kind.split('@').next().unwrap_or(kind);
    if !is_arm(kind) {
        return None;
    }
    let id = written("resource_id");
    let place = match (&id, written("parent_id")) {
        (Some(id), _) => Place::of_own_id(id, index),
        (None, Some(parent)) => Place::below(&parent, index, MAXIMUM_PARENTS),
        (None, None) => Place::default(),
    };
    let own = written("name").or_else(|| place.name.clone());
    let name = match (own, &place.parent) {
        (Some(own), Some(parent)) if kind.matches('/').count() > 1 => Some(whole_name(parent, &own)),
        (own, _) => own,
    };
    let beside = ["location", "identity", "parent_id", "resource_id", "type"];
    let beside = beside
        .iter()
        .filter_map(|name| Some((Arc::from(*name), written(name)?)));
    let mut outer: BTreeMap<Arc<str>, Value> = beside.collect();
    outer.extend(name.map(|name| (Arc::from("name"), name)));
    if let Some(parent) = place.parent_id {
        outer.entry("parent_id".into()).or_insert(parent);
    }
    let body = written("body").unwrap_or_else(|| {
        let nothing = Kind::Object(Arc::default());
        Value::new(nothing, resource.body.from.clone())
    });
    Some(Resource {
        schema: kind.into(),
        body: Value::new(with_members(&body, &outer).kind, resource.body.from.clone()),
        resource_group: place.group,
        ..resource.clone()
    })
}

/// The body, an object or its JSON text, together with what is written beside it.
fn with_members(body: &Value, outer: &BTreeMap<Arc<str>, Value>) -> Value {
    let mut entries = match &body.kind {
        Kind::Object(entries) | Kind::Map(entries) => (**entries).clone(),
        Kind::String(text) => match json::decoded(text, &body.from).map(|value| value.kind) {
            Some(Kind::Object(entries)) => (*entries).clone(),
            _ => unknown_body(Unknown::new(
                Reason::Invalid {
                    message: "the body is not the JSON text of an object".to_owned(),
                },
                body.from.nearest().span,
            )),
        },
        Kind::OneOf(one_of) => {
            return chosen(one_of, &body.from, |branch| Some(with_members(branch, outer)))
                .unwrap_or_else(|| body.clone());
        }
        Kind::Unknown(unknown) => unknown_body(unknown.clone()),
        _ => Entries::default(),
    };
    for (name, value) in outer {
        entries
            .members
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    Value::new(Kind::Object(Arc::new(entries)), body.from.clone())
}

fn unknown_body(unknown: Unknown) -> Entries {
    Entries {
        members: BTreeMap::new(),
        open: Some(unknown),
    }
}

/// `hub/nodes` from `hub` and `nodes`.
fn whole_name(parent: &Value, own: &Value) -> Value {
    let piece = |value: &Value| match &value.kind {
        Kind::String(text) => Some(Piece::Text(text.clone())),
        Kind::Unknown(unknown) => Some(Piece::Unknown(unknown.clone())),
        _ => None,
    };
    let (Some(first), Some(last)) = (piece(parent), piece(own)) else {
        return own.clone();
    };
    if let (Piece::Text(first), Piece::Text(last)) = (&first, &last) {
        return Value::string(format!("{first}/{last}"), own.from.clone());
    }
    match Unknown::text(vec![first, Piece::Text("/".into()), last]) {
        Some(unknown) => Value::unknown(unknown, own.from.clone()),
        None => own.clone(),
    }
}

/// Where a resource is, as far as ids say.
#[derive(Default)]
struct Place {
    name: Option<Value>,
    /// The name of the resource that it is a child of.
    parent: Option<Value>,
    /// A reference to that resource, where its own id begins with one.
    parent_id: Option<Value>,
    group: Option<Value>,
}

impl Place {
    /// What is deployed below the resource of this id.
    fn below(parent: &Value, index: &Index<'_>, left: usize) -> Place {
        let nowhere = || Place {
            parent: part(parent, "name"),
            group: part(parent, "resource group"),
            ..Place::default()
        };
        let Some(left) = left.checked_sub(1) else {
            return nowhere();
        };
        match &parent.kind {
            Kind::Unknown(unknown) => {
                if let Some((position, _)) = unknown.edge().and_then(|edge| index.instance(edge)) {
                    return Place::below_resource(index.resource(position), index, left);
                }
                match AzureId::of_pieces(unknown.pieces()) {
                    Some(id) => Place::below_id(id, parent, index, left),
                    None => nowhere(),
                }
            }
            Kind::String(text) => match AzureId::of_text(text) {
                Some(id) => Place::below_id(id, parent, index, left),
                None => nowhere(),
            },
            _ => nowhere(),
        }
    }

    fn below_resource(resource: &Resource, index: &Index<'_>, left: usize) -> Place {
        let written = |name: &str| member(&resource.body, name);
        let is_group = resource.schema.as_ref() == "azurerm_resource_group"
            || written("type").is_some_and(|kind| {
                let kind = kind.as_str().unwrap_or_default().to_ascii_lowercase();
                kind.starts_with("microsoft.resources/resourcegroups@")
            });
        if is_group {
            return Place {
                group: written("name"),
                ..Place::default()
            };
        }
        let group = match written("parent_id") {
            Some(parent) => Place::below(&parent, index, left).group,
            None => written("resource_group_name"),
        };
        Place {
            parent: written("name"),
            group,
            ..Place::default()
        }
    }

    fn below_id(id: AzureId, whole: &Value, index: &Index<'_>, left: usize) -> Place {
        let outer = match id.base {
            Some(base) => Place::below(&Value::unknown(base, whole.from.clone()), index, left),
            None => Place::default(),
        };
        let value = |segment: &Segment| segment_value(segment, whole);
        Place {
            parent: id.parts.last().map(|(_, name)| value(name)).or(outer.parent),
            group: id.resource_group.as_ref().map(value).or(outer.group),
            ..Place::default()
        }
    }

    /// A resource that is known by its own id.
    fn of_own_id(id: &Value, index: &Index<'_>) -> Place {
        let parsed = match &id.kind {
            Kind::String(text) => AzureId::of_text(text),
            Kind::Unknown(unknown) => AzureId::of_pieces(unknown.pieces()),
            _ => None,
        };
        let Some(mut parsed) = parsed else {
            return Place {
                name: part(id, "name"),
                parent: part(id, "parent"),
                group: part(id, "resource group"),
                ..Place::default()
            };
        };
        let name = parsed.parts.pop().map(|(_, name)| segment_value(&name, id));
        let parent_id = parsed.base.clone().filter(|_| parsed.parts.is_empty());
        Place {
            name,
            parent_id: parent_id.map(|base| Value::unknown(base, id.from.clone())),
            ..Place::below_id(parsed, id, index, MAXIMUM_PARENTS)
        }
    }
}

fn segment_value(segment: &Segment, whole: &Value) -> Value {
    match segment {
        Segment::Text(text) => Value::string(text.as_str(), whole.from.clone()),
        Segment::Unknown(unknown) => Value::unknown(unknown.clone(), whole.from.clone()),
    }
}

/// A part of an id that is not known.
fn part(id: &Value, name: &str) -> Option<Value> {
    match &id.kind {
        Kind::Unknown(unknown) => Some(Value::unknown(inside(unknown, name), id.from.clone())),
        _ => None,
    }
}

/// The resource of this deployment that an update changes.
fn updated(update: &Resource, index: &Index<'_>) -> Option<usize> {
    let id = member(&update.body, "resource_id")?;
    if let Kind::Unknown(unknown) = &id.kind
        && let Some(edge) = unknown.edge()
    {
        return index.instance(edge).map(|(position, _)| position);
    }
    match index.find(&id, update) {
        Ok(Found::Here(slot)) => {
            let position = index.entry(slot)?.position?;
            // What is written inside another resource has no place of its own.
            (index.slot(position) == Some(slot)).then_some(position)
        }
        _ => None,
    }
}

/// An update of a resource that is not in this deployment: of the rest of it nothing is known.
fn partial(update: Resource) -> Resource {
    let span = update.header;
    let what = format!("the rest of what {} updates", update.address);
    let unknown = Unknown::new(Reason::External { what }, span);
    let mut body = merge::opened(&update.body, &unknown);
    if let Kind::Object(entries) = &body.kind {
        // Its id says where it is.
        let mut entries = Entries::clone(entries);
        for name in ["parent_id", "scope"] {
            let nothing = || Value::new(Kind::Null, body.from.clone());
            entries.members.entry(name.into()).or_insert_with(nothing);
        }
        body = Value::new(Kind::Object(Arc::new(entries)), body.from);
    }
    Resource { body, ..update }
}

/// Writes updates into the resources of Azure's types that they change.
fn merge_updates(deployment: &mut Deployment) {
    let index = Index::new(deployment);
    let mut changed: Vec<(usize, Value)> = Vec::new();
    for update in &deployment.resources {
        let id = (update.schema.as_ref() == UPDATE)
            .then(|| member(&update.body, "resource_id"))
            .flatten();
        let Some(Kind::Unknown(unknown)) = id.map(|id| id.kind) else {
            continue;
        };
        let Some((position, _)) = unknown.edge().and_then(|edge| index.instance(edge)) else {
            continue;
        };
        let target = index.resource(position);
        if !is_arm(&target.schema) {
            continue;
        }
        let earlier = changed.iter().rev().find(|(changed, _)| *changed == position);
        let before = earlier.map_or(&target.body, |(_, body)| body);
        let after = merge::merged(before, &update.body);
        let body = match &update.presence {
            Presence::Certain => after,
            Presence::If(assumptions) => assumptions.iter().rev().fold(after, |after, assumed| {
                let (yes, no) = match assumed.when {
                    true => (after, before.clone()),
                    false => (before.clone(), after),
                };
                let condition = assumed.condition.clone();
                let from = before.from.clone();
                Value::new(Kind::OneOf(Arc::new(OneOf { condition, yes, no })), from)
            }),
            Presence::AnyNumber(unknown) => merge::opened(before, unknown),
        };
        changed.push((position, body));
    }
    for (position, body) in changed {
        deployment.resources[position].body = body;
    }
}
