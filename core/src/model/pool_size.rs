//! How many nodes a pool has at most, how many more while it is upgraded, and how many pods they take.

use std::sync::Arc;

use crate::eval::provenance::{Provenance, Via};

use super::amount::{Amount, Figure};
use super::arithmetic::{DEFAULT_SURGE, MAXIMUM_POOL_NODES};
use super::attr::{Attr, Fact, Site};
use super::cluster::InputKind;
use super::network_model::{NetworkModel, Undetermined, any_max_pods};
use super::node_pool::{NodePool, Surge};
use super::view::{Reading, View};
use super::vocabulary::ScaleSetPriority;

impl<'a> View<'a> {
    /// The most nodes that the pool has outside upgrades: what Azure counts when it checks addresses. That
    /// is the upper bound of the autoscaler, whatever runs now.
    pub fn nodes_of(&self, pool: &'a NodePool) -> Figure<Amount> {
        if !self.is_on(&pool.auto_scaling, false) {
            return self.fixed_nodes_of(pool);
        }
        match self.look(&pool.max_count) {
            Reading::Absent => self.fixed_nodes_of(pool),
            Reading::Known(count) => Figure::read(count, Amount::exactly(u64::from(*count.value))),
            Reading::Unknown(unknown, place) => Figure {
                unknown: Some(unknown.clone()),
                ..Figure::read(place, Amount::between(self.fewest(pool), MAXIMUM_POOL_NODES))
            },
        }
    }

    /// The fewest nodes that the pool can have: the lower bound of the autoscaler, or its fixed size.
    pub fn fewest_nodes_of(&self, pool: &'a NodePool) -> Figure<Amount> {
        match self.look(&pool.min_count) {
            Reading::Known(count) if self.is_on(&pool.auto_scaling, false) => {
                Figure::read(count, Amount::exactly(u64::from(*count.value)))
            }
            Reading::Unknown(unknown, place) if self.is_on(&pool.auto_scaling, false) => Figure {
                unknown: Some(unknown.clone()),
                ..Figure::read(place, Amount::between(self.minimum(pool), MAXIMUM_POOL_NODES))
            },
            _ => self.fixed_nodes_of(pool),
        }
    }

    fn fixed_nodes_of(&self, pool: &'a NodePool) -> Figure<Amount> {
        match self.look(&pool.count) {
            Reading::Known(count) => Figure::read(count, Amount::exactly(u64::from(*count.value))),
            Reading::Unknown(unknown, place) => Figure {
                unknown: Some(unknown.clone()),
                ..Figure::read(place, Amount::between(self.minimum(pool), MAXIMUM_POOL_NODES))
            },
            Reading::Absent => {
                // The azurerm provider sends 0 for a separate pool that gives no number.
                let sends_zero = pool.input != InputKind::Arm && !pool.is_default_pool;
                let nodes = Amount::exactly(u64::from(!sends_zero));
                self.omitted(pool, nodes, "node_count", "count")
            }
        }
    }

    fn fewest(&self, pool: &'a NodePool) -> u64 {
        match self.look(&pool.min_count) {
            Reading::Known(count) => u64::from(*count.value).max(self.minimum(pool)),
            Reading::Absent | Reading::Unknown(..) => self.minimum(pool),
        }
    }

    /// How many nodes an upgrade adds; the value is none when that is unknown.
    ///
    /// Spot pools are upgraded without surge nodes, whatever is written.
    /// <https://learn.microsoft.com/azure/aks/spot-node-pool>
    pub fn surge_of(&self, pool: &'a NodePool) -> Figure<Option<Surge>> {
        if let Reading::Known(priority) = self.look(&pool.priority)
            && *priority.value == ScaleSetPriority::Spot
        {
            return Figure::read(priority, Some(Surge::Nodes(0)));
        }
        match self.look(&pool.max_surge) {
            Reading::Known(surge) => Figure::read(surge, Some(*surge.value)),
            Reading::Unknown(unknown, place) => Figure {
                unknown: Some(unknown.clone()),
                ..Figure::read(place, None)
            },
            Reading::Absent => self.surge_without_max_surge(pool),
        }
    }

    /// The azurerm provider sends a surge of 0 together with `max_unavailable`; Azure itself keeps the
    /// default.
    fn surge_without_max_surge(&self, pool: &'a NodePool) -> Figure<Option<Surge>> {
        if pool.input != InputKind::Arm {
            match self.look(&pool.max_unavailable) {
                Reading::Known(unavailable) => return Figure::read(unavailable, Some(Surge::Nodes(0))),
                Reading::Unknown(unknown, place) => {
                    return Figure {
                        unknown: Some(unknown.clone()),
                        ..Figure::read(place, None)
                    };
                }
                Reading::Absent => {}
            }
        }
        let (azurerm, arm) = ("upgrade_settings.max_surge", "upgradeSettings.maxSurge");
        self.omitted(pool, Some(DEFAULT_SURGE), azurerm, arm)
    }

    /// The pods per node of a pool.
    pub fn max_pods_of(
        &self,
        pool: &'a NodePool,
        model: &Result<NetworkModel, Undetermined>,
    ) -> Figure<Amount> {
        match self.look(&pool.max_pods) {
            // The azurerm provider takes 0 as not set.
            Reading::Known(pods) if *pods.value > 0 => {
                Figure::read(pods, Amount::exactly(u64::from(*pods.value)))
            }
            Reading::Unknown(unknown, place) => Figure {
                unknown: Some(unknown.clone()),
                ..Figure::read(place, any_max_pods())
            },
            Reading::Known(_) | Reading::Absent => {
                let default = model
                    .as_ref()
                    .map_or_else(|_| any_max_pods(), |model| model.default_max_pods());
                self.omitted(pool, default, "max_pods", "maxPods")
            }
        }
    }

    /// The default pool of an azurerm cluster has at least one node; others may be empty.
    fn minimum(&self, pool: &'a NodePool) -> u64 {
        u64::from(pool.is_default_pool && pool.input != InputKind::Arm)
    }

    /// The pods per node that are written and count. None when that is unknown, which is noted, and for the
    /// 0 that the azurerm provider takes as not set.
    pub fn written_max_pods_of(&self, pool: &'a NodePool) -> Option<Fact<'a, u32>> {
        let pods = self.read_written(&pool.max_pods)?;
        (*pods.value > 0 || pool.input == InputKind::Arm).then_some(pods)
    }

    /// A figure that nobody wrote, at the pool that omits it.
    fn omitted<T>(
        &self,
        pool: &'a NodePool,
        value: T,
        azurerm: &'static str,
        arm: &'static str,
    ) -> Figure<T> {
        let name = match pool.input {
            InputKind::Azurerm { .. } => azurerm,
            InputKind::Arm => arm,
        };
        let Attr { from, site, .. } = &pool.declared;
        Figure {
            value,
            default: true,
            unknown: None,
            from: Provenance::new(Via::ProviderDefault, from.nearest().span),
            site: Arc::new(Site {
                owner: site.owner.clone(),
                property: match (site.property.is_empty(), pool.input) {
                    (true, InputKind::Azurerm { .. }) => name.into(),
                    (true, InputKind::Arm) => format!("properties.{name}").into(),
                    (false, _) => format!("{}.{name}", site.property).into(),
                },
            }),
        }
    }
}
