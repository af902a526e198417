//! How the nodes and pods of a cluster get their addresses.

use crate::eval::value::{Reason, Unknown};

use super::amount::Amount;
use super::arithmetic::MAX_PODS;
use super::attr::{ResourceId, Target};
use super::cluster::Cluster;
use super::node_pool::NodePool;
use super::view::{Reading, View};
use super::vocabulary::{NetworkPlugin, NetworkPluginMode};

/// The network model of a node pool.
/// <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkModel {
    Kubenet,
    /// Azure CNI with pods in the subnet of their node.
    NodeSubnet,
    Overlay,
    /// Azure CNI with pods in a subnet of their own.
    PodSubnet,
    /// Bring your own: AKS gives addresses to nodes only.
    NoPlugin,
    /// No plugin is written. What Azure takes then hangs on the tool and the Kubernetes version; either
    /// way pods have a range of their own.
    KubenetOrOverlay,
}

impl NetworkModel {
    /// How messages call it.
    pub fn noun(self) -> &'static str {
        match self {
            NetworkModel::Kubenet => "kubenet",
            NetworkModel::NodeSubnet => "Azure CNI node subnet",
            NetworkModel::Overlay => "Azure CNI Overlay",
            NetworkModel::PodSubnet => "Azure CNI pod subnet",
            NetworkModel::NoPlugin => "network plugin none",
            NetworkModel::KubenetOrOverlay => "the default network plugin",
        }
    }

    /// The pods per node of a pool that sets no maximum. For pod subnets Microsoft's pages give two
    /// different numbers, and without a plugin it is that of kubenet or of overlay.
    /// <https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning>
    pub fn default_max_pods(self) -> Amount {
        match self {
            NetworkModel::Kubenet => Amount::exactly(110),
            NetworkModel::NodeSubnet => Amount::exactly(30),
            NetworkModel::Overlay | NetworkModel::NoPlugin => Amount::exactly(250),
            NetworkModel::PodSubnet | NetworkModel::KubenetOrOverlay => Amount::between(110, 250),
        }
    }

    /// What each node takes of its own subnet.
    pub fn addresses_of_node(self, max_pods: Amount) -> Amount {
        match self {
            NetworkModel::NodeSubnet => max_pods.map(super::arithmetic::addresses_of_node),
            _ => Amount::exactly(1),
        }
    }

    /// Whether every node gets a /24 of the cluster's pod range.
    pub fn has_pod_range(self) -> bool {
        use NetworkModel::{Kubenet, KubenetOrOverlay, Overlay};
        matches!(self, Kubenet | Overlay | KubenetOrOverlay)
    }
}

/// Why a network model is not known; none where a word is not one of its set, which is AKS004's to say.
pub type Undetermined = Option<Unknown>;

impl<'a> View<'a> {
    /// The network model of a cluster's pools that name no pod subnet. Nothing is noted.
    pub fn network_model(&self, cluster: &'a Cluster) -> Result<NetworkModel, Undetermined> {
        let plugin = match self.look(&cluster.network_plugin) {
            Reading::Absent => return Ok(NetworkModel::KubenetOrOverlay),
            Reading::Unknown(unknown, _) => return Err(Some(unknown.clone())),
            Reading::Known(plugin) => plugin.value,
        };
        match (plugin, self.look(&cluster.network_plugin_mode)) {
            (NetworkPlugin::Kubenet, _) => Ok(NetworkModel::Kubenet),
            (NetworkPlugin::None, _) => Ok(NetworkModel::NoPlugin),
            (NetworkPlugin::Other(_), _) => Err(None),
            (NetworkPlugin::Azure, Reading::Absent) => Ok(NetworkModel::NodeSubnet),
            (NetworkPlugin::Azure, Reading::Unknown(unknown, _)) => Err(Some(unknown.clone())),
            (NetworkPlugin::Azure, Reading::Known(mode)) => match mode.value {
                NetworkPluginMode::Overlay => Ok(NetworkModel::Overlay),
                NetworkPluginMode::Other(_) => Err(None),
            },
        }
    }

    /// The network model of one pool. Nothing is noted.
    pub fn network_model_of_pool(&self, pool: &'a NodePool) -> Result<NetworkModel, Undetermined> {
        let model = self.network_model(self.cluster_of(pool).map_err(Some)?)?;
        if model != NetworkModel::NodeSubnet {
            return Ok(model);
        }
        match self.look(&pool.pod_subnet) {
            Reading::Absent => Ok(NetworkModel::NodeSubnet),
            Reading::Known(_) => Ok(NetworkModel::PodSubnet),
            // The id of a resource is some id; the value of a variable may as well be null.
            Reading::Unknown(unknown, _) if unknown.edge().is_some() => Ok(NetworkModel::PodSubnet),
            Reading::Unknown(unknown, _) => Err(Some(unknown.clone())),
        }
    }

    /// The cluster that a pool belongs to, or why it is not in this deployment.
    pub fn cluster_of(&self, pool: &'a NodePool) -> Result<&'a Cluster, Unknown> {
        match self.look_at(&pool.cluster) {
            Reading::Known(target) => match target.value {
                Target::Here(id) => Ok(&self.network[*id]),
                Target::Elsewhere(id) => Err(elsewhere("cluster", id, target.from.origin().span)),
            },
            Reading::Unknown(unknown, _) => Err(unknown.clone()),
            Reading::Absent => Err(elsewhere(
                "the cluster",
                &ResourceId::default(),
                pool.declared.site.owner.header,
            )),
        }
    }
}

/// The reason why a resource that is named, but not part of the deployment, cannot be looked into.
pub(super) fn elsewhere(noun: &str, id: &ResourceId, span: crate::source::Span) -> Unknown {
    let what = match id.names.last() {
        Some(name) => format!("{noun} {name}"),
        None => noun.to_owned(),
    };
    Unknown::new(Reason::External { what }, span)
}

/// The pods per node that a pool can be given at all.
pub(super) fn any_max_pods() -> Amount {
    Amount::between(*MAX_PODS.start(), *MAX_PODS.end())
}
