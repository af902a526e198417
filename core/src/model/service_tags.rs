//! What the addresses and ports of a security rule cover.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::eval::value::{Reason, Unknown};

use super::attr::{Attr, Fact, List};
use super::flow::{self, Endpoint, Interval};
use super::view::{Reading, View};

/// What lies around the subnet whose security group is asked.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// What the tag `VirtualNetwork` holds of the addresses in question: the ranges of the subnets, of
    /// their network and of the networks peered with it.
    pub virtual_network: Endpoint,
}

/// What a part of a rule covers on one axis.
#[derive(Debug, Clone, Default)]
pub(super) struct Cover {
    pub(super) certain: Vec<Interval>,
    /// What it may cover besides, and why that is not certain.
    pub(super) possible: Vec<(Interval, Unknown)>,
}

impl Cover {
    fn anything(unknown: &Unknown) -> Self {
        Cover {
            certain: Vec::new(),
            possible: vec![(Interval::ALL, unknown.clone())],
        }
    }

    pub(super) fn exactly(interval: Interval) -> Self {
        Cover {
            certain: vec![interval],
            possible: Vec::new(),
        }
    }

    /// The same, but for a reason of the rule's own none of it is certain.
    pub(super) fn doubted(self, unknown: &Unknown) -> Self {
        let certain = self
            .certain
            .into_iter()
            .map(|interval| (interval, unknown.clone()));
        Cover {
            certain: Vec::new(),
            possible: certain.chain(self.possible).collect(),
        }
    }
}

/// Reads the members of a list, each into what it covers.
fn cover<'a>(
    list: &'a List<String>,
    net: View<'a>,
    of_text: impl Fn(Fact<'a, String>, &mut Cover),
    of_unknown: impl Fn(&Unknown, &mut Cover),
) -> Cover {
    let members = match net.look_at(list) {
        Reading::Known(members) => members.value,
        Reading::Unknown(unknown, _) => return Cover::anything(unknown),
        Reading::Absent => return Cover::default(),
    };
    let mut cover = Cover::default();
    for member in members {
        match net.look_at(member) {
            Reading::Known(text) => of_text(text, &mut cover),
            Reading::Unknown(unknown, _) => of_unknown(unknown, &mut cover),
            Reading::Absent => {}
        }
    }
    cover
}

/// The addresses that a rule names. `asked` are the unknown ranges of the flow in question.
pub(super) fn addresses<'a>(
    list: &'a List<String>,
    asked: &[Unknown],
    around: &Surroundings,
    net: View<'a>,
) -> Cover {
    let of_text = |text: Fact<'a, String>, cover: &mut Cover| address(text, asked, around, cover);
    let of_unknown = |unknown: &Unknown, cover: &mut Cover| {
        if asked.contains(unknown) {
            cover.certain.push(Interval::of_unknown(unknown));
        }
        cover.possible.push((Interval::ALL, unknown.clone()));
    };
    cover(list, net, of_text, of_unknown)
}

fn address(fact: Fact<'_, String>, asked: &[Unknown], around: &Surroundings, cover: &mut Cover) {
    let text = fact.value.trim();
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("*") || is("Any") || text == "0.0.0.0/0" || text == "::/0" {
        // An unknown range of a subnet may be of either family; whoever allows or denies everything of
        // IPv4 means it too.
        cover.certain.push(match text {
            "0.0.0.0/0" => Interval::of_range(IpNet::V4(ipnet::Ipv4Net::default())),
            "::/0" => Interval::of_range(IpNet::V6(ipnet::Ipv6Net::default())),
            _ => Interval::ALL,
        });
        cover.certain.push(Interval::of_all_unknown());
    } else if is("VirtualNetwork") {
        cover.certain.extend(around.virtual_network.intervals());
        cover.certain.extend(load_balancer());
    } else if is("AzureLoadBalancer") {
        cover.certain.extend(load_balancer());
    } else if is("Internet") {
        let inside = flow::merged(around.virtual_network.intervals());
        let public = flow::public().iter();
        let outside = public.flat_map(|interval| flow::complement(*interval, inside.clone()));
        cover.certain.extend(outside);
    } else if let Some(range) = range(text) {
        cover.certain.push(Interval::of_range(range));
        let doubt = asked
            .iter()
            .map(|unknown| (Interval::of_unknown(unknown), unknown.clone()));
        cover.possible.extend(doubt);
    } else {
        // Any other tag stands for public addresses of an Azure service, which Azure changes as it likes.
        let what = format!("which addresses the service tag {text} holds");
        let doubt = Unknown::new(Reason::External { what }, fact.from.nearest().span);
        let public = flow::public().iter();
        cover
            .possible
            .extend(public.map(|interval| (*interval, doubt.clone())));
    }
}

fn load_balancer() -> Option<Interval> {
    flow::LOAD_BALANCER.parse().ok().map(Interval::of_range)
}

/// A range or a single address.
fn range(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse::<IpNet>().or_else(|_| address()).ok()
}

/// The ports that a rule names: `*`, `443`, `1000-2000`.
pub(super) fn ports<'a>(list: &'a List<String>, net: View<'a>) -> Cover {
    let of_text = |fact: Fact<'a, String>, cover: &mut Cover| match port_range(fact.value) {
        Some(interval) => cover.certain.push(interval),
        None => {
            let message = format!("\"{}\" is not a port", fact.value);
            let doubt = Unknown::new(Reason::Invalid { message }, fact.from.nearest().span);
            cover.possible.push((Interval::ALL, doubt));
        }
    };
    let of_unknown =
        |unknown: &Unknown, cover: &mut Cover| cover.possible.push((Interval::ALL, unknown.clone()));
    cover(list, net, of_text, of_unknown)
}

fn port_range(text: &str) -> Option<Interval> {
    let text = text.trim();
    if text == "*" {
        return Some(Interval::of_numbers(0, u16::MAX));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then(|| Interval::of_numbers(first, last))
}

/// A word that must be known before a rule can be laid over anything.
pub(super) fn word<'a, T>(attr: &'a Attr<T>, net: View<'a>) -> Result<Option<&'a T>, &'a Unknown> {
    match net.look_at(attr) {
        Reading::Known(fact) => Ok(Some(fact.value)),
        Reading::Unknown(unknown, _) => Err(unknown),
        Reading::Absent => Ok(None),
    }
}
