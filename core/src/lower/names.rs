//! From names to the resources that have them.

use crate::eval::deployment::Resource;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Kind as ValueKind, PathStep, Reason, Unknown, Value};
use crate::model::attr::ResourceId;

use super::index::{Index, Name, names_of};
use super::kind::{Kind, Slot};
use super::link::Found;
use super::naming::naming;

/// A name to look for, with what is known about it.
pub(super) struct Sought<'a> {
    kind: Kind,
    name: Name,
    /// The names of the virtual network of a subnet.
    pub(super) parents: Vec<Name>,
    /// The same as it is written, when there is just one.
    parent_text: Option<String>,
    pub(super) resource_group: Vec<Name>,
    resource_group_text: Option<String>,
    /// The resource that names it.
    asking: &'a Resource,
    from: &'a Provenance,
}

impl<'a> Sought<'a> {
    pub(super) fn new(kind: Kind, name: Name, asking: &'a Resource, value: &'a Value) -> Self {
        Sought {
            kind,
            name,
            parents: Vec::new(),
            parent_text: None,
            resource_group: Vec::new(),
            resource_group_text: None,
            asking,
            from: &value.from,
        }
    }
}

impl Index<'_> {
    /// The resource of a name, in the resource group that the asking resource names.
    pub(super) fn find_named(
        &self,
        kind: Kind,
        value: &Value,
        parent: Option<&Value>,
        asking: &Resource,
    ) -> Result<Found, Unknown> {
        let (name, written) = match &value.kind {
            ValueKind::String(text) => (Name::Text(text.to_lowercase()), text.as_ref()),
            ValueKind::Unknown(unknown) => {
                if let Some(edge) = unknown.edge()
                    && let Some((position, [PathStep::Attribute(last)])) = self.instance(edge)
                    && last.as_ref() == "name"
                {
                    return match self.slot(position) {
                        Some(slot) => Ok(Found::Here(slot)),
                        None => self.data_source(position, unknown),
                    };
                }
                (Name::Unknown(unknown.identity()), "")
            }
            _ => return Err(not_understood(value)),
        };
        let mut sought = Sought::new(kind, name, asking, value);
        sought.parents = parent.map_or_else(Vec::new, names_of);
        sought.parent_text = parent.and_then(|parent| parent.as_str().map(str::to_owned));
        if let Some(group) = naming(asking).resource_group {
            sought.resource_group = names_of(&group);
            sought.resource_group_text = group.as_str().map(str::to_owned);
        }
        self.look_up(&sought, written, value)
    }

    /// The one resource of a name; elsewhere when there is none and the name is known.
    pub(super) fn look_up(
        &self,
        sought: &Sought<'_>,
        written: &str,
        value: &Value,
    ) -> Result<Found, Unknown> {
        let found = self.narrowed(sought);
        match found.as_slice() {
            [only] => Ok(Found::Here(self.entries[*only].slot)),
            [] => {
                let mut names = Vec::new();
                if sought.kind == Kind::Subnet {
                    if let Some(unknown) = self.may_be_subnet_of(&sought.parents) {
                        return Err(unknown.clone());
                    }
                    let parent = sought.parent_text.clone();
                    names.push(parent.ok_or_else(|| not_understood(value))?);
                }
                if written.is_empty() {
                    return Err(not_understood(value));
                }
                names.push(written.to_owned());
                Ok(Found::Elsewhere(ResourceId {
                    subscription: None,
                    resource_group: sought.resource_group_text.clone(),
                    kind: sought.kind.arm().to_owned(),
                    names,
                }))
            }
            several => {
                let message = format!("{} {}s have this name", several.len(), sought.kind.noun());
                let reason = Reason::Invalid { message };
                Err(Unknown::new(reason, value.from.nearest().span))
            }
        }
    }

    /// The entries that a name can mean: of several the ones in the resource group, then the ones that the
    /// name was read from, that the asking resource refers to, or that are in the same module.
    pub(super) fn narrowed(&self, sought: &Sought<'_>) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        let mut look = |parent: Option<&Name>| {
            for entry in self.named(sought.kind, parent, &sought.name) {
                if !found.contains(entry) {
                    found.push(*entry);
                }
            }
        };
        look(None);
        for parent in &sought.parents {
            look(Some(parent));
        }
        found.retain(|entry| may_be_same(&self.entries[*entry].resource_group, &sought.resource_group));
        let address = |entry: usize| {
            let position = self.entries[entry].position?;
            Some(&self.resource(position).address)
        };
        // A subnet that is written in its network as well is the resource of its own.
        keep_if_any(&mut found, |entry| {
            let position = self.entries[entry].position;
            position.and_then(|position| self.slot(position)) == Some(self.entries[entry].slot)
        });
        keep_if_any(&mut found, |entry| {
            let mut steps = sought.from.steps().iter();
            steps.any(|step| {
                step.via == Via::ResourceAttribute && self.entries[entry].span.contains(step.span)
            })
        });
        keep_if_any(&mut found, |entry| {
            address(entry).is_some_and(|address| sought.asking.depends_on.contains(address))
        });
        keep_if_any(&mut found, |entry| {
            address(entry).is_some_and(|address| address.module == sought.asking.address.module)
        });
        found
    }

    /// What Azure would call a resource of the network, as far as names are known.
    pub(super) fn resource_id(&self, slot: Slot) -> ResourceId {
        let entry = self.entry(slot);
        let known = |names: &[Name]| match names {
            [Name::Text(text)] => Some(text.clone()),
            _ => None,
        };
        let mut names = Vec::new();
        if let Some(entry) = entry {
            if slot.kind == Kind::Subnet {
                names.push(known(&entry.parents).unwrap_or_default());
            }
            names.push(known(&entry.names).unwrap_or_default());
        }
        ResourceId {
            subscription: None,
            resource_group: entry.and_then(|entry| known(&entry.resource_group)),
            kind: slot.kind.arm().to_owned(),
            names,
        }
    }
}

/// The reason why a value leads nowhere: its own when it is unknown.
pub(super) fn not_understood(value: &Value) -> Unknown {
    let message = match &value.kind {
        ValueKind::Unknown(unknown) => return unknown.clone(),
        ValueKind::String(text) => format!("\"{text}\" names no resource"),
        _ => "a resource id is needed here".to_owned(),
    };
    Unknown::new(Reason::Invalid { message }, value.from.nearest().span)
}

/// Whether two names can be the same: only two known ones can be told apart.
fn may_be_same(one: &[Name], other: &[Name]) -> bool {
    let is_text = |name: &Name| matches!(name, Name::Text(_));
    one.is_empty()
        || other.is_empty()
        || !one.iter().all(is_text)
        || !other.iter().all(is_text)
        || one.iter().any(|name| other.contains(name))
}

fn keep_if_any(found: &mut Vec<usize>, fits: impl Fn(usize) -> bool) {
    if found.len() > 1 && found.iter().any(|entry| fits(*entry)) {
        found.retain(|entry| fits(*entry));
    }
}
