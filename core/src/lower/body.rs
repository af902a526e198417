//! Resource bodies and their blocks, read property by property.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::eval::deployment::{Assumption, Presence, Resource};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Condition, Entries, Kind, Unknown, Value};
use crate::model::attr::{Attr, Owner, Site};
use crate::source::Span;

use super::property::Property;
use super::value::{assuming, joined, member, member_or_default, repeated, single, written};

/// The body of a resource, or a nested block of it that may be absent or unknown.
pub(super) struct Body {
    value: Value,
    pub(super) owner: Arc<Owner>,
    /// Empty for the resource; `network_profile` for its block.
    path: Cow<'static, str>,
    /// Where a default counts when this block is not there.
    header: Span,
}

/// The blocks of a repeated kind.
pub(super) struct Blocks {
    pub(super) blocks: Vec<Block>,
    /// Why there may be more blocks, or others.
    pub(super) open: Option<Unknown>,
}

pub(super) struct Block {
    pub(super) body: Body,
    /// Its position among the blocks of its kind.
    pub(super) element: usize,
}

impl Block {
    /// It stands for an unknown number of unknown blocks.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.body.value.kind, Kind::Unknown(_))
    }
}

impl Body {
    /// The body of a resource where the resource exists: choices that its existence hangs on are made.
    pub(super) fn of(resource: &Resource) -> Self {
        let value = existing(resource);
        let owner = Owner {
            resource: resource.address.to_string(),
            header: resource.header,
            block: resource.span,
            presence: resource.presence.clone(),
        };
        Body {
            value: Value::new(value.kind, Provenance::new(Via::Use, resource.header)),
            owner: Arc::new(owner),
            path: Cow::Borrowed(""),
            header: resource.header,
        }
    }

    /// The same body where further conditions hold.
    pub(super) fn when(&self, conditions: &[Assumption]) -> Body {
        let owner = Owner {
            presence: presence_when(&self.owner.presence, conditions),
            ..(*self.owner).clone()
        };
        Body {
            value: assuming(&self.value, conditions, self.owner.block),
            owner: Arc::new(owner),
            path: self.path.clone(),
            header: self.header,
        }
    }

    /// The resource or block itself, to blame for what is not written in it.
    pub(super) fn declared(&self) -> Attr<()> {
        let from = if self.value.is_null() {
            Provenance::new(Via::Use, self.header)
        } else {
            self.value.from.clone()
        };
        Attr::known_as((), from, self.site(""))
    }

    pub(super) fn is_absent(&self) -> bool {
        self.value.is_null()
    }

    /// The block as a property: known to be there, perhaps there, or unknown.
    pub(super) fn written(&self) -> Option<Attr<()>> {
        Property::new(self.value.clone(), self.site("")).attr(|_| Ok(()))
    }

    pub(super) fn property(&self, name: &'static str) -> Option<Property> {
        self.member(name)
            .map(|value| Property::new(value, self.site(name)))
    }

    pub(super) fn member(&self, name: &'static str) -> Option<Value> {
        member(&self.value, name)
    }

    /// The first of these that is written: the names of a property in several versions of the provider.
    pub(super) fn first_of(&self, names: &[&'static str]) -> Option<Property> {
        let mut written = names.iter().filter_map(|name| self.property(name));
        let first = written.next()?;
        Some(written.fold(first, |known, next| known.or(&next)))
    }

    /// The first of these that is written, or the default, which depends on nothing else.
    pub(super) fn first_of_or(&self, names: &[&'static str], default: Kind) -> Property {
        let name = names.first().copied().unwrap_or_default();
        let written = match self.first_of(names) {
            Some(written) if written.is_set() => return written,
            written => written,
        };
        let default = member_or_default(&unwritten(&self.value), name, &default, self.header);
        match written {
            Some(written) => written.filled_with(&default),
            None => Property::new(default, self.site(name)),
        }
    }

    /// A property that is set. Azure takes empty text as a property that is left out.
    pub(super) fn given(&self, name: &'static str) -> Option<Property> {
        let written = self.property(name)?;
        let value = without_word(&written.value, "");
        (!value.is_null()).then(|| Property::new(value, written.site))
    }

    /// A property that is set, or else its default.
    pub(super) fn given_or(&self, name: &'static str, default: Kind) -> Property {
        let written = match self.given(name) {
            Some(written) if written.is_set() => return written,
            written => written,
        };
        let default = member_or_default(&unwritten(&self.value), name, &default, self.header);
        match written {
            Some(written) => written.filled_with(&default),
            None => Property::new(default, self.site(name)),
        }
    }

    /// A list written in the plural, or in the singular as a list of one.
    pub(super) fn plural_or_singular(
        &self,
        plural: &'static str,
        singular: &'static str,
    ) -> Option<Property> {
        self.plural_or(plural, singular, self.property(singular))
    }

    /// The same where empty text in the singular stands for nothing.
    pub(super) fn plural_or_given(&self, plural: &'static str, singular: &'static str) -> Option<Property> {
        self.plural_or(plural, singular, self.given(singular))
    }

    fn plural_or(
        &self,
        plural: &'static str,
        singular: &'static str,
        single: Option<Property>,
    ) -> Option<Property> {
        let single = single.map(Property::into_list);
        // In a block that did not parse completely the other form may be written too, but the provider
        // takes only one of them.
        let is_written = |name: &'static str| match &self.value.kind {
            Kind::Object(entries) => written(entries, name).is_some(),
            _ => false,
        };
        if is_written(singular) && !is_written(plural) {
            return single;
        }
        match (self.property(plural), single) {
            (Some(plural), Some(singular)) => Some(plural.or(&singular)),
            (plural, singular) => plural.or(singular),
        }
    }

    /// The members of a singular and a plural property together; an empty list when neither is written.
    pub(super) fn singular_and_plural(&self, singular: &'static str, plural: &'static str) -> Property {
        self.both(singular, self.property(singular), plural)
    }

    /// The same where empty text in the singular stands for nothing.
    pub(super) fn given_and_plural(&self, singular: &'static str, plural: &'static str) -> Property {
        self.both(singular, self.given(singular), plural)
    }

    fn both(&self, singular: &'static str, single: Option<Property>, plural: &'static str) -> Property {
        let single = single.map(Property::into_list);
        match (single, self.property(plural)) {
            (Some(single), Some(many)) => {
                let value = joined(Some(single.value), Some(many.value));
                Property::new(value.unwrap_or_else(|| self.empty_list()), many.site)
            }
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => self.empty(singular),
        }
    }

    /// A nested block that is written at most once. It may be absent: then nothing in it is written.
    pub(super) fn block(&self, name: &'static str) -> Body {
        let value = member(&self.value, name).map(|blocks| single(&blocks));
        let value = value.unwrap_or_else(|| Value::new(Kind::Null, self.value.from.clone()));
        Body {
            value,
            owner: self.owner.clone(),
            path: self.path_of(name),
            header: self.header,
        }
    }

    /// The nested blocks of a kind, each with an owner of its own, since each may be absent. An unknown
    /// number of blocks is one block that stands for any number.
    pub(super) fn blocks(&self, name: &'static str) -> Blocks {
        let (found, open) = repeated(member(&self.value, name));
        let blocks = found.into_iter().map(|found| {
            let mut when = found.when;
            if let Kind::Unknown(unknown) = &found.value.kind {
                when.push(any_number(unknown));
            }
            let presence = presence_when(&self.owner.presence, &when);
            let span = found.value.from.nearest().span;
            let header = if self.owner.block.contains(span) {
                span
            } else {
                self.header
            };
            let owner = Owner {
                resource: self.owner.resource.clone(),
                header,
                block: self.owner.block,
                presence,
            };
            let value = assuming(&found.value, &when, self.owner.block);
            Block {
                body: Body {
                    value,
                    owner: Arc::new(owner),
                    path: Cow::Owned(format!("{}[{}]", self.path_of(name), found.element)),
                    header,
                },
                element: found.element,
            }
        });
        Blocks {
            blocks: blocks.collect(),
            open,
        }
    }

    /// Something in this body: `network_profile.service_cidr`.
    pub(super) fn site(&self, property: &'static str) -> Arc<Site> {
        Arc::new(Site {
            owner: self.owner.clone(),
            property: self.path_of(property),
        })
    }

    fn path_of(&self, name: &'static str) -> Cow<'static, str> {
        match (self.path.is_empty(), name.is_empty()) {
            (true, _) => Cow::Borrowed(name),
            (false, true) => self.path.clone(),
            (false, false) => Cow::Owned([&self.path, ".", name].concat()),
        }
    }

    fn empty_list(&self) -> Value {
        Value::new(Kind::Tuple(Arc::new([])), self.value.from.clone())
    }

    /// An empty list at the place of this body.
    pub(super) fn empty(&self, name: &'static str) -> Property {
        Property::new(self.empty_list(), self.site(name))
    }
}

/// What is written in a resource where it exists.
pub(super) fn existing(resource: &Resource) -> Value {
    assuming(&resource.body, &assumptions(&resource.presence), resource.span)
}

/// The value where a word stands for nothing; the word is known in any case.
pub(super) fn without_word(value: &Value, word: &str) -> Value {
    let nothing = || Value::new(Kind::Null, value.from.clone());
    match &value.kind {
        Kind::String(text) if text.eq_ignore_ascii_case(word) => nothing(),
        Kind::OneOf(one_of) => {
            super::value::chosen(one_of, &value.from, |branch| Some(without_word(branch, word)))
                .unwrap_or_else(nothing)
        }
        _ => value.clone(),
    }
}

/// A block as if nothing were written in it, to find where a default counts.
fn unwritten(block: &Value) -> Value {
    match &block.kind {
        Kind::Object(entries) => {
            let entries = Entries {
                members: BTreeMap::new(),
                open: entries.open.clone(),
            };
            Value::new(Kind::Object(Arc::new(entries)), block.from.clone())
        }
        Kind::OneOf(one_of) => super::value::chosen(one_of, &block.from, |branch| Some(unwritten(branch)))
            .unwrap_or_else(|| block.clone()),
        _ => block.clone(),
    }
}

/// A presence with further conditions.
pub(super) fn presence_when(presence: &Presence, conditions: &[Assumption]) -> Presence {
    if conditions.is_empty() {
        return presence.clone();
    }
    let mut all = assumptions(presence);
    all.extend_from_slice(conditions);
    Presence::If(all)
}

/// What a presence hangs on.
pub(super) fn assumptions(presence: &Presence) -> Vec<Assumption> {
    match presence {
        Presence::Certain => Vec::new(),
        Presence::If(assumptions) => assumptions.clone(),
        Presence::AnyNumber(unknown) => vec![any_number(unknown)],
    }
}

/// That an unknown number is not none.
fn any_number(unknown: &Unknown) -> Assumption {
    Assumption {
        condition: Condition {
            unknown: unknown.clone(),
        },
        when: true,
    }
}
