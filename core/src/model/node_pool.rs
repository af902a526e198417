//! A node pool (`agentPools`): the cluster's default pool and separate pools alike.

use super::attr::{Attr, Id, Link};
use super::cluster::{Cluster, InputKind};
use super::subnet::Subnet;
use super::vocabulary::{OsType, PodIpAllocationMode, ScaleSetPriority};

#[derive(Debug, Clone)]
pub struct NodePool {
    pub id: Id<NodePool>,
    /// The resource, or the default pool's block in the cluster.
    pub declared: Attr<()>,
    pub input: InputKind,
    pub name: Option<Attr<String>>,
    pub cluster: Link<Cluster>,
    /// Written inside the cluster.
    pub is_default_pool: bool,
    pub os_type: Option<Attr<OsType>>,
    pub os_sku: Option<Attr<String>>,
    pub priority: Option<Attr<ScaleSetPriority>>,
    pub subnet: Option<Link<Subnet>>,
    /// What is written as the subnet's id when it is known text, for rules about its form.
    pub subnet_text: Option<Attr<String>>,
    pub pod_subnet: Option<Link<Subnet>>,
    pub pod_ip_allocation_mode: Option<Attr<PodIpAllocationMode>>,
    pub max_pods: Option<Attr<u32>>,
    pub count: Option<Attr<u32>>,
    pub min_count: Option<Attr<u32>>,
    pub max_count: Option<Attr<u32>>,
    pub auto_scaling: Option<Attr<bool>>,
    pub max_surge: Option<Attr<Surge>>,
    pub max_unavailable: Option<Attr<Surge>>,
    pub node_public_ip: Option<Attr<bool>>,
}

/// How many nodes an upgrade adds, or takes away, at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surge {
    Nodes(u32),
    /// Per cent of the pool's size, rounded up.
    Percent(u32),
}
