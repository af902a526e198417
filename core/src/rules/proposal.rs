//! What to take instead, both as a sentence and as changes: another range, another address of the DNS service.

use ipnet::IpNet;

use crate::model::attr::Fact;
use crate::model::cluster::{Cluster, DnsServiceIp};
use crate::model::effective::{EffectiveRange, usual_dns_address};
use crate::model::reserved::{DEFAULT_POD_RANGE, DEFAULT_SERVICE_RANGE};
use crate::model::resource::RangeUse;
use crate::model::view::{Reading, View};

use super::{Draft, Remedy};

/// The widest range that is worth proposing for services or pods.
const WIDEST_PROPOSED: u8 = 16;

/// How many ranges there are to choose from.
pub(super) const MAXIMUM_PROPOSED: usize = 3;

/// A way out of a fault, in words and as changes.
pub(super) struct Proposal {
    pub(super) help: String,
    /// The best first.
    pub(super) remedies: Vec<Remedy>,
}

impl Draft {
    /// The help and the remedies of a proposal.
    pub(super) fn offer(&mut self, proposal: Proposal) -> &mut Self {
        self.help(proposal.help);
        self.remedies.extend(proposal.remedies);
        self
    }
}

/// A service range that collides with nothing here, and the DNS address in it.
pub(super) fn other_service_range(net: View<'_>, cluster: &Cluster, range: &EffectiveRange) -> Proposal {
    let free = free_ranges(net, None, range.network, &[]);
    let dns = free.first().copied().and_then(usual_dns_address).map(|address| {
        let property = cluster.names().dns_service_ip;
        format!(", and {property} to {address}")
    });
    let remedies = free
        .iter()
        .filter_map(|free| service_range(net.quietly(), cluster, range, *free));
    Proposal {
        remedies: remedies.collect(),
        help: other_range(range, free.first().copied()) + &dns.unwrap_or_default(),
    }
}

/// A pod range that collides with nothing here.
pub(super) fn other_pod_range(net: View<'_>, cluster: &Cluster, range: &EffectiveRange) -> Proposal {
    // The range that other rules propose for services is left to them.
    let for_services = free_ranges(net, None, DEFAULT_SERVICE_RANGE, &[]);
    let besides: Vec<IpNet> = for_services.into_iter().take(1).collect();
    let free = free_ranges(net, Some(DEFAULT_POD_RANGE), range.network, &besides);
    let remedies = free
        .iter()
        .filter_map(|free| pod_range(net, cluster, range, *free));
    Proposal {
        remedies: remedies.collect(),
        help: other_range(range, free.first().copied()),
    }
}

/// The same for either.
pub(super) fn other_cluster_range(
    net: View<'_>,
    cluster: &Cluster,
    purpose: RangeUse,
    range: &EffectiveRange,
) -> Proposal {
    match purpose {
        RangeUse::Service => other_service_range(net, cluster, range),
        _ => other_pod_range(net, cluster, range),
    }
}

/// The address that the DNS service has by default in this range; none when the range is too small.
pub(super) fn usual_dns_service_ip(dns: Fact<'_, DnsServiceIp>, range: IpNet) -> Option<Proposal> {
    let usual = usual_dns_address(range)?;
    let property = dns.site.property_name();
    Some(Proposal {
        help: format!("set {property} to {usual}"),
        remedies: vec![Remedy::safe(format!("Set {property} to {usual}")).replace(dns, &dns.text, usual)],
    })
}

/// The range instead of the one that is written, or written where none is.
pub(super) fn pod_range(
    net: View<'_>,
    cluster: &Cluster,
    range: &EffectiveRange,
    free: IpNet,
) -> Option<Remedy> {
    let remedy = Remedy::choice(format!("Use {free} (free) for pods"));
    if !range.default {
        return Some(remedy.replace(range.fact(), range.network, free));
    }
    let beside = profile_member(net, cluster)?;
    Some(remedy.set(beside, cluster.names().pod_cidr, free))
}

fn service_range(net: View<'_>, cluster: &Cluster, range: &EffectiveRange, free: IpNet) -> Option<Remedy> {
    let property = cluster.names().dns_service_ip;
    let address = usual_dns_address(free)?;
    let title = format!("Use {free} (free) for services");
    let with_address = |remedy: Remedy| Remedy {
        title: format!("{title}, with {address} for DNS"),
        ..remedy
    };
    let (remedy, plugin) = match range.default {
        true => {
            let plugin = profile_member(net, cluster)?;
            let remedy = Remedy::choice(title.as_str());
            (
                remedy.set(plugin, cluster.names().service_cidr, free),
                Some(plugin),
            )
        }
        false => {
            let remedy = Remedy::choice(title.as_str());
            (remedy.replace(range.fact(), range.network, free), None)
        }
    };
    match net.look(&cluster.dns_service_ip) {
        Reading::Known(dns) => {
            let is_in = |range: &IpNet| dns.address.is_some_and(|address| range.contains(&address));
            let mut others = net.service_ranges(cluster).into_iter().map(|other| other.network);
            if is_in(&free) || others.any(|other| other != range.network && is_in(&other)) {
                return Some(remedy);
            }
            Some(with_address(remedy.carry_along(
                dns,
                &dns.text,
                address,
                range.fact(),
            )))
        }
        Reading::Absent => Some(with_address(match plugin {
            Some(plugin) => remedy.set(plugin, property, address),
            None => remedy.set(range.fact(), property, address),
        })),
        Reading::Unknown(..) => None,
    }
}

/// A property that is set in the network profile, beside which others can be. None for a dual-stack cluster,
/// where one range is not enough.
fn profile_member<'a>(net: View<'a>, cluster: &'a Cluster) -> Option<Fact<'a, ()>> {
    let net = net.quietly();
    let is_dual = net.is_written(&cluster.ip_families)
        && net.ip_families(cluster).is_none_or(|families| families.len() > 1);
    let plugin = net.read_written(&cluster.network_plugin)?;
    (!is_dual && !plugin.is_default()).then_some(Fact {
        value: &(),
        from: plugin.from,
        site: plugin.site,
    })
}

fn free_ranges(net: View<'_>, preferred: Option<IpNet>, instead_of: IpNet, besides: &[IpNet]) -> Vec<IpNet> {
    let IpNet::V4(range) = instead_of else {
        return Vec::new();
    };
    let prefix = range.prefix_len().max(WIDEST_PROPOSED);
    net.network
        .free_ranges_besides(preferred, prefix, besides, MAXIMUM_PROPOSED)
}

fn other_range(range: &EffectiveRange, free: Option<IpNet>) -> String {
    let property = range.site.property_name();
    let free = match free {
        Some(free) => format!("{free}, which nothing here uses"),
        None => "a range that overlaps no network here".to_owned(),
    };
    // A property in the plural holds ranges of its other family as well.
    if property.ends_with('s') {
        format!("replace {} in {property} with {free}", range.network)
    } else {
        format!("set {property} to {free}")
    }
}
