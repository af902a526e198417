//! From references, ids and names to the resources that they mean.

use crate::eval::deployment::{Assumption, Mode, Resource};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Kind as ValueKind, PathStep, Reason, Unknown, Value};
use crate::model::attr::{Id, Link, ResourceId, State, Target};

use super::azure_id::AzureId;
use super::body::Body;
use super::index::{Index, Name, names_of};
use super::kind::{Kind, Listed, Slot};
use super::property::Property;

/// What a reference or an id leads to.
pub(super) enum Found {
    Here(Slot),
    /// A subscription or management group.
    Everything,
    Elsewhere(ResourceId),
    /// Another resource of this deployment, by its address.
    Other(String),
}

/// The data sources whose id is that of a subscription or management group.
const EVERYTHING: [&str; 2] = ["azurerm_subscription", "azurerm_management_group"];

/// A name to look for, with what is known about it.
pub(super) struct Sought<'a> {
    pub(super) kind: Kind,
    pub(super) name: Name,
    /// The names of the virtual network of a subnet.
    pub(super) parents: Vec<Name>,
    pub(super) resource_group: Vec<Name>,
    /// The resource that names it.
    pub(super) asking: &'a Resource,
    pub(super) from: &'a Provenance,
}

/// The links of a property that holds an id.
pub(super) fn link<T: Listed>(
    index: &Index<'_>,
    property: Option<Property>,
    asking: &Resource,
) -> Option<Link<T>> {
    property?.attr_by(&|value| index.by_id(value, asking))
}

/// The link of a property that holds a name.
pub(super) fn link_by_name<T: Listed>(
    index: &Index<'_>,
    kind: Kind,
    property: Option<Property>,
    asking: &Resource,
) -> Option<Link<T>> {
    property?.attr_by(&|value| index.by_name(kind, value, asking))
}

/// Where a link can lead in this deployment, and under which conditions.
pub(super) struct Ends<T> {
    pub(super) here: Vec<(Id<T>, Vec<Assumption>)>,
    /// Why it can lead to others too.
    pub(super) unknown: Option<Unknown>,
}

pub(super) fn ends<T>(link: &Link<T>) -> Ends<T> {
    fn collect<T>(link: &Link<T>, when: &mut Vec<Assumption>, ends: &mut Ends<T>) {
        match &link.state {
            State::Known(Target::Here(id)) => ends.here.push((*id, when.clone())),
            State::Known(Target::Elsewhere(_)) => {}
            State::Unknown(unknown) => {
                ends.unknown.get_or_insert_with(|| unknown.clone());
            }
            State::OneOf(choice) => {
                for (branch, holds) in [(&choice.yes, true), (&choice.no, false)] {
                    if let Some(branch) = branch {
                        when.push(Assumption {
                            condition: choice.condition.clone(),
                            when: holds,
                        });
                        collect(branch, when, ends);
                        when.pop();
                    }
                }
            }
        }
    }
    let mut ends = Ends {
        here: Vec::new(),
        unknown: None,
    };
    collect(link, &mut Vec::new(), &mut ends);
    ends
}

impl Index<'_> {
    /// The resource that an id or a reference to `.id` means. The value is no choice.
    pub(super) fn by_id<T: Listed>(&self, value: &Value, asking: &Resource) -> Result<Target<T>, Unknown> {
        let found = self.find(value, asking)?;
        self.target(found).ok_or_else(|| not_understood(value))
    }

    /// The resource of a name, in the same deployment or beside it. The value is no choice.
    pub(super) fn by_name<T: Listed>(
        &self,
        kind: Kind,
        value: &Value,
        asking: &Resource,
    ) -> Result<Target<T>, Unknown> {
        let resource_group = Body::of(asking).property("resource_group_name");
        let resource_group = resource_group.map(|property| property.value);
        let found = self.find_named(kind, value, &[], resource_group.as_ref(), asking)?;
        self.target(found).ok_or_else(|| not_understood(value))
    }

    fn target<T: Listed>(&self, found: Found) -> Option<Target<T>> {
        match found {
            Found::Here(slot) => Some(match slot.id() {
                Some(id) => Target::Here(id),
                // A reference to a resource of another kind: which one still matters.
                None => Target::Elsewhere(self.resource_id(slot)),
            }),
            Found::Elsewhere(id) => Some(Target::Elsewhere(id)),
            Found::Everything | Found::Other(_) => None,
        }
    }

    pub(super) fn find(&self, value: &Value, asking: &Resource) -> Result<Found, Unknown> {
        let id = match &value.kind {
            ValueKind::Unknown(unknown) => {
                if let Some(edge) = unknown.edge() {
                    return self.edge(edge, unknown);
                }
                AzureId::of_pieces(unknown.pieces()).ok_or_else(|| unknown.clone())?
            }
            ValueKind::String(text) => AzureId::of_text(text).ok_or_else(|| not_understood(value))?,
            _ => return Err(not_understood(value)),
        };
        self.find_parsed(id, value, asking)
    }

    /// The resource that an attribute belongs to, when the attribute is its id.
    pub(super) fn edge(&self, edge: &Edge, unknown: &Unknown) -> Result<Found, Unknown> {
        let to = &edge.address;
        if to.mode == Mode::Data && EVERYTHING.contains(&to.kind.as_ref()) && is_id(&edge.path) {
            return Ok(Found::Everything);
        }
        let Some((position, path)) = self.instance(edge) else {
            return match outsider(edge) {
                Some(address) => Ok(Found::Other(address)),
                None => Err(unknown.clone()),
            };
        };
        let is_id = is_id(path);
        let resource = self.resource(position);
        if resource.address.mode == Mode::Data {
            return match is_id {
                true => self.data_source(position, unknown),
                false => Err(unknown.clone()),
            };
        }
        match self.slot(position) {
            Some(slot) if slot.kind == Kind::VirtualNetwork && path.len() > 1 && is_id => {
                let subnet = self.inline_subnet(position, path);
                subnet.map(Found::Here).ok_or_else(|| unknown.clone())
            }
            Some(slot) if is_id => Ok(Found::Here(slot)),
            _ => Ok(Found::Other(resource.address.to_string())),
        }
    }

    /// `azurerm_virtual_network.hub.subnet[1].id`
    fn inline_subnet(&self, network: usize, path: &[PathStep]) -> Option<Slot> {
        let subnets = self.inline_subnets(network);
        match path {
            [
                PathStep::Attribute(subnet),
                PathStep::Index(element),
                PathStep::Attribute(_),
            ] if subnet.as_ref() == "subnet" => {
                let element = usize::try_from(*element).ok()?;
                let mut same = subnets.iter().filter(|(known, _)| *known == element);
                let first = same.next()?;
                same.next().is_none().then_some(first.1)
            }
            [PathStep::Attribute(subnet), ..] if subnet.as_ref() == "subnet" => match subnets {
                [(_, only)] => Some(*only),
                _ => None,
            },
            _ => None,
        }
    }

    /// What a data source reads: the resource of that name here, in another deployment, or elsewhere.
    pub(super) fn data_source(&self, position: usize, unknown: &Unknown) -> Result<Found, Unknown> {
        if let Some(slot) = self.foreign(position) {
            return Ok(Found::Here(slot));
        }
        let resource = self.resource(position);
        let kind = Kind::of_azurerm(&resource.schema).ok_or_else(|| unknown.clone())?;
        let body = Body::of(resource);
        let value = |name: &str| body.property(name).map(|property| property.value);
        let name = value("name").ok_or_else(|| unknown.clone())?;
        let parents = value("virtual_network_name").map_or_else(Vec::new, |parent| names_of(&parent));
        let resource_group = value("resource_group_name");
        self.find_named(kind, &name, &parents, resource_group.as_ref(), resource)
            .map_err(|_| unknown.clone())
    }

    fn find_named(
        &self,
        kind: Kind,
        value: &Value,
        parents: &[Name],
        resource_group: Option<&Value>,
        asking: &Resource,
    ) -> Result<Found, Unknown> {
        let name = match &value.kind {
            ValueKind::String(text) => Name::Text(text.to_lowercase()),
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
                Name::Unknown(unknown.identity())
            }
            _ => return Err(not_understood(value)),
        };
        let sought = Sought {
            kind,
            name,
            parents: parents.to_vec(),
            resource_group: resource_group.map_or_else(Vec::new, names_of),
            asking,
            from: &value.from,
        };
        let original = || match &value.kind {
            ValueKind::String(text) => text.to_string(),
            _ => String::new(),
        };
        self.look_up(&sought, &original(), value)
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
                    match sought.parents.as_slice() {
                        [Name::Text(parent)] => names.push(parent.clone()),
                        _ => return Err(not_understood(value)),
                    }
                }
                if written.is_empty() {
                    return Err(not_understood(value));
                }
                names.push(written.to_owned());
                Ok(Found::Elsewhere(ResourceId {
                    subscription: None,
                    resource_group: known_name(&sought.resource_group),
                    kind: sought.kind.arm().to_owned(),
                    names,
                }))
            }
            several => {
                let message = format!("{} {}s have this name", several.len(), sought.kind.noun());
                Err(Unknown::new(
                    Reason::Invalid { message },
                    value.from.nearest().span,
                ))
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
        let read_from = |entry: usize| {
            let attributes = sought.from.steps().iter();
            attributes
                .filter(|step| step.via == Via::ResourceAttribute)
                .any(|step| self.entries[entry].span.contains(step.span))
        };
        keep_if_any(&mut found, read_from);
        keep_if_any(&mut found, |entry| {
            address(entry).is_some_and(|address| sought.asking.depends_on.contains(address))
        });
        keep_if_any(&mut found, |entry| {
            address(entry).is_some_and(|address| address.module == sought.asking.address.module)
        });
        found
    }

    pub(super) fn names_of_slot(&self, slot: Slot) -> Vec<Name> {
        let entry = self.entry(slot);
        entry.map_or_else(Vec::new, |entry| entry.names.clone())
    }

    /// What Azure would call a resource of the network, as far as names are known.
    pub(super) fn resource_id(&self, slot: Slot) -> ResourceId {
        let entry = self.entry(slot);
        let first = |names: &[Name]| known_name(names).unwrap_or_default();
        let mut names = Vec::new();
        if let Some(entry) = entry {
            if slot.kind == Kind::Subnet {
                names.push(first(&entry.parents));
            }
            names.push(first(&entry.names));
        }
        ResourceId {
            subscription: None,
            resource_group: entry.and_then(|entry| known_name(&entry.resource_group)),
            kind: slot.kind.arm().to_owned(),
            names,
        }
    }
}

/// The resource or data source that an edge leads to, when it is of a kind that takes no part in networks:
/// a registry, a vault, the user who deploys.
pub(super) fn outsider(edge: &Edge) -> Option<String> {
    let kind = edge.address.kind.as_ref();
    let is_resource = match edge.address.mode {
        Mode::Managed => true,
        // What another state holds can be anything.
        Mode::Data => kind.starts_with("azurerm_") || kind.starts_with("azuread_"),
    };
    (is_resource && !super::takes_part(kind)).then(|| edge.address.to_string())
}

/// Whether a path ends in the attribute that Azure knows the resource by.
fn is_id(path: &[PathStep]) -> bool {
    matches!(
        path.last(),
        Some(PathStep::Attribute(last))
            if matches!(last.as_ref(), "id" | "role_definition_resource_id" | "role_definition_id")
    )
}

/// The reason why a value leads nowhere: its own when it is unknown.
pub(super) fn not_understood(value: &Value) -> Unknown {
    match &value.kind {
        ValueKind::Unknown(unknown) => unknown.clone(),
        ValueKind::String(text) => Unknown::new(
            Reason::Invalid {
                message: format!("\"{text}\" names no resource"),
            },
            value.from.nearest().span,
        ),
        _ => Unknown::new(
            Reason::Invalid {
                message: "a resource id is needed here".to_owned(),
            },
            value.from.nearest().span,
        ),
    }
}

pub(super) fn known_name(names: &[Name]) -> Option<String> {
    match names {
        [Name::Text(text)] => Some(text.clone()),
        _ => None,
    }
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
