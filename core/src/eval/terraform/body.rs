//! The body of a resource: attributes, nested blocks, and blocks made by `dynamic`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::expression::{Bound, Evaluated, Scope, items};
use super::instance::attribute;
use crate::eval::choice;
use crate::eval::error::EvalError;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};
use crate::syntax::hcl::tree::{Attribute, Block, Body, ExpressionKind};

/// Arguments and blocks of every resource that are Terraform's own.
const META_ARGUMENTS: [&str; 4] = ["count", "for_each", "depends_on", "provider"];
const META_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

/// The attributes and blocks of a resource, less those attributes that nobody reads.
pub(super) fn resource_body(block: &Block, scope: &Scope<'_>, reads: &dyn Fn(&str) -> bool) -> Entries {
    let is_left_out = |name: &str| META_ARGUMENTS.contains(&name) || !reads(name);
    let mut entries = evaluated(&block.body, scope, &is_left_out, &META_BLOCKS);
    // The azapi provider takes a body as an object or, in its first version, as the JSON text of one. Both
    // mean the same, and of an object more is known where it holds something unknown.
    let is_azapi = block
        .labels
        .first()
        .is_some_and(|kind| kind.text.starts_with("azapi_"));
    if is_azapi
        && let Some(argument) = attribute(block, "body")
        && let ExpressionKind::Call(call) = &argument.kind
        && let ("jsonencode", [object]) = (call.name.as_ref(), call.arguments.as_slice())
    {
        let value = scope.evaluate_or_invalid(object).used_at(object.span);
        entries.members.insert("body".into(), value);
    }
    entries
}

/// An attribute as it stands in a body.
pub(super) fn attribute_value(attribute: &Attribute, scope: &Scope<'_>) -> Value {
    let value = scope.evaluate_or_invalid(&attribute.value);
    scope.observe_name(attribute.name_span, &value);
    value.used_at(attribute.value.span)
}

fn evaluated(
    body: &Body,
    scope: &Scope<'_>,
    is_left_out: &dyn Fn(&str) -> bool,
    without_blocks: &[&str],
) -> Entries {
    let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for attribute in &body.attributes {
        if !is_left_out(&attribute.name) {
            members.insert(attribute.name.clone(), attribute_value(attribute, scope));
        }
    }
    let mut blocks: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for block in &body.blocks {
        if without_blocks.contains(&&*block.kind) {
            continue;
        }
        if &*block.kind == "dynamic" {
            if let Some(label) = block.labels.first() {
                let made = dynamic(block, &label.text, scope).unwrap_or_else(EvalError::into_value);
                blocks.entry(label.text.clone()).or_default().push(made);
            }
            continue;
        }
        let entries = evaluated(&block.body, scope, &|_| false, &[]);
        let from = Provenance::new(Via::Use, block.header);
        let object = Value::new(Kind::Object(entries.into()), from.clone());
        let list = Value::new(Kind::List(Arc::new([object])), from);
        blocks.entry(block.kind.clone()).or_default().push(list);
    }
    for (kind, lists) in blocks {
        let mut lists = lists.into_iter();
        if let Some(first) = lists.next() {
            let all = lists.fold(first, |all, next| appended(&all, &next));
            members.insert(kind, all);
        }
    }
    let open = body
        .incomplete
        .then(|| Unknown::new(Reason::Incomplete, body.span));
    Entries { members, open }
}

/// Two lists of blocks of one kind, in order. One that is unknown makes the whole unknown.
fn appended(one: &Value, other: &Value) -> Value {
    let joined = choice::map_pair(one, other, &mut |one, other| {
        let (Kind::List(first), Kind::List(second)) = (&one.kind, &other.kind) else {
            let unknown = if matches!(one.kind, Kind::Unknown(_)) {
                one
            } else {
                other
            };
            return Ok(unknown.clone());
        };
        let all = first.iter().chain(second.iter()).cloned();
        Ok(Value::new(Kind::List(all.collect()), one.from.clone()))
    });
    joined.unwrap_or_else(EvalError::into_value)
}

/// The blocks that a `dynamic` block makes: a list of objects, a choice of such, or unknown.
fn dynamic(block: &Block, label: &str, scope: &Scope<'_>) -> Evaluated {
    let Some(for_each) = attribute(block, "for_each") else {
        let message = "A dynamic block needs \"for_each\".";
        return Err(EvalError::new(message, block.header));
    };
    let Some(content) = block.body.blocks.iter().find(|inner| &*inner.kind == "content") else {
        let unknown = Unknown::new(Reason::Incomplete, block.header);
        return Ok(Value::unknown(unknown, Provenance::new(Via::Use, block.header)));
    };
    let iterator = match attribute(block, "iterator").map(|iterator| &iterator.kind) {
        Some(ExpressionKind::Name(name) | ExpressionKind::String(name)) => name,
        _ => label,
    };
    let collection = scope.evaluate(for_each)?;
    choice::map(&collection, &mut |collection| {
        let from = Provenance::new(Via::Use, block.header);
        let items = match items(collection, for_each.span)? {
            Ok(items) => items,
            Err(unknown) => return Ok(Value::unknown(unknown, from)),
        };
        let mut objects = Vec::with_capacity(items.len());
        for (key, value) in items {
            let entries = Entries {
                members: BTreeMap::from([(Arc::from("key"), key), (Arc::from("value"), value)]),
                open: None,
            };
            let item = Value::new(
                Kind::Object(entries.into()),
                Provenance::new(Via::Iteration, for_each.span),
            );
            let bound = Bound {
                name: iterator,
                value: &item,
                outer: scope.bound,
            };
            let entries = evaluated(&content.body, &scope.with(&bound), &|_| false, &[]);
            objects.push(Value::new(Kind::Object(entries.into()), from.clone()));
        }
        Ok(Value::new(Kind::List(objects.into()), from))
    })
}
