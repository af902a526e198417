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
            text: text.to_owned(),
            network,
            problem,
        }
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
