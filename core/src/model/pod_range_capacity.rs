//! Whether the pod range of a kubenet or overlay cluster has a /24 for each node.

use ipnet::IpNet;

use super::amount::Amount;
use super::arithmetic::nodes_in_pod_range;
use super::capacity_text::nodes_text;
use super::cluster::Cluster;
use super::effective::EffectiveRange;
use super::network_model::NetworkModel;
use super::pool_demand::{Moment, PoolDemand};
use super::view::View;

/// The pod range of a cluster and the nodes that take a part of it each.
#[derive(Debug, Clone)]
pub struct PodRangeCapacity<'a> {
    /// Kubenet, overlay, or one of them.
    pub model: NetworkModel,
    /// The IPv4 range.
    pub range: EffectiveRange,
    /// How many nodes it has room for.
    pub room: u64,
    pub pools: Vec<PoolDemand<'a>>,
}

impl PodRangeCapacity<'_> {
    pub fn nodes(&self, moment: Moment) -> Amount {
        self.pools.iter().map(|pool| pool.nodes_at(moment)).sum()
    }

    /// `30 nodes`, `25 + 3 nodes = 28`
    pub fn needed_text(&self, moment: Moment) -> String {
        nodes_text(&self.pools, 0, moment)
    }

    /// `pod CIDR 10.244.0.0/22`
    pub fn range_text(&self) -> String {
        let default = if self.range.default { "default " } else { "" };
        format!("{default}pod CIDR {}", self.range.network)
    }

    /// The arithmetic in one line: `5 nodes, pod CIDR 10.244.0.0/22 has room for 4, a /24 each`.
    pub fn text(&self, moment: Moment) -> String {
        let (needed, range) = (self.needed_text(moment), self.range_text());
        format!("{needed}, {range} has room for {}, a /24 each", self.room)
    }
}

impl<'a> View<'a> {
    /// The pod range of a cluster; none when its pods have no range of their own, or when the network
    /// model or the range is unknown, which is noted, or malformed.
    pub fn pod_range_capacity(&self, cluster: &'a Cluster) -> Option<PodRangeCapacity<'a>> {
        let model = match self.network_model(cluster) {
            Ok(model) if model.has_pod_range() => model,
            Ok(_) => return None,
            Err(why) => {
                why.iter().for_each(|unknown| self.note(unknown));
                return None;
            }
        };
        let ranges = self.pod_ranges(cluster);
        let range = ranges
            .into_iter()
            .find(|range| matches!(range.network, IpNet::V4(_)))?;
        let pools = self.pools_of(cluster).into_iter();
        Some(PodRangeCapacity {
            model,
            room: nodes_in_pod_range(range.network.prefix_len()),
            range,
            pools: pools.map(|pool| self.demand_of(pool)).collect(),
        })
    }

    /// Whether the range is too small; false when that hangs on something unknown, which is noted.
    pub fn is_pod_range_exceeded(&self, capacity: &PodRangeCapacity<'a>, moment: Moment) -> bool {
        if let Some(answer) = capacity.nodes(moment).exceeds(capacity.room) {
            return answer;
        }
        for pool in &capacity.pools {
            pool.unknown_nodes(moment).for_each(|unknown| self.note(unknown));
        }
        false
    }
}
