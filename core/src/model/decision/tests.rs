//! Rules and flows as text, one a line; a word with a question mark is an unknown value of that name.

use std::sync::Arc;

use ipnet::IpNet;

use crate::eval::deployment::Presence;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Reason, Unknown};
use crate::model::attr::{Attr, Id, List, Owner, Site, State};
use crate::model::flow::{Endpoint, Flow};
use crate::model::network::Network;
use crate::model::security::{Decider, SecurityGroup, SecurityRule, Verdict};
use crate::model::service_tags::Surroundings;
use crate::model::view::View;
use crate::model::vocabulary::{Access, Direction, Protocol, Vocabulary};
use crate::model::world::World;
use crate::source::{FileId, Span};

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn attr<T>(state: State<T>) -> Attr<T> {
    let owner = Owner {
        resource: "azurerm_network_security_group.nodes".to_owned(),
        header: span(),
        block: span(),
        presence: Presence::Certain,
    };
    Attr {
        state,
        from: Provenance::new(Via::Literal, span()),
        site: Arc::new(Site {
            owner: Arc::new(owner),
            property: "".into(),
        }),
    }
}

fn unknown(name: &str) -> Unknown {
    Unknown::new(
        Reason::Unassigned {
            name: name.to_owned(),
        },
        span(),
    )
}

fn word<T>(text: &str, parse: impl Fn(&str) -> T) -> Attr<T> {
    attr(match text.strip_suffix('?') {
        Some(name) => State::Unknown(unknown(name)),
        None => State::Known(parse(text)),
    })
}

fn list(text: &str) -> List<String> {
    let members = text.split(',').filter(|member| *member != "-");
    attr(State::Known(
        members.map(|member| word(member, str::to_owned)).collect(),
    ))
}

/// `NAME PRIORITY DIRECTION ACCESS PROTOCOL SOURCE DESTINATION PORTS`; `-` for no address at all, which
/// is how a rule for application security groups looks.
fn rule(line: &str) -> SecurityRule {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [
        name,
        priority,
        direction,
        access,
        protocol,
        source,
        destination,
        ports,
    ] = fields[..]
    else {
        panic!("{line}");
    };
    SecurityRule {
        declared: attr(State::Known(())),
        name: Some(word(name, str::to_owned)),
        direction: word(direction, |text| Direction::parse(text, true)),
        access: word(access, |text| Access::parse(text, true)),
        protocol: word(protocol, |text| Protocol::parse(text, true)),
        priority: word(priority, |text| text.parse().unwrap()),
        source_addresses: list(source),
        destination_addresses: list(destination),
        source_ports: list("*"),
        destination_ports: list(ports),
        uses_application_security_groups: source == "-" || destination == "-",
        group: None,
    }
}

fn endpoint(text: &str) -> Endpoint {
    let mut endpoint = Endpoint::default();
    for member in text.split(',') {
        match member.strip_suffix('?') {
            Some(name) => endpoint.unknown.push(unknown(name)),
            None => endpoint.ranges.push(member.parse::<IpNet>().unwrap()),
        }
    }
    endpoint
}

/// The virtual network is 10.1.0.0/16, and what a flow leaves unknown lies in it too.
fn decide(rules: &str, flow: &str) -> String {
    decide_in(rules, flow, None)
}

fn decide_in(rules: &str, flow: &str, open: Option<Unknown>) -> String {
    let lines = rules.lines().map(str::trim).filter(|line| !line.is_empty());
    let group = SecurityGroup {
        id: Id::new(0),
        declared: attr(State::Known(())),
        name: None,
        rules: lines.map(rule).collect(),
        open,
    };
    let fields: Vec<&str> = flow.split_whitespace().collect();
    let (ends, ports) = match fields[..] {
        [direction, source, "->", destination] => ((direction, source, destination), None),
        [direction, source, "->", destination, protocol, port] => (
            (direction, source, destination),
            Some((protocol, port.parse().unwrap())),
        ),
        _ => panic!("{flow}"),
    };
    let direction = Direction::parse(ends.0, true);
    let mut flow = Flow::all(direction, endpoint(ends.1), endpoint(ends.2));
    if let Some((protocol, port)) = ports {
        flow.protocol = Protocol::parse(protocol, true);
        flow.ports = Some((port, port));
    }
    let mut virtual_network = endpoint("10.1.0.0/16");
    virtual_network.unknown.extend_from_slice(&flow.source.unknown);
    virtual_network
        .unknown
        .extend_from_slice(&flow.destination.unknown);
    let (network, world) = (Network::default(), World::default());
    let view = View::new(&network, &world);
    match view.decide(&group, &flow, &Surroundings { virtual_network }) {
        Verdict::Allowed => "allowed".to_owned(),
        Verdict::Undecided(unknown) => format!("undecided: {}", unknown.reason()),
        Verdict::Denied(denials) => {
            let name = |by: &Decider<'_>| match by {
                Decider::Rule(rule) => match &rule.name.as_ref().unwrap().state {
                    State::Known(name) => name.clone(),
                    _ => "?".to_owned(),
                },
                Decider::Default(name) => (*name).to_owned(),
            };
            let names: Vec<String> = denials.iter().map(|denial| name(&denial.by)).collect();
            format!("denied by {}", names.join(", "))
        }
    }
}

const NODES: &str = "10.1.0.0/24";

fn check(table: &[(&str, &str, &str)]) {
    for (rules, flow, expected) in table {
        assert_eq!(&decide(rules, flow), expected, "{rules}\n{flow}");
    }
}

#[test]
fn default_rules_let_the_network_the_load_balancer_and_egress_through() {
    check(&[
        ("", "Inbound 10.1.0.0/24 -> 10.1.8.0/24", "allowed"),
        ("", "Outbound 10.1.0.0/24 -> 10.1.8.0/24", "allowed"),
        ("", "Inbound 168.63.129.16/32 -> 10.1.0.0/24", "allowed"),
        (
            "",
            "Inbound 8.8.8.8/32 -> 10.1.0.0/24",
            "denied by DenyAllInBound",
        ),
        ("", "Outbound 10.1.0.0/24 -> 8.8.8.8/32", "allowed"),
        (
            "",
            "Outbound 10.1.0.0/24 -> 10.9.0.0/24",
            "denied by DenyAllOutBound",
        ),
        (
            "",
            "Inbound 10.244.0.0/16 -> 10.244.0.0/16",
            "denied by DenyAllInBound",
        ),
        ("", "Inbound nodes? -> nodes?", "allowed"),
    ]);
}

#[test]
fn the_smaller_priority_decides() {
    let allow_first = "deny-all 4096 Inbound Deny * * * *
        allow-vnet 4000 Inbound Allow * VirtualNetwork VirtualNetwork *";
    let deny_first = "allow-vnet 4096 Inbound Allow * VirtualNetwork VirtualNetwork *
        deny-all 4000 Inbound Deny * * * *";
    let other_direction = "deny-all 100 Outbound Deny * * * *";
    check(&[
        (allow_first, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (allow_first, "Inbound nodes? -> nodes?", "allowed"),
        (
            allow_first,
            "Inbound 10.244.0.0/16 -> 10.244.0.0/16",
            "denied by deny-all",
        ),
        (
            deny_first,
            "Inbound 10.1.0.0/24 -> 10.1.0.0/24",
            "denied by deny-all",
        ),
        (deny_first, "Inbound nodes? -> nodes?", "denied by deny-all"),
        (other_direction, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (
            other_direction,
            "Outbound 10.1.0.0/24 -> 10.1.0.0/24",
            "denied by deny-all",
        ),
    ]);
}

#[test]
fn a_part_is_enough_to_deny_and_must_be_wholly_allowed() {
    let half = "allow-half 100 Inbound Allow * 10.1.0.0/25 10.1.0.0/24 *
        deny 200 Inbound Deny * 10.1.0.0/24 * *";
    let halves = "allow-one 100 Inbound Allow * 10.1.0.0/25,10.1.0.128/26 10.1.0.0/24 *
        allow-two 110 Inbound Allow * 10.1.0.192/26 * 0-65535
        deny 200 Inbound Deny * 10.1.0.0/24 * *";
    let kubelet = "deny-kubelet 100 Inbound Deny Tcp * * 10250";
    let web = "allow-web 100 Inbound Allow Tcp * * 80,443
        deny-range 200 Inbound Deny Tcp * * 400-500";
    let protocols = "tcp 100 Inbound Allow Tcp * * *
        udp 110 Inbound Allow Udp * * *
        deny 200 Inbound Deny * * * *";
    check(&[
        (half, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "denied by deny"),
        (half, "Inbound 10.1.0.0/26 -> 10.1.0.0/24", "allowed"),
        (halves, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (
            kubelet,
            "Inbound 10.1.0.0/24 -> 10.1.0.0/24",
            "denied by deny-kubelet",
        ),
        (
            kubelet,
            "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Tcp 10250",
            "denied by deny-kubelet",
        ),
        (kubelet, "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Udp 10250", "allowed"),
        (kubelet, "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Tcp 443", "allowed"),
        (web, "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Tcp 443", "allowed"),
        (
            web,
            "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Tcp 444",
            "denied by deny-range",
        ),
        (protocols, "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Tcp 80", "allowed"),
        (protocols, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "denied by deny"),
    ]);
}

#[test]
fn every_rule_that_denies_a_part_is_named() {
    let rules = "one 100 Inbound Deny Tcp * * 10250
        two 110 Inbound Deny Udp * * 53
        three 120 Inbound Deny Tcp * * 10250";
    check(&[(rules, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "denied by one, two")]);
}

#[test]
fn tags_stand_for_what_azure_says() {
    let internet = "deny-internet 100 Outbound Deny * * Internet *";
    let cloud = "allow-cloud 100 Outbound Allow * * AzureCloud *
        deny-all 200 Outbound Deny * * * *";
    let service = "deny-sql 100 Inbound Deny * Sql.WestEurope * *";
    let zero = "deny-all 100 Inbound Deny * 0.0.0.0/0 any *";
    check(&[
        (internet, "Outbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (
            internet,
            "Outbound 10.1.0.0/24 -> 8.8.8.8/32",
            "denied by deny-internet",
        ),
        (cloud, "Outbound 10.1.0.0/24 -> 10.1.0.0/24", "denied by deny-all"),
        (
            cloud,
            "Outbound 10.1.0.0/24 -> 20.1.0.0/24",
            "undecided: which addresses the service tag AzureCloud holds is read from outside the configuration",
        ),
        (service, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (zero, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "denied by deny-all"),
        (zero, "Inbound nodes? -> nodes?", "denied by deny-all"),
    ]);
}

#[test]
fn what_is_unknown_counts_only_where_it_can_matter() {
    let flow = "Inbound 10.1.0.0/24 -> 10.1.0.0/24";
    let source = "maybe 100 Inbound Deny * blocked? * *";
    let own_range = "own 100 Inbound Allow * nodes? nodes? *
        deny 200 Inbound Deny * * * *";
    let same = "own 100 Inbound Deny * nodes? nodes? *";
    let elsewhere = "own 100 Inbound Deny * 10.1.0.0/24 * *";
    let groups = "groups 100 Inbound Deny * - * *";
    check(&[
        (source, flow, "undecided: blocked has no value"),
        (
            "first 90 Inbound Allow * * * *\nmaybe 100 Inbound Deny * blocked? * *",
            flow,
            "allowed",
        ),
        (
            "maybe 100 Inbound Deny * blocked? * *\nlast 110 Inbound Deny * * * *",
            flow,
            "denied by last",
        ),
        (
            "maybe 100 Inbound Allow * allowed? * *\nlast 110 Inbound Deny * * * *",
            flow,
            "undecided: allowed has no value",
        ),
        ("maybe 100 Inbound Allow * allowed? * *", flow, "allowed"),
        (
            "maybe 100 Inbound access? * * * *",
            flow,
            "undecided: access has no value",
        ),
        (
            "maybe 100 direction? Deny * * * *",
            flow,
            "undecided: direction has no value",
        ),
        (
            "maybe 100 Inbound Deny Tcp * * port?",
            "Inbound 10.1.0.0/24 -> 10.1.0.0/24 Udp 53",
            "allowed",
        ),
        (
            "maybe 100 Inbound Deny protocol? * * 22",
            flow,
            "undecided: protocol has no value",
        ),
        ("maybe priority? Inbound Deny * * * *", flow, "denied by maybe"),
        (
            "maybe priority? Inbound Deny * * * *\nvnet 200 Inbound Allow * VirtualNetwork * *",
            flow,
            "undecided: priority has no value",
        ),
        (
            "maybe 100 Inbound Deny Tcp * * hidden?,22",
            flow,
            "denied by maybe",
        ),
        (own_range, "Inbound nodes? -> nodes?", "allowed"),
        (own_range, flow, "undecided: nodes has no value"),
        (same, "Inbound nodes? -> nodes?", "denied by own"),
        (
            elsewhere,
            "Inbound nodes? -> nodes?",
            "undecided: nodes has no value",
        ),
        (
            groups,
            flow,
            "undecided: membership in application security groups is read from outside the configuration",
        ),
    ]);
}

#[test]
fn a_group_that_may_hold_more_rules_decides_nothing() {
    let rules = "deny 200 Inbound Deny * * * *";
    let decided = decide_in(
        rules,
        &format!("Inbound {NODES} -> {NODES}"),
        Some(unknown("rules")),
    );
    assert_eq!(decided, "undecided: rules has no value");
}

#[test]
fn both_families_are_told_apart() {
    let rules = "deny-v6 100 Inbound Deny * ::/0 * *";
    check(&[
        (rules, "Inbound 10.1.0.0/24 -> 10.1.0.0/24", "allowed"),
        (rules, "Inbound fd00::/64 -> fd00::/64", "denied by deny-v6"),
        (
            "deny-four 100 Inbound Deny * 0.0.0.0/0 * *",
            "Inbound fd00::/64 -> fd00::/64",
            "denied by DenyAllInBound",
        ),
    ]);
}

#[test]
fn nothing_goes_from_one_family_to_the_other() {
    let rules = "v4 100 Inbound Allow * 10.1.0.0/24 10.1.0.0/24 *
        v6 110 Inbound Allow * fd00::/64 fd00::/64 *
        deny 200 Inbound Deny * * * *";
    check(&[(
        rules,
        "Inbound 10.1.0.0/24,fd00::/64 -> 10.1.0.0/24,fd00::/64",
        "allowed",
    )]);
}

#[test]
fn a_thousand_rules_with_many_ranges_come_to_an_end() {
    let mut rules = String::new();
    for index in 0..1000 {
        let (third, port) = (index % 256, 1000 + index);
        rules.push_str(&format!(
            "r{index} {} Inbound Deny Tcp 10.1.{third}.0/25,10.1.{third}.192/26 10.1.0.{third}/32 {port},{}\n",
            100 + index,
            port + 2000,
        ));
    }
    let answer = decide(&rules, "Inbound 10.1.0.0/16 -> 10.1.0.0/16");
    assert!(answer.starts_with("denied by r0, r1, "), "{answer}");
    let answer = decide(
        &rules.replace("Deny", "Allow"),
        "Inbound 10.1.0.0/16 -> 10.1.0.0/16",
    );
    assert_eq!(
        answer,
        "undecided: the rules of this security group cut the traffic into too many parts"
    );
}
