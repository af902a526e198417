//! The resources of a deployment by address and by name, made once.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use crate::eval::deployment::{Address, Deployment, InstanceKey, Mode, Resource};
use crate::eval::value::{Edge, Kind as ValueKind, PathStep, Unknown, Value};
use crate::source::Span;

use super::kind::{Kind, Slot};
use super::naming::{inline_subnets, naming};

/// How many names one resource can have as its conditions turn out; more are not looked at.
const MAXIMUM_NAMES: usize = 16;

/// A name as far as it can be compared: known text, or the identity of the unknown value that it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Name {
    /// In lower case: Azure's names are the same in any case.
    Text(String),
    Unknown(u64),
}

/// Something that links can lead to.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) slot: Slot,
    /// The resource in this deployment; none for one of another deployment.
    pub(super) position: Option<usize>,
    pub(super) span: Span,
    pub(super) names: Vec<Name>,
    /// The names of the virtual network that a subnet is in.
    pub(super) parents: Vec<Name>,
    pub(super) resource_group: Vec<Name>,
}

pub(super) struct Index<'d> {
    pub(super) deployment: &'d Deployment,
    /// The positions of the resources in the order of their addresses.
    pub(super) order: Vec<usize>,
    pub(super) entries: Vec<Entry>,
    /// How long each list of the network will be.
    counts: FxHashMap<Kind, usize>,
    slots: Vec<Option<Slot>>,
    addresses: FxHashMap<&'d Address, usize>,
    /// The instances of each block of the configuration, by the address without keys.
    blocks: FxHashMap<BlockOf<'d>, Vec<usize>>,
    /// The subnets written inside a virtual network: their position among its blocks, and their slots.
    inline_subnets: FxHashMap<usize, Vec<(usize, Slot)>>,
    /// The names of virtual networks that may have more subnets than are written in them, and why.
    open_networks: FxHashMap<Name, Unknown>,
    by_name: FxHashMap<(Kind, Option<Name>, Name), Vec<usize>>,
    by_slot: FxHashMap<Slot, usize>,
    /// What data sources mean that read resources of other deployments.
    foreign: FxHashMap<usize, Slot>,
}

impl<'d> Index<'d> {
    pub(super) fn new(deployment: &'d Deployment) -> Self {
        let resources = &deployment.resources;
        let mut order: Vec<usize> = (0..resources.len()).collect();
        order.sort_by(|one, other| resources[*one].address.cmp(&resources[*other].address));
        let mut index = Index {
            deployment,
            order: Vec::new(),
            entries: Vec::new(),
            counts: FxHashMap::default(),
            slots: vec![None; resources.len()],
            addresses: FxHashMap::with_capacity_and_hasher(resources.len(), Default::default()),
            blocks: FxHashMap::default(),
            inline_subnets: FxHashMap::default(),
            open_networks: FxHashMap::default(),
            by_name: FxHashMap::default(),
            by_slot: FxHashMap::default(),
            foreign: FxHashMap::default(),
        };
        for position in &order {
            index.add(*position);
        }
        index.order = order;
        index
    }

    fn add(&mut self, position: usize) {
        let resource = &self.deployment.resources[position];
        self.addresses.insert(&resource.address, position);
        for address in &resource.also {
            self.addresses.insert(address, position);
        }
        let block = BlockOf(&resource.address);
        self.blocks.entry(block).or_default().push(position);
        if resource.address.mode == Mode::Data {
            return;
        }
        let Some(kind) = Kind::of_schema(&resource.schema) else {
            return;
        };
        let slot = self.next_slot(kind);
        self.slots[position] = Some(slot);
        let naming = naming(resource);
        let names = names_in(naming.name.as_ref());
        let resource_group = names_in(naming.resource_group.as_ref());
        let entry = |slot, names, parents| Entry {
            slot,
            position: Some(position),
            span: resource.span,
            names,
            parents,
            resource_group: resource_group.clone(),
        };
        let parents = names_in(naming.parent.as_ref());
        self.register(entry(slot, names.clone(), parents));
        if kind != Kind::VirtualNetwork {
            return;
        }
        let subnets = inline_subnets(resource);
        if let Some(unknown) = subnets.open {
            let open = names.iter().map(|name| (name.clone(), unknown.clone()));
            self.open_networks.extend(open);
        }
        for block in subnets.blocks {
            let slot = self.next_slot(Kind::Subnet);
            let inner = block.body.property("name");
            let inner = inner.map_or_else(Vec::new, |name| names_of(&name.value));
            self.register(entry(slot, inner, names.clone()));
            self.inline_subnets
                .entry(position)
                .or_default()
                .push((block.element, slot));
        }
    }

    /// The place of one more resource of a kind at the end of its list.
    pub(super) fn next_slot(&mut self, kind: Kind) -> Slot {
        let count = self.counts.entry(kind.listed_as()).or_default();
        let slot = Slot { kind, index: *count };
        *count += 1;
        slot
    }

    pub(super) fn register(&mut self, entry: Entry) {
        let index = self.entries.len();
        let kind = entry.slot.kind;
        for name in &entry.names {
            if entry.parents.is_empty() {
                let key = (kind, None, name.clone());
                self.by_name.entry(key).or_default().push(index);
            }
            for parent in &entry.parents {
                let key = (kind, Some(parent.clone()), name.clone());
                self.by_name.entry(key).or_default().push(index);
            }
        }
        self.by_slot.insert(entry.slot, index);
        self.entries.push(entry);
    }

    pub(super) fn entry(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(*self.by_slot.get(&slot)?)
    }

    pub(super) fn set_foreign(&mut self, data_source: usize, slot: Slot) {
        self.foreign.insert(data_source, slot);
    }

    pub(super) fn foreign(&self, data_source: usize) -> Option<Slot> {
        self.foreign.get(&data_source).copied()
    }

    pub(super) fn slot(&self, position: usize) -> Option<Slot> {
        self.slots.get(position).copied().flatten()
    }

    pub(super) fn inline_subnets(&self, network: usize) -> &[(usize, Slot)] {
        self.inline_subnets.get(&network).map_or(&[], Vec::as_slice)
    }

    /// The entries of this name; subnets also by the name of their network.
    pub(super) fn named(&self, kind: Kind, parent: Option<&Name>, name: &Name) -> &[usize] {
        let key = (kind, parent.cloned(), name.clone());
        self.by_name.get(&key).map_or(&[], Vec::as_slice)
    }

    /// Why a subnet of one of these networks may be in this deployment although none has its name.
    pub(super) fn may_be_subnet_of(&self, parents: &[Name]) -> Option<&Unknown> {
        parents.iter().find_map(|parent| self.open_networks.get(parent))
    }

    /// The resource instance that an edge leads to, and the rest of the edge's path. Where one instance
    /// stands for all, every key leads to it.
    pub(super) fn instance<'e>(&self, edge: &'e Edge) -> Option<(usize, &'e [PathStep])> {
        let mut address = Cow::Borrowed(&edge.address);
        let mut path = edge.path.as_slice();
        if let Some((step, rest)) = path.split_first() {
            let key = match step {
                PathStep::Index(index) => Some(InstanceKey::Index(*index)),
                PathStep::Key(key) => Some(InstanceKey::Key(key.clone())),
                PathStep::Attribute(_) => None,
            };
            if let Some(key) = key {
                address.to_mut().key = key;
                path = rest;
            }
        }
        let address = address.as_ref();
        if let Some(position) = self.addresses.get(address) {
            return Some((*position, path));
        }
        let instances = self.blocks.get(&BlockOf(address))?;
        let mut standing_in = instances
            .iter()
            .filter(|position| stands_for(&self.deployment.resources[**position].address, address));
        match (standing_in.next(), standing_in.next()) {
            (Some(position), None) => Some((*position, path)),
            _ => None,
        }
    }

    pub(super) fn resource(&self, position: usize) -> &'d Resource {
        &self.deployment.resources[position]
    }
}

/// The block of the configuration that an instance is of: its address without keys.
struct BlockOf<'a>(&'a Address);

impl BlockOf<'_> {
    fn parts(&self) -> (Mode, &str, &str) {
        (self.0.mode, &self.0.kind, &self.0.name)
    }
}

impl PartialEq for BlockOf<'_> {
    fn eq(&self, other: &Self) -> bool {
        let mine = self.0.module.iter().map(|step| &step.name);
        self.parts() == other.parts() && mine.eq(other.0.module.iter().map(|step| &step.name))
    }
}

impl Eq for BlockOf<'_> {}

impl Hash for BlockOf<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
        self.0.module.iter().for_each(|step| step.name.hash(state));
    }
}

/// Whether an instance is the one meant, or a template that stands for it.
fn stands_for(instance: &Address, meant: &Address) -> bool {
    let covers = |one: &InstanceKey, other: &InstanceKey| {
        one == other || *one == InstanceKey::Template || *other == InstanceKey::Template
    };
    let modules = instance.module.iter().zip(meant.module.iter());
    covers(&instance.key, &meant.key)
        && modules.fold(true, |all, (one, other)| all && covers(&one.key, &other.key))
}

fn names_in(written: Option<&Value>) -> Vec<Name> {
    written.map_or_else(Vec::new, names_of)
}

/// The names that a value can be, as its conditions turn out.
pub(super) fn names_of(value: &Value) -> Vec<Name> {
    let mut names = Vec::new();
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        if names.len() >= MAXIMUM_NAMES || left.len() >= MAXIMUM_NAMES {
            break;
        }
        match &value.kind {
            ValueKind::String(text) => names.push(Name::Text(text.to_lowercase())),
            ValueKind::Unknown(unknown) => names.push(Name::Unknown(unknown.identity())),
            ValueKind::OneOf(one_of) => left.extend([&one_of.no, &one_of.yes]),
            _ => {}
        }
    }
    names
}
