//! From an id that is written out, or put together from names, to the resource that it means.

use crate::eval::deployment::Resource;
use crate::eval::value::{Unknown, Value};
use crate::model::attr::ResourceId;

use super::azure_id::{AzureId, Segment};
use super::index::{Index, Name};
use super::kind::Kind;
use super::link::{Found, Sought, known_name, not_understood};

impl Index<'_> {
    /// The resource of an id that is taken apart.
    pub(super) fn find_parsed(
        &self,
        mut id: AzureId,
        value: &Value,
        asking: &Resource,
    ) -> Result<Found, Unknown> {
        let mut parents = Vec::new();
        let mut base_kind = String::new();
        let mut base_names: Vec<String> = Vec::new();
        let mut resource_group = id.resource_group.as_ref().map_or_else(Vec::new, segment_names);
        let mut subscription = id.subscription.as_ref().and_then(segment_text);
        if let Some(base) = id.base.take() {
            let base_value = Value::unknown(base.clone(), value.from.clone());
            let found = match base.edge() {
                Some(edge) => self.edge(edge, &base)?,
                None => self.find(&base_value, asking)?,
            };
            match found {
                Found::Everything => {}
                Found::Here(slot) if slot.kind == Kind::ResourceGroup => {
                    resource_group = self.names_of_slot(slot);
                }
                Found::Here(slot) => {
                    parents = self.names_of_slot(slot);
                    if let Some(entry) = self.entry(slot) {
                        resource_group = entry.resource_group.clone();
                    }
                    base_kind = slot.kind.arm().to_owned();
                    base_names = self.resource_id(slot).names;
                }
                Found::Elsewhere(known) => {
                    parents = known
                        .names
                        .last()
                        .map(|name| Name::Text(name.to_lowercase()))
                        .into_iter()
                        .collect();
                    base_kind = known.kind;
                    base_names = known.names;
                    subscription = known.subscription;
                    resource_group = known
                        .resource_group
                        .map(|name| Name::Text(name.to_lowercase()))
                        .into_iter()
                        .collect();
                }
                Found::Other(_) => return Err(not_understood(value)),
            }
        }
        if id.provider.eq_ignore_ascii_case("Microsoft.Management") {
            return Ok(Found::Everything);
        }
        let Some(((_, last), outer)) = id.parts.split_last() else {
            return self.find_group(&id, &resource_group, value, asking);
        };
        let kind = match base_kind.is_empty() {
            true => id.kind(),
            false if id.provider.is_empty() => format!("{base_kind}/{}", id.kind()),
            false => id.kind(),
        };
        if let Some((_, parent)) = outer.last() {
            parents = segment_names(parent);
        }
        let names = base_names
            .into_iter()
            .map(Some)
            .chain(id.parts.iter().map(|(_, name)| segment_text(name)));
        let names: Option<Vec<String>> = names.collect();
        let listed = Kind::of_arm(&kind).and_then(|kind| Some((kind, segment_names(last).pop()?)));
        if let Some((kind, name)) = listed {
            let is_inner = kind == Kind::Subnet;
            let sought = Sought {
                kind,
                name,
                parents: if is_inner { parents } else { Vec::new() },
                resource_group: resource_group.clone(),
                asking,
                from: &value.from,
            };
            match self.narrowed(&sought).as_slice() {
                [only] => return Ok(Found::Here(self.entries[*only].slot)),
                [] => {}
                _ => return Err(not_understood(value)),
            }
        }
        let names = names.ok_or_else(|| not_understood(value))?;
        Ok(Found::Elsewhere(ResourceId {
            subscription,
            resource_group: known_name(&resource_group),
            kind,
            names,
        }))
    }

    /// An id of a subscription or resource group.
    fn find_group(
        &self,
        id: &AzureId,
        resource_group: &[Name],
        value: &Value,
        asking: &Resource,
    ) -> Result<Found, Unknown> {
        let Some(name) = resource_group.first() else {
            return Ok(Found::Everything);
        };
        let sought = Sought {
            kind: Kind::ResourceGroup,
            name: name.clone(),
            parents: Vec::new(),
            resource_group: Vec::new(),
            asking,
            from: &value.from,
        };
        let written = id
            .resource_group
            .as_ref()
            .and_then(segment_text)
            .unwrap_or_default();
        self.look_up(&sought, &written, value)
    }
}

fn segment_names(segment: &Segment) -> Vec<Name> {
    vec![match segment {
        Segment::Text(text) => Name::Text(text.to_lowercase()),
        Segment::Unknown(unknown) => Name::Unknown(unknown.identity()),
    }]
}

fn segment_text(segment: &Segment) -> Option<String> {
    match segment {
        Segment::Text(text) => Some(text.clone()),
        Segment::Unknown(_) => None,
    }
}
