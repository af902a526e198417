//! Words that several rules share: how ranges are called, and how many more took part.

use crate::model::effective::EffectiveRange;
use crate::model::neighbours::{Overlap, called};
use crate::model::resource::RangeUse;
use crate::model::subnet::Subnet;

use super::Draft;

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
