//! What the rules about security groups have in common: how they say that traffic is blocked.

use crate::finding::{Confidence, Severity};
use crate::model::flow::{Endpoint, Traffic};
use crate::model::neighbours::called;
use crate::model::reach::{Blocked, Loss};
use crate::model::view::{Reading, View};
use crate::model::vocabulary::Protocol;

use super::report::{Blame, Draft, Report};

/// Reports that a rule denies traffic; `way` says between what, `doubt` why it may not, and `ends` are the
/// ranges on both sides.
pub(super) fn finding<'r>(
    report: &'r mut Report,
    net: View<'_>,
    blocked: &Blocked<'_>,
    way: &str,
    doubt: Option<&str>,
    ends: &[&Endpoint],
) -> &'r mut Draft {
    let rule = blocked.rule;
    let priority = match net.look_at(&rule.priority) {
        Reading::Known(priority) => Some(*priority.value),
        Reading::Unknown(..) | Reading::Absent => None,
    };
    let placed = priority.map_or_else(String::new, |priority| format!(" (priority {priority})"));
    let name = called(&rule.name, &rule.declared);
    let direction = blocked.direction.to_string().to_lowercase();
    let traffic = traffic(blocked, &direction);
    let included = included(blocked);
    let doubted = doubt.is_some();
    let denies = if doubted { "may deny" } else { "denies" };
    let doubt = doubt.map_or_else(String::new, |doubt| format!(": {doubt}"));
    let message = format!("security rule {name}{placed} {denies} {traffic} {way}{included}{doubt}");
    let blame: Blame = match net.look_at(&rule.access) {
        Reading::Known(access) => access.into(),
        Reading::Unknown(..) | Reading::Absent => rule.declared.fact().into(),
    };
    let group = called(&blocked.group.name, &blocked.group.declared);
    let draft = report.finding(blame, message);
    draft.because(rule.declared.fact(), "this security rule");
    draft.because(
        blocked.association,
        format!("security group {group} is put on the subnet here"),
    );
    match blocked.loss() {
        Loss::Administration => {
            draft.severity(Severity::Info);
            return draft.help("Kubernetes does not use these ports between nodes; if something of yours does, allow the subnet to itself first");
        }
        // The cluster runs, but workloads on these ports do not.
        Loss::SomePorts => draft.severity(Severity::Warning),
        Loss::Cluster if doubted => draft.severity(Severity::Warning),
        Loss::Cluster => draft.severity(Severity::Error),
    };
    if doubted {
        draft.confidence(Confidence::Medium);
    }
    let before = priority.map_or_else(String::new, |priority| {
        format!(", with a priority below {priority}")
    });
    let parties = parties(ends);
    draft.help(format!(
        "before this rule, allow {direction} traffic {parties} on all ports and protocols{before}"
    ))
}

/// The blocked traffic in words.
fn traffic(blocked: &Blocked<'_>, direction: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut is_rest = false;
    for traffic in &blocked.traffic {
        match traffic.words() {
            Some(word) if words.contains(&word) => {}
            Some(word) if words.len() < 3 => words.push(word),
            _ => is_rest = true,
        }
    }
    if is_rest {
        return format!("{direction} traffic that no rule before it allows");
    }
    match words.as_slice() {
        [only] if only == "all traffic" => format!("all {direction} traffic"),
        words => format!("{direction} {}", words.join(", ")),
    }
}

/// What Kubernetes needs of the blocked traffic, where the rule does not name it itself.
fn included(blocked: &Blocked<'_>) -> &'static str {
    let names_ports = |traffic: &Traffic| traffic.words().is_some_and(|words| words.ends_with(')'));
    let includes = |protocol, port| {
        blocked
            .traffic
            .iter()
            .any(|traffic| traffic.includes(&protocol, port))
    };
    if blocked.traffic.iter().any(names_ports) {
        return "";
    }
    match (includes(Protocol::Udp, 53), includes(Protocol::Tcp, 10250)) {
        (true, true) => ", UDP 53 (DNS) and TCP 10250 (kubelet) included",
        (true, false) => ", UDP 53 (DNS) included",
        (false, true) => ", TCP 10250 (kubelet) included",
        (false, false) => "",
    }
}

/// `from 10.1.0.0/22 to itself`, `between 10.1.0.0/22 and 10.244.0.0/16`.
fn parties(ends: &[&Endpoint]) -> String {
    let mut ranges: Vec<String> = Vec::new();
    for end in ends {
        for range in &end.ranges {
            let range = range.to_string();
            if !ranges.contains(&range) {
                ranges.push(range);
            }
        }
    }
    match ranges.as_slice() {
        [] => "within the subnets of the cluster".to_owned(),
        [only] => format!("from {only} to itself"),
        [all @ .., last] => format!("between {} and {last}", all.join(", ")),
    }
}
