//! From an id that is written out, or put together from names, to the resource that it means.

use crate::eval::deployment::Resource;
use crate::eval::value::{Unknown, Value};
use crate::model::attr::ResourceId;

use super::azure_id::{AzureId, Segment};
use super::index::{Index, Name};
use super::kind::{Kind, Slot};
use super::link::Found;
use super::names::{Sought, not_understood};

impl Index<'_> {
    /// The resource of an id that is taken apart.
    pub(super) fn find_parsed(
        &self,
        mut id: AzureId,
        value: &Value,
        asking: &Resource,
    ) -> Result<Found, Unknown> {
        let mut outer = Outer {
            group: id.resource_group.as_ref().map_or_else(Vec::new, segment_names),
            group_text: id.resource_group.as_ref().and_then(segment_text),
            subscription: id.subscription.as_ref().and_then(segment_text),
            ..Outer::default()
        };
        if let Some(base) = id.base.take() {
            let base = Value::unknown(base, value.from.clone());
            match self.find(&base, asking)? {
                Found::Everything => {}
                Found::Here(slot) => outer.is_in(slot, self),
                Found::Elsewhere(known) => outer.is_outside(known),
                Found::Other(_) => return Err(not_understood(value)),
            }
        }
        if id.provider.eq_ignore_ascii_case("Microsoft.Management") {
            return Ok(Found::Everything);
        }
        let Some(((_, last), before)) = id.parts.split_last() else {
            let Some(name) = outer.group.pop() else {
                return Ok(Found::Everything);
            };
            let sought = Sought::new(Kind::ResourceGroup, name, asking, value);
            return self.look_up(&sought, &outer.group_text.unwrap_or_default(), value);
        };
        if let Some((_, parent)) = before.last() {
            outer.names = segment_names(parent);
        }
        let kind = match outer.kind.is_empty() || !id.provider.is_empty() {
            true => id.kind(),
            false => format!("{}/{}", outer.kind, id.kind()),
        };
        if let Some(kind) = Kind::of_arm(&kind)
            && let Some(name) = segment_names(last).pop()
        {
            let mut sought = Sought::new(kind, name, asking, value);
            sought.resource_group = outer.group;
            if kind == Kind::Subnet {
                sought.parents = outer.names;
            }
            match self.narrowed(&sought).as_slice() {
                [only] => return Ok(Found::Here(self.entries[*only].slot)),
                [] => {
                    if let Some(unknown) = self.may_be_subnet_of(&sought.parents) {
                        return Err(unknown.clone());
                    }
                }
                _ => return Err(not_understood(value)),
            }
        }
        let own = id.parts.iter().map(|(_, name)| segment_text(name));
        let names: Option<Vec<String>> = outer.path.into_iter().map(Some).chain(own).collect();
        Ok(Found::Elsewhere(ResourceId {
            subscription: outer.subscription,
            resource_group: outer.group_text,
            kind,
            names: names.ok_or_else(|| not_understood(value))?,
        }))
    }
}

/// What a resource is in, as far as its id says.
#[derive(Default)]
struct Outer {
    subscription: Option<String>,
    group: Vec<Name>,
    group_text: Option<String>,
    /// The type of the resource that it is a part of, its names, and the names on the way to it.
    kind: String,
    names: Vec<Name>,
    path: Vec<String>,
}

impl Outer {
    fn is_in(&mut self, slot: Slot, index: &Index<'_>) {
        let names = index.entry(slot).map(|entry| entry.names.clone());
        let id = index.resource_id(slot);
        if slot.kind == Kind::ResourceGroup {
            self.group = names.unwrap_or_default();
            self.group_text = id.names.into_iter().next();
            return;
        }
        let group = index.entry(slot).map(|entry| entry.resource_group.clone());
        self.group = group.unwrap_or_default();
        self.group_text = id.resource_group;
        self.kind = id.kind;
        self.names = names.unwrap_or_default();
        self.path = id.names;
    }

    fn is_outside(&mut self, id: ResourceId) {
        let lower = |name: &String| Name::Text(name.to_lowercase());
        self.subscription = id.subscription;
        if Kind::of_arm(&id.kind) == Some(Kind::ResourceGroup) {
            self.group = id.names.last().map(lower).into_iter().collect();
            self.group_text = id.names.into_iter().last();
            return;
        }
        self.group = id.resource_group.as_ref().map(lower).into_iter().collect();
        self.group_text = id.resource_group;
        self.kind = id.kind;
        self.names = id.names.last().map(lower).into_iter().collect();
        self.path = id.names;
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
