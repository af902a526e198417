//! Where a module call takes its module from.

/// An address in the registry or a repository, and the version that it names itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    address: String,
    is_repository: bool,
    pub(super) version: Option<String>,
}

impl Source {
    pub(super) fn is(&self, registry: &str, repository: &str) -> bool {
        let known = if self.is_repository { repository } else { registry };
        self.address.eq_ignore_ascii_case(known)
    }

    /// `keyvault-vault` of `Azure/avm-res-keyvault-vault/azurerm`, which Azure publishes and verifies.
    pub(super) fn verified_resource(&self) -> Option<&str> {
        let name = match self.is_repository {
            true => self.address.strip_prefix("Azure/terraform-azurerm-")?,
            false => self.address.strip_prefix("Azure/")?.strip_suffix("/azurerm")?,
        };
        name.strip_prefix("avm-res-")
    }
}

/// `avm/res/network/virtual-network` and `0.7.0` of a module that Bicep takes from Azure's public registry; none
/// for other registries.
pub(super) fn of_bicep(written: &str) -> Option<(&str, &str)> {
    let registries = ["br/public:", "br:mcr.microsoft.com/bicep/"];
    let path = registries
        .iter()
        .find_map(|registry| written.strip_prefix(registry))?;
    path.split_once(':')
}

/// The address without what does not tell modules apart. A folder inside a module is a module of its own.
pub(super) fn source(written: &str) -> Source {
    let (address, query) = written.split_once('?').unwrap_or((written, ""));
    let reference = query.split('&').find_map(|pair| pair.strip_prefix("ref="));
    let address = address.strip_prefix("git::").unwrap_or(address);
    let repository = ["https://", "ssh://git@", "git@", ""].iter().find_map(|scheme| {
        let host = address.strip_prefix(scheme)?.strip_prefix("github.com")?;
        host.strip_prefix(['/', ':'])
    });
    let address = match repository {
        Some(path) => path.replacen(".git", "", 1),
        None => address
            .strip_prefix("registry.terraform.io/")
            .unwrap_or(address)
            .to_owned(),
    };
    Source {
        address,
        is_repository: repository.is_some(),
        version: reference.filter(|_| repository.is_some()).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_of_the_registry_and_of_repositories() {
        let shown = |written: &str| {
            let source = source(written);
            format!("{} {}", source.address, source.version.unwrap_or_default())
        };
        assert_eq!(shown("Azure/aks/azurerm"), "Azure/aks/azurerm ");
        assert_eq!(
            shown("registry.terraform.io/Azure/aks/azurerm"),
            "Azure/aks/azurerm "
        );
        assert_eq!(
            shown("Azure/aks/azurerm//modules/pool"),
            "Azure/aks/azurerm//modules/pool "
        );
        assert_eq!(
            shown("git::https://github.com/Azure/aks.git?ref=v1.0.0"),
            "Azure/aks v1.0.0"
        );
        assert_eq!(shown("github.com/Azure/aks"), "Azure/aks ");
        assert_eq!(
            shown("git@github.com:Azure/aks.git?depth=1&ref=2.0"),
            "Azure/aks 2.0"
        );
        assert_eq!(
            shown("git::https://github.com/Azure/aks.git//modules/pool?ref=1.0"),
            "Azure/aks//modules/pool 1.0"
        );
    }
}
