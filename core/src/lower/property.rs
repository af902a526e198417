//! From values to properties of the model: known, one of two, or unknown, with the way to where it was
//! written.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use crate::eval::deployment::Assumption;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Condition, Kind, Reason, Unknown, Value};
use crate::model::attr::{Attr, Choice, List, Site, State};
use crate::model::cidr::Cidr;
use crate::model::cluster::DnsServiceIp;
use crate::model::node_pool::Surge;
use crate::model::vocabulary::Vocabulary;

use super::value::{filled, listed};

/// A property that is written, perhaps only where some condition holds.
#[derive(Clone)]
pub(super) struct Property {
    pub(super) value: Value,
    pub(super) site: Arc<Site>,
    /// Written in the singular where the model has a list: its one member is the property itself.
    is_singular: bool,
}

impl Property {
    pub(super) fn new(value: Value, site: Arc<Site>) -> Self {
        Property {
            value,
            site,
            is_singular: false,
        }
    }

    /// The property as a list of one, unless it is a list already.
    pub(super) fn into_list(self) -> Self {
        Property {
            value: listed(&self.value),
            site: self.site,
            is_singular: true,
        }
    }

    /// Whether it is set on every condition.
    pub(super) fn is_set(&self) -> bool {
        !matches!(self.value.kind, Kind::Null | Kind::OneOf(_))
    }

    /// This property, and another one wherever this one is not set.
    pub(super) fn or(self, other: &Property) -> Property {
        self.filled_with(&other.value)
    }

    pub(super) fn filled_with(self, fallback: &Value) -> Property {
        Property {
            value: filled(Some(self.value), fallback),
            ..self
        }
    }

    /// The property as a value of one type. What cannot be converted is unknown as invalid.
    pub(super) fn attr<T>(&self, convert: impl Fn(&Value) -> Result<T, String>) -> Option<Attr<T>> {
        self.attr_by(&known(convert))
    }

    /// The same where the conversion can make something of an unknown value: a reference.
    pub(super) fn attr_by<T>(&self, convert: &dyn Fn(&Value) -> Result<T, Unknown>) -> Option<Attr<T>> {
        attr(&self.value, &self.value.from, &self.site, convert)
    }

    /// The property when it is text in every branch that sets it.
    pub(super) fn known_text(&self) -> Option<Attr<String>> {
        fn is_text(value: &Value) -> bool {
            match &value.kind {
                Kind::String(_) | Kind::Null => true,
                Kind::OneOf(one_of) => is_text(&one_of.yes) && is_text(&one_of.no),
                _ => false,
            }
        }
        is_text(&self.value).then(|| self.attr(text)).flatten()
    }

    pub(super) fn list<T>(&self, convert: impl Fn(&Value) -> Result<T, String>) -> Option<List<T>> {
        self.list_by(&known(convert))
    }

    pub(super) fn list_by<T>(&self, convert: &dyn Fn(&Value) -> Result<T, Unknown>) -> Option<List<T>> {
        list(self, &self.value, &self.value.from, convert)
    }
}

/// A property that must be written: what omits it is unknown as invalid, located at `declared`.
pub(super) fn required<T>(attr: Option<Attr<T>>, declared: &Attr<()>, name: &'static str) -> Attr<T> {
    if let Some(attr) = attr {
        return attr;
    }
    let reason = Reason::Invalid {
        message: format!("{name} is not written"),
    };
    let site = Site {
        owner: declared.site.owner.clone(),
        property: Cow::Borrowed(name),
    };
    Attr {
        state: State::Unknown(Unknown::new(reason, declared.from.nearest().span)),
        from: declared.from.clone(),
        site: Arc::new(site),
    }
}

/// A property that only counts where conditions hold.
pub(super) fn only_when<T>(attr: Attr<T>, conditions: &[Assumption]) -> Attr<T> {
    conditions.iter().rev().fold(attr, |attr, assumed| {
        let (from, site) = (attr.from.clone(), attr.site.clone());
        let (yes, no) = if assumed.when {
            (Some(attr), None)
        } else {
            (None, Some(attr))
        };
        let choice = Choice {
            condition: assumed.condition.clone(),
            yes,
            no,
        };
        Attr {
            state: State::OneOf(Box::new(choice)),
            from,
            site,
        }
    })
}

/// The members of a list as links of their own; a list that is unknown or one of two is one such link.
pub(super) fn members<T>(list: List<T>) -> Vec<Attr<T>> {
    fn collect<T>(list: List<T>, when: &mut Vec<Assumption>, found: &mut Vec<Attr<T>>) {
        match list.state {
            State::Known(members) => found.extend(members.into_iter().map(|member| only_when(member, when))),
            State::Unknown(unknown) => found.push(only_when(
                Attr {
                    state: State::Unknown(unknown),
                    from: list.from,
                    site: list.site,
                },
                when,
            )),
            State::OneOf(choice) => {
                for (branch, holds) in [(choice.yes, true), (choice.no, false)] {
                    if let Some(branch) = branch {
                        when.push(Assumption {
                            condition: choice.condition.clone(),
                            when: holds,
                        });
                        collect(branch, when, found);
                        when.pop();
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    collect(list, &mut Vec::new(), &mut found);
    found
}

fn known<T>(convert: impl Fn(&Value) -> Result<T, String>) -> impl Fn(&Value) -> Result<T, Unknown> {
    move |value| match &value.kind {
        Kind::Unknown(unknown) => Err(unknown.clone()),
        _ => convert(value).map_err(|message| refused(value, message)),
    }
}

fn refused(value: &Value, message: String) -> Unknown {
    Unknown::new(Reason::Invalid { message }, value.from.nearest().span)
}

fn attr<T>(
    value: &Value,
    from: &Provenance,
    site: &Arc<Site>,
    convert: &dyn Fn(&Value) -> Result<T, Unknown>,
) -> Option<Attr<T>> {
    let from = seen_from_resource(&value.from, from, site);
    let state = match &value.kind {
        Kind::Null => return None,
        Kind::OneOf(one_of) => {
            let yes = attr(&one_of.yes, &from, site, convert);
            let no = attr(&one_of.no, &from, site, convert);
            choice(&one_of.condition, yes, no)?
        }
        _ => match convert(value) {
            Ok(known) => State::Known(known),
            Err(unknown) => State::Unknown(unknown),
        },
    };
    Some(Attr {
        state,
        from,
        site: site.clone(),
    })
}

fn list<T>(
    property: &Property,
    value: &Value,
    from: &Provenance,
    convert: &dyn Fn(&Value) -> Result<T, Unknown>,
) -> Option<List<T>> {
    let site = &property.site;
    let from = seen_from_resource(&value.from, from, site);
    let state = match &value.kind {
        Kind::Null => return None,
        Kind::OneOf(one_of) => {
            let yes = list(property, &one_of.yes, &from, convert);
            let no = list(property, &one_of.no, &from, convert);
            choice(&one_of.condition, yes, no)?
        }
        Kind::Unknown(unknown) => State::Unknown(unknown.clone()),
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            let member = |(position, element): (usize, &Value)| {
                if property.is_singular {
                    return attr(element, &from, site, convert);
                }
                let site = Site {
                    owner: site.owner.clone(),
                    property: format!("{}[{position}]", site.property).into(),
                };
                attr(element, &from, &Arc::new(site), convert)
            };
            State::Known(elements.iter().enumerate().filter_map(member).collect())
        }
        _ => State::Unknown(refused(value, "a list is needed here".to_owned())),
    };
    Some(Attr {
        state,
        from,
        site: site.clone(),
    })
}

fn choice<T>(condition: &Condition, yes: Option<Attr<T>>, no: Option<Attr<T>>) -> Option<State<T>> {
    if yes.is_none() && no.is_none() {
        return None;
    }
    Some(State::OneOf(Box::new(Choice {
        condition: condition.clone(),
        yes,
        no,
    })))
}

/// The way of a part of a value begins where the resource uses the whole, unless the part itself is
/// written in the resource.
fn seen_from_resource(part: &Provenance, whole: &Provenance, site: &Site) -> Provenance {
    let nearest = part.nearest().span;
    if site.owner.block.contains(nearest) || part.is_provider_default() {
        return part.clone();
    }
    whole.merged([part])
}

pub(super) fn text(value: &Value) -> Result<String, String> {
    match &value.kind {
        Kind::String(text) => Ok(text.to_string()),
        Kind::Number(number) => Ok(number.to_string()),
        Kind::Bool(truth) => Ok(truth.to_string()),
        _ => Err("a text is needed here".to_owned()),
    }
}

/// Text converts as Terraform converts it.
pub(super) fn truth(value: &Value) -> Result<bool, String> {
    match &value.kind {
        Kind::Bool(truth) => Ok(*truth),
        Kind::String(text) if matches!(text.as_ref(), "true" | "1") => Ok(true),
        Kind::String(text) if matches!(text.as_ref(), "false" | "0") => Ok(false),
        _ => Err("true or false is needed here".to_owned()),
    }
}

/// A whole number that is not negative.
pub(super) fn number(value: &Value) -> Result<u32, String> {
    let number = match &value.kind {
        Kind::Number(number) => Some(number.clone()),
        Kind::String(text) => text.parse().ok(),
        _ => None,
    };
    number
        .and_then(|number| number.as_u64())
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| "a whole number is needed here".to_owned())
}

pub(super) fn cidr(value: &Value) -> Result<Cidr, String> {
    text(value).map(|text| Cidr::parse(&text))
}

/// A word of a set; `exact` is whether case counts.
pub(super) fn word<T: Vocabulary>(exact: bool) -> impl Fn(&Value) -> Result<T, String> {
    move |value| text(value).map(|text| T::parse(&text, exact))
}

pub(super) fn dns_service_ip(value: &Value) -> Result<DnsServiceIp, String> {
    let text = text(value)?;
    let address = text.parse::<IpAddr>().ok();
    Ok(DnsServiceIp { text, address })
}

/// `5` or `33%`.
pub(super) fn surge(value: &Value) -> Result<Surge, String> {
    let written = text(value)?;
    let (digits, is_percent) = match written.strip_suffix('%') {
        Some(digits) => (digits, true),
        None => (written.as_str(), false),
    };
    match digits.parse::<u32>() {
        Ok(percent) if is_percent => Ok(Surge::Percent(percent)),
        Ok(nodes) => Ok(Surge::Nodes(nodes)),
        Err(_) => Err("a number of nodes or a percentage is needed here".to_owned()),
    }
}
