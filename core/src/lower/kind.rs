//! The kinds of resources that others refer to, and their names in Terraform and in Azure.

use crate::model::attr::Id;
use crate::model::cluster::Cluster;
use crate::model::identity::{ManagedIdentity, RoleDefinition};
use crate::model::network::ResourceGroup;
use crate::model::routing::{NatGateway, PrivateDnsZone, PublicIp, RouteTable};
use crate::model::security::SecurityGroup;
use crate::model::subnet::{Subnet, VirtualNetwork};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    ResourceGroup,
    VirtualNetwork,
    Subnet,
    SecurityGroup,
    RouteTable,
    NatGateway,
    PublicIp,
    PublicIpPrefix,
    Identity,
    RoleDefinition,
    PrivateDnsZone,
    Cluster,
}

/// Each kind with its azurerm type, its type in Azure ids, and what messages call it.
#[rustfmt::skip]
const NAMES: [(Kind, &str, &str, &str); 12] = [
    (Kind::ResourceGroup, "azurerm_resource_group", "Microsoft.Resources/resourceGroups", "resource group"),
    (Kind::VirtualNetwork, "azurerm_virtual_network", "Microsoft.Network/virtualNetworks", "virtual network"),
    (Kind::Subnet, "azurerm_subnet", "Microsoft.Network/virtualNetworks/subnets", "subnet"),
    (Kind::SecurityGroup, "azurerm_network_security_group", "Microsoft.Network/networkSecurityGroups", "network security group"),
    (Kind::RouteTable, "azurerm_route_table", "Microsoft.Network/routeTables", "route table"),
    (Kind::NatGateway, "azurerm_nat_gateway", "Microsoft.Network/natGateways", "NAT gateway"),
    (Kind::PublicIp, "azurerm_public_ip", "Microsoft.Network/publicIPAddresses", "public IP address"),
    (Kind::PublicIpPrefix, "azurerm_public_ip_prefix", "Microsoft.Network/publicIPPrefixes", "public IP prefix"),
    (Kind::Identity, "azurerm_user_assigned_identity", "Microsoft.ManagedIdentity/userAssignedIdentities", "managed identity"),
    (Kind::RoleDefinition, "azurerm_role_definition", "Microsoft.Authorization/roleDefinitions", "role definition"),
    (Kind::PrivateDnsZone, "azurerm_private_dns_zone", "Microsoft.Network/privateDnsZones", "private DNS zone"),
    (Kind::Cluster, "azurerm_kubernetes_cluster", "Microsoft.ContainerService/managedClusters", "cluster"),
];

/// Another schema of clusters in the azurerm provider.
pub(super) const AUTOMATIC_CLUSTER: &str = "azurerm_kubernetes_automatic_cluster";

/// Whether a resource is written with the properties of Azure's own interface: in a template, a Bicep file,
/// or with the azapi provider.
pub(super) fn is_arm(schema: &str) -> bool {
    schema.contains('/')
}

impl Kind {
    /// The kind of a resource of the azurerm provider or of an ARM type.
    pub(super) fn of_schema(schema: &str) -> Option<Kind> {
        if is_arm(schema) {
            return Kind::of_arm(schema);
        }
        if schema == AUTOMATIC_CLUSTER {
            return Some(Kind::Cluster);
        }
        let names = NAMES.iter().find(|(_, azurerm, ..)| *azurerm == schema)?;
        Some(names.0)
    }

    pub(super) fn of_arm(kind: &str) -> Option<Kind> {
        let names = NAMES
            .iter()
            .find(|(_, _, arm, _)| arm.eq_ignore_ascii_case(kind))?;
        Some(names.0)
    }

    /// The type in Azure ids: `Microsoft.Network/virtualNetworks/subnets`.
    pub(super) fn arm(self) -> &'static str {
        NAMES
            .iter()
            .find(|names| names.0 == self)
            .map_or("", |names| names.2)
    }

    /// Addresses and prefixes share a list.
    pub(super) fn listed_as(self) -> Kind {
        match self {
            Kind::PublicIpPrefix => Kind::PublicIp,
            other => other,
        }
    }

    pub(super) fn noun(self) -> &'static str {
        NAMES
            .iter()
            .find(|names| names.0 == self)
            .map_or("resource", |names| names.3)
    }
}

/// The place of a resource in the network's list of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Slot {
    pub(super) kind: Kind,
    pub(super) index: usize,
}

impl Slot {
    /// The id, when the resource is a `T`.
    pub(super) fn id<T: Listed>(self) -> Option<Id<T>> {
        T::KINDS.contains(&self.kind).then(|| Id::new(self.index))
    }
}

/// What the network has a list of and links lead to.
pub(super) trait Listed {
    const KINDS: &'static [Kind];
}

macro_rules! listed {
    ($($listed:ty: $($kind:ident)|+),+ $(,)?) => {
        $(impl Listed for $listed {
            const KINDS: &'static [Kind] = &[$(Kind::$kind),+];
        })+
    };
}

listed! {
    ResourceGroup: ResourceGroup,
    VirtualNetwork: VirtualNetwork,
    Subnet: Subnet,
    SecurityGroup: SecurityGroup,
    RouteTable: RouteTable,
    NatGateway: NatGateway,
    PublicIp: PublicIp | PublicIpPrefix,
    ManagedIdentity: Identity,
    RoleDefinition: RoleDefinition,
    PrivateDnsZone: PrivateDnsZone,
    Cluster: Cluster,
}
