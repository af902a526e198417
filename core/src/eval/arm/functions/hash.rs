//! `guid` and `uniqueString`, and values that differ each time.

use sha1::{Digest, Sha1};

use super::table::{ANY, Call, Function, TEXT};
use crate::eval::error::Evaluated;
use crate::eval::value::{Reason, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("guid", &[TEXT], guid)
        .with_rest(TEXT)
        .giving_scalar(),
    Function::new("newGuid", &[], different),
    Function::new("readCliArg", &[TEXT], external),
    Function::new("toLogicalZone", &[TEXT, TEXT, TEXT], external),
    Function::new("toLogicalZones", &[TEXT, TEXT, ANY], external),
    Function::new("toPhysicalZone", &[TEXT, TEXT, TEXT], external),
    Function::new("toPhysicalZones", &[TEXT, TEXT, ANY], external),
    Function::new("uniqueString", &[TEXT], unique_string)
        .with_rest(TEXT)
        .giving_scalar(),
    Function::new("utcNow", &[TEXT], different).optional(1),
];

/// Another value each time.
fn different(call: &Call<'_>) -> Evaluated {
    let what = format!("{}()", call.function.name);
    let unknown = Unknown::new(Reason::External { what }, call.context.span);
    Ok(Value::unknown(unknown.scalar(), call.from()))
}

/// What the subscription or the machine says; the same for the same arguments.
fn external(call: &Call<'_>) -> Evaluated {
    let what = format!("{}()", call.function.name);
    let arguments: Vec<u64> = call.arguments.iter().map(Value::content_hash).collect();
    let unknown = Unknown::named(
        Reason::External { what },
        &format!("{arguments:x?}"),
        call.context.span,
    );
    Ok(Value::unknown(unknown, call.from()))
}

/// All arguments as one text.
fn joined(call: &Call<'_>) -> Result<String, crate::eval::error::EvalError> {
    let texts: Result<Vec<&str>, _> = (0..call.arguments.len()).map(|index| call.text(index)).collect();
    Ok(texts?.join("-"))
}

/// The namespace of all names that `guid` makes.
const NAMESPACE: u128 = 0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830;

/// A UUID of version 5.
fn guid(call: &Call<'_>) -> Evaluated {
    let name = joined(call)?;
    if !call.afford(name.len() / 256) {
        return Ok(call.limit());
    }
    let mut hasher = Sha1::new();
    hasher.update(NAMESPACE.to_be_bytes());
    hasher.update(name.as_bytes());
    let hash = hasher.finalize();
    let first: Vec<u8> = hash.iter().take(16).copied().collect();
    let number = u128::from_be_bytes(first.try_into().unwrap_or([0; 16]));
    let versioned = number & !(0xf << 76) | 5 << 76;
    let number = versioned & !(0x3 << 62) | 2 << 62;
    let digits = format!("{number:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    call.string(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    ))
}

fn unique_string(call: &Call<'_>) -> Evaluated {
    let text = joined(call)?;
    if !call.afford(text.len() / 256) {
        return Ok(call.limit());
    }
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = murmur(text.as_bytes());
    // Thirteen times five bits, from the highest on; the last of the sixty-five is zero.
    let letter = |index: u32| {
        let place = hash.checked_shl(5 * index).unwrap_or(0) >> 59;
        let letter = usize::try_from(place).ok().and_then(|place| ALPHABET.get(place));
        letter.copied().map_or('a', char::from)
    };
    call.string((0..13).map(letter).collect::<String>())
}

/// A hash of 64 bits in two halves, of the family called Murmur.
fn murmur(bytes: &[u8]) -> u64 {
    const FIRST: u32 = 0x239b_961b;
    const SECOND: u32 = 0xab0e_9789;
    let word = |bytes: &[u8]| {
        let bytes = bytes.iter().take(4).rev();
        bytes.fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
    };
    let mixed_low = |word: u32| word.wrapping_mul(FIRST).rotate_left(15).wrapping_mul(SECOND);
    let mixed_high = |word: u32| word.wrapping_mul(SECOND).rotate_left(17).wrapping_mul(FIRST);
    let (mut low, mut high) = (0_u32, 0_u32);
    let (blocks, tail) = bytes.as_chunks::<8>();
    for block in blocks {
        let (one, two) = block.split_at(4);
        low = (low ^ mixed_low(word(one))).rotate_left(19).wrapping_add(high);
        low = low.wrapping_mul(5).wrapping_add(0x561c_cd1b);
        high = (high ^ mixed_high(word(two))).rotate_left(13).wrapping_add(low);
        high = high.wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    low ^= mixed_low(word(tail));
    high ^= mixed_high(word(tail.get(4..).unwrap_or_default()));
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    low = (low ^ length).wrapping_add(high ^ length);
    high = (high ^ length).wrapping_add(low);
    low = avalanche(low);
    high = avalanche(high);
    low = low.wrapping_add(high);
    high = high.wrapping_add(low);
    u64::from(high) << 32 | u64::from(low)
}

fn avalanche(mut half: u32) -> u32 {
    half ^= half >> 16;
    half = half.wrapping_mul(0x85eb_ca6b);
    half ^= half >> 13;
    half = half.wrapping_mul(0xc2b2_ae35);
    half ^ half >> 16
}
