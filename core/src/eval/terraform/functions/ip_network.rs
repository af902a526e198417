//! `cidrhost`, `cidrnetmask`, `cidrsubnet` and `cidrsubnets`, with the corner cases of Terraform's own
//! arithmetic: host bits are masked, leading zeros are decimal, and an IPv4-mapped IPv6 range counts its
//! bits as IPv6 and prints as IPv4.

use bigdecimal::ToPrimitive;
use bigdecimal::num_bigint::{BigInt, Sign};

use super::address::{Family, Range};
use super::operands::{WHOLE_64_BIT, big_integer, number, text, whole};
use super::table::{Call, Function, number as number_parameter, string};
use crate::eval::error::EvalError;
use crate::eval::value::{Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "cidrhost",
        &[string("prefix"), number_parameter("hostnum")],
        cidrhost,
    )
    .giving_scalar(),
    Function::new("cidrnetmask", &[string("prefix")], cidrnetmask).giving_scalar(),
    Function::new(
        "cidrsubnet",
        &[
            string("prefix"),
            number_parameter("newbits"),
            number_parameter("netnum"),
        ],
        cidrsubnet,
    )
    .giving_scalar(),
    Function::new("cidrsubnets", &[string("prefix")], cidrsubnets).with_rest(number_parameter("newbits")),
];

/// Terraform's functions give up in this way where a number does not fit an address.
const OVERFLOW: &str = "panic in function implementation: runtime error: index out of range [-1]";

fn cidrhost(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let host = number(arguments, 1, call)?;
    if !host.is_integer() {
        return Err(call.error("value must be a whole number"));
    }
    let Some(mut host) = big_integer(host) else {
        return Err(call.error(OVERFLOW));
    };
    let range = range(arguments, call)?;
    let highest = (BigInt::from(1) << (range.family.bits() - range.length)) - 1;
    // Terraform compares the lowest 64 bits only, read as a signed number.
    let mut compared = BigInt::from(low_64_bits(&host).cast_signed());
    if host.sign() == Sign::Minus {
        compared = -host - 1;
        host = &highest - &compared;
    }
    if compared > highest {
        let message = format!(
            "prefix of {} does not accommodate a host numbered {host}",
            range.length
        );
        return Err(call.error(message));
    }
    // A mapped address counts as IPv4 here although it has 128 bits.
    let width = if range.is_mapped() {
        32
    } else {
        range.family.bits()
    };
    let address = inserted(range, host, range.family.bits() - width).ok_or_else(|| call.error(OVERFLOW))?;
    call.string(range.family.address_text(address))
}

fn cidrnetmask(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let range = range(arguments, call)?;
    if range.family == Family::Six && !range.is_mapped() {
        let text = text(arguments, 0, call)?;
        return Err(call.error(format!("IPv6 addresses cannot have a netmask: {text}")));
    }
    call.string(range.family.address_text(range.family.mask(range.length)))
}

fn cidrsubnet(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let new_bits = whole(arguments, 1, call)?;
    let subnet = number(arguments, 2, call)?;
    if !subnet.is_integer() {
        return Err(call.error("value must be a whole number"));
    }
    let Some(subnet) = big_integer(subnet) else {
        return Err(call.error(OVERFLOW));
    };
    let range = range(arguments, call)?;
    let bits = i64::from(range.family.bits());
    let length = i64::from(range.length).wrapping_add(new_bits);
    if length > bits {
        let message = format!(
            "insufficient address space to extend prefix of {} by {new_bits}",
            range.length
        );
        return Err(call.error(message));
    }
    // With 64 bits and more, and with a negative number of them, any number passes.
    let highest = match u32::try_from(new_bits) {
        Ok(new_bits @ 0..64) => (1_u64 << new_bits) - 1,
        _ => u64::MAX,
    };
    if low_64_bits(&subnet) > highest {
        let message =
            format!("prefix extension of {new_bits} does not accommodate a subnet numbered {subnet}");
        return Err(call.error(message));
    }
    let address = match u32::try_from(bits.wrapping_sub(length)) {
        Ok(shift @ 0..=512) => inserted(range, subnet, shift),
        // The range has no length that can be printed; only zero can be shifted that far.
        _ => (subnet.sign() == Sign::NoSign).then_some(range.address),
    };
    let address = address.ok_or_else(|| call.error(OVERFLOW))?;
    match u32::try_from(length) {
        Ok(length) => call.string(range.family.range_text(address, length)),
        Err(_) => call.string("<nil>"),
    }
}

fn cidrsubnets(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let base = Range::parse(text(arguments, 0, call)?).map_err(|message| call.argument_error(0, message))?;
    let mut lengths = Vec::new();
    for index in 1..arguments.len() {
        let new_bits = number(arguments, index, call)?.as_i64();
        lengths.push(new_bits.ok_or_else(|| call.argument_error(index, WHOLE_64_BIT))?);
    }
    if !call.afford(lengths.len()) {
        return Ok(call.limit());
    }
    let bits = base.family.bits();
    let mut subnets = Vec::with_capacity(lengths.len());
    let mut previous: Option<(u128, u32)> = None;
    for (position, new_bits) in lengths.into_iter().enumerate() {
        let refuse = |message: String| call.argument_error(position + 1, message);
        let new_bits = match u32::try_from(new_bits) {
            Ok(0) | Err(_) if new_bits < 1 => {
                return Err(refuse("must extend prefix by at least one bit".to_owned()));
            }
            Ok(new_bits @ ..=32) => new_bits,
            _ => return Err(refuse("may not extend prefix by more than 32 bits".to_owned())),
        };
        let length = base.length + new_bits;
        if length > bits {
            let family = base.family;
            let message =
                format!("would extend prefix to {length} bits, which is too long for an {family} address");
            return Err(refuse(message));
        }
        // The search starts at the range just before the base.
        let (before, before_length) = previous.unwrap_or_else(|| {
            let last = base.address.wrapping_sub(1) & base.family.mask(bits);
            (last & base.family.mask(length), length)
        });
        let next = if base.is_mapped() {
            None
        } else {
            base.family.after(before, before_length, length)
        };
        let Some(next) = next.filter(|next| next & base.family.mask(base.length) == base.address) else {
            let before = if base.is_mapped() {
                "<nil>".to_owned()
            } else {
                base.family.range_text(before, before_length)
            };
            let message = format!(
                "not enough remaining address space for a subnet with a prefix of {length} bits after {before}"
            );
            return Err(refuse(message));
        };
        previous = Some((next, length));
        let text = base.family.range_text(next, length);
        if !call.context.budget.spend_text(text.len()) {
            return Ok(call.limit());
        }
        subnets.push(Value::string(text, call.from()));
    }
    Ok(call.value(Kind::List(subnets.into())))
}

fn range(arguments: &[Value], call: &Call<'_>) -> Result<Range, EvalError> {
    Range::parse(text(arguments, 0, call)?).map_err(|message| call.error(message))
}

fn low_64_bits(number: &BigInt) -> u64 {
    number.magnitude().iter_u64_digits().next().unwrap_or(0)
}

/// The base address with a number put in at `shift` bits from the end, if it still is an address.
fn inserted(range: Range, number: BigInt, shift: u32) -> Option<u128> {
    let address = (BigInt::from(range.address) | (number << shift))
        .magnitude()
        .to_u128()?;
    (address <= range.family.mask(range.family.bits())).then_some(address)
}
