//! Modules of registries that many configurations call, as far as the network is concerned. Each stands here as
//! a short module in the language of its callers, with the inputs, defaults and outputs that were looked up in
//! the published code; everything else about it stays unknown. A variable `since_9_0_0` in it is true from that
//! version on.

mod source;
mod version;

use crate::eval::catalogue::{KnownModule, Version};

use source::{of_bicep, source};
use version::{admits, parsed};

/// A module, by its address in the registry and its repository.
struct Known {
    registry: &'static str,
    repository: &'static str,
    path: &'static str,
    text: &'static str,
    /// Those that the text was compared with, without those for trying out.
    versions: &'static str,
}

/// Of the module and of the modules inside it that are called by themselves.
#[rustfmt::skip]
const VIRTUAL_NETWORK_VERSIONS: &str = "0.2.0 0.2.1 0.2.2 0.2.3 0.2.4 0.3.0 0.4.0 0.4.1 0.4.2 0.5.0 0.6.0 0.7.0 0.7.1 0.7.2 0.8.0 0.8.1 \
            0.9.0 0.9.1 0.9.2 0.9.3 0.10.0 0.11.0 0.12.0 0.13.0 0.14.0 0.14.1 0.15.0 0.16.0 0.17.0 0.17.1 0.18.0 \
            0.18.1 0.18.2 0.19.0 0.20.0 0.21.0 0.22.0 0.22.1";

#[rustfmt::skip]
const TERRAFORM: [Known; 10] = [
    Known {
        registry: "Azure/aks/azurerm",
        repository: "Azure/terraform-azurerm-aks",
        path: "<known>/Azure/aks/azurerm/main.tf",
        text: include_str!("aks.tf"),
        versions: "4.5.0 4.6.0 4.7.0 4.8.0 4.9.0 4.10.0 4.11.0 4.12.0 4.13.0 4.14.0 4.15.0 4.16.0 5.0.0 6.0.0 6.1.0 \
            6.2.0 6.3.0 6.4.0 6.5.0 6.6.0 6.7.0 6.7.1 6.8.0 7.0.0 7.1.0 7.2.0 7.3.0 7.3.1 7.3.2 7.4.0 7.5.0 8.0.0 \
            9.0.0 9.1.0 9.2.0 9.3.0 9.4.0 9.4.1 10.0.0 10.0.1 10.0.2 10.1.0 10.1.1 10.2.0 11.0.0 11.1.0 11.2.0 \
            11.3.0 11.4.0 11.5.0",
    },
    Known {
        registry: "Azure/avm-ptn-aks-production/azurerm",
        repository: "Azure/terraform-azurerm-avm-ptn-aks-production",
        path: "<known>/Azure/avm-ptn-aks-production/azurerm/main.tf",
        text: include_str!("avm_aks_production.tf"),
        versions: "0.2.0 0.3.0 0.4.0 0.5.0",
    },
    // Version 0.4.0 changed most inputs and the provider.
    Known {
        registry: "Azure/avm-res-containerservice-managedcluster/azurerm",
        repository: "Azure/terraform-azurerm-avm-res-containerservice-managedcluster",
        path: "<known>/Azure/avm-res-containerservice-managedcluster/azurerm/azurerm/main.tf",
        text: include_str!("avm_managed_cluster_azurerm.tf"),
        versions: "0.1.0 0.1.1 0.1.2 0.1.3 0.1.4 0.1.5 0.1.6 0.1.7 0.1.8 0.1.9 0.2.0 0.2.1 0.2.2 0.2.3 0.2.4 0.2.5 \
            0.2.6 0.2.7 0.2.8 0.2.9 0.3.0 0.3.1 0.3.2 0.3.3",
    },
    Known {
        registry: "Azure/avm-res-containerservice-managedcluster/azurerm",
        repository: "Azure/terraform-azurerm-avm-res-containerservice-managedcluster",
        path: "<known>/Azure/avm-res-containerservice-managedcluster/azurerm/main.tf",
        text: include_str!("avm_managed_cluster.tf"),
        versions: "0.4.0 0.4.1 0.4.2 0.4.3 0.5.0 0.5.1 0.5.2 0.5.3 0.5.4 0.5.5 0.5.6 0.5.7 0.6.0 0.6.1 0.6.2 0.6.3 \
            0.6.4 0.6.5 0.6.6 0.6.7 0.7.0 0.7.1 0.7.2 0.7.3 0.8.0 0.8.1",
    },
    Known {
        registry: "Azure/vnet/azurerm",
        repository: "Azure/terraform-azurerm-vnet",
        path: "<known>/Azure/vnet/azurerm/main.tf",
        text: include_str!("vnet.tf"),
        versions: "2.0.0 2.1.0 2.2.0 2.3.0 2.4.0 2.5.0 2.6.0 2.7.0 3.0.0 3.1.0 3.2.0 4.0.0 4.1.0 5.0.0 5.0.1",
    },
    Known {
        registry: "Azure/network/azurerm",
        repository: "Azure/terraform-azurerm-network",
        path: "<known>/Azure/network/azurerm/main.tf",
        text: include_str!("network.tf"),
        versions: "3.0.0 3.0.1 3.1.1 3.2.1 3.3.0 3.4.0 3.5.0 4.0.0 4.0.1 4.1.0 4.2.0 5.0.0 5.1.0 5.2.0 5.3.0",
    },
    Known {
        registry: "Azure/subnets/azurerm",
        repository: "Azure/terraform-azurerm-subnets",
        path: "<known>/Azure/subnets/azurerm/main.tf",
        text: include_str!("subnets.tf"),
        versions: "1.0.0 1.1.0",
    },
    Known {
        registry: "Azure/avm-res-network-virtualnetwork/azurerm",
        repository: "Azure/terraform-azurerm-avm-res-network-virtualnetwork",
        path: "<known>/Azure/avm-res-network-virtualnetwork/azurerm/main.tf",
        text: include_str!("avm_virtual_network.tf"),
        versions: VIRTUAL_NETWORK_VERSIONS,
    },
    Known {
        registry: "Azure/avm-res-network-virtualnetwork/azurerm//modules/subnet",
        repository: "Azure/terraform-azurerm-avm-res-network-virtualnetwork//modules/subnet",
        path: "<known>/Azure/avm-res-network-virtualnetwork/azurerm/modules/subnet/main.tf",
        text: include_str!("avm_subnet.tf"),
        versions: VIRTUAL_NETWORK_VERSIONS,
    },
    Known {
        registry: "Azure/avm-res-network-virtualnetwork/azurerm//modules/peering",
        repository: "Azure/terraform-azurerm-avm-res-network-virtualnetwork//modules/peering",
        path: "<known>/Azure/avm-res-network-virtualnetwork/azurerm/modules/peering/main.tf",
        text: include_str!("avm_peering.tf"),
        versions: VIRTUAL_NETWORK_VERSIONS,
    },
];

#[rustfmt::skip]
const BICEP: [Known; 5] = [
    Known {
        registry: "avm/res/container-service/managed-cluster",
        repository: "Azure/bicep-registry-modules",
        path: "<known>/avm/res/container-service/managed-cluster/main.bicep",
        text: include_str!("managed_cluster.bicep"),
        versions: "0.1.0 0.1.1 0.1.2 0.1.3 0.1.4 0.1.5 0.1.6 0.1.7 0.2.0 0.2.1 0.2.2 0.3.0 0.4.0 0.4.1 0.4.2 0.5.0 0.5.1 0.5.2 \
            0.5.3 0.5.4 0.6.0 0.6.1 0.6.2 0.7.0 0.8.0 0.8.1 0.8.2 0.8.3 0.9.0 0.10.0 0.10.1 0.11.0 0.11.1 0.12.0 \
            0.13.0 0.13.1 0.14.0",
    },
    Known {
        registry: "avm/res/network/virtual-network",
        repository: "Azure/bicep-registry-modules",
        path: "<known>/avm/res/network/virtual-network/main.bicep",
        text: include_str!("virtual_network.bicep"),
        versions: "0.1.0 0.1.1 0.1.5 0.1.6 0.1.7 0.1.8 0.2.0 0.3.0 0.4.0 0.4.1 0.5.0 0.5.1 0.5.2 0.5.3 0.5.4 0.6.0 0.6.1 0.7.0 \
            0.7.1 0.7.2 0.8.0 0.8.1 0.9.0 0.10.0 0.10.1",
    },
    Known {
        registry: "avm/res/network/network-security-group",
        repository: "Azure/bicep-registry-modules",
        path: "<known>/avm/res/network/network-security-group/main.bicep",
        text: include_str!("network_security_group.bicep"),
        versions: "0.1.0 0.1.1 0.1.2 0.1.3 0.2.0 0.3.0 0.3.1 0.4.0 0.5.0 0.5.1 0.5.2 0.5.3",
    },
    Known {
        registry: "avm/res/network/route-table",
        repository: "Azure/bicep-registry-modules",
        path: "<known>/avm/res/network/route-table/main.bicep",
        text: include_str!("route_table.bicep"),
        versions: "0.1.0 0.2.0 0.2.1 0.2.2 0.2.3 0.3.0 0.4.0 0.4.1 0.5.0",
    },
    Known {
        registry: "avm/res/network/nat-gateway",
        repository: "Azure/bicep-registry-modules",
        path: "<known>/avm/res/network/nat-gateway/main.bicep",
        text: include_str!("nat_gateway.bicep"),
        versions: "1.0.0 1.0.1 1.0.2 1.0.3 1.0.4 1.0.5 1.1.0 1.2.0 1.2.1 1.2.2 1.4.0 2.0.0 2.0.1 2.1.0",
    },
];

/// The module that a call means, with the versions that it admits; none when it is not known, no version of it
/// that is known is admitted, or the ones that are do not have the same inputs.
pub(super) fn module(written: &str, constraint: Option<&str>) -> Option<KnownModule> {
    if let Some((path, version)) = of_bicep(written) {
        let known = BICEP.iter().find(|known| known.registry == path)?;
        return known.admitted(Some(version));
    }
    let source = source(written);
    let constraint = source.version.as_deref().or(constraint);
    let known = TERRAFORM.iter();
    let known = known.filter(|known| source.is(known.registry, known.repository));
    let mut admitted = known.filter_map(|known| known.admitted(constraint));
    admitted.next().filter(|_| admitted.next().is_none())
}

/// What Azure's verified modules of resources are called after, as far as it takes part. Modules of other
/// resources say in their names that they hold nothing of a network.
const RELATED: [&str; 11] = [
    "authorization",
    "container-service",
    "managed-identity",
    "network/nat-gateway",
    "network/network-manager",
    "network/network-security-group",
    "network/private-dns-zone",
    "network/public-ip",
    "network/route-table",
    "network/virtual-network",
    "resources",
];

/// Whether a module of Azure's verified modules is of resources that take no part: of a vault, a registry, a
/// workspace. Patterns can hold anything, and so can modules of others.
pub(super) fn is_unrelated(written: &str) -> bool {
    if let Some((path, _)) = of_bicep(written) {
        let resource = path.strip_prefix("avm/res/");
        return resource.is_some_and(|resource| !RELATED.iter().any(|related| resource.starts_with(related)));
    }
    let source = source(written);
    let Some(resource) = source.verified_resource() else {
        return false;
    };
    // Terraform's names have no dashes inside their parts: avm-res-network-virtualnetwork.
    let plain = |text: &str| text.replace(['-', '/'], "");
    let resource = plain(resource);
    !RELATED
        .iter()
        .any(|related| resource.starts_with(&plain(related)))
}

/// Each known module as callers write it, with the versions that are known, for its page.
pub(super) fn listed() -> impl Iterator<Item = (String, &'static str)> {
    let terraform = TERRAFORM.iter();
    let terraform = terraform.map(|known| (known.registry.to_owned(), known.versions));
    let bicep = BICEP.iter();
    let bicep = bicep.map(|known| (format!("br/public:{}", known.registry), known.versions));
    terraform.chain(bicep)
}

impl Known {
    fn admitted(&self, constraint: Option<&str>) -> Option<KnownModule> {
        let versions = self.versions.split_whitespace().filter_map(parsed);
        let versions: Vec<Version> = versions
            .filter(|version| constraint.is_none_or(|constraint| admits(constraint, *version)))
            .collect();
        (!versions.is_empty()).then_some(KnownModule {
            path: self.path,
            text: self.text,
            versions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::{bicep, hcl};

    #[test]
    fn stand_ins_have_no_errors() {
        for known in &TERRAFORM {
            let file = hcl::parse(FileId(0), known.text, hcl::Notation::Native);
            assert!(file.errors.is_empty(), "{}: {:?}", known.path, file.errors);
        }
        for known in &BICEP {
            let file = bicep::parse(FileId(0), known.text);
            assert!(file.errors.is_empty(), "{}: {:?}", known.path, file.errors);
        }
    }

    #[test]
    fn names_tell_what_takes_no_part() {
        assert!(is_unrelated("br/public:avm/res/key-vault/vault:0.9.0"));
        assert!(is_unrelated("br/public:avm/res/network/private-endpoint:0.9.0"));
        assert!(!is_unrelated(
            "br/public:avm/res/network/virtual-network/subnet:0.1.0"
        ));
        assert!(!is_unrelated("br/public:avm/ptn/azd/acr:0.1.0"));
        assert!(!is_unrelated("br:contoso.azurecr.io/bicep/vault:v1"));
        assert!(is_unrelated("Azure/avm-res-keyvault-vault/azurerm"));
        assert!(!is_unrelated("Azure/avm-res-network-virtualnetwork/azurerm"));
        assert!(!is_unrelated("Azure/naming/azurerm"));
        assert!(!is_unrelated("contoso/avm-res-keyvault-vault/azurerm"));
    }

    #[test]
    fn a_call_means_one_stand_in() {
        let versions = |source: &str, constraint: Option<&str>| {
            let found = module(source, constraint);
            found.map_or(0, |known| known.versions.len())
        };
        assert_eq!(versions("Azure/aks/azurerm", Some("~> 11.0")), 6);
        assert_eq!(versions("Azure/aks/azurerm", Some("~> 12.0")), 0);
        let cluster = "Azure/avm-res-containerservice-managedcluster/azurerm";
        assert_eq!(versions(cluster, Some("0.3.3")), 1);
        assert_eq!(versions(cluster, Some(">= 0.3.3")), 0);
        assert_eq!(versions("br/public:avm/res/network/route-table:0.4.0", None), 1);
        assert_eq!(versions("br/public:avm/res/network/route-table:9.0.0", None), 0);
        assert_eq!(versions("br/contoso:avm/res/network/route-table:0.4.0", None), 0);
    }
}
