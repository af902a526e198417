//! IP addresses and ranges as Terraform's functions read and print them.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Four,
    Six,
}

/// An address range; the host bits of the address are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) family: Family,
    pub(super) address: u128,
    /// Bits of the prefix, at most `family.bits()`.
    pub(super) length: u32,
}

/// `::ffff:0:0/96`, whose addresses stand for IPv4 addresses.
const MAPPED: u128 = 0xffff_0000_0000;

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Family::Four => "IPv4",
            Family::Six => "IPv6",
        })
    }
}

impl Family {
    pub(super) fn bits(self) -> u32 {
        match self {
            Family::Four => 32,
            Family::Six => 128,
        }
    }

    /// The mask of a prefix length of at most `bits()`.
    pub(super) fn mask(self, length: u32) -> u128 {
        let all = match self {
            Family::Four => u128::from(u32::MAX),
            Family::Six => u128::MAX,
        };
        let host_bits = self.bits().saturating_sub(length);
        all & !(1_u128.checked_shl(host_bits).map_or(u128::MAX, |bit| bit - 1))
    }

    /// The first range of `length` that starts after a range, unless the address space ends there.
    pub(super) fn after(self, address: u128, address_length: u32, length: u32) -> Option<u128> {
        let all = self.mask(self.bits());
        let last = address | (all & !self.mask(address_length)) | (all & !self.mask(length));
        if last == all {
            return None;
        }
        Some((last + 1) & self.mask(length))
    }

    pub(super) fn address_text(self, address: u128) -> String {
        match (self, mapped(self, address)) {
            (Family::Four, _) => Ipv4Addr::from_bits(low_32_bits(address)).to_string(),
            (Family::Six, true) => Ipv4Addr::from_bits(low_32_bits(address)).to_string(),
            (Family::Six, false) => Ipv6Addr::from_bits(address).to_string(),
        }
    }

    pub(super) fn range_text(self, address: u128, length: u32) -> String {
        let length = if mapped(self, address) {
            length.saturating_sub(96)
        } else {
            length
        };
        format!("{}/{length}", self.address_text(address))
    }
}

fn mapped(family: Family, address: u128) -> bool {
    family == Family::Six && address >> 32 == MAPPED >> 32
}

fn low_32_bits(address: u128) -> u32 {
    u32::try_from(address & u128::from(u32::MAX)).unwrap_or(u32::MAX)
}

impl Range {
    /// Reads `address/length`. The error is the text that Terraform shows.
    pub(super) fn parse(text: &str) -> Result<Range, String> {
        Range::read(text).ok_or_else(|| format!("invalid CIDR expression: invalid CIDR address: {text}"))
    }

    /// The address is an IPv4 address written in IPv6.
    pub(super) fn is_mapped(self) -> bool {
        mapped(self.family, self.address)
    }

    fn read(text: &str) -> Option<Range> {
        let (address, length) = text.split_once('/')?;
        let (family, address) = match four(address) {
            Some(address) => (Family::Four, u128::from(address)),
            None => (Family::Six, six(address)?),
        };
        let (length, rest) = digits(length, 10, 0xff_ffff)?;
        if !rest.is_empty() || length > family.bits() {
            return None;
        }
        Some(Range {
            family,
            address: address & family.mask(length),
            length,
        })
    }
}

/// Leading digits below a limit, and what follows them. Leading zeros are allowed, and decimal.
fn digits(text: &str, radix: u32, limit: u32) -> Option<(u32, &str)> {
    let end = text
        .find(|letter: char| !letter.is_digit(radix))
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return None;
    }
    let mut number = 0_u32;
    for digit in digits.chars() {
        number = number * radix + digit.to_digit(radix)?;
        if number >= limit {
            return None;
        }
    }
    Some((number, rest))
}

fn four(text: &str) -> Option<u32> {
    let mut address = 0;
    let mut parts = 0;
    for part in text.split('.') {
        let (number, rest) = digits(part, 10, 256)?;
        if !rest.is_empty() || parts == 4 {
            return None;
        }
        address = address << 8 | number;
        parts += 1;
    }
    (parts == 4).then_some(address)
}

fn six(text: &str) -> Option<u128> {
    let (before, after) = match text.split_once("::") {
        Some((before, after)) => (groups(before, false)?, Some(groups(after, true)?)),
        None => (groups(text, true)?, None),
    };
    let all = match after {
        None => before,
        Some(after) => {
            // `::` stands for at least one group.
            let zeros = 8_usize
                .checked_sub(before.len() + after.len())
                .filter(|zeros| *zeros > 0)?;
            let mut all = before;
            all.extend(std::iter::repeat_n(0, zeros));
            all.extend(after);
            all
        }
    };
    if all.len() != 8 {
        return None;
    }
    Some(
        all.into_iter()
            .fold(0, |address, group| address << 16 | u128::from(group)),
    )
}

/// The groups between colons; the last may be an IPv4 address.
fn groups(text: &str, last: bool) -> Option<Vec<u16>> {
    let mut groups = Vec::new();
    if text.is_empty() {
        return Some(groups);
    }
    let mut parts = text.split(':').peekable();
    while let Some(part) = parts.next() {
        if groups.len() > 8 {
            return None;
        }
        if last && parts.peek().is_none() && part.contains('.') {
            let address = four(part)?;
            groups.push(u16::try_from(address >> 16).ok()?);
            groups.push(u16::try_from(address & 0xffff).ok()?);
            continue;
        }
        let (number, rest) = digits(part, 16, 0xff_ffff)?;
        if !rest.is_empty() {
            return None;
        }
        groups.push(u16::try_from(number).ok()?);
    }
    Some(groups)
}
