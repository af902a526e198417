//! Words that several rules share: which range to take instead, and how many more took part.

use ipnet::IpNet;

use crate::model::cluster::Cluster;
use crate::model::effective::{EffectiveRange, usual_dns_address};
use crate::model::neighbours::{Overlap, called};
use crate::model::reserved;
use crate::model::resource::RangeUse;
use crate::model::subnet::Subnet;
use crate::model::view::View;

use super::Draft;

/// The widest range that is worth proposing for services or pods.
const WIDEST_PROPOSED: u8 = 16;

/// " and 2 other subnets" after the first one; nothing when there is only that.
pub(super) fn and_more(all: usize, noun: &str) -> String {
    match all {
        0 | 1 => String::new(),
        2 => format!(" and 1 other {noun}"),
        more => format!(" and {} other {noun}s", more - 1),
    }
}

/// "subnet snet-aks (10.1.0.0/24) and 2 other subnets"; none when there is no overlap.
pub(super) fn overlapped(subnets: &[Overlap<'_, Subnet>]) -> Option<String> {
    let first = subnets.first()?;
    let name = called(&first.with.name, &first.with.declared);
    let more = and_more(subnets.len(), "subnet");
    Some(format!("subnet {name} ({}){more}", first.range))
}

/// Labels each of these subnets of a cluster's virtual network.
pub(super) fn label_subnets(finding: &mut Draft, subnets: &[Overlap<'_, Subnet>]) {
    for overlap in subnets {
        let name = called(&overlap.with.name, &overlap.with.declared);
        let text = format!("subnet {name} is in the cluster's virtual network");
        finding.because(overlap.range.fact, text);
    }
}

/// What a range contributed: "the pod CIDR", or that nobody wrote one.
pub(super) fn range_label(purpose: RangeUse, range: &EffectiveRange) -> String {
    let noun = purpose.noun();
    if range.default {
        format!("no {noun} is set here, so {} counts", range.network)
    } else {
        format!("the {noun}")
    }
}

/// "service CIDR 10.2.0.0/16", or "default service CIDR 10.0.0.0/16" where nobody wrote it.
pub(super) fn named(purpose: RangeUse, range: &EffectiveRange) -> String {
    let default = if range.default { "default " } else { "" };
    format!("{default}{} {}", purpose.noun(), range.network)
}

/// A service range that collides with nothing here, and the DNS address in it.
pub(super) fn other_service_range(net: View<'_>, cluster: &Cluster, range: &EffectiveRange) -> String {
    let free = free_range(net, None, range.network, &[]);
    let dns = free.and_then(usual_dns_address).map(|address| {
        let property = cluster.names().dns_service_ip;
        format!(", and {property} to {address}")
    });
    other_range(range, free) + &dns.unwrap_or_default()
}

/// A pod range that collides with nothing here.
pub(super) fn other_pod_range(net: View<'_>, range: &EffectiveRange) -> String {
    // The range that other rules propose for services is left to them.
    let for_services = free_range(net, None, reserved::DEFAULT_SERVICE_RANGE, &[]);
    let besides: Vec<IpNet> = for_services.into_iter().collect();
    let free = free_range(net, Some(reserved::DEFAULT_POD_RANGE), range.network, &besides);
    other_range(range, free)
}

/// The same for either.
pub(super) fn other_cluster_range(
    net: View<'_>,
    cluster: &Cluster,
    purpose: RangeUse,
    range: &EffectiveRange,
) -> String {
    match purpose {
        RangeUse::Service => other_service_range(net, cluster, range),
        _ => other_pod_range(net, range),
    }
}

fn free_range(
    net: View<'_>,
    preferred: Option<IpNet>,
    instead_of: IpNet,
    besides: &[IpNet],
) -> Option<IpNet> {
    let IpNet::V4(range) = instead_of else {
        return None;
    };
    let prefix = range.prefix_len().max(WIDEST_PROPOSED);
    net.network.free_range_besides(preferred, prefix, besides)
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
