//! Override files: `override.tf`, `*_override.tf` and their JSON forms.

use std::collections::HashSet;

use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::tree::{Attribute, Block, Body, ExpressionKind};

/// The blocks of a module with those of its override files merged into them, in the order of the override
/// files' names, as Terraform merges them: arguments replace arguments; nested blocks replace all nested
/// blocks of their kind; `lifecycle` is merged argument by argument, `locals` value by value and
/// `required_providers` provider by provider.
///
/// Terraform refuses an override of something that is not declared; here it is added, so that nothing is
/// lost. Every part keeps the span of the file it stands in, the headers those of the base.
pub fn merge_overrides(mut base: Vec<Block>, overrides: Vec<Block>) -> Vec<Block> {
    let mut places = Places::default();
    for (index, block) in base.iter().enumerate() {
        places.note(block, index);
    }
    for block in overrides {
        let rest = match &*block.kind {
            "locals" => merge_locals(&mut base, &mut places, block),
            "terraform" => merge_terraform(&mut base, block),
            _ => match key(&block).and_then(|key| places.blocks.get(&key)) {
                Some(index) => {
                    if let Some(base) = base.get_mut(*index) {
                        merge_body(&mut base.body, block.body);
                    }
                    None
                }
                None => Some(block),
            },
        };
        if let Some(block) = rest {
            places.note(&block, base.len());
            base.push(block);
        }
    }
    base
}

/// Where what can be overridden stands among the blocks.
#[derive(Default)]
struct Places {
    blocks: FxHashMap<Key, usize>,
    locals: FxHashMap<Arc<str>, usize>,
}

/// The kind and labels of a block, and the alias of a provider.
type Key = (Arc<str>, Vec<Arc<str>>);

impl Places {
    fn note(&mut self, block: &Block, index: usize) {
        if &*block.kind == "locals" {
            for attribute in &block.body.attributes {
                self.locals.entry(attribute.name.clone()).or_insert(index);
            }
        } else if let Some(key) = key(block) {
            self.blocks.entry(key).or_insert(index);
        }
    }
}

/// What identifies a block that can be overridden.
fn key(block: &Block) -> Option<Key> {
    let mut labels: Vec<Arc<str>> = block.labels.iter().map(|label| label.text.clone()).collect();
    match &*block.kind {
        "resource" | "data" | "ephemeral" | "variable" | "output" | "module" => {}
        "provider" => {
            let alias = block
                .body
                .attributes
                .iter()
                .find(|argument| &*argument.name == "alias");
            if let Some(ExpressionKind::String(alias)) = alias.map(|alias| &alias.value.kind) {
                labels.push(alias.clone());
            }
        }
        _ => return None,
    }
    Some((block.kind.clone(), labels))
}

fn merge_body(base: &mut Body, over: Body) {
    base.incomplete |= over.incomplete;
    for attribute in over.attributes {
        // In JSON syntax a nested block is written as an argument.
        base.blocks.retain(|block| nested_kind(block) != &*attribute.name);
        replace_or_add(&mut base.attributes, attribute);
    }
    let (lifecycle, blocks): (Vec<Block>, Vec<Block>) = over
        .blocks
        .into_iter()
        .partition(|block| &*block.kind == "lifecycle");
    for block in lifecycle {
        match base.blocks.iter_mut().find(|known| known.kind == block.kind) {
            Some(known) => merge_body(&mut known.body, block.body),
            None => base.blocks.push(block),
        }
    }
    for block in &blocks {
        let kind = nested_kind(block);
        base.blocks.retain(|known| nested_kind(known) != kind);
        base.attributes.retain(|known| &*known.name != kind);
    }
    base.blocks.extend(blocks);
}

/// The kind of a nested block, also of one that a `dynamic` block makes.
fn nested_kind(block: &Block) -> &str {
    match block.labels.first() {
        Some(label) if &*block.kind == "dynamic" => &label.text,
        _ => &block.kind,
    }
}

fn replace_or_add(attributes: &mut Vec<Attribute>, attribute: Attribute) {
    match attributes.iter_mut().find(|known| known.name == attribute.name) {
        Some(known) => *known = attribute,
        None => attributes.push(attribute),
    }
}

/// Replaces local values; what no other block declares is handed back.
fn merge_locals(base: &mut [Block], places: &mut Places, block: Block) -> Option<Block> {
    let mut unknown = Vec::new();
    let Block {
        kind,
        labels,
        body,
        header,
        span,
    } = block;
    for attribute in body.attributes {
        match places
            .locals
            .get(&attribute.name)
            .and_then(|index| base.get_mut(*index))
        {
            Some(known) => replace_or_add(&mut known.body.attributes, attribute),
            None => unknown.push(attribute),
        }
    }
    if unknown.is_empty() && !body.incomplete {
        return None;
    }
    let body = Body {
        attributes: unknown,
        ..body
    };
    Some(Block {
        kind,
        labels,
        body,
        header,
        span,
    })
}

/// Replaces the settings of all `terraform` blocks; new ones stand in the block that is handed back.
fn merge_terraform(base: &mut [Block], mut block: Block) -> Option<Block> {
    let names: Vec<Arc<str>> = block
        .body
        .attributes
        .iter()
        .map(|over| over.name.clone())
        .collect();
    // A backend and a cloud exclude each other.
    let is_backend = |block: &Block| matches!(&*block.kind, "backend" | "cloud");
    let has_backend = block.body.blocks.iter().any(is_backend);
    let mut required: FxHashMap<Arc<str>, Attribute> = FxHashMap::default();
    for over in &block.body.blocks {
        if &*over.kind == "required_providers" {
            let providers = over.body.attributes.iter();
            required.extend(providers.map(|provider| (provider.name.clone(), provider.clone())));
        }
    }
    let mut replaced = HashSet::new();
    for known in base.iter_mut().filter(|known| &*known.kind == "terraform") {
        known
            .body
            .attributes
            .retain(|attribute| !names.contains(&attribute.name));
        known
            .body
            .blocks
            .retain(|block| !(has_backend && is_backend(block)));
        for block in known
            .body
            .blocks
            .iter_mut()
            .filter(|block| &*block.kind == "required_providers")
        {
            for provider in &mut block.body.attributes {
                if let Some(over) = required.get(&provider.name) {
                    *provider = over.clone();
                    replaced.insert(provider.name.clone());
                }
            }
        }
    }
    for over in block
        .body
        .blocks
        .iter_mut()
        .filter(|over| &*over.kind == "required_providers")
    {
        over.body
            .attributes
            .retain(|provider| !replaced.contains(&provider.name));
    }
    Some(block)
}
