//! `parseCidr`, `cidrSubnet` and `cidrHost`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use ipnet::IpNet;

use super::table::{Call, Function, INTEGER, TEXT};
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrHost", &[TEXT, INTEGER], cidr_host).giving_scalar(),
    Function::new("cidrSubnet", &[TEXT, INTEGER, INTEGER], cidr_subnet).giving_scalar(),
    Function::new("parseCidr", &[TEXT], parse_cidr),
];

/// An address range as numbers.
struct Range {
    is_four: bool,
    first: u128,
    last: u128,
    length: u8,
}

impl Range {
    fn of(call: &Call<'_>) -> Result<Range, EvalError> {
        let text = call.text(0)?;
        let network: IpNet = text
            .parse()
            .map_err(|_| call.argument_error(0, format!("is no address range in CIDR notation: '{text}'")))?;
        let number = |address: IpAddr| match address {
            IpAddr::V4(address) => u128::from(address.to_bits()),
            IpAddr::V6(address) => address.to_bits(),
        };
        Ok(Range {
            is_four: matches!(network, IpNet::V4(_)),
            first: number(network.network()),
            last: number(network.broadcast()),
            length: network.prefix_len(),
        })
    }

    fn bits(&self) -> u8 {
        if self.is_four { 32 } else { 128 }
    }

    fn address(&self, number: u128) -> String {
        match (self.is_four, u32::try_from(number)) {
            (true, Ok(number)) => Ipv4Addr::from_bits(number).to_string(),
            _ => Ipv6Addr::from_bits(number).to_string(),
        }
    }

    fn mask(&self) -> u128 {
        let all = if self.is_four {
            u128::from(u32::MAX)
        } else {
            u128::MAX
        };
        all & !(self.last - self.first)
    }

    /// Ranges of one or two IPv4 addresses have none that the general rule calls usable.
    fn has_usable(&self) -> bool {
        !self.is_four || self.length <= 30
    }
}

fn parse_cidr(call: &Call<'_>) -> Evaluated {
    let range = Range::of(call)?;
    if !range.has_usable() {
        return Ok(call.unsupported());
    }
    // An IPv6 range has no broadcast address, and all of its addresses are usable.
    let reserved = u128::from(range.is_four);
    let mut members = vec![
        ("network", range.address(range.first)),
        ("netmask", range.address(range.mask())),
        ("firstUsable", range.address(range.first + reserved)),
        ("lastUsable", range.address(range.last - reserved)),
    ];
    if range.is_four {
        members.push(("broadcast", range.address(range.last)));
    }
    let from = call.from();
    let mut entries = Entries::default();
    for (name, text) in members {
        entries
            .members
            .insert(name.into(), Value::string(text, from.clone()));
    }
    let length = Kind::Number(i64::from(range.length).into());
    entries
        .members
        .insert("cidr".into(), Value::new(length, from.clone()));
    Ok(Value::new(Kind::Object(Arc::new(entries)), from))
}

fn cidr_subnet(call: &Call<'_>) -> Evaluated {
    let range = Range::of(call)?;
    let (bits, wanted, index) = (range.bits(), call.integer(1)?, call.integer(2)?);
    let length = u8::try_from(wanted)
        .ok()
        .filter(|length| (range.length..=bits).contains(length))
        .ok_or_else(|| {
            let message = format!(
                "must be a prefix length between {} and {bits}, and is {wanted}",
                range.length
            );
            call.argument_error(1, message)
        })?;
    let out_of_range = || {
        let message = format!("is out of range: there is no subnet /{length} with the number {index}");
        call.argument_error(2, message)
    };
    let index = u128::try_from(index).map_err(|_| out_of_range())?;
    let size = 1_u128.checked_shl(u32::from(bits - length));
    let start = match size {
        Some(size) => index.checked_mul(size),
        // The only range that has as many addresses as there are.
        None => (index == 0).then_some(0),
    };
    let start = start.filter(|start| *start <= range.last - range.first);
    let first = range.first + start.ok_or_else(out_of_range)?;
    call.string(format!("{}/{length}", range.address(first)))
}

/// The host addresses begin after the address of the network.
fn cidr_host(call: &Call<'_>) -> Evaluated {
    let range = Range::of(call)?;
    if !range.has_usable() {
        return Ok(call.unsupported());
    }
    let index = call.integer(1)?;
    let offset = u128::try_from(index).ok().and_then(|index| index.checked_add(1));
    let address = offset.and_then(|offset| range.first.checked_add(offset));
    let last = range.last - u128::from(range.is_four);
    match address.filter(|address| *address <= last) {
        Some(address) => call.string(range.address(address)),
        None => Err(call.argument_error(
            1,
            format!("is out of range: there is no host with the number {index}"),
        )),
    }
}
