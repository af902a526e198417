//! An address range as written, and the range it denotes.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// The text of a range property. Only AKS101 and AKS102 care for `problem`; all else uses `network`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cidr {
    pub text: String,
    /// The range with host bits cleared; none when the text denotes no range.
    pub network: Option<IpNet>,
    pub problem: Option<CidrProblem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CidrProblem {
    /// Neither an address nor a range.
    NotARange,
    /// An address without a prefix length.
    NoPrefixLength(IpAddr),
    /// The address is not the first of its range.
    HostBitsSet,
}

/// More of a text that is no range is not quoted.
const MAXIMUM_QUOTED: usize = 100;

impl Cidr {
    pub fn parse(text: &str) -> Self {
        let (network, problem) = match text.parse::<IpNet>() {
            Ok(range) if range.addr() == range.network() => (Some(range), None),
            Ok(range) => (Some(range.trunc()), Some(CidrProblem::HostBitsSet)),
            Err(_) => match text.parse::<IpAddr>() {
                Ok(address) => (None, Some(CidrProblem::NoPrefixLength(address))),
                Err(_) => (None, Some(CidrProblem::NotARange)),
            },
        };
        Cidr {
            text: quoted(text),
            network,
            problem,
        }
    }
}

fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAXIMUM_QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether two ranges have an address in common.
pub fn overlap(one: IpNet, other: IpNet) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}

/// How many addresses lie before this one in the range; none when the range does not hold it.
pub fn position(range: IpNet, address: IpAddr) -> Option<u128> {
    match (range, address) {
        (IpNet::V4(range), IpAddr::V4(address)) if range.contains(&address) => {
            let offset = u32::from(address).checked_sub(u32::from(range.network()))?;
            Some(u128::from(offset))
        }
        (IpNet::V6(range), IpAddr::V6(address)) if range.contains(&address) => {
            u128::from(address).checked_sub(u128::from(range.network()))
        }
        _ => None,
    }
}
