//! Looking into values without settling what is unknown: a property of a block that may be there may be
//! there.

use std::sync::Arc;

use crate::eval::deployment::Assumption;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Entries, Kind, OneOf, Reason, Unknown, Value};
use crate::source::Span;

/// How deep choices may nest before the value counts as unknown: each level can double the work.
const MAXIMUM_DEPTH: usize = 8;

/// How deep blocks and choices are followed to make choices; bodies do not nest deeper.
const MAXIMUM_NESTING: usize = 32;

/// The property of a block; none when it is not set. In a choice that sets it in one branch only, the other
/// branch is null.
pub(super) fn member(block: &Value, name: &str) -> Option<Value> {
    match &block.kind {
        Kind::Null => None,
        Kind::Object(entries) | Kind::Map(entries) => match written(entries, name) {
            Some(value) => (!value.is_null()).then(|| value.clone()),
            None => {
                let open = entries.open.as_ref()?;
                Some(Value::unknown(inside(open, name), block.from.clone()))
            }
        },
        Kind::Unknown(unknown) => Some(Value::unknown(inside(unknown, name), block.from.clone())),
        Kind::OneOf(one_of) => chosen(one_of, &block.from, |branch| member(branch, name)),
        Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) => member(&single(block), name),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(invalid(block, "a block is needed here")),
    }
}

/// What is written under a name. Azure takes its properties' names in any case; the providers' schemas have
/// none that differ in case alone.
pub(super) fn written<'e>(entries: &'e Entries, name: &str) -> Option<&'e Value> {
    // Most names that are looked for are not there, and a body has few: one pass costs less than a search for
    // the name as it is and a pass for it in any case.
    let mut in_any_case = None;
    for (written, value) in &entries.members {
        if written.len() != name.len() {
            continue;
        }
        if **written == *name {
            return Some(value);
        }
        if in_any_case.is_none() && written.eq_ignore_ascii_case(name) {
            in_any_case = Some(value);
        }
    }
    in_any_case
}

/// The one block of a value that may hold it as a list. Of several, the first that is there.
pub(super) fn single(blocks: &Value) -> Value {
    match blocks.elements() {
        Some(elements) => first_present(elements, &blocks.from),
        None => match &blocks.kind {
            Kind::OneOf(one_of) => chosen(one_of, &blocks.from, |branch| Some(single(branch)))
                .unwrap_or_else(|| Value::new(Kind::Null, blocks.from.clone())),
            _ => blocks.clone(),
        },
    }
}

fn first_present(elements: &[Value], from: &Provenance) -> Value {
    let mut first = Value::new(Kind::Null, from.clone());
    for element in elements.iter().take(MAXIMUM_DEPTH).rev() {
        first = filled(Some(single(element)), &first);
    }
    first
}

/// A value with a fallback wherever it is not set.
pub(super) fn filled(value: Option<Value>, fallback: &Value) -> Value {
    let Some(value) = value else {
        return fallback.clone();
    };
    match &value.kind {
        Kind::Null => fallback.clone(),
        Kind::OneOf(one_of) => {
            // A fallback that hangs on the same condition is decided in each branch.
            let branch = |branch: &Value, when: bool| {
                let fallback = match &fallback.kind {
                    Kind::OneOf(other) if other.condition.identity() == one_of.condition.identity() => {
                        if when { &other.yes } else { &other.no }
                    }
                    _ => fallback,
                };
                filled(Some(branch.clone()), fallback)
            };
            let filled = OneOf {
                condition: one_of.condition.clone(),
                yes: branch(&one_of.yes, true),
                no: branch(&one_of.no, false),
            };
            chosen(&filled, &value.from, |branch| Some(branch.clone())).unwrap_or_else(|| fallback.clone())
        }
        _ => value,
    }
}

/// A property of a block, or its default located at the block that omits it; `header` stands for a block
/// that is not there.
pub(super) fn member_or_default(block: &Value, name: &str, default: &Kind, header: Span) -> Value {
    if let Kind::OneOf(one_of) = &block.kind {
        let branch = |branch: &Value| Some(member_or_default(branch, name, default, header));
        if let Some(value) = chosen(one_of, &block.from, branch) {
            return value;
        }
    }
    let place = if block.is_null() {
        header
    } else {
        block.from.nearest().span
    };
    let default = Value::new(default.clone(), Provenance::new(Via::ProviderDefault, place));
    filled(member(block, name), &default)
}

/// The value as a list: text stands for a list of itself, a list for itself.
pub(super) fn listed(value: &Value) -> Value {
    match &value.kind {
        Kind::Null | Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) => value.clone(),
        Kind::OneOf(one_of) => chosen(one_of, &value.from, |branch| Some(listed(branch)))
            .unwrap_or_else(|| Value::new(Kind::Null, value.from.clone())),
        _ => Value::new(Kind::Tuple(Arc::new([value.clone()])), value.from.clone()),
    }
}

/// Two lists as one. An unknown list becomes one unknown member, so that the known members still count.
pub(super) fn joined(one: Option<Value>, other: Option<Value>) -> Option<Value> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return one.or(other),
    };
    if let Kind::OneOf(one_of) = &one.kind {
        return chosen(one_of, &one.from, |branch| {
            joined(present(branch.clone()), Some(other.clone()))
        });
    }
    if let Kind::OneOf(one_of) = &other.kind {
        return chosen(one_of, &other.from, |branch| {
            joined(Some(one.clone()), present(branch.clone()))
        });
    }
    let mut members = Vec::new();
    for list in [&one, &other] {
        match list.elements() {
            Some(elements) => members.extend_from_slice(elements),
            None => members.push(list.clone()),
        }
    }
    Some(Value::new(Kind::Tuple(members.into()), one.from.clone()))
}

fn present(value: Value) -> Option<Value> {
    (!value.is_null()).then_some(value)
}

/// Maps both branches of a choice. None when neither gives a value; a branch without one is null.
pub(super) fn chosen(
    one_of: &OneOf,
    from: &Provenance,
    map: impl Fn(&Value) -> Option<Value>,
) -> Option<Value> {
    if depth(&one_of.yes).max(depth(&one_of.no)) >= MAXIMUM_DEPTH {
        let reason = Reason::Limit {
            what: "a choice nested this deep is not followed".to_owned(),
        };
        let span = one_of.condition.unknown.span();
        return Some(Value::unknown(Unknown::new(reason, span), from.clone()));
    }
    let (yes, no) = (map(&one_of.yes), map(&one_of.no));
    let is_set = |branch: &Option<Value>| branch.as_ref().is_some_and(|value| !value.is_null());
    if !is_set(&yes) && !is_set(&no) {
        return None;
    }
    let or_null = |branch: Option<Value>| branch.unwrap_or_else(|| Value::new(Kind::Null, from.clone()));
    let one_of = OneOf {
        condition: one_of.condition.clone(),
        yes: or_null(yes),
        no: or_null(no),
    };
    Some(Value::new(Kind::OneOf(Arc::new(one_of)), from.clone()))
}

/// How deep choices nest, as far as it matters.
fn depth(value: &Value) -> usize {
    fn down(value: &Value, left: usize) -> usize {
        match &value.kind {
            Kind::OneOf(one_of) if left > 0 => {
                1 + down(&one_of.yes, left - 1).max(down(&one_of.no, left - 1))
            }
            _ => 0,
        }
    }
    down(value, MAXIMUM_DEPTH)
}

/// The value where conditions hold: choices that hang on one of them are made. `block` is the resource that
/// uses the value.
pub(super) fn assuming(value: &Value, assumptions: &[Assumption], block: Span) -> Value {
    fn down(value: &Value, assumptions: &[Assumption], block: Span, left: usize) -> Value {
        let Some(left) = left.checked_sub(1) else {
            return value.clone();
        };
        let down = |inner: &Value| down(inner, assumptions, block, left);
        let all = |elements: &[Value]| elements.iter().map(down).collect::<Arc<[Value]>>();
        let kind = match &value.kind {
            Kind::OneOf(one_of) => {
                let identity = one_of.condition.identity();
                let assumed = assumptions
                    .iter()
                    .find(|assumed| assumed.condition.identity() == identity);
                if let Some(assumed) = assumed {
                    let made = down(if assumed.when { &one_of.yes } else { &one_of.no });
                    let from = if block.contains(made.from.nearest().span) {
                        made.from
                    } else {
                        value.from.merged([&made.from])
                    };
                    return Value::new(made.kind, from);
                }
                Kind::OneOf(Arc::new(OneOf {
                    condition: one_of.condition.clone(),
                    yes: down(&one_of.yes),
                    no: down(&one_of.no),
                }))
            }
            Kind::List(elements) => Kind::List(all(elements)),
            Kind::Tuple(elements) => Kind::Tuple(all(elements)),
            Kind::Set(elements) => Kind::Set(all(elements)),
            Kind::Object(entries) => {
                let members = entries.members.iter();
                Kind::Object(Arc::new(Entries {
                    members: members
                        .map(|(name, member)| (name.clone(), down(member)))
                        .collect(),
                    open: entries.open.clone(),
                }))
            }
            _ => return value.clone(),
        };
        Value::new(kind, value.from.clone())
    }
    if assumptions.is_empty() {
        return value.clone();
    }
    down(value, assumptions, block, MAXIMUM_NESTING)
}

/// One block of a repeated kind: an object or something unknown, when its conditions hold.
pub(super) struct Repeated {
    pub(super) value: Value,
    /// Its position among the blocks as the value lists them.
    pub(super) element: usize,
    pub(super) when: Vec<Assumption>,
}

/// The blocks of a repeated kind, one for each branch of a choice; and why there may be more or others.
pub(super) fn repeated(blocks: Option<Value>) -> (Vec<Repeated>, Option<Unknown>) {
    let mut found = Vec::new();
    let mut open = None;
    if let Some(blocks) = blocks {
        collect(&blocks, None, &mut Vec::new(), &mut found, &mut open);
    }
    (found, open)
}

fn collect(
    value: &Value,
    element: Option<usize>,
    when: &mut Vec<Assumption>,
    found: &mut Vec<Repeated>,
    open: &mut Option<Unknown>,
) {
    match &value.kind {
        Kind::Null => {}
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            for (position, inner) in elements.iter().enumerate() {
                collect(inner, Some(element.unwrap_or(position)), when, found, open);
            }
        }
        Kind::Unknown(unknown) => {
            open.get_or_insert_with(|| unknown.clone());
            found.push(Repeated {
                value: value.clone(),
                element: element.unwrap_or(0),
                when: when.clone(),
            });
        }
        Kind::OneOf(one_of) if when.len() < MAXIMUM_DEPTH => {
            for (branch, holds) in [(&one_of.yes, true), (&one_of.no, false)] {
                when.push(Assumption {
                    condition: one_of.condition.clone(),
                    when: holds,
                });
                collect(branch, element, when, found, open);
                when.pop();
            }
        }
        Kind::OneOf(one_of) => {
            open.get_or_insert_with(|| one_of.condition.unknown.clone());
        }
        Kind::Object(_) | Kind::Map(_) => found.push(Repeated {
            value: value.clone(),
            element: element.unwrap_or(0),
            when: when.clone(),
        }),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            let wrong = invalid(value, "a block is needed here");
            if let Kind::Unknown(unknown) = wrong.kind {
                open.get_or_insert(unknown);
            }
        }
    }
}

/// A part of something unknown. It is no edge even where the whole is one: what an unknown iterator yields
/// is not an attribute of the resource that it iterates over.
pub(super) fn inside(whole: &Unknown, name: &str) -> Unknown {
    Unknown::derived(("member", name), [whole]).unwrap_or_else(|| whole.clone())
}

/// What Terraform would refuse, as a value.
pub(super) fn invalid(value: &Value, message: &str) -> Value {
    let reason = Reason::Invalid {
        message: message.to_owned(),
    };
    Value::unknown(
        Unknown::new(reason, value.from.nearest().span),
        value.from.clone(),
    )
}
