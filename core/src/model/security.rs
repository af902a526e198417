//! Network security groups and their rules.

use crate::eval::value::{Reason, Unknown};

use super::attr::{Attr, Id, Link, List};
use super::decision::{Decision, Laid};
use super::flow::{self, Flow, Interval, Traffic};
use super::service_tags::{self, Cover, Surroundings};
use super::view::View;
use super::vocabulary::{Access, Direction, Protocol, Vocabulary};

#[derive(Debug, Clone)]
pub struct SecurityGroup {
    pub id: Id<SecurityGroup>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    /// Inline rules and rules that are resources of their own.
    pub rules: Vec<SecurityRule>,
    /// Why there may be more rules than these.
    pub open: Option<Unknown>,
}

#[derive(Debug, Clone)]
pub struct SecurityRule {
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub direction: Attr<Direction>,
    pub access: Attr<Access>,
    pub protocol: Attr<Protocol>,
    /// 100 to 4096; the smaller number is looked at first.
    pub priority: Attr<u32>,
    /// Ranges, single addresses, `*` and service tags, as written; singular and plural forms together.
    pub source_addresses: List<String>,
    pub destination_addresses: List<String>,
    /// `*`, `443`, `1000-2000`.
    pub source_ports: List<String>,
    pub destination_ports: List<String>,
    /// Application security groups stand for addresses that are not known here.
    pub uses_application_security_groups: bool,
    /// The group of a rule that is a resource of its own.
    pub group: Option<Link<SecurityGroup>>,
}

/// What a security group says to a flow.
#[derive(Debug)]
pub enum Verdict<'a> {
    Allowed,
    /// At least a part is denied, whatever is unknown; one entry for each rule that denies, in the order
    /// in which they are looked at. Never empty.
    Denied(Vec<Denial<'a>>),
    /// Whether anything is denied hangs on this.
    Undecided(Unknown),
}

/// A rule that denies a part of a flow, and that part.
#[derive(Debug)]
pub struct Denial<'a> {
    pub by: Decider<'a>,
    pub traffic: Vec<Traffic>,
}

#[derive(Debug, Clone, Copy)]
pub enum Decider<'a> {
    Rule(&'a SecurityRule),
    /// One of the rules that every group ends with, by its name.
    Default(&'static str),
}

impl<'a> View<'a> {
    /// What a security group says to a flow from or to a subnet that lies in these surroundings. Nothing
    /// is noted: who is not content with `Undecided` notes its reason.
    ///
    /// Azure looks at the rules of the flow's direction by priority, the smaller number first; the first
    /// that matches decides, and behind the group's own rules come the three default ones.
    /// <https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview>
    pub fn decide(&self, group: &'a SecurityGroup, flow: &Flow, around: &Surroundings) -> Verdict<'a> {
        let mut decision = Decision::of(flow.blocks(), group.open.as_ref());
        for laid in self.laid_rules(group, flow, around) {
            decision.apply(&laid);
            if decision.has_too_many_parts() {
                let what = "the rules of this security group cut the traffic into too many parts".to_owned();
                let span = group.declared.from.nearest().span;
                decision.give_up(Unknown::new(Reason::Limit { what }, span));
                break;
            }
        }
        decision.verdict()
    }

    /// The rules that can take part, in the order in which Azure looks at them. A rule whose priority is
    /// unknown may come first and comes last for certain.
    fn laid_rules(&self, group: &'a SecurityGroup, flow: &Flow, around: &Surroundings) -> Vec<Laid<'a>> {
        let mut ordered: Vec<(u32, Laid<'a>)> = Vec::new();
        for rule in &group.rules {
            let Some(laid) = self.lay(rule, flow, around) else {
                continue;
            };
            match service_tags::word(&rule.priority, *self) {
                Ok(Some(priority)) => ordered.push((*priority, laid)),
                Ok(None) => {}
                Err(unknown) => {
                    ordered.push((0, laid.doubted(unknown)));
                    ordered.push((LAST_OWN_PRIORITY, laid));
                }
            }
        }
        ordered.sort_by_key(|(priority, _)| *priority);
        let own = ordered.into_iter().map(|(_, laid)| laid);
        own.chain(default_rules(flow, around)).collect()
    }

    /// A rule laid over a flow; none when it is of the other direction, does not exist in this world, or
    /// holds a word that Azure would refuse.
    fn lay(&self, rule: &'a SecurityRule, flow: &Flow, around: &Surroundings) -> Option<Laid<'a>> {
        let net = *self;
        let mut doubt = None;
        match service_tags::word(&rule.direction, net) {
            Ok(direction) if same_word(direction?, &flow.direction) => {}
            Ok(_) => return None,
            Err(unknown) => doubt = Some(unknown.clone()),
        }
        let allows = match service_tags::word(&rule.access, net) {
            Ok(access) => match Access::parse(access?.word(), false) {
                Access::Allow => Some(true),
                Access::Deny => Some(false),
                Access::Other(_) => return None,
            },
            Err(unknown) => {
                doubt = Some(unknown.clone());
                None
            }
        };
        let protocol = match service_tags::word(&rule.protocol, net) {
            Ok(protocol) => {
                Cover::exactly(flow::protocol_numbers(&Protocol::parse(protocol?.word(), false))?)
            }
            Err(unknown) => Cover::exactly(Interval::ALL).doubted(unknown),
        };
        let mut source = service_tags::addresses(&rule.source_addresses, &flow.source.unknown, around, net);
        let destinations = &rule.destination_addresses;
        let mut destination = service_tags::addresses(destinations, &flow.destination.unknown, around, net);
        if rule.uses_application_security_groups {
            let what = "membership in application security groups".to_owned();
            let members = Unknown::new(Reason::External { what }, rule.declared.from.nearest().span);
            for side in [&mut source, &mut destination] {
                if side.certain.is_empty() && side.possible.is_empty() {
                    *side = Cover::exactly(Interval::ALL).doubted(&members);
                }
            }
        }
        let source_ports = service_tags::ports(&rule.source_ports, net);
        let destination_ports = service_tags::ports(&rule.destination_ports, net);
        let laid = Laid {
            by: Decider::Rule(rule),
            allows,
            covers: [source, destination, protocol, source_ports, destination_ports],
            doubt,
        };
        // Asked last, so that only a rule that can matter asks the world whether it exists.
        let touches = flow.blocks().iter().any(|block| laid.may_touch(block));
        (touches && self.is_present(&rule.declared)).then_some(laid)
    }
}

/// Behind every priority that a rule of one's own can have (100 to 4096).
const LAST_OWN_PRIORITY: u32 = 65_000;

fn same_word(one: &Direction, other: &Direction) -> bool {
    one.word().eq_ignore_ascii_case(other.word())
}

/// The rules 65000, 65001 and 65500 of each direction.
fn default_rules<'a>(flow: &Flow, around: &Surroundings) -> [Laid<'a>; 3] {
    let everywhere = || Cover::exactly(Interval::ALL);
    let exactly = |certain: Vec<Interval>| Cover {
        certain,
        possible: Vec::new(),
    };
    let network = || exactly(around.virtual_network.intervals());
    let rule = |name, allows, source, destination| Laid {
        by: Decider::Default(name),
        allows: Some(allows),
        covers: [source, destination, everywhere(), everywhere(), everywhere()],
        doubt: None,
    };
    let load_balancer = || {
        exactly(
            flow::LOAD_BALANCER
                .parse()
                .map(Interval::of_range)
                .into_iter()
                .collect(),
        )
    };
    match flow.direction {
        Direction::Outbound => [
            rule("AllowVnetOutBound", true, network(), network()),
            rule(
                "AllowInternetOutBound",
                true,
                everywhere(),
                exactly(flow::public().to_vec()),
            ),
            rule("DenyAllOutBound", false, everywhere(), everywhere()),
        ],
        Direction::Inbound | Direction::Other(_) => [
            rule("AllowVnetInBound", true, network(), network()),
            rule(
                "AllowAzureLoadBalancerInBound",
                true,
                load_balancer(),
                everywhere(),
            ),
            rule("DenyAllInBound", false, everywhere(), everywhere()),
        ],
    }
}
