//! The body of a planned resource: its values, what of them is unknown or secret, and what was written.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

use super::blocks::paired;
use super::configuration::{Members, Written, by_name};
use super::document::Planned;
use super::references::{Resolver, Scope};
use crate::eval::number::Number;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Edge, Entries, Kind, PathStep, Reason, Unknown, Value};
use crate::source::{FileId, Span};
use crate::syntax::raw_json::{RawJson, RawKind};

/// Deeper values are not read.
const MAXIMUM_DEPTH: usize = 64;

/// What reading all bodies of a plan shares.
pub(super) struct Reader<'r, 'd, 't> {
    pub(super) file: FileId,
    pub(super) resolver: &'r Resolver<'d, 't>,
    names: RefCell<HashSet<Arc<str>>>,
    /// The configuration is at hand and says more of what is written than the plan does: what is unknown is
    /// kept even if the plan shows no expression for it.
    keeps_unwritten: bool,
    /// The first value that was too deep.
    pub(super) too_deep: Cell<Option<Span>>,
}

/// A place in the body of one resource: the same part of everything that a plan says of it.
#[derive(Clone, Copy)]
struct Part<'t> {
    value: Option<RawJson<'t>>,
    unknown: Option<RawJson<'t>>,
    sensitive: Option<RawJson<'t>>,
    written: Written<'t>,
}

/// The resource that is read.
struct Reading<'r, 'd, 't> {
    reader: &'r Reader<'r, 'd, 't>,
    planned: &'r Planned<'t>,
    scope: Option<Scope<'t>>,
    path: Vec<PathStep>,
}

impl<'r, 'd, 't> Reader<'r, 'd, 't> {
    pub(super) fn new(file: FileId, resolver: &'r Resolver<'d, 't>, keeps_unwritten: bool) -> Self {
        Reader {
            file,
            resolver,
            names: RefCell::default(),
            keeps_unwritten,
            too_deep: Cell::new(None),
        }
    }

    /// The body of a resource as the plan has it.
    pub(super) fn body(&self, planned: &Planned<'t>) -> Value {
        let address = &planned.address;
        let scope = self.resolver.scope(address);
        let block = scope.as_ref().and_then(|scope| scope.module.resource(address));
        let written = match &block {
            Some(block) if block.expressions.is_some() => Written::Resource,
            // Blocks without anything in them have no expressions.
            Some(_) => Written::Not,
            None => Written::Unseen,
        };
        let mut reading = Reading {
            reader: self,
            planned,
            scope,
            path: Vec::new(),
        };
        let whole = Part {
            value: planned.after,
            unknown: planned.unknown,
            sensitive: planned.sensitive,
            written,
        };
        let header = planned.header.span(self.file);
        Value::new(
            Kind::Object(
                reading
                    .entries(whole, block.as_ref().map(|block| &block.members))
                    .into(),
            ),
            Provenance::new(Via::Use, header),
        )
    }

    /// What a resource was before a change, as far as it is no secret.
    pub(super) fn before(&self, planned: &Planned<'t>) -> Option<Value> {
        let change = planned.change?;
        let before = change
            .member("before")
            .filter(|before| before.kind() == RawKind::Object)?;
        let mut reading = Reading {
            reader: self,
            planned,
            scope: None,
            path: Vec::new(),
        };
        let whole = Part {
            value: Some(before),
            unknown: None,
            sensitive: change.member("before_sensitive"),
            written: Written::Unseen,
        };
        reading.value(whole)
    }

    /// The same name is kept once, however many resources have it.
    fn name(&self, name: &str) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        names.insert(name.clone());
        name
    }
}

impl<'t> Reading<'_, '_, 't> {
    fn span(&self, of: RawJson<'t>) -> Span {
        of.span(self.reader.file)
    }

    /// The members of an object: those with a value, and those that are unknown and so have none.
    fn entries(&mut self, whole: Part<'t>, written: Option<&Members<'t>>) -> Entries {
        let unknown = members(whole.unknown);
        let sensitive = members(whole.sensitive);
        let mut entries = Entries::default();
        let values = whole.value.into_iter().flat_map(RawJson::members);
        for (name, value) in values {
            let part = Part {
                value: Some(value),
                unknown: unknown.get(&*name).copied(),
                sensitive: sensitive.get(&*name).copied(),
                written: whole.written.member(written, &name),
            };
            self.add(&name, part, &mut entries);
        }
        for (name, unknown) in unknown {
            if !entries.members.contains_key(&*name) && unknown.is_true() {
                let part = Part {
                    value: None,
                    unknown: Some(unknown),
                    sensitive: sensitive.get(&*name).copied(),
                    written: whole.written.member(written, &name),
                };
                self.add(&name, part, &mut entries);
            }
        }
        entries
    }

    fn add(&mut self, name: &str, part: Part<'t>, entries: &mut Entries) {
        let name = self.reader.name(name);
        self.path.push(PathStep::Attribute(name.clone()));
        if let Some(value) = self.value(part) {
            entries.members.insert(name, value);
        }
        self.path.pop();
    }

    /// None for what is not set.
    fn value(&mut self, part: Part<'t>) -> Option<Value> {
        if part.sensitive.is_some_and(RawJson::is_true) {
            return self.secret(part);
        }
        if part.unknown.is_some_and(RawJson::is_true) {
            return self.unknown(part);
        }
        let value = part.value?;
        let is_block = value.kind() == RawKind::Array
            && value
                .elements()
                .next()
                .is_some_and(|first| first.kind() == RawKind::Object);
        let part = match part.written {
            // It may be made by a dynamic block, which the configuration leaves out.
            Written::Not if is_block => Part {
                written: Written::Unseen,
                ..part
            },
            _ => part,
        };
        if self.path.len() > MAXIMUM_DEPTH {
            return Some(self.too_deep(value));
        }
        let is_written = !matches!(part.written, Written::Not);
        let kind = match value.kind() {
            RawKind::Null | RawKind::Broken => return None,
            RawKind::Boolean(truth) => Kind::Bool(truth),
            RawKind::Number => {
                let number: Number = value.text().parse().ok()?;
                if number.is_zero() && !is_written {
                    return None;
                }
                Kind::Number(number)
            }
            RawKind::Text => {
                let text = value.as_text()?;
                // Providers keep what nobody wrote as empty text, zero or an empty list.
                if text.is_empty() && self.may_be_unwritten(part.written) {
                    return None;
                }
                Kind::String(text.into())
            }
            RawKind::Array => {
                let elements = self.elements(part, value);
                // A dynamic block that makes no block cannot be told from none.
                if elements.is_empty() && self.may_be_unwritten(part.written) {
                    return None;
                }
                Kind::List(elements.into())
            }
            RawKind::Object => {
                let written = part.written.members();
                Kind::Object(self.entries(part, written.as_ref()).into())
            }
        };
        Some(Value::new(kind, self.provenance(value, part.written)))
    }

    /// Whether the plan does not say that this is written. In objects that are written as blocks it says of
    /// the whole only.
    fn may_be_unwritten(&self, written: Written<'t>) -> bool {
        let is_in_list = || {
            let outer = self.path.iter().rev().nth(1);
            matches!(outer, Some(PathStep::Index(_)))
        };
        match written {
            Written::Expression(_) => is_in_list(),
            _ => true,
        }
    }

    fn elements(&mut self, part: Part<'t>, value: RawJson<'t>) -> Vec<Value> {
        let mut unknown = part.unknown.into_iter().flat_map(RawJson::elements);
        let mut sensitive = part.sensitive.into_iter().flat_map(RawJson::elements);
        let values: Vec<RawJson<'t>> = value.elements().collect();
        let pairs = paired(&values, part.written);
        let mut parts: Vec<(usize, Part<'t>)> = Vec::with_capacity(values.len());
        for (value, (place, written)) in values.into_iter().zip(pairs) {
            let part = Part {
                value: Some(value),
                unknown: unknown.next(),
                sensitive: sensitive.next(),
                written,
            };
            parts.push((place, part));
        }
        parts.sort_by_key(|(place, _)| *place);
        let edges = self.element_edges(&parts, part.written);
        let mut edges = edges.into_iter();
        let mut elements = Vec::with_capacity(parts.len());
        for (index, (_, part)) in parts.into_iter().enumerate() {
            if let Some(edge) = part
                .unknown
                .filter(|unknown| unknown.is_true())
                .and_then(|_| edges.next())
            {
                let span = part
                    .value
                    .map_or_else(|| self.span(value), |value| self.span(value));
                let unknown = Unknown::attribute(edge, span);
                elements.push(Value::unknown(unknown, Provenance::new(Via::Use, span)));
                continue;
            }
            self.path.push(PathStep::Index(index as u64));
            elements.extend(self.value(part));
            self.path.pop();
        }
        elements
    }

    /// `[a.id, b.id]`: as many unknown elements as unknown attributes that the expression names.
    fn element_edges(&self, parts: &[(usize, Part<'t>)], written: Written<'t>) -> Vec<Edge> {
        let is_unknown = |part: &Part<'t>| part.unknown.is_some_and(RawJson::is_true);
        let count = parts.iter().filter(|(_, part)| is_unknown(part)).count();
        match (written, &self.scope) {
            (Written::Expression(expression), Some(scope)) if count > 0 => {
                let edges = self.reader.resolver.edges(expression, self.property(), scope);
                if edges.len() == count { edges } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// The attribute that is read.
    fn place(&self) -> Edge {
        Edge {
            address: self.planned.address.clone(),
            path: self.path.clone(),
        }
    }

    /// The name of the attribute that is read.
    fn property(&self) -> &str {
        let names = self.path.iter().rev().find_map(|step| match step {
            PathStep::Attribute(name) => Some(&**name),
            _ => None,
        });
        names.unwrap_or_default()
    }

    fn unknown(&self, part: Part<'t>) -> Option<Value> {
        let place = part.value.or(part.unknown)?;
        let span = self.span(place);
        let from = Provenance::new(Via::Use, span);
        let expression = match part.written {
            // What nobody wrote is the provider's default, which rules know.
            Written::Not if !self.reader.keeps_unwritten => return None,
            Written::Expression(expression) => Some(expression),
            _ => None,
        };
        let edges = match (expression, &self.scope) {
            (Some(expression), Some(scope)) => self.reader.resolver.edges(expression, self.property(), scope),
            _ => Vec::new(),
        };
        let is_reference = |edge: &&Edge| match edge.path.last() {
            Some(PathStep::Attribute(name)) => self.is_reference(edge, name),
            _ => false,
        };
        let only = match edges.as_slice() {
            [only] => Some(only).filter(is_reference),
            _ => None,
        };
        let Some(edge) = only else {
            // No edge to this very attribute: it would be taken for what the attribute refers to.
            let what = self.place().to_string();
            return Some(Value::unknown(
                Unknown::new(Reason::Computed { what }, span),
                from,
            ));
        };
        let unknown = Unknown::attribute(edge.clone(), span);
        // A set of one id is unknown as a whole: what is secret of it shows that it is a list.
        let is_list = part.sensitive.is_some_and(|it| it.kind() == RawKind::Array);
        if is_list && unknown.is_scalar() {
            let element = Value::unknown(unknown, from.clone());
            return Some(Value::new(Kind::List(Arc::new([element])), from));
        }
        Some(Value::unknown(unknown, from))
    }

    /// Whether an attribute is likely taken as it is. A name or a password that others are put together with
    /// is not.
    fn is_reference(&self, edge: &Edge, last: &str) -> bool {
        last == "id" || last == self.property() || {
            let provider = |kind: &str| kind.split('_').next().unwrap_or_default().to_owned();
            provider(&edge.address.kind) == provider(&self.planned.address.kind)
        }
    }

    fn secret(&self, part: Part<'t>) -> Option<Value> {
        let span = self.span(part.value.or(part.unknown).or(part.sensitive)?);
        let reason = Reason::Sensitive {
            name: self.place().to_string(),
        };
        Some(Value::unknown(
            Unknown::new(reason, span),
            Provenance::new(Via::Use, span),
        ))
    }

    fn too_deep(&self, value: RawJson<'t>) -> Value {
        let span = self.span(value);
        let first = self.reader.too_deep.get().unwrap_or(span);
        self.reader.too_deep.set(Some(first));
        let what = "nesting of a value".to_owned();
        Value::unknown(
            Unknown::new(Reason::Limit { what }, span),
            Provenance::new(Via::Use, span),
        )
    }

    /// A value lies where the plan has it; where it was copied from is a second step.
    fn provenance(&self, value: RawJson<'t>, written: Written<'t>) -> Provenance {
        let span = self.span(value);
        let via = match written {
            Written::Not => Via::ProviderDefault,
            _ => Via::Literal,
        };
        let own = Provenance::new(via, span);
        let (Written::Expression(expression), Some(scope)) = (written, &self.scope) else {
            return own;
        };
        if value.kind() != RawKind::Text {
            return own;
        }
        match self.reader.resolver.origin(expression, scope) {
            Some(origin) => {
                let header = origin.header.span(self.reader.file);
                Provenance::new(Via::ResourceAttribute, header).used_at(Via::Use, span)
            }
            None => own,
        }
    }
}

fn members(object: Option<RawJson<'_>>) -> Members<'_> {
    object.map(by_name).unwrap_or_default()
}
