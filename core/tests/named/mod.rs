//! A network and its findings without addresses: resources are called by their kind and their name in Azure,
//! which are the same in every language.

use std::collections::{BTreeMap, BTreeSet};

use akslint_core::model::attr::{Attr, State, Target};
use akslint_core::model::network::Network;
use akslint_core::report;
use akslint_core::{Analysis, Finding};

/// Addresses, as they are printed, and what the resources are called instead.
pub(crate) type Names = BTreeMap<String, String>;

pub(crate) fn names(network: &Network) -> Names {
    let mut names = Names::new();
    let mut call = |declared: &Attr<()>, name: String| {
        names.insert(address(declared), name);
    };
    for group in &network.resource_groups {
        call(&group.declared, format!("resource group {}", text(&group.name)));
    }
    for one in &network.virtual_networks {
        call(&one.declared, format!("virtual network {}", text(&one.name)));
    }
    for one in &network.subnets {
        let outer = one.virtual_network.as_ref().and_then(|link| here(&link.state));
        let outer = outer.map_or("?".to_owned(), |id| text(&network[id].name));
        call(&one.declared, format!("subnet {outer}/{}", text(&one.name)));
    }
    // An association is a property of its subnet, which some languages make a resource of.
    for one in &network.subnets {
        let subnet = names.get(&address(&one.declared)).cloned();
        let groups = one.security_groups.iter().map(|it| &it.declared);
        let tables = one.route_tables.iter().map(|it| &it.declared);
        let gateways = one.nat_gateways.iter().map(|it| &it.declared);
        for association in groups.chain(tables).chain(gateways) {
            names
                .entry(address(association))
                .or_insert_with(|| subnet.clone().unwrap_or_default());
        }
    }
    let mut call = |declared: &Attr<()>, name: String| {
        names.insert(address(declared), name);
    };
    for one in &network.peerings {
        let outer = here(&one.from.state).map_or("?".to_owned(), |id| text(&network[id].name));
        call(&one.declared, format!("peering {outer}/{}", text(&one.name)));
    }
    for one in &network.clusters {
        call(&one.declared, format!("cluster {}", text(&one.name)));
        if let Some(virtual_nodes) = &one.virtual_nodes {
            call(
                &virtual_nodes.declared,
                format!("virtual nodes of {}", text(&one.name)),
            );
        }
    }
    for one in &network.node_pools {
        let outer = here(&one.cluster.state).map_or("?".to_owned(), |id| text(&network[id].name));
        call(&one.declared, format!("node pool {outer}/{}", text(&one.name)));
    }
    for group in &network.security_groups {
        let outer = text(&group.name);
        for rule in &group.rules {
            call(
                &rule.declared,
                format!("security rule {outer}/{}", text(&rule.name)),
            );
        }
        call(&group.declared, format!("network security group {outer}"));
    }
    for table in &network.route_tables {
        let outer = text(&table.name);
        for route in &table.routes {
            call(&route.declared, format!("route {outer}/{}", text(&route.name)));
        }
        call(&table.declared, format!("route table {outer}"));
    }
    for one in &network.nat_gateways {
        call(&one.declared, format!("NAT gateway {}", text(&one.name)));
    }
    for one in &network.public_ips {
        call(&one.declared, format!("public IP {}", text(&one.name)));
    }
    for one in &network.private_dns_zones {
        call(&one.declared, format!("private DNS zone {}", text(&one.name)));
    }
    for one in &network.identities {
        call(&one.declared, format!("managed identity {}", text(&one.name)));
    }
    for one in &network.role_definitions {
        call(&one.declared, format!("role definition {}", text(&one.name)));
    }
    // An assignment has no name of its own but an id; nothing refers to it.
    for one in &network.role_assignments {
        call(&one.declared, "role assignment".to_owned());
    }
    names
}

fn text(name: &Option<Attr<String>>) -> String {
    match name.as_ref().map(|name| &name.state) {
        Some(State::Known(name)) => name.clone(),
        Some(State::Unknown(_) | State::OneOf(_)) => "?".to_owned(),
        None => "without a name".to_owned(),
    }
}

fn here<T>(state: &State<Target<T>>) -> Option<akslint_core::model::attr::Id<T>> {
    match state {
        State::Known(Target::Here(id)) => Some(*id),
        _ => None,
    }
}

fn address(declared: &Attr<()>) -> String {
    let resource = &declared.site.owner.resource;
    match declared.site.property.as_ref() {
        "" => resource.clone(),
        block => format!("{resource} {block}"),
    }
}

/// Text with addresses replaced by names, the longest first, since one address may begin like another.
fn renamed(text: &str, names: &Names) -> String {
    let mut longest_first: Vec<(&String, &String)> = names.iter().collect();
    longest_first.sort_by_key(|(address, _)| std::cmp::Reverse(address.len()));
    let mut renamed = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let found = longest_first
            .iter()
            .find(|(address, _)| rest.starts_with(address.as_str()));
        match found {
            Some((address, name)) => {
                renamed.push_str(name);
                rest = &rest[address.len()..];
            }
            None => {
                renamed.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    renamed
}

/// A resource or block of the text, with what is indented below it.
#[derive(Default)]
struct Block {
    title: String,
    properties: Vec<String>,
    children: Vec<Block>,
}

/// The kinds that a title begins with, where it is not what the name begins with already.
const KINDS: [&str; 15] = [
    "default node pool ",
    "node pool ",
    "cluster ",
    "virtual network ",
    "subnet ",
    "peering ",
    "network security group ",
    "route table ",
    "NAT gateway ",
    "public IP ",
    "private DNS zone ",
    "managed identity ",
    "role definition ",
    "role assignment ",
    "virtual nodes ",
];

/// The blocks of which a resource may have several; what stands behind is an address.
const USES: [&str; 3] = ["uses security group ", "uses route table ", "uses NAT gateway "];

pub(crate) fn network(network: &Network, names: &Names) -> String {
    let printed = report::network::without_places(network);
    let mut top = Block::default();
    for line in printed.lines() {
        let own = line.trim_start();
        let depth = (line.len() - own.len()) / 2;
        let mut place = &mut top;
        for _ in 0..depth {
            place = place
                .children
                .last_mut()
                .expect("what is indented lies in something");
        }
        match title(own, names) {
            Some(title) => place.children.push(Block {
                title,
                ..Block::default()
            }),
            // Every cluster that is not of another kind is of this one, whether it says so or not.
            None if own == "sku: Base" => {}
            None => place.properties.push(property(own, names)),
        }
    }
    let mut text = String::new();
    write(&mut top, 0, &mut text);
    text
}

/// The title of a block; none for a property.
fn title(line: &str, names: &Names) -> Option<String> {
    if let Some(uses) = USES.iter().find(|uses| line.starts_with(*uses)) {
        return Some(uses.trim_end().to_owned());
    }
    let kinds = KINDS.iter().chain(&["rule ", "route "]);
    for kind in kinds {
        let Some(address) = line.strip_prefix(kind) else {
            continue;
        };
        let known = names
            .iter()
            .filter(|(known, _)| address.starts_with(known.as_str()));
        if let Some((known, name)) = known.max_by_key(|(known, _)| known.len()) {
            let condition = &address[known.len()..];
            return Some(format!("{name}{condition}"));
        }
    }
    None
}

/// Whether a value is written or the default is not the network but where it comes from.
fn property(line: &str, names: &Names) -> String {
    renamed(&line.replace(" (default)", ""), names)
}

fn write(block: &mut Block, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for property in &block.properties {
        text.push_str(&format!("{indent}{property}\n"));
    }
    block.children.sort_by_cached_key(|child| {
        let mut written = String::new();
        written.push_str(&child.title);
        written.push_str(&child.properties.join("\n"));
        written
    });
    for child in &mut block.children {
        text.push_str(&format!("{indent}{}\n", child.title));
        write(child, depth + 1, text);
    }
}

/// How ARM calls what azurerm calls otherwise, in messages.
const PROPERTIES: [(&str, &str); 7] = [
    ("properties.networkProfile", "network_profile"),
    ("networkPluginMode", "network_plugin_mode"),
    ("networkPlugin", "network_plugin"),
    ("networkPolicy", "network_policy"),
    ("podCidr", "pod_cidr"),
    ("serviceCidr", "service_cidr"),
    ("dnsServiceIP", "dns_service_ip"),
];

/// One line for each finding and for each check that could not be made.
pub(crate) fn findings(analysis: &Analysis, names: &Names) -> String {
    let mut lines = BTreeSet::new();
    for finding in &analysis.findings {
        let (code, severity) = (finding.rule.code, finding.severity.word());
        let resource = renamed(&block(finding, names), names);
        let mut message = renamed(&finding.message, names);
        for (arm, azurerm) in PROPERTIES {
            message = message.replace(arm, azurerm);
        }
        lines.insert(format!("{code} {severity} {resource}: {message}\n"));
    }
    for undecided in &analysis.undecided {
        let code = undecided.rule.code;
        let resource = match undecided.resource.as_str() {
            "" => "the deployment".to_owned(),
            resource => around(renamed(resource, names)),
        };
        lines.insert(format!("{code} undecided {resource}\n"));
    }
    lines.into_iter().collect()
}

/// A pool or subnet may be a resource or a part of one: then what could not be decided is said of the whole.
fn around(name: String) -> String {
    for (inner, outer) in [("node pool ", "cluster "), ("subnet ", "virtual network ")] {
        if let Some((parent, _)) = name.strip_prefix(inner).and_then(|names| names.split_once('/')) {
            return format!("{outer}{parent}");
        }
    }
    name
}

/// The address of the innermost block of the finding's resource that is a resource for Azure: a subnet that is
/// written in its network, a pool in its cluster.
fn block(finding: &Finding, names: &Names) -> String {
    let blocks = names.keys().filter(|address| {
        let path = address.strip_prefix(finding.resource.as_str());
        path.and_then(|path| path.strip_prefix(' '))
            .is_some_and(|path| finding.property.starts_with(path))
    });
    let innermost = blocks.max_by_key(|address| address.len());
    innermost.unwrap_or(&finding.resource).clone()
}
