//! Which node pools can be of which cluster and in which subnet, whatever the conditions: an index, made once for a
//! network.

use super::attr::{Attr, Id, Link, State, Target};
use super::cluster::Cluster;
use super::network::Network;
use super::node_pool::NodePool;
use super::subnet::Subnet;

/// Candidates only, in the order of the pools: in a given world a pool can be elsewhere, or absent.
#[derive(Debug, Clone, Default)]
pub struct PoolIndex {
    /// By the index of the subnet.
    by_subnet: Vec<Vec<Id<NodePool>>>,
    /// By the index of the cluster.
    by_cluster: Vec<Vec<Id<NodePool>>>,
    /// The first of the pools that are written inside a cluster, by the index of the cluster.
    first_of_cluster: Vec<Option<Id<NodePool>>>,
}

impl PoolIndex {
    pub fn of(network: &Network) -> Self {
        let mut found = PoolIndex {
            by_subnet: vec![Vec::new(); network.subnets.len()],
            by_cluster: vec![Vec::new(); network.clusters.len()],
            first_of_cluster: vec![None; network.clusters.len()],
        };
        for pool in network.node_pools.iter().filter(|pool| pool.is_default_pool) {
            for cluster in branches(Some(&pool.cluster)).here {
                if let Some(first) = found.first_of_cluster.get_mut(cluster.index()) {
                    first.get_or_insert(pool.id);
                }
            }
        }
        for pool in &network.node_pools {
            for cluster in branches(Some(&pool.cluster)).distinct() {
                if let Some(pools) = found.by_cluster.get_mut(cluster.index()) {
                    pools.push(pool.id);
                }
            }
            let mut own = branches(pool.subnet.as_ref());
            if own.may_be_absent {
                for cluster in branches(Some(&pool.cluster)).here {
                    if let Some(first) = found.first_of(cluster) {
                        own.here.extend(branches(network[first].subnet.as_ref()).here);
                    }
                }
            }
            for subnet in own.distinct() {
                if let Some(pools) = found.by_subnet.get_mut(subnet.index()) {
                    pools.push(pool.id);
                }
            }
        }
        found
    }

    pub fn in_subnet(&self, subnet: Id<Subnet>) -> &[Id<NodePool>] {
        self.by_subnet.get(subnet.index()).map_or(&[], Vec::as_slice)
    }

    pub fn of_cluster(&self, cluster: Id<Cluster>) -> &[Id<NodePool>] {
        self.by_cluster.get(cluster.index()).map_or(&[], Vec::as_slice)
    }

    pub fn first_of(&self, cluster: Id<Cluster>) -> Option<Id<NodePool>> {
        self.first_of_cluster.get(cluster.index()).copied().flatten()
    }
}

/// Where a link leads on all of its branches.
struct Branches<T> {
    here: Vec<Id<T>>,
    may_be_absent: bool,
}

impl<T> Branches<T> {
    fn distinct(mut self) -> Vec<Id<T>> {
        self.here.sort();
        self.here.dedup();
        self.here
    }
}

fn branches<T>(link: Option<&Link<T>>) -> Branches<T> {
    let mut found = Branches {
        here: Vec::new(),
        may_be_absent: false,
    };
    let mut pending: Vec<Option<&Attr<Target<T>>>> = vec![link];
    while let Some(link) = pending.pop() {
        match link.map(|link| &link.state) {
            None => found.may_be_absent = true,
            Some(State::Known(Target::Here(id))) => found.here.push(*id),
            Some(State::Known(Target::Elsewhere(_)) | State::Unknown(_)) => {}
            Some(State::OneOf(choice)) => pending.extend([choice.yes.as_ref(), choice.no.as_ref()]),
        }
    }
    found
}
