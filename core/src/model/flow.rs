//! Traffic between addresses, as sets that security rules can be laid over and cut out of.
//!
//! A flow spans five axes: source and destination address, protocol, source and destination port. A
//! [`Traffic`] is one block in that space; what a rule catches of it, and what is left, are blocks again.

use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::reserved;
use super::vocabulary::{Direction, Protocol};

/// What is asked of a security group: may this traffic pass?
#[derive(Debug, Clone)]
pub struct Flow {
    pub direction: Direction,
    pub source: Endpoint,
    pub destination: Endpoint,
    /// `Any` asks for all protocols.
    pub protocol: Protocol,
    /// The first and the last destination port; none asks for all.
    pub ports: Option<(u16, u16)>,
}

/// One side of a flow. A range that is not known still stands for itself: a rule for all addresses, or for
/// the same unknown range, covers it.
#[derive(Debug, Clone, Default)]
pub struct Endpoint {
    pub ranges: Vec<IpNet>,
    pub unknown: Vec<Unknown>,
}

/// The address from which Azure's load balancer probes.
pub const LOAD_BALANCER: &str = "168.63.129.16/32";

impl Endpoint {
    pub fn range(range: IpNet) -> Self {
        Endpoint {
            ranges: vec![range],
            unknown: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.unknown.is_empty()
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Endpoint) -> Self {
        let mut both = self.clone();
        both.ranges.extend_from_slice(&other.ranges);
        both.unknown.extend_from_slice(&other.unknown);
        both
    }

    /// Where its members lie on an address axis.
    pub(super) fn intervals(&self) -> Vec<Interval> {
        let known = self.ranges.iter().map(|range| Interval::of_range(*range));
        let unknown = self.unknown.iter().map(Interval::of_unknown);
        known.chain(unknown).collect()
    }
}

/// A run of numbers on one axis, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Interval {
    pub(super) start: u128,
    pub(super) end: u128,
}

/// IPv6 addresses stand at their own number, below this one: no rule or subnet has multicast addresses, so
/// what lies above is free for everything else.
const IPV6_END: u128 = 0xff00 << 112;
const IPV4: u128 = 0xff01 << 112;
/// Unknown ranges stand as single points, at a place made from their identity.
const UNKNOWN: u128 = 0xff02 << 112;

impl Interval {
    pub(super) const ALL: Interval = Interval {
        start: 0,
        end: u128::MAX,
    };

    pub(super) fn of_range(range: IpNet) -> Self {
        let place = |address: IpAddr| match address {
            IpAddr::V4(address) => IPV4 | u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address).min(IPV6_END - 1),
        };
        Interval {
            start: place(range.network()),
            end: place(range.broadcast()),
        }
    }

    pub(super) fn of_unknown(unknown: &Unknown) -> Self {
        let place = UNKNOWN | u128::from(unknown.identity());
        Interval {
            start: place,
            end: place,
        }
    }

    fn is_ipv4(self) -> bool {
        self.start >= IPV4 && self.end < UNKNOWN
    }

    fn is_ipv6(self) -> bool {
        self.end < IPV6_END
    }

    /// All places of ranges that are not known.
    pub(super) fn of_all_unknown() -> Self {
        Interval {
            start: UNKNOWN,
            end: u128::MAX,
        }
    }

    pub(super) fn of_numbers(first: u16, last: u16) -> Self {
        Interval {
            start: first.into(),
            end: last.into(),
        }
    }

    pub(super) fn intersection(self, other: Interval) -> Option<Interval> {
        let both = Interval {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        };
        (both.start <= both.end).then_some(both)
    }

    /// What lies before and behind `other`.
    fn without(self, other: Interval) -> impl Iterator<Item = Interval> {
        let before = (self.start < other.start).then(|| Interval {
            start: self.start,
            end: self.end.min(other.start - 1),
        });
        let behind = (self.end > other.end).then(|| Interval {
            start: self.start.max(other.end + 1),
            end: self.end,
        });
        before.into_iter().chain(behind)
    }
}

/// The same numbers in the fewest intervals, in order.
pub(super) fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match merged.last_mut() {
            Some(last) if interval.start <= last.end.saturating_add(1) => {
                last.end = last.end.max(interval.end)
            }
            _ => merged.push(interval),
        }
    }
    merged
}

/// The numbers of `of` that are not in `taken`.
pub(super) fn complement(of: Interval, taken: Vec<Interval>) -> Vec<Interval> {
    let mut rest = vec![of];
    for taken in merged(taken) {
        rest = rest
            .into_iter()
            .flat_map(|interval| match interval.intersection(taken) {
                Some(cut) => interval.without(cut).collect(),
                None => vec![interval],
            })
            .collect();
    }
    rest
}

/// The public addresses: what the Internet holds apart from virtual networks with public ranges.
pub(super) fn public() -> &'static [Interval] {
    static PUBLIC: LazyLock<Vec<Interval>> = LazyLock::new(public_intervals);
    &PUBLIC
}

fn public_intervals() -> Vec<Interval> {
    let mut taken = vec![Interval::of_all_unknown()];
    let private = reserved::PRIVATE.iter().chain(&reserved::RESERVED_BY_AKS);
    taken.extend(private.map(|range| Interval::of_range(*range)));
    for range in ["100.64.0.0/10", LOAD_BALANCER, "fc00::/7", "fe80::/10"] {
        taken.extend(range.parse().map(Interval::of_range));
    }
    complement(Interval::ALL, taken)
}

/// Source address, destination address, protocol, source port, destination port.
pub(super) const AXES: usize = 5;
const PROTOCOL: usize = 2;
const DESTINATION_PORT: usize = 4;

/// One block of traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic(pub(super) [Interval; AXES]);

/// The IP protocol number of a protocol, or all of them.
pub(super) fn protocol_numbers(protocol: &Protocol) -> Option<Interval> {
    let number = match protocol {
        Protocol::Any => return Some(Interval::of_numbers(0, 255)),
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
        Protocol::Icmp => 1,
        Protocol::Esp => 50,
        Protocol::Ah => 51,
        Protocol::Other(_) => return None,
    };
    Some(Interval::of_numbers(number, number))
}

impl Flow {
    /// All traffic from one place to another.
    pub fn all(direction: Direction, source: Endpoint, destination: Endpoint) -> Self {
        Flow {
            direction,
            source,
            destination,
            protocol: Protocol::Any,
            ports: None,
        }
    }

    pub(super) fn blocks(&self) -> Vec<Traffic> {
        let protocol = protocol_numbers(&self.protocol).unwrap_or(Interval::of_numbers(0, 255));
        let (first, last) = self.ports.unwrap_or((0, u16::MAX));
        let mut blocks = Vec::new();
        for source in merged(self.source.intervals()) {
            for destination in merged(self.destination.intervals()) {
                // No packet goes from an address of one family to one of the other.
                if source.is_ipv4() && destination.is_ipv6() || source.is_ipv6() && destination.is_ipv4() {
                    continue;
                }
                blocks.push(Traffic([
                    source,
                    destination,
                    protocol,
                    Interval::of_numbers(0, u16::MAX),
                    Interval::of_numbers(first, last),
                ]));
            }
        }
        blocks
    }
}

impl Traffic {
    /// Whether a destination port of a protocol is in it.
    pub fn includes(&self, protocol: &Protocol, port: u16) -> bool {
        let at = |axis: usize, place: Interval| self.0[axis].intersection(place).is_some();
        protocol_numbers(protocol).is_some_and(|numbers| at(PROTOCOL, numbers))
            && at(DESTINATION_PORT, Interval::of_numbers(port, port))
    }

    pub(super) fn protocol(&self) -> Interval {
        self.0[PROTOCOL]
    }

    pub(super) fn destination_ports(&self) -> Interval {
        self.0[DESTINATION_PORT]
    }

    /// Whether it is no more than these destination ports of TCP and UDP.
    pub fn is_within_ports(&self, ports: &[u16]) -> bool {
        let Interval { start, end } = self.0[DESTINATION_PORT];
        end - start < 64 && (start..=end).all(|port| ports.iter().any(|known| u128::from(*known) == port))
    }

    pub(super) fn intersection(&self, other: &Traffic) -> Option<Traffic> {
        let mut both = *self;
        for axis in 0..AXES {
            both.0[axis] = self.0[axis].intersection(other.0[axis])?;
        }
        Some(both)
    }

    /// What of it lies outside `cut`, which must lie inside it.
    pub(super) fn without(&self, cut: &Traffic, into: &mut Vec<Traffic>) {
        let mut rest = *self;
        for axis in 0..AXES {
            for side in self.0[axis].without(cut.0[axis]) {
                let mut piece = rest;
                piece.0[axis] = side;
                into.push(piece);
            }
            rest.0[axis] = cut.0[axis];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_leaves_disjoint_pieces_that_add_up() {
        let axis = |start, end| Interval { start, end };
        let whole = Traffic([axis(0, 9), axis(0, 9), axis(0, 9), axis(0, 0), axis(0, 9)]);
        let cut = Traffic([axis(2, 3), axis(0, 9), axis(4, 9), axis(0, 0), axis(5, 5)]);
        let size =
            |traffic: &Traffic| -> u128 { traffic.0.iter().map(|axis| axis.end - axis.start + 1).product() };
        let mut pieces = Vec::new();
        whole.without(&cut, &mut pieces);
        assert_eq!(pieces.iter().map(size).sum::<u128>() + size(&cut), size(&whole));
        for (index, one) in pieces.iter().enumerate() {
            for other in &pieces[index + 1..] {
                assert!((0..AXES).any(|axis| one.0[axis].intersection(other.0[axis]).is_none()));
            }
        }
    }

    #[test]
    fn the_internet_is_neither_private_nor_the_load_balancer() {
        let is_public = |range: &str| {
            let place = Interval::of_range(range.parse().unwrap());
            public()
                .iter()
                .any(|interval| interval.intersection(place).is_some())
        };
        for range in [
            "10.1.0.0/16",
            "172.16.0.0/12",
            "100.64.0.0/16",
            "168.63.129.16/32",
            "fd00::/64",
        ] {
            assert!(!is_public(range), "{range}");
        }
        for range in ["8.8.8.0/24", "172.0.0.0/12", "2001:db8::/32", "0.0.0.0/0"] {
            assert!(is_public(range), "{range}");
        }
    }
}
