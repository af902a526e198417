//! What stands at a place of a file, in the network's terms: a range, a subnet, a node pool. The place of a
//! value is every step of its way, so that the default of a variable that becomes a subnet's prefix is one
//! too, in whatever language it is written.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::eval::provenance::{Provenance, Via};
use crate::model::attr::{Attr, Link, List, State, Target};
use crate::model::cidr::Cidr;
use crate::model::cluster::Cluster;
use crate::model::network::Network;
use crate::model::node_pool::NodePool;
use crate::model::routing::{Route, RouteTable};
use crate::model::security::{SecurityGroup, SecurityRule};
use crate::model::subnet::{Peering, Subnet, VirtualNetwork};
use crate::source::{SourceFile, Span};

/// A place and everything of the network that it decides.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) span: Span,
    /// The range or address that is written out here; what the network has from here can be other ones.
    pub(super) written: Option<Extent>,
    /// Nothing when a range is written that takes part in no network.
    pub(super) things: Vec<Thing<'a>>,
}

/// A range or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Range(IpNet),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Thing<'a> {
    Extent(Extent, Use<'a>),
    Subnet(&'a Subnet),
    NodePool(&'a NodePool),
    Cluster(&'a Cluster),
    VirtualNetwork(&'a VirtualNetwork),
    Peering(&'a Peering),
}

/// What a range or address is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use<'a> {
    AddressSpace(&'a VirtualNetwork),
    Prefix(&'a Subnet),
    Service(&'a Cluster),
    Pod(&'a Cluster),
    DnsService(&'a Cluster),
    DnsServer(&'a VirtualNetwork),
    RoutePrefix(&'a RouteTable, &'a Route),
    NextHop(&'a RouteTable, &'a Route),
    RuleSource(&'a SecurityGroup, &'a SecurityRule),
    RuleDestination(&'a SecurityGroup, &'a SecurityRule),
}

/// What stands at a byte offset; the smallest place that holds it.
pub(super) fn at<'a>(network: &'a Network, file: &SourceFile, offset: u32) -> Option<Place<'a>> {
    let mut search = Search {
        file,
        offset,
        best: None,
        things: Vec::new(),
    };
    search.visit(network);
    let Search { best, things, .. } = search;
    let written = written_at(file, offset);
    match (best, written) {
        (None, None) => None,
        (None, Some((span, extent))) => Some(Place {
            span,
            written: Some(extent),
            things: Vec::new(),
        }),
        (Some(best), Some((span, extent))) if best.contains(span) => Some(Place {
            span: if is_just(best, span) { best } else { span },
            written: Some(extent),
            things,
        }),
        (Some(span), _) => Some(Place {
            span,
            written: None,
            things,
        }),
    }
}

/// Whether a place is nothing but this text, in quotes or not.
fn is_just(place: Span, text: Span) -> bool {
    place.end - place.start <= text.end - text.start + 2
}

/// The range or address that is written around an offset.
fn written_at(file: &SourceFile, offset: u32) -> Option<(Span, Extent)> {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'/');
    let bytes = file.text.as_bytes();
    let offset = (offset as usize).min(bytes.len());
    let before = bytes[..offset].iter().rev();
    let start = offset - before.take_while(|byte| is_part(**byte)).count();
    let after = bytes[offset..].iter();
    let end = offset + after.take_while(|byte| is_part(**byte)).count();
    // A word that goes on is none: `eth0.10.0.0.1`, `v1.2.3.4-beta`.
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| is_word(byte) || *byte == b'-') || bytes.get(end).is_some_and(is_word) {
        return None;
    }
    let text = file.text.get(start..end)?.trim_end_matches(['.', ':']);
    let end = start + text.len();
    let extent = match Cidr::parse(text).network {
        Some(range) => Extent::Range(range),
        // The names of two modules with colons between them can read as an address of version 6.
        None => Extent::Address(IpAddr::V4(text.parse().ok()?)),
    };
    Some((Span::new(file.id, start, end), extent))
}

/// Goes through the network and keeps what has the smallest place around the offset.
struct Search<'s, 'a> {
    file: &'s SourceFile,
    offset: u32,
    best: Option<Span>,
    things: Vec<Thing<'a>>,
}

impl<'a> Search<'_, 'a> {
    fn visit(&mut self, network: &'a Network) {
        for one in &network.virtual_networks {
            self.resource(&one.declared, &one.name, Thing::VirtualNetwork(one));
            self.ranges(&one.address_space, Use::AddressSpace(one));
            if let Some(list) = &one.dns_servers {
                self.addresses(list, Use::DnsServer(one));
            }
        }
        for subnet in &network.subnets {
            self.resource(&subnet.declared, &subnet.name, Thing::Subnet(subnet));
            self.ranges(&subnet.prefixes, Use::Prefix(subnet));
        }
        for cluster in &network.clusters {
            self.cluster(cluster);
        }
        for pool in &network.node_pools {
            self.pool(pool, network);
        }
        for peering in &network.peerings {
            self.resource(&peering.declared, &peering.name, Thing::Peering(peering));
        }
        for table in &network.route_tables {
            for route in &table.routes {
                self.text(&route.address_prefix, Use::RoutePrefix(table, route));
                if let Some(address) = &route.next_hop_address {
                    self.text(address, Use::NextHop(table, route));
                }
            }
        }
        for group in &network.security_groups {
            for rule in &group.rules {
                self.addresses(&rule.source_addresses, Use::RuleSource(group, rule));
                self.addresses(&rule.destination_addresses, Use::RuleDestination(group, rule));
            }
        }
    }

    fn cluster(&mut self, cluster: &'a Cluster) {
        self.resource(&cluster.declared, &cluster.name, Thing::Cluster(cluster));
        if let Some(list) = &cluster.service_cidrs {
            self.ranges(list, Use::Service(cluster));
        }
        if let Some(list) = &cluster.pod_cidrs {
            self.ranges(list, Use::Pod(cluster));
        }
        if let Some(address) = &cluster.dns_service_ip {
            each_branch(address, &mut |branch, dns| {
                if let Some(address) = dns.address {
                    let thing = Thing::Extent(Extent::Address(address), Use::DnsService(cluster));
                    self.value(&branch.from, thing);
                }
            });
        }
    }

    fn pool(&mut self, pool: &'a NodePool, network: &'a Network) {
        let thing = Thing::NodePool(pool);
        self.resource(&pool.declared, &pool.name, thing);
        for figure in [&pool.count, &pool.min_count, &pool.max_count, &pool.max_pods] {
            self.figure(figure, thing);
        }
        self.figure(&pool.auto_scaling, thing);
        self.figure(&pool.max_surge, thing);
        self.figure(&pool.max_unavailable, thing);
        for link in pool.subnet.iter().chain(&pool.pod_subnet) {
            self.subnet_link(link, thing, network);
        }
    }

    /// A reference to a subnet is that subnet; one that leads nowhere known is about the pool.
    fn subnet_link(&mut self, link: &'a Link<Subnet>, pool: Thing<'a>, network: &'a Network) {
        let mut pending = vec![link];
        while let Some(link) = pending.pop() {
            let thing = match &link.state {
                State::Known(Target::Here(id)) => Thing::Subnet(&network[*id]),
                State::Known(Target::Elsewhere(_)) | State::Unknown(_) => pool,
                State::OneOf(choice) => {
                    pending.extend(choice.yes.iter().chain(&choice.no));
                    continue;
                }
            };
            // The names in an id are not the id.
            let passed_on = link.from.steps().iter().skip(1).filter(|step| {
                let passes_on = matches!(step.via, Via::ModuleArgument | Via::Local);
                passes_on && !self.is_quoted(step.span)
            });
            let spans: Vec<Span> = passed_on.map(|step| step.span).collect();
            spans.into_iter().for_each(|span| self.add(span, thing));
            self.use_of(&link.from, thing);
        }
    }

    /// The nearest place of a value alone.
    fn use_of(&mut self, from: &Provenance, thing: Thing<'a>) {
        let nearest = from.nearest();
        if !is_written(nearest.via) {
            return;
        }
        let is_inside = |span: Span| span != nearest.span && nearest.span.contains(span);
        let inside = from.steps().iter().filter(|step| is_inside(step.span));
        let widest = inside.max_by_key(|step| step.span.end - step.span.start);
        // A body of several lines is one value, and what stands in it has places of its own.
        let span = match widest {
            Some(widest) if self.first_line(nearest.span) != nearest.span => widest.span,
            _ => nearest.span,
        };
        self.add(span, thing);
    }

    fn is_quoted(&self, span: Span) -> bool {
        let text = self.file.text.get(span.start as usize..span.end as usize);
        span.file == self.file.id && text.is_some_and(|text| text.starts_with(['"', '\'']))
    }

    /// The head of a resource, and where it is given its name.
    fn resource(&mut self, declared: &Attr<()>, name: &Option<Attr<String>>, thing: Thing<'a>) {
        self.add(self.first_line(declared.from.nearest().span), thing);
        if let Some(name) = name {
            // The parts of a name can be those of many names.
            self.use_of(&name.from, thing);
        }
    }

    /// Of a block without a head of its own, the line on which it opens.
    fn first_line(&self, span: Span) -> Span {
        if span.file != self.file.id {
            return span;
        }
        let text = self.file.text.get(span.start as usize..span.end as usize);
        let line = text.and_then(|text| text.lines().next()).unwrap_or_default();
        Span::new(span.file, span.start as usize, span.start as usize + line.len())
    }

    fn ranges(&mut self, list: &'a List<Cidr>, used: Use<'a>) {
        each_branch(list, &mut |_, members| {
            for member in members {
                each_branch(member, &mut |branch, cidr| {
                    if let Some(range) = cidr.network {
                        self.value(&branch.from, Thing::Extent(Extent::Range(range), used));
                    }
                });
            }
        });
    }

    fn addresses(&mut self, list: &'a List<String>, used: Use<'a>) {
        each_branch(list, &mut |_, members| {
            members.iter().for_each(|member| self.text(member, used));
        });
    }

    /// A property that takes ranges, addresses and other words.
    fn text(&mut self, text: &'a Attr<String>, used: Use<'a>) {
        each_branch(text, &mut |branch, text| {
            let address = text.parse().ok().map(Extent::Address);
            let extent = address.or_else(|| Cidr::parse(text).network.map(Extent::Range));
            if let Some(extent) = extent {
                self.value(&branch.from, Thing::Extent(extent, used));
            }
        });
    }

    fn figure<T>(&mut self, figure: &'a Option<Attr<T>>, thing: Thing<'a>) {
        let mut pending: Vec<&Attr<T>> = figure.iter().collect();
        while let Some(attr) = pending.pop() {
            self.value(&attr.from, thing);
            if let State::OneOf(choice) = &attr.state {
                pending.extend(choice.yes.iter().chain(&choice.no));
            }
        }
    }

    fn value(&mut self, from: &Provenance, thing: Thing<'a>) {
        let steps = from.steps();
        for step in steps.iter().filter(|step| is_written(step.via)) {
            let mut others = steps.iter();
            let is_around = others.any(|other| other.span != step.span && step.span.contains(other.span));
            // As in [`Search::use_of`].
            if !is_around || self.first_line(step.span) == step.span {
                self.add(step.span, thing);
            }
        }
    }

    fn add(&mut self, span: Span, thing: Thing<'a>) {
        if span.file != self.file.id || self.offset < span.start || span.end < self.offset {
            return;
        }
        let size = |span: Span| span.end - span.start;
        if let Some(best) = self.best {
            if size(span) > size(best) {
                return;
            }
            if span != best {
                self.things.clear();
            }
        }
        self.best = Some(span);
        if !self.things.iter().any(|known| is_same(known, &thing)) {
            self.things.push(thing);
        }
    }
}

/// Whether a step is a place where the value itself is written or passed on.
pub(super) fn is_written(via: Via) -> bool {
    match via {
        Via::Use
        | Via::Literal
        | Via::ModuleArgument
        | Via::ModuleOutput
        | Via::VariableDefault
        | Via::VariableFile
        | Via::VariableOption
        | Via::Local => true,
        Via::ResourceAttribute | Via::Iteration | Via::File | Via::Plan | Via::ProviderDefault => false,
    }
}

fn is_same(one: &Thing<'_>, other: &Thing<'_>) -> bool {
    match (one, other) {
        (Thing::Subnet(one), Thing::Subnet(other)) => one.id == other.id,
        (Thing::NodePool(one), Thing::NodePool(other)) => one.id == other.id,
        (Thing::Cluster(one), Thing::Cluster(other)) => one.id == other.id,
        (Thing::VirtualNetwork(one), Thing::VirtualNetwork(other)) => one.id == other.id,
        (Thing::Peering(one), Thing::Peering(other)) => one.id == other.id,
        _ => false,
    }
}

/// The known values of a property on every branch of its choices.
pub(super) fn each_branch<'a, T>(attr: &'a Attr<T>, visit: &mut dyn FnMut(&'a Attr<T>, &'a T)) {
    let mut pending = vec![attr];
    while let Some(attr) = pending.pop() {
        match &attr.state {
            State::Known(value) => visit(attr, value),
            State::OneOf(choice) => pending.extend(choice.yes.iter().chain(&choice.no)),
            State::Unknown(_) => {}
        }
    }
}
