//! From the references of an expression to the attribute that an unknown value comes from. A plan names the
//! references of each expression but not how they are put together: only where one unknown attribute can be
//! meant is it that one.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::address::{Named, instance_key, module_steps, resource, steps};
use super::configuration::{Module, references};
use super::document::{Document, MAXIMUM_MODULE_LEVELS, Planned, Relevant};
use super::hints::{Hints, pick};
use super::unknowns::{has_member, has_unknown, is_collection, mentions, unknown_depth};
use crate::eval::deployment::{Address, InstanceKey, Mode, ModuleStep};
use crate::eval::value::{Edge, PathStep};
use crate::syntax::raw_json::RawJson;

pub(super) struct Resolver<'d, 't> {
    pub(super) document: &'d Document<'t>,
    root: Option<Rc<Module<'t>>>,
    by_address: HashMap<&'d Address, usize>,
    /// The keys of the instances of each block, by the address without key.
    instances: HashMap<Address, BTreeSet<InstanceKey>>,
    /// The keys of the instances of each module call, by the module that calls and the name of the call.
    modules: HashMap<(Vec<ModuleStep>, Arc<str>), BTreeSet<InstanceKey>>,
    /// By the address without key.
    relevant: HashMap<Address, Vec<&'d Relevant>>,
    /// By where the expression lies: all instances of a block share its expressions.
    references: RefCell<HashMap<usize, References>>,
}

pub(super) type References = Rc<[Vec<PathStep>]>;

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Scope<'t> {
    pub(super) module: Rc<Module<'t>>,
    pub(super) path: Arc<[ModuleStep]>,
    /// The key of the instance that the expression is of.
    pub(super) key: InstanceKey,
    pub(super) for_each: Option<RawJson<'t>>,
}

/// An attribute that the references of an expression lead to.
#[derive(Clone, PartialEq)]
struct Candidate {
    address: Address,
    /// More than one instance can be meant, and none is known to be.
    is_open: bool,
    path: Vec<PathStep>,
}

/// What all the references of an expression lead to.
#[derive(Default)]
struct Candidates {
    found: Vec<Candidate>,
    /// Something takes part that the plan does not follow: a local value.
    is_opaque: bool,
}

impl<'d, 't> Resolver<'d, 't> {
    pub(super) fn new(document: &'d Document<'t>) -> Self {
        let root = document
            .configuration
            .and_then(|configuration| configuration.member("root_module"));
        let mut by_address = HashMap::with_capacity(document.resources.len());
        let mut instances: HashMap<Address, BTreeSet<InstanceKey>> = HashMap::new();
        let mut modules: HashMap<(Vec<ModuleStep>, Arc<str>), BTreeSet<InstanceKey>> = HashMap::new();
        for (position, planned) in document.resources.iter().enumerate() {
            let address = &planned.address;
            by_address.insert(address, position);
            let keys = instances.entry(block(address)).or_default();
            keys.insert(address.key.clone());
            if keys.len() > 1 {
                continue;
            }
            for (depth, step) in address.module.iter().enumerate().take(MAXIMUM_MODULE_LEVELS) {
                let call = (address.module[..depth].to_vec(), step.name.clone());
                modules.entry(call).or_default().insert(step.key.clone());
            }
        }
        let mut relevant: HashMap<Address, Vec<&Relevant>> = HashMap::new();
        for one in &document.relevant {
            if let Some((Named { mode, kind, name }, _)) = resource(&one.steps) {
                let block = Address {
                    module: one.module.clone(),
                    mode,
                    kind,
                    name,
                    key: InstanceKey::Single,
                };
                relevant.entry(block).or_default().push(one);
            }
        }
        Resolver {
            document,
            root: root.map(|root| Rc::new(Module::new(root))),
            by_address,
            instances,
            modules,
            relevant,
            references: RefCell::default(),
        }
    }

    /// What an expression refers to, taken apart.
    pub(super) fn references(&self, expression: RawJson<'t>) -> References {
        let known = self.references.borrow().get(&expression.offset()).cloned();
        known.unwrap_or_else(|| {
            let parsed = references(expression);
            let parsed: References = parsed.iter().map(|reference| steps(reference)).collect();
            let mut all = self.references.borrow_mut();
            all.insert(expression.offset(), parsed.clone());
            parsed
        })
    }

    /// The module that a resource is declared in, as its expressions see it; none when the plan has no
    /// configuration.
    pub(super) fn scope(&self, address: &Address) -> Option<Scope<'t>> {
        let module = self.module(&address.module)?;
        let block = module.resource(address);
        Some(Scope {
            module,
            path: address.module.clone(),
            key: address.key.clone(),
            for_each: block.and_then(|block| block.for_each),
        })
    }

    fn module(&self, path: &[ModuleStep]) -> Option<Rc<Module<'t>>> {
        let mut module = self.root.clone()?;
        for step in path.iter().take(MAXIMUM_MODULE_LEVELS) {
            module = module.child(&step.name)?;
        }
        Some(module)
    }

    pub(super) fn planned(&self, address: &Address) -> Option<&'d Planned<'t>> {
        let position = self.by_address.get(address)?;
        self.document.resources.get(*position)
    }

    /// The unknown attributes that an expression can take its value from, in the order of its references; an
    /// empty list also where the plan does not say. `property` is what the value is used for.
    pub(super) fn edges(&self, expression: RawJson<'t>, property: &str, scope: &Scope<'t>) -> Vec<Edge> {
        let mut candidates = Candidates::default();
        self.collect(&self.references(expression), &[], scope, &mut candidates, 0);
        let mut edges: Vec<Edge> = Vec::new();
        for candidate in candidates.found {
            if candidate.is_open {
                return Vec::new();
            }
            match self.edge(candidate, property) {
                Some(Ok(edge)) if edges.contains(&edge) => {}
                Some(Ok(edge)) => edges.push(edge),
                Some(Err(())) => return Vec::new(),
                None => {}
            }
        }
        if candidates.is_opaque { Vec::new() } else { edges }
    }

    /// The one resource that a known value was copied from, if the expression names no other.
    pub(super) fn origin(&self, expression: RawJson<'t>, scope: &Scope<'t>) -> Option<&'d Planned<'t>> {
        let parsed = self.references(expression);
        if parsed.is_empty() {
            return None;
        }
        let mut candidates = Candidates::default();
        self.collect(&parsed, &[], scope, &mut candidates, 0);
        match candidates.found.as_slice() {
            [only] if !only.is_open && !candidates.is_opaque => self.planned(&only.address),
            _ => None,
        }
    }

    fn collect(
        &self,
        parsed: &[Vec<PathStep>],
        rest: &[PathStep],
        scope: &Scope<'t>,
        into: &mut Candidates,
        depth: usize,
    ) {
        if depth > MAXIMUM_MODULE_LEVELS || into.found.len() > MAXIMUM_CANDIDATES {
            into.is_opaque = true;
            return;
        }
        let hints = self.hints(parsed, scope, depth);
        for reference in parsed {
            let mut whole = reference.clone();
            whole.extend_from_slice(rest);
            let [PathStep::Attribute(head), PathStep::Attribute(name), after @ ..] = whole.as_slice() else {
                continue;
            };
            match &**head {
                "var" => self.collect_variable(name, after, scope, into, depth),
                "module" => self.collect_output(name, after, scope, &hints, into, depth),
                "local" => into.is_opaque = true,
                "each" if &**name == "value" => self.collect_element(after, scope, into, depth),
                "each" | "count" | "path" | "terraform" | "self" => {}
                _ => {
                    if let Some((Named { mode, kind, name }, path)) = resource(&whole) {
                        let block = Address {
                            module: scope.path.clone(),
                            mode,
                            kind,
                            name,
                            key: InstanceKey::Single,
                        };
                        into.add(self.candidate(block, path, &hints, scope));
                    }
                }
            }
        }
    }

    /// A variable of a module is an argument of its call; one of the root has a known value.
    fn collect_variable(
        &self,
        name: &str,
        rest: &[PathStep],
        scope: &Scope<'t>,
        into: &mut Candidates,
        depth: usize,
    ) {
        let Some((outer, argument)) = self.argument(name, scope) else {
            return;
        };
        self.collect(&self.references(argument), rest, &outer, into, depth + 1);
    }

    /// What `each.value` is an element of.
    fn collect_element(&self, after: &[PathStep], scope: &Scope<'t>, into: &mut Candidates, depth: usize) {
        if let (Some(for_each), InstanceKey::Key(key)) = (scope.for_each, &scope.key) {
            let mut rest = vec![PathStep::Key(key.clone())];
            rest.extend_from_slice(after);
            let outer = Scope {
                key: InstanceKey::Single,
                for_each: None,
                ..scope.clone()
            };
            self.collect(&self.references(for_each), &rest, &outer, into, depth + 1);
        }
    }

    /// The argument that a variable of a module is given, and where it is written.
    pub(super) fn argument(&self, name: &str, scope: &Scope<'t>) -> Option<(Scope<'t>, RawJson<'t>)> {
        let (own, outer) = scope.path.split_last()?;
        let module = self.module(outer)?;
        let call = module.call(&own.name)?;
        let argument = *call.members.get(name)?;
        let for_each = call.for_each;
        let outer = Scope {
            path: outer.into(),
            key: own.key.clone(),
            for_each,
            module,
        };
        Some((outer, argument))
    }

    fn collect_output(
        &self,
        name: &Arc<str>,
        after: &[PathStep],
        scope: &Scope<'t>,
        hints: &Hints,
        into: &mut Candidates,
        depth: usize,
    ) {
        let Some(child) = scope.module.child(name) else {
            into.is_opaque = true;
            return;
        };
        let written = instance_key(after.first());
        let after = if written.is_some() { &after[1..] } else { after };
        let key = written.or_else(|| {
            let keys = self.modules.get(&(scope.path.to_vec(), name.clone()))?;
            pick(keys, hints, &scope.key)
        });
        let (Some(key), [PathStep::Attribute(output), rest @ ..]) = (key, after) else {
            into.is_opaque = true;
            return;
        };
        let Some(expression) = child.output(output) else {
            into.is_opaque = true;
            return;
        };
        let step = ModuleStep {
            name: name.clone(),
            key: key.clone(),
        };
        let inner = Scope {
            module: child,
            path: scope.path.iter().cloned().chain([step]).collect(),
            key: InstanceKey::Single,
            for_each: None,
        };
        self.collect(&self.references(expression), rest, &inner, into, depth + 1);
    }

    /// What a reference to a block means: which instance, and which attribute of it.
    fn candidate(&self, block: Address, path: &[PathStep], hints: &Hints, scope: &Scope<'t>) -> Candidate {
        let none = BTreeSet::new();
        let keys = self.instances.get(&block).unwrap_or(&none);
        let (key, path) = match instance_key(path.first()) {
            Some(key) if keys.contains(&key) || keys.is_empty() => (Some(key), &path[1..]),
            _ => (pick(keys, hints, &scope.key), path),
        };
        Candidate {
            is_open: key.is_none() && !keys.is_empty(),
            address: Address {
                key: key.unwrap_or(InstanceKey::Single),
                ..block
            },
            path: path.to_vec(),
        }
    }

    /// The attribute of a candidate, when the plan does not know it; an error when it cannot be told which
    /// attribute is meant.
    fn edge(&self, candidate: Candidate, property: &str) -> Option<Result<Edge, ()>> {
        let Candidate {
            address, mut path, ..
        } = candidate;
        // A data source that was read before is known, and so is what is not planned at all.
        let planned = self.planned(&address)?;
        if path.is_empty() {
            match self.attribute(planned, property) {
                Attribute::Known => return None,
                Attribute::Unclear => return Some(Err(())),
                Attribute::Unknown(attribute) => path = attribute,
            }
        }
        let unknown = planned.unknown?;
        // A collection that a module puts together has keys of its own before the resource's attributes.
        while let Some(first) = path.first()
            && !has_member(planned, first)
        {
            path.remove(0);
        }
        let depth = unknown_depth(unknown, &path)?;
        if !is_collection(planned.sensitive, &path[..depth]) {
            path.truncate(depth);
        }
        (!path.is_empty()).then_some(Ok(Edge { address, path }))
    }

    /// Which unknown attribute of a resource is meant where only the resource is named.
    fn attribute(&self, planned: &Planned<'t>, property: &str) -> Attribute {
        let Some(unknown) = planned.unknown else {
            return Attribute::Known;
        };
        let mut meant: Vec<&[PathStep]> = Vec::new();
        let listed = self.relevant.get(&block(&planned.address));
        for relevant in listed.into_iter().flatten() {
            let is_other = match resource(&relevant.steps) {
                Some((_, rest)) => instance_key(rest.first()).is_some_and(|key| key != planned.address.key),
                None => true,
            };
            let attribute = relevant.attribute.as_slice();
            let is_unknown = !attribute.is_empty() && unknown_depth(unknown, attribute).is_some();
            if !is_other && is_unknown && !meant.contains(&attribute) {
                meant.push(attribute);
            }
        }
        if let [only] = meant.as_slice() {
            return Attribute::Unknown(only.to_vec());
        }
        let named = |name: &str| vec![PathStep::Attribute(name.into())];
        let is_id = property == "id" || property.ends_with("_id") || property.ends_with("_ids");
        match mentions(unknown, property, 0) {
            true if unknown.member(property).is_some_and(RawJson::is_true) => {
                Attribute::Unknown(named(property))
            }
            false if is_id && unknown.member("id").is_some_and(RawJson::is_true) => {
                Attribute::Unknown(named("id"))
            }
            _ if !has_unknown(unknown, 0) => Attribute::Known,
            _ => Attribute::Unclear,
        }
    }
}

/// More attributes than this are not told apart.
const MAXIMUM_CANDIDATES: usize = 64;

enum Attribute {
    /// Nothing of the resource is unknown.
    Known,
    Unknown(Vec<PathStep>),
    Unclear,
}

impl Candidates {
    fn add(&mut self, candidate: Candidate) {
        if !self.found.contains(&candidate) {
            self.found.push(candidate);
        }
    }
}

/// The address of a block: of all its instances.
fn block(address: &Address) -> Address {
    Address {
        key: InstanceKey::Single,
        ..address.clone()
    }
}

/// The resource that a reference in a module means, for the order in which things are made.
pub(super) fn referenced(reference: &str, module: &Arc<[ModuleStep]>) -> Option<Address> {
    let steps = steps(reference);
    if let (called, _) = module_steps(&steps)
        && !called.is_empty()
    {
        return None;
    }
    let (Named { mode, kind, name }, _) = resource(&steps)?;
    let is_other = matches!(
        &*kind,
        "var" | "local" | "each" | "count" | "path" | "terraform" | "self"
    );
    (mode == Mode::Data || !is_other).then(|| Address {
        module: module.clone(),
        mode,
        kind,
        name,
        key: InstanceKey::Single,
    })
}
