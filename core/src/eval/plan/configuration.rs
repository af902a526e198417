//! The configuration that a plan carries: which attribute refers to what. Modules are looked into when
//! something in them is asked for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::eval::deployment::{Address, Mode};
use crate::syntax::raw_json::{RawJson, RawKind};

/// The members of an object, by name.
pub(super) type Members<'t> = HashMap<Cow<'t, str>, RawJson<'t>>;

/// A resource or a module call of the configuration.
#[derive(Default)]
pub(super) struct Block<'t> {
    pub(super) expressions: Option<RawJson<'t>>,
    /// The expressions by the attribute or block that they are of.
    pub(super) members: Members<'t>,
    pub(super) for_each: Option<RawJson<'t>>,
    pub(super) depends_on: Option<RawJson<'t>>,
    module: Option<RawJson<'t>>,
}

/// One module as it is called in one place.
#[derive(Default)]
pub(super) struct Module<'t> {
    resources: HashMap<(Mode, Arc<str>, Arc<str>), Rc<Block<'t>>>,
    outputs: Members<'t>,
    calls: HashMap<String, Rc<Block<'t>>>,
    children: RefCell<HashMap<String, Option<Rc<Module<'t>>>>>,
}

impl<'t> Module<'t> {
    pub(super) fn new(module: RawJson<'t>) -> Self {
        let mut found = Module::default();
        for (name, value) in module.members() {
            match &*name {
                "resources" => value.elements().for_each(|resource| found.add(resource)),
                "outputs" => found.outputs = by_name(value),
                "module_calls" => {
                    let calls = value.members();
                    found.calls = calls
                        .map(|(name, call)| (name.into_owned(), Rc::new(Block::new(call))))
                        .collect();
                }
                _ => {}
            }
        }
        found
    }

    fn add(&mut self, resource: RawJson<'t>) {
        let (mut mode, mut kind, mut name) = (Mode::Managed, None, None);
        for (member, value) in resource.members() {
            match &*member {
                "mode" if value.as_text().as_deref() == Some("data") => mode = Mode::Data,
                "type" => kind = value.as_text(),
                "name" => name = value.as_text(),
                _ => {}
            }
        }
        if let (Some(kind), Some(name)) = (kind, name) {
            let key = (mode, kind.as_ref().into(), name.as_ref().into());
            self.resources.insert(key, Rc::new(Block::new(resource)));
        }
    }

    /// The block of a resource.
    pub(super) fn resource(&self, address: &Address) -> Option<Rc<Block<'t>>> {
        let key = (address.mode, address.kind.clone(), address.name.clone());
        self.resources.get(&key).cloned()
    }

    /// The expression of an output.
    pub(super) fn output(&self, name: &str) -> Option<RawJson<'t>> {
        self.outputs.get(name)?.member("expression")
    }

    /// A call of another module.
    pub(super) fn call(&self, name: &str) -> Option<&Block<'t>> {
        self.calls.get(name).map(Rc::as_ref)
    }

    /// The module that a call means.
    pub(super) fn child(&self, name: &str) -> Option<Rc<Module<'t>>> {
        if let Some(known) = self.children.borrow().get(name) {
            return known.clone();
        }
        let child = self.call(name).and_then(|call| call.module);
        let child = child.map(|module| Rc::new(Module::new(module)));
        let mut children = self.children.borrow_mut();
        children.insert(name.to_owned(), child.clone());
        child
    }
}

impl<'t> Block<'t> {
    fn new(block: RawJson<'t>) -> Self {
        let mut found = Block::default();
        for (name, value) in block.members() {
            match &*name {
                "expressions" => found.expressions = Some(value),
                "for_each_expression" => found.for_each = Some(value),
                "depends_on" => found.depends_on = Some(value),
                "module" => found.module = Some(value),
                _ => {}
            }
        }
        found.members = found.expressions.map(by_name).unwrap_or_default();
        found
    }
}

pub(super) fn by_name(object: RawJson<'_>) -> Members<'_> {
    object.members().collect()
}

/// What the configuration says of a part of a body.
#[derive(Clone, Copy)]
pub(super) enum Written<'t> {
    /// An expression: `{"constant_value": …}` or `{"references": […]}`.
    Expression(RawJson<'t>),
    /// A block: its attributes by name.
    Block(RawJson<'t>),
    /// The block of a resource, whose attributes are at hand.
    Resource,
    /// Blocks of one kind in the order of the text.
    Blocks(RawJson<'t>),
    /// Not written: the provider or Azure supplies it.
    Not,
    /// The configuration does not say: dynamic blocks are left out of it.
    Unseen,
}

impl<'t> Written<'t> {
    /// What is said of the members of a block, all at once.
    pub(super) fn members(self) -> Option<Members<'t>> {
        match self {
            Written::Block(block) => Some(by_name(block)),
            _ => None,
        }
    }

    /// What is said of a member, given that of all members.
    pub(super) fn member(self, members: Option<&Members<'t>>, name: &str) -> Written<'t> {
        match (self, members) {
            (Written::Block(_) | Written::Resource, Some(members)) => match members.get(name) {
                Some(blocks) if blocks.kind() == RawKind::Array => Written::Blocks(*blocks),
                Some(expression) => Written::Expression(*expression),
                None => Written::Not,
            },
            (Written::Expression(expression), _) => Written::Expression(expression),
            (Written::Not, _) => Written::Not,
            _ => Written::Unseen,
        }
    }
}

/// The references of an expression, the longest of each alone: `a.b.id` stands for `a.b` too.
pub(super) fn references(expression: RawJson<'_>) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let listed = expression.member("references");
    for reference in listed.into_iter().flat_map(RawJson::elements) {
        let Some(text) = reference.as_text() else {
            continue;
        };
        let is_part = |longer: &Arc<str>| {
            let rest = longer.strip_prefix(&*text);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        if !found.iter().any(is_part) {
            found.push(text.as_ref().into());
        }
    }
    found
}

/// Every reference in the expressions of a block, at any depth that blocks have.
pub(super) fn all_references(expressions: RawJson<'_>, into: &mut Vec<Arc<str>>) {
    collect(expressions, 0, into);
}

fn collect(node: RawJson<'_>, depth: usize, into: &mut Vec<Arc<str>>) {
    const DEPTH: usize = 16;
    match node.kind() {
        _ if depth > DEPTH => {}
        RawKind::Array => node
            .elements()
            .for_each(|element| collect(element, depth + 1, into)),
        RawKind::Object => {
            for (name, value) in node.members() {
                match &*name {
                    "references" if value.kind() == RawKind::Array => into.extend(references(node)),
                    "constant_value" => {}
                    _ => collect(value, depth + 1, into),
                }
            }
        }
        _ => {}
    }
}
