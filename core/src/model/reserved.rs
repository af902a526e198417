//! The ranges that AKS or Azure keeps for itself.

use ipnet::{IpNet, Ipv4Net};

use super::cidr::overlap;

const fn ipv4(first: u8, second: u8, third: u8, fourth: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(
        std::net::Ipv4Addr::new(first, second, third, fourth),
        prefix,
    ))
}

/// What AKS refuses for services, pods and the cluster's virtual network.
/// <https://learn.microsoft.com/azure/aks/concepts-network-cni-overview>
pub const RESERVED_BY_AKS: [IpNet; 4] = [
    ipv4(169, 254, 0, 0, 16),
    ipv4(172, 30, 0, 0, 16),
    ipv4(172, 31, 0, 0, 16),
    ipv4(192, 0, 2, 0, 24),
];

/// What no virtual network may hold: multicast, broadcast, loopback, link-local, Azure's own DNS.
/// <https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>
pub const NOT_ALLOWED_IN_NETWORKS: [(IpNet, &str); 5] = [
    (ipv4(224, 0, 0, 0, 4), "multicast"),
    (ipv4(255, 255, 255, 255, 32), "broadcast"),
    (ipv4(127, 0, 0, 0, 8), "loopback"),
    (ipv4(169, 254, 0, 0, 16), "link-local"),
    (ipv4(168, 63, 129, 16, 32), "Azure's internal DNS"),
];

/// The virtual network that AKS makes when no pool names a subnet.
pub const MANAGED_NETWORK: IpNet = ipv4(10, 224, 0, 0, 12);

/// The private ranges of RFC 1918.
pub const PRIVATE: [IpNet; 3] = [
    ipv4(10, 0, 0, 0, 8),
    ipv4(172, 16, 0, 0, 12),
    ipv4(192, 168, 0, 0, 16),
];

pub const DEFAULT_SERVICE_RANGE: IpNet = ipv4(10, 0, 0, 0, 16);
pub const DEFAULT_POD_RANGE: IpNet = ipv4(10, 244, 0, 0, 16);

/// The first of the ranges reserved by AKS that this one overlaps. Overlap counts, not containment:
/// 172.16.0.0/12 is refused because it holds 172.30.0.0/16.
pub fn reserved_by_aks(range: IpNet) -> Option<IpNet> {
    RESERVED_BY_AKS
        .into_iter()
        .find(|reserved| overlap(*reserved, range))
}

/// The first of the ranges not allowed in virtual networks that this one overlaps, and what it is.
pub fn not_allowed_in_networks(range: IpNet) -> Option<(IpNet, &'static str)> {
    NOT_ALLOWED_IN_NETWORKS
        .into_iter()
        .find(|(reserved, _)| overlap(*reserved, range))
}

/// The same without what no virtual network may hold anyway: for the networks that clusters are in.
pub fn reserved_for_clusters(range: IpNet) -> Option<IpNet> {
    RESERVED_BY_AKS
        .into_iter()
        .filter(|reserved| not_allowed_in_networks(*reserved).is_none())
        .find(|reserved| overlap(*reserved, range))
}

#[cfg(test)]
mod tests {
    use super::reserved_by_aks;

    fn reserved(range: &str) -> Option<String> {
        reserved_by_aks(range.parse().unwrap()).map(|reserved| reserved.to_string())
    }

    #[test]
    fn overlap_counts_and_not_containment() {
        assert_eq!(reserved("172.16.0.0/12").as_deref(), Some("172.30.0.0/16"));
        assert_eq!(reserved("172.31.128.0/17").as_deref(), Some("172.31.0.0/16"));
        assert_eq!(reserved("192.0.0.0/16").as_deref(), Some("192.0.2.0/24"));
        assert_eq!(reserved("172.0.0.0/8").as_deref(), Some("172.30.0.0/16"));
        assert_eq!(reserved("172.16.0.0/16"), None);
        assert_eq!(reserved("fd00::/64"), None);
    }
}
