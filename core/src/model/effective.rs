//! The ranges that a cluster really uses: what is written, or the default that Azure takes instead.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::eval::provenance::{Provenance, Via};

use super::attr::{Fact, List, Site};
use super::cidr::Cidr;
use super::cluster::{Cluster, DnsServiceIp};
use super::reserved;
use super::resource::RangeUse;
use super::view::{Range, View};
use super::vocabulary::{IpFamily, NetworkPlugin, NetworkPluginMode};

/// A range that a cluster uses.
#[derive(Debug, Clone)]
pub struct EffectiveRange {
    pub network: IpNet,
    /// Nobody wrote it.
    pub default: bool,
    pub from: Provenance,
    pub site: Arc<Site>,
}

impl EffectiveRange {
    /// The range as a fact, to blame.
    pub fn fact(&self) -> Fact<'_, IpNet> {
        Fact {
            value: &self.network,
            from: &self.from,
            site: &self.site,
        }
    }

    fn written(range: &Range<'_>) -> Self {
        EffectiveRange {
            network: range.network,
            default: range.fact.is_default(),
            from: range.fact.from.clone(),
            site: range.fact.site.clone(),
        }
    }
}

/// The IPv6 ranges of a dual-stack cluster that writes none.
/// <https://learn.microsoft.com/azure/aks/configure-dual-stack>
const DEFAULT_SERVICE_RANGE_V6: &str = "fd12:3456:789a:1::/108";
const DEFAULT_POD_RANGE_V6: &str = "fd12:3456:789a::/64";

impl<'a> View<'a> {
    /// The service ranges of a cluster. Empty when they are unknown, which is noted, or malformed.
    pub fn service_ranges(&self, cluster: &'a Cluster) -> Vec<EffectiveRange> {
        let property = cluster.names().service_cidr;
        let defaults = (reserved::DEFAULT_SERVICE_RANGE, DEFAULT_SERVICE_RANGE_V6);
        self.effective(cluster, &cluster.service_cidrs, defaults, property)
    }

    /// The pod ranges of a cluster whose pods have ranges of their own: kubenet and overlay. Empty when
    /// pods take addresses of subnets, or when one of these is unknown, which is noted.
    pub fn pod_ranges(&self, cluster: &'a Cluster) -> Vec<EffectiveRange> {
        if self.has_pod_ranges(cluster) != Some(true) {
            return Vec::new();
        }
        let property = cluster.names().pod_cidr;
        let defaults = (reserved::DEFAULT_POD_RANGE, DEFAULT_POD_RANGE_V6);
        self.effective(cluster, &cluster.pod_cidrs, defaults, property)
    }

    /// The service ranges and the pod ranges of a cluster, with what they are for.
    pub fn cluster_ranges(&self, cluster: &'a Cluster) -> Vec<(RangeUse, EffectiveRange)> {
        let services = self.service_ranges(cluster).into_iter();
        let pods = self.pod_ranges(cluster).into_iter();
        services
            .map(|range| (RangeUse::Service, range))
            .chain(pods.map(|range| (RangeUse::Pod, range)))
            .collect()
    }

    /// Whether pods have ranges of their own. Where no plugin is written the version decides between
    /// kubenet and overlay, and both have. None when it hangs on something unknown, which is noted.
    pub fn has_pod_ranges(&self, cluster: &'a Cluster) -> Option<bool> {
        if !self.is_written(&cluster.network_plugin) {
            return Some(true);
        }
        match self.read_written(&cluster.network_plugin)?.value {
            NetworkPlugin::Kubenet => Some(true),
            NetworkPlugin::Azure if !self.is_written(&cluster.network_plugin_mode) => Some(false),
            NetworkPlugin::Azure => {
                let mode = self.read_written(&cluster.network_plugin_mode)?;
                Some(*mode.value == NetworkPluginMode::Overlay)
            }
            NetworkPlugin::None | NetworkPlugin::Other(_) => Some(false),
        }
    }

    /// The IP families of a cluster, in order; IPv4 alone where none are written. None when unknown, which
    /// is noted.
    pub fn ip_families(&self, cluster: &'a Cluster) -> Option<Vec<IpFamily>> {
        let written = cluster.ip_families.as_ref();
        let Some(list) = written.filter(|_| self.is_written(&cluster.ip_families)) else {
            return Some(vec![IpFamily::IPv4]);
        };
        let families: Vec<IpFamily> = self
            .complete(list)?
            .into_iter()
            .map(|family| family.value.clone())
            .collect();
        Some(if families.is_empty() {
            vec![IpFamily::IPv4]
        } else {
            families
        })
    }

    fn effective(
        &self,
        cluster: &'a Cluster,
        written: &'a Option<List<Cidr>>,
        (ipv4, ipv6): (IpNet, &str),
        property: &str,
    ) -> Vec<EffectiveRange> {
        if let Some(list) = written.as_ref().filter(|_| self.is_written(written)) {
            let Some(members) = self.read(list) else {
                return Vec::new();
            };
            if !members.value.is_empty() {
                return self.ranges(list).iter().map(EffectiveRange::written).collect();
            }
        }
        let mut defaults = vec![ipv4];
        if cluster.ip_families.is_some() {
            let Some(families) = self.ip_families(cluster) else {
                return Vec::new();
            };
            if families.contains(&IpFamily::IPv6) {
                defaults.extend(ipv6.parse::<IpNet>());
            }
        }
        let (from, site) = self.omitted_at(cluster, property);
        let effective = |network| EffectiveRange {
            network,
            default: true,
            from: from.clone(),
            site: site.clone(),
        };
        defaults.into_iter().map(effective).collect()
    }

    /// The network profile, or the cluster where there is none: what does not set this property of it.
    pub fn omitted_at(&self, cluster: &'a Cluster, property: &str) -> (Provenance, Arc<Site>) {
        let profile = self.read_written(&cluster.network_profile);
        let block: Fact<'_, ()> = profile.unwrap_or_else(|| cluster.declared.fact());
        let site = Site {
            owner: cluster.declared.site.owner.clone(),
            property: format!("{}.{property}", cluster.names().network_profile).into(),
        };
        (
            Provenance::new(Via::ProviderDefault, block.from.nearest().span),
            Arc::new(site),
        )
    }

    /// The DNS service address as written, when it is an IP address.
    pub fn dns_service_address(&self, cluster: &'a Cluster) -> Option<(IpAddr, Fact<'a, DnsServiceIp>)> {
        let fact = self.read_written(&cluster.dns_service_ip)?;
        Some((fact.value.address?, fact))
    }
}

impl Site {
    /// The last part of the property's path: `service_cidr`. Empty for the resource itself.
    pub fn property_name(&self) -> &str {
        let name = self.property.rsplit('.').next().unwrap_or_default();
        name.split('[').next().unwrap_or_default()
    }
}

/// The address that Azure's documentation gives to the DNS service: the tenth of the range.
pub fn usual_dns_address(range: IpNet) -> Option<IpAddr> {
    let address = match range {
        IpNet::V4(range) => IpAddr::V4(u32::from(range.network()).checked_add(10)?.into()),
        IpNet::V6(range) => IpAddr::V6(u128::from(range.network()).checked_add(10)?.into()),
    };
    (range.contains(&address) && address != range.broadcast()).then_some(address)
}
