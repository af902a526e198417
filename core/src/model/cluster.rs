//! An AKS cluster (`managedClusters`).

use std::net::IpAddr;

use super::attr::{Attr, Id, Link, List, Target};
use super::cidr::Cidr;
use super::identity::ManagedIdentity;
use super::subnet::Subnet;
use super::vocabulary::{
    ClusterSku, IdentityType, IpFamily, LoadBalancerSku, NetworkDataPlane, NetworkMode, NetworkPlugin,
    NetworkPluginMode, NetworkPolicy, OutboundType,
};

/// A cluster as written. A property without a written value is `None` unless its default does not depend
/// on anything else; questions that need the effective value go to [`super::view::View`].
#[derive(Debug, Clone)]
pub struct Cluster {
    pub id: Id<Cluster>,
    /// The resource itself, to blame for what is not written in it.
    pub declared: Attr<()>,
    pub input: InputKind,
    pub name: Option<Attr<String>>,
    pub location: Option<Attr<String>>,
    pub resource_group: Option<Attr<String>>,
    pub kubernetes_version: Option<Attr<String>>,
    /// The network profile block, when there is one.
    pub network_profile: Option<Attr<()>>,
    pub network_plugin: Option<Attr<NetworkPlugin>>,
    pub network_plugin_mode: Option<Attr<NetworkPluginMode>>,
    pub network_policy: Option<Attr<NetworkPolicy>>,
    pub network_data_plane: Option<Attr<NetworkDataPlane>>,
    pub network_mode: Option<Attr<NetworkMode>>,
    pub ip_families: Option<List<IpFamily>>,
    /// The written pod ranges; `pod_cidr` and `pod_cidrs` alike.
    pub pod_cidrs: Option<List<Cidr>>,
    /// The written service ranges; `service_cidr` and `service_cidrs` alike.
    pub service_cidrs: Option<List<Cidr>>,
    pub dns_service_ip: Option<Attr<DnsServiceIp>>,
    pub outbound_type: Option<Attr<OutboundType>>,
    pub load_balancer_sku: Option<Attr<LoadBalancerSku>>,
    pub private_cluster_enabled: Option<Attr<bool>>,
    pub api_server_vnet_integration: Option<Attr<bool>>,
    pub api_server_subnet: Option<Link<Subnet>>,
    pub virtual_nodes: Option<VirtualNodes>,
    pub identity_type: Option<Attr<IdentityType>>,
    pub identities: Option<List<Target<ManagedIdentity>>>,
    /// AKS Automatic presets most of the network.
    pub sku: Option<Attr<ClusterSku>>,
    /// Azure's sku tier: Free, Standard, Premium.
    pub sku_tier: Option<Attr<String>>,
}

/// The virtual nodes add-on (`aci_connector_linux`).
#[derive(Debug, Clone)]
pub struct VirtualNodes {
    pub declared: Attr<()>,
    pub enabled: Option<Attr<bool>>,
    pub subnet_name: Option<Attr<String>>,
}

/// The DNS service address as written; `address` is none when the text is no IP address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsServiceIp {
    pub text: String,
    pub address: Option<IpAddr>,
}

/// The schema that a resource was written in: it decides defaults and how a missing value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// The azurerm provider and its major version, when known.
    Azurerm { major: Option<u32> },
    /// ARM properties: templates, Bicep, azapi.
    Arm,
}

/// What a schema calls the properties of a cluster, for messages.
#[derive(Debug)]
pub struct PropertyNames {
    /// The path of the block that holds the others.
    pub network_profile: &'static str,
    pub network_plugin: &'static str,
    pub network_plugin_mode: &'static str,
    pub network_policy: &'static str,
    pub pod_cidr: &'static str,
    pub service_cidr: &'static str,
    pub dns_service_ip: &'static str,
}

const AZURERM: PropertyNames = PropertyNames {
    network_profile: "network_profile",
    network_plugin: "network_plugin",
    network_plugin_mode: "network_plugin_mode",
    network_policy: "network_policy",
    pod_cidr: "pod_cidr",
    service_cidr: "service_cidr",
    dns_service_ip: "dns_service_ip",
};

const ARM: PropertyNames = PropertyNames {
    network_profile: "properties.networkProfile",
    network_plugin: "networkPlugin",
    network_plugin_mode: "networkPluginMode",
    network_policy: "networkPolicy",
    pod_cidr: "podCidr",
    service_cidr: "serviceCidr",
    dns_service_ip: "dnsServiceIP",
};

impl Cluster {
    /// What the schema that the cluster is written in calls its properties.
    pub fn names(&self) -> &'static PropertyNames {
        match self.input {
            InputKind::Azurerm { .. } => &AZURERM,
            InputKind::Arm => &ARM,
        }
    }
}
