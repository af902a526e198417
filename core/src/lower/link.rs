//! From references, ids and names to the resources that they mean.

use crate::eval::deployment::{Assumption, Mode, Resource};
use crate::eval::value::{Edge, Kind as ValueKind, PathStep, Piece, Unknown, Value};
use crate::model::attr::{Id, Link, ResourceId, State, Target};

use super::azure_id::AzureId;
use super::index::Index;
use super::kind::{Kind, Listed, Slot};
use super::names::not_understood;
use super::naming::{Naming, naming};
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
        let found = self.find_named(kind, value, None, asking)?;
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
                if let [Piece::Unknown(whole)] = unknown.pieces() {
                    return self.find(&Value::unknown(whole.clone(), value.from.clone()), asking);
                }
                AzureId::of_pieces(unknown.pieces()).ok_or_else(|| unknown.clone())?
            }
            ValueKind::String(text) => AzureId::of_text(text).ok_or_else(|| not_understood(value))?,
            _ => return Err(not_understood(value)),
        };
        self.find_parsed(id, value, asking)
    }

    /// The resource that an attribute belongs to, when the attribute is its id.
    fn edge(&self, edge: &Edge, unknown: &Unknown) -> Result<Found, Unknown> {
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

    /// `azurerm_virtual_network.hub.subnet[1].id`, or `properties.subnets[1].id` of one in a template.
    fn inline_subnet(&self, network: usize, path: &[PathStep]) -> Option<Slot> {
        let subnets = self.inline_subnets(network);
        let is_named = |step: &PathStep, name: &str| matches!(step, PathStep::Attribute(written) if written.eq_ignore_ascii_case(name));
        let inner = match path {
            [subnet, inner @ ..] if is_named(subnet, "subnet") => inner,
            [properties, subnets, inner @ ..]
                if is_named(properties, "properties") && is_named(subnets, "subnets") =>
            {
                inner
            }
            _ => return None,
        };
        if let [PathStep::Index(element), PathStep::Attribute(_)] = inner {
            let element = usize::try_from(*element).ok()?;
            let mut same = subnets.iter().filter(|(known, _)| *known == element);
            let first = same.next()?;
            return same.next().is_none().then_some(first.1);
        }
        match subnets {
            [(_, only)] => Some(*only),
            _ => None,
        }
    }

    /// What a data source reads: the resource of that name here, in another deployment, or elsewhere.
    pub(super) fn data_source(&self, position: usize, unknown: &Unknown) -> Result<Found, Unknown> {
        if let Some(slot) = self.foreign(position) {
            return Ok(Found::Here(slot));
        }
        let resource = self.resource(position);
        let kind = Kind::of_schema(&resource.schema).ok_or_else(|| unknown.clone())?;
        let Naming { name, parent, .. } = naming(resource);
        let name = name.ok_or_else(|| unknown.clone())?;
        self.find_named(kind, &name, parent.as_ref(), resource)
            .map_err(|_| unknown.clone())
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
