//! What one node pool asks of the ranges that it lives in.

use crate::eval::deployment::Presence;
use crate::eval::value::Unknown;

use super::amount::{Amount, Figure};
use super::arithmetic::{MAXIMUM_POOL_NODES, nodes_in_upgrade};
use super::network_model::{NetworkModel, any_max_pods};
use super::node_pool::{NodePool, Surge};
use super::view::View;

/// When to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// With as many nodes as the pool has at most outside upgrades: what Azure checks on every change.
    Running,
    /// With the surge nodes of an upgrade on top.
    Upgrading,
}

/// One pool's part of a sum.
#[derive(Debug, Clone)]
pub struct PoolDemand<'a> {
    pub pool: &'a NodePool,
    /// None when it is not known.
    pub model: Option<NetworkModel>,
    pub nodes: Figure<Amount>,
    pub surge: Figure<Option<Surge>>,
    pub max_pods: Figure<Amount>,
    /// What a node takes of its own subnet.
    pub addresses_of_node: Amount,
    /// How many pools this one stands for: more than one where the number of instances is not known.
    pub instances: Amount,
    /// Why the network model or the number of instances is not known.
    pub unknown: Vec<Unknown>,
}

impl<'a> PoolDemand<'a> {
    /// The nodes of the pool, all instances together.
    pub fn nodes_at(&self, moment: Moment) -> Amount {
        self.nodes_of_one(moment).times(self.instances)
    }

    /// The addresses that the pool takes of its nodes' subnet.
    pub fn addresses_at(&self, moment: Moment) -> Amount {
        self.nodes_at(moment).times(self.addresses_of_node)
    }

    /// The nodes of one instance of the pool.
    pub fn nodes_of_one(&self, moment: Moment) -> Amount {
        let nodes = self.nodes.value;
        match (moment, self.surge.value) {
            (Moment::Running, _) => nodes,
            (Moment::Upgrading, Some(surge)) => nodes.map(|nodes| nodes_in_upgrade(nodes, surge)),
            (Moment::Upgrading, None) => {
                let most = nodes
                    .most
                    .saturating_mul(2)
                    .min(nodes.most.max(MAXIMUM_POOL_NODES));
                Amount::between(nodes.least, most)
            }
        }
    }

    /// How many nodes an upgrade adds to one instance, as far as known.
    pub fn surge_nodes(&self) -> u64 {
        let upgrading = self.nodes_of_one(Moment::Upgrading).least;
        upgrading.saturating_sub(self.nodes.value.least)
    }

    /// Whether the pool's pods live in the subnet of its nodes; none when that is not known.
    pub fn pods_in_node_subnet(&self) -> Option<bool> {
        self.model.map(|model| model == NetworkModel::NodeSubnet)
    }

    /// What the same pool asks for with as few nodes as it can have.
    #[must_use]
    pub fn at_fewest(&self, view: View<'a>) -> Self {
        PoolDemand {
            nodes: view.fewest_nodes_of(self.pool),
            ..self.clone()
        }
    }

    /// On how many conditions the existence of the pool hangs.
    pub fn conditions(&self) -> usize {
        conditions(&self.pool.declared.site.owner.presence)
    }

    /// Why the number of nodes is not exact.
    pub fn unknown_nodes(&self, moment: Moment) -> impl Iterator<Item = &Unknown> {
        let surge = self
            .surge
            .unknown
            .iter()
            .filter(move |_| moment == Moment::Upgrading);
        self.nodes.unknown.iter().chain(surge).chain(&self.unknown)
    }

    /// Why the number of addresses is not exact.
    pub fn unknown_addresses(&self, moment: Moment) -> impl Iterator<Item = &Unknown> {
        let matters = self.pods_in_node_subnet() != Some(false);
        let pods = self.max_pods.unknown.iter().filter(move |_| matters);
        self.unknown_nodes(moment).chain(pods)
    }
}

/// On how many conditions it hangs whether something exists.
pub fn conditions(presence: &Presence) -> usize {
    match presence {
        Presence::Certain => 0,
        Presence::If(assumptions) => assumptions.len(),
        Presence::AnyNumber(_) => usize::MAX,
    }
}

impl<'a> View<'a> {
    /// What a pool asks for. Nothing is noted.
    pub fn demand_of(&self, pool: &'a NodePool) -> PoolDemand<'a> {
        let model = self.network_model_of_pool(pool);
        let max_pods = self.max_pods_of(pool, &model);
        let mut unknown = Vec::new();
        let addresses_of_node = match &model {
            Ok(model) => model.addresses_of_node(max_pods.value),
            Err(why) => {
                unknown.extend(why.clone());
                let pods = max_pods.value.most.max(any_max_pods().most);
                Amount::between(1, pods.saturating_add(1))
            }
        };
        let instances = match &pool.declared.site.owner.presence {
            Presence::Certain | Presence::If(_) => Amount::exactly(1),
            Presence::AnyNumber(number) => {
                unknown.push(number.clone());
                Amount::between(1, u64::MAX)
            }
        };
        PoolDemand {
            pool,
            model: model.ok(),
            nodes: self.nodes_of(pool),
            surge: self.surge_of(pool),
            max_pods,
            addresses_of_node,
            instances,
            unknown,
        }
    }
}

/// The pool to blame when pools together ask for too much: the one with the largest demand, but first
/// those that hang on the fewest conditions. So a pool that may be absent is blamed only when it is the one
/// too many, and what is said stays true without it.
pub fn largest<'p, 'a>(
    pools: &'p [PoolDemand<'a>],
    room: u64,
    demand: impl Fn(&PoolDemand<'a>) -> Amount,
) -> Option<&'p PoolDemand<'a>> {
    let mut levels: Vec<usize> = pools.iter().map(PoolDemand::conditions).collect();
    levels.sort_unstable();
    levels.dedup();
    let up_to = |level: usize| -> Amount {
        pools
            .iter()
            .filter(|pool| pool.conditions() <= level)
            .map(&demand)
            .sum()
    };
    let level = levels.into_iter().find(|level| up_to(*level).least > room)?;
    let mut largest: Option<&PoolDemand<'a>> = None;
    for pool in pools.iter().filter(|pool| pool.conditions() == level) {
        if largest.is_none_or(|known| demand(pool).least > demand(known).least) {
            largest = Some(pool);
        }
    }
    largest
}
