//! Ranges that nothing in the deployment uses, to propose instead of ones that collide.

use std::net::Ipv4Addr;

use ipnet::{IpNet, Ipv4Net};

use super::attr::{Attr, List, State};
use super::cidr::Cidr;
use super::network::Network;
use super::reserved;
use super::subnet::{Subnet, VirtualNetwork};

/// The first range of this prefix length inside `within` that overlaps none of `taken`. IPv4 only.
pub fn first_free(within: IpNet, prefix: u8, taken: &[IpNet]) -> Option<IpNet> {
    let IpNet::V4(within) = within else {
        return None;
    };
    if prefix < within.prefix_len() || prefix > 32 {
        return None;
    }
    let size = 1_u64 << (32 - u32::from(prefix));
    let bounds = |range: Ipv4Net| {
        let (first, last) = (u32::from(range.network()), u32::from(range.broadcast()));
        (u64::from(first), u64::from(last))
    };
    let (mut start, last) = bounds(within);
    let mut blocking: Vec<(u64, u64)> = taken
        .iter()
        .filter_map(|range| match range {
            IpNet::V4(range) => Some(bounds(*range)),
            IpNet::V6(_) => None,
        })
        .collect();
    blocking.sort_unstable();
    for (from, to) in blocking {
        if from >= start + size {
            break;
        }
        if to >= start {
            start = (to + 1).next_multiple_of(size);
        }
    }
    if start + size > last + 1 {
        return None;
    }
    let address = Ipv4Addr::from(u32::try_from(start).ok()?);
    Ipv4Net::new(address, prefix).ok().map(IpNet::V4)
}

/// The first free ranges of this prefix length, at most so many.
fn free_ranges(within: &[IpNet], prefix: u8, taken: &[IpNet], count: usize) -> Vec<IpNet> {
    let mut taken = taken.to_vec();
    let mut found = Vec::new();
    for within in within {
        while found.len() < count
            && let Some(free) = first_free(*within, prefix, &taken)
        {
            taken.push(free);
            found.push(free);
        }
    }
    found
}

impl Network {
    /// A private range of this prefix length that nothing in this deployment uses: `preferred` if that
    /// is free, otherwise the first one.
    pub fn free_range(&self, preferred: Option<IpNet>, prefix: u8) -> Option<IpNet> {
        self.free_ranges_besides(preferred, prefix, &[], 1)
            .into_iter()
            .next()
    }

    /// The first of these ranges, at most so many, where further ones are about to be used: `preferred` first
    /// if that is free.
    pub fn free_ranges_besides(
        &self,
        preferred: Option<IpNet>,
        prefix: u8,
        besides: &[IpNet],
        count: usize,
    ) -> Vec<IpNet> {
        let mut taken = self.taken_ranges();
        taken.extend_from_slice(besides);
        let [ten, seventeen_two, nineteen_two] = reserved::PRIVATE;
        let preferred = preferred.and_then(|range| first_free(range, prefix.max(range.prefix_len()), &taken));
        let mut free: Vec<IpNet> = preferred.into_iter().collect();
        taken.extend_from_slice(&free);
        let taken = with_defaults(taken);
        let within = [seventeen_two, ten, nineteen_two];
        free.extend(free_ranges(
            &within,
            prefix,
            &taken,
            count.saturating_sub(free.len()),
        ));
        free
    }

    /// A range for a virtual network, of this prefix length, that nothing in this deployment uses.
    pub fn free_address_space(&self, prefix: u8) -> Option<IpNet> {
        let taken = with_defaults(self.taken_ranges());
        reserved::PRIVATE
            .into_iter()
            .find_map(|within| first_free(within, prefix, &taken))
    }

    /// A range of this prefix length inside the virtual network that none of its other subnets uses, nor any
    /// cluster for services or pods.
    pub fn free_subnet_range(&self, network: &VirtualNetwork, except: &Subnet, prefix: u8) -> Option<IpNet> {
        let ranges = self.free_subnet_ranges(network, except, prefix, 1);
        ranges.into_iter().next()
    }

    /// The first of these ranges, at most so many.
    pub fn free_subnet_ranges(
        &self,
        network: &VirtualNetwork,
        except: &Subnet,
        prefix: u8,
        count: usize,
    ) -> Vec<IpNet> {
        let mut taken = Vec::new();
        for subnet in self.subnets.iter().filter(|subnet| subnet.id != except.id) {
            collect_ranges(&subnet.prefixes, &mut taken);
        }
        self.collect_cluster_ranges(&mut taken);
        let mut spaces = Vec::new();
        collect_ranges(&network.address_space, &mut spaces);
        free_ranges(&spaces, prefix, &taken, count)
    }

    /// Every range that is written or reserved, whatever the conditions.
    fn taken_ranges(&self) -> Vec<IpNet> {
        let mut taken: Vec<IpNet> = reserved::RESERVED_BY_AKS.to_vec();
        taken.push(reserved::MANAGED_NETWORK);
        for network in &self.virtual_networks {
            collect_ranges(&network.address_space, &mut taken);
        }
        for subnet in &self.subnets {
            collect_ranges(&subnet.prefixes, &mut taken);
        }
        self.collect_cluster_ranges(&mut taken);
        taken
    }

    fn collect_cluster_ranges(&self, into: &mut Vec<IpNet>) {
        for cluster in &self.clusters {
            for list in cluster.service_cidrs.iter().chain(&cluster.pod_cidrs) {
                collect_ranges(list, into);
            }
        }
    }
}

/// The default ranges are left to the clusters that write none.
fn with_defaults(mut taken: Vec<IpNet>) -> Vec<IpNet> {
    taken.extend([reserved::DEFAULT_SERVICE_RANGE, reserved::DEFAULT_POD_RANGE]);
    taken
}

/// The known ranges of a list on every branch of its choices.
fn collect_ranges(list: &List<Cidr>, into: &mut Vec<IpNet>) {
    each_branch(list, &mut |members: &Vec<Attr<Cidr>>| {
        for member in members {
            each_branch(member, &mut |cidr: &Cidr| into.extend(cidr.network));
        }
    });
}

fn each_branch<T>(attr: &Attr<T>, visit: &mut impl FnMut(&T)) {
    let mut pending = vec![attr];
    while let Some(attr) = pending.pop() {
        match &attr.state {
            State::Known(value) => visit(value),
            State::OneOf(choice) => pending.extend(choice.yes.iter().chain(&choice.no)),
            State::Unknown(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_free;

    fn free(within: &str, prefix: u8, taken: &[&str]) -> Option<String> {
        let taken: Vec<_> = taken.iter().map(|range| range.parse().unwrap()).collect();
        first_free(within.parse().unwrap(), prefix, &taken).map(|range| range.to_string())
    }

    #[test]
    fn takes_the_first_gap_that_is_wide_enough() {
        assert_eq!(
            free("10.0.0.0/8", 22, &["10.0.0.0/22", "10.0.4.0/22"]).as_deref(),
            Some("10.0.8.0/22")
        );
        assert_eq!(
            free("10.0.0.0/16", 24, &["10.0.0.0/25", "10.0.1.0/24"]).as_deref(),
            Some("10.0.2.0/24")
        );
        assert_eq!(
            free("172.16.0.0/12", 16, &["172.17.0.0/16"]).as_deref(),
            Some("172.16.0.0/16")
        );
    }

    #[test]
    fn finds_nothing_where_all_is_taken() {
        assert_eq!(free("10.0.0.0/16", 16, &["10.0.255.255/32"]), None);
        assert_eq!(free("10.0.0.0/16", 8, &[]), None);
        assert_eq!(free("0.0.0.0/0", 0, &["255.255.255.255/32"]), None);
        assert_eq!(
            free("255.0.0.0/8", 16, &["255.0.0.0/9"]).as_deref(),
            Some("255.128.0.0/16")
        );
    }
}
