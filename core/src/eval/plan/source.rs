//! The configuration that a plan was made from, evaluated with the plan's variables: where things are written.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Root;
use super::document::Document;
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::{Address, Deployment, InstanceKey, Mode, Resource};
use crate::eval::observer::Observer;
use crate::eval::terraform;
use crate::settings::{VariableInputs, VariableOption};
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Expression, ExpressionKind, ObjectKey};
use crate::syntax::raw_json::{Ends, RawJson, RawKind};

/// A block of the configuration, whatever its instances.
type BlockName = (Vec<Arc<str>>, Mode, Arc<str>, Arc<str>);

pub(super) struct Source {
    pub(super) deployment: Deployment,
    by_address: HashMap<Address, usize>,
    /// One instance of each block, the one that stands for all where there is one.
    by_block: HashMap<BlockName, usize>,
}

/// The resource of the configuration that a planned one is an instance of.
pub(super) struct Declared<'s> {
    pub(super) resource: &'s Resource,
    /// It is the very instance, so that its references are those of the planned one.
    pub(super) is_exact: bool,
}

impl Source {
    /// None when there is no configuration in the folder.
    pub(super) fn new(
        trees: &Trees,
        folder: &str,
        document: &Document<'_>,
        allowed: &[String],
        catalogue: &dyn Catalogue,
    ) -> Option<Self> {
        let (root, inputs) = root(trees, folder, document);
        let deployment = terraform::deployment(trees, &root, &inputs, allowed, catalogue);
        if deployment.resources.is_empty() {
            return None;
        }
        let mut by_address = HashMap::new();
        let mut by_block: HashMap<BlockName, usize> = HashMap::new();
        for (position, resource) in deployment.resources.iter().enumerate() {
            by_address.insert(resource.address.clone(), position);
            let one = by_block.entry(block_name(&resource.address)).or_insert(position);
            if resource.address.key == InstanceKey::Template {
                *one = position;
            }
        }
        Some(Source {
            deployment,
            by_address,
            by_block,
        })
    }

    pub(super) fn declared(&self, address: &Address) -> Option<Declared<'_>> {
        if let Some(resource) = self.at(self.by_address.get(address)) {
            return Some(Declared {
                resource,
                is_exact: true,
            });
        }
        Some(Declared {
            resource: self.at(self.by_block.get(&block_name(address)))?,
            is_exact: false,
        })
    }

    fn at(&self, position: Option<&usize>) -> Option<&Resource> {
        self.deployment.resources.get(*position?)
    }
}

/// The configuration with the variables of the plan.
fn root(trees: &Trees, folder: &str, document: &Document<'_>) -> (terraform::roots::Root, VariableInputs) {
    let variable_files = terraform::roots::automatic_variable_files(trees, folder);
    let inputs = VariableInputs {
        environment: Vec::new(),
        options: assigned(trees, document, &variable_files),
    };
    let root = terraform::roots::Root {
        folder: folder.to_owned(),
        name: folder.to_owned(),
        variable_files,
    };
    (root, inputs)
}

/// Lets the observer see the expressions of the configuration that a plan was made from. What the plan itself
/// holds are values, and no expressions.
pub(in crate::eval) fn observe(
    trees: &Trees,
    plan: &Root,
    allowed: &[String],
    catalogue: &dyn Catalogue,
    observer: &Rc<Observer>,
) {
    let (Some(folder), Ok(file)) = (&plan.source, trees.sources.read(&plan.path)) else {
        return;
    };
    if file.id == observer.range().file {
        return;
    }
    let ends = Ends::of(&file.text);
    let (root, inputs) = root(trees, folder, &Document::new(&file.text, &ends));
    terraform::observe(trees, &root, &inputs, allowed, catalogue, observer);
}

fn block_name(address: &Address) -> BlockName {
    (
        address.module.iter().map(|step| step.name.clone()).collect(),
        address.mode,
        address.kind.clone(),
        address.name.clone(),
    )
}

/// The values of the root's variables that neither a default nor a variable file says.
fn assigned(trees: &Trees, document: &Document<'_>, files: &[String]) -> Vec<VariableOption> {
    let root = document
        .configuration
        .and_then(|configuration| configuration.member("root_module"));
    let declared = root.and_then(|root| root.member("variables"));
    let declared: HashMap<String, RawJson<'_>> = declared
        .into_iter()
        .flat_map(RawJson::members)
        .map(|(name, variable)| (name.into_owned(), variable))
        .collect();
    let in_files = in_files(trees, files);
    let mut options = Vec::new();
    for (name, value) in &document.variables {
        let Ok(planned) = serde_json::from_str::<serde_json::Value>(value.text()) else {
            continue;
        };
        let written = match in_files.get(name) {
            Some(written) => written.clone(),
            None => declared.get(name).and_then(|variable| {
                let default = variable.member("default")?;
                serde_json::from_str(default.text()).ok()
            }),
        };
        if written.is_some_and(|written| is_same(&written, &planned)) || planned.is_null() {
            continue;
        }
        options.push(VariableOption::Assignment {
            name: name.clone(),
            value: match (value.kind(), value.as_text()) {
                (RawKind::Text, Some(text)) => text.into_owned(),
                // Terraform reads it as an expression, in which these would begin another one.
                _ => value.text().replace("${", "$${").replace("%{", "%%{"),
            },
        });
    }
    options.sort_by(|one, other| name_of(one).cmp(name_of(other)));
    options
}

fn name_of(option: &VariableOption) -> &str {
    match option {
        VariableOption::Assignment { name, .. } | VariableOption::File(name) => name,
    }
}

/// What the variable files say, by variable; the last file wins. None for what is no plain value.
fn in_files(trees: &Trees, files: &[String]) -> HashMap<String, Option<serde_json::Value>> {
    let mut found = HashMap::new();
    for file in files {
        let Ok(parsed) = trees.hcl(file) else {
            continue;
        };
        for attribute in &parsed.tree.body.attributes {
            found.insert(attribute.name.to_string(), plain(&attribute.value));
        }
    }
    found
}

fn plain(expression: &Expression) -> Option<serde_json::Value> {
    use serde_json::Value;
    Some(match &expression.kind {
        ExpressionKind::Null => Value::Null,
        ExpressionKind::Bool(truth) => Value::Bool(*truth),
        ExpressionKind::Number(number) => serde_json::from_str(number.as_ref()).ok()?,
        ExpressionKind::String(text) => Value::String(text.to_string()),
        ExpressionKind::Tuple(items) => Value::Array(items.iter().map(plain).collect::<Option<_>>()?),
        ExpressionKind::Object(items) => {
            let mut object = serde_json::Map::new();
            for item in items {
                let name = match &item.key {
                    ObjectKey::Name(name, _) => name.to_string(),
                    ObjectKey::Expression(key) => plain(key)?.as_str()?.to_owned(),
                };
                object.insert(name, plain(&item.value)?);
            }
            Value::Object(object)
        }
        _ => return None,
    })
}

/// Whether two values are the same variable's value. Numbers, texts and sets may be written in two ways.
fn is_same(one: &serde_json::Value, other: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys());
            let member = |object: &serde_json::Map<String, Value>, name: &String| {
                object.get(name).cloned().unwrap_or(Value::Null)
            };
            names
                .into_iter()
                .all(|name| is_same(&member(one, name), &member(other, name)))
        }
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            number.to_string() == *text
        }
        (one, other) => one == other,
    }
}
