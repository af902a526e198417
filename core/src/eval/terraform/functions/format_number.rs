//! Numbers in the formats of Go's `big.Int` and `big.Float`.

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::num_traits::{Pow, Zero};

use super::output::Output;
use crate::eval::number::Number;

/// Flags, width and precision of a verb.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) zero: bool,
    pub(super) sharp: bool,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) space: bool,
    /// In characters as a reader sees them.
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

impl Layout {
    fn sign(self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        }
    }
}

/// A whole number for `%b`, `%d`, `%o`, `%x` and `%X`.
pub(super) fn integer(number: &BigInt, mode: char, layout: Layout, output: &mut Output) -> Option<()> {
    let (radix, prefix) = match mode {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = number.magnitude().to_str_radix(radix);
    if mode == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = if layout.sharp { prefix } else { "" };
    let sign = layout.sign(number.sign() == Sign::Minus);
    let mut zeros = 0;
    if let Some(precision) = layout.precision {
        if digits == "0" && precision == 0 {
            return Some(());
        }
        zeros = precision.saturating_sub(digits.len());
    }
    let length = zeros.checked_add(sign.len() + prefix.len() + digits.len())?;
    let missing = layout.width.unwrap_or(0).saturating_sub(length);
    let (mut left, mut right) = (0, 0);
    if layout.minus {
        right = missing;
    } else if layout.zero && layout.precision.is_none() {
        zeros = missing;
    } else {
        left = missing;
    }
    output.repeat(' ', left)?;
    output.push(sign)?;
    output.push(prefix)?;
    output.repeat('0', zeros)?;
    output.push(&digits)?;
    output.repeat(' ', right)
}

/// A number for `%e`, `%E`, `%f`, `%g` and `%G`.
pub(super) fn float(number: &Number, mode: char, layout: Layout, output: &mut Output) -> Option<()> {
    // Larger precisions are more digits than any number here has.
    let precision = layout.precision;
    if precision.is_some_and(|precision| precision > 1_000_000) {
        return None;
    }
    let decimal = Digits::of(number);
    let text = match mode {
        'e' | 'E' => scientific(&decimal, mode, precision.unwrap_or(6)),
        'f' => plain(&decimal, precision.unwrap_or(6)),
        _ => general(&decimal, mode, precision),
    };
    let sign = layout.sign(decimal.negative);
    let missing = layout.width.unwrap_or(0).saturating_sub(sign.len() + text.len());
    if layout.minus {
        output.push(sign)?;
        output.push(&text)?;
        output.repeat(' ', missing)
    } else if layout.zero {
        output.push(sign)?;
        output.repeat('0', missing)?;
        output.push(&text)
    } else {
        output.repeat(' ', missing)?;
        output.push(sign)?;
        output.push(&text)
    }
}

/// A number for `%v`.
pub(super) fn shortest(number: &Number) -> String {
    let decimal = Digits::of(number);
    let sign = if decimal.negative { "-" } else { "" };
    format!("{sign}{}", general(&decimal, 'g', None))
}

/// A number as `0.digits` times ten to `exponent`; the digits neither start nor end with a zero, and zero
/// has none.
struct Digits {
    negative: bool,
    digits: Vec<u8>,
    exponent: i64,
    /// Whether the 512-bit binary number that Terraform keeps lies above or below the decimal one.
    binary: std::cmp::Ordering,
}

impl Digits {
    fn of(number: &Number) -> Self {
        let (integer, scale) = number.decimal().as_bigint_and_exponent();
        let mut digits = match integer.is_zero() {
            true => Vec::new(),
            false => integer.magnitude().to_string().into_bytes(),
        };
        let exponent = i64::try_from(digits.len())
            .unwrap_or(i64::MAX)
            .saturating_sub(scale);
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Digits {
            negative: integer.sign() == Sign::Minus,
            exponent: if digits.is_empty() { 0 } else { exponent },
            digits,
            binary: binary_error(&BigInt::from(integer.magnitude().clone()), scale),
        }
    }

    /// Rounded to so many digits, half to even where the binary number is no nearer to either side.
    fn rounded(&self, count: i64) -> Digits {
        let mut rounded = Digits {
            negative: self.negative,
            digits: self.digits.clone(),
            exponent: self.exponent,
            binary: std::cmp::Ordering::Equal,
        };
        let Ok(count) = usize::try_from(count) else {
            rounded.digits.clear();
            rounded.exponent = 0;
            return rounded;
        };
        let Some(&first_cut) = self.digits.get(count) else {
            return rounded;
        };
        let is_half = first_cut == b'5' && count + 1 == self.digits.len();
        let up = match self.binary {
            _ if !is_half => first_cut >= b'5',
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => count > 0 && (self.digits[count - 1] - b'0') % 2 == 1,
        };
        rounded.digits.truncate(count);
        if up {
            while rounded.digits.last() == Some(&b'9') {
                rounded.digits.pop();
            }
            match rounded.digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    rounded.digits.push(b'1');
                    rounded.exponent += 1;
                }
            }
        } else {
            while rounded.digits.last() == Some(&b'0') {
                rounded.digits.pop();
            }
        }
        if rounded.digits.is_empty() {
            rounded.exponent = 0;
        }
        rounded
    }

    /// The digit at a place after the point of `0.digits`.
    fn at(&self, place: i64) -> char {
        let digit = usize::try_from(place)
            .ok()
            .and_then(|place| self.digits.get(place));
        digit.map_or('0', |digit| char::from(*digit))
    }
}

/// Bits of the fraction of Terraform's numbers.
const BITS: u64 = 512;

/// How the nearest binary number with [`BITS`] bits compares with `integer / 10^scale`.
fn binary_error(integer: &BigInt, scale: i64) -> std::cmp::Ordering {
    let scale = match u32::try_from(scale) {
        Ok(scale) if scale > 0 && !integer.is_zero() => scale,
        // Whole numbers of sensible length are exact.
        _ => return std::cmp::Ordering::Equal,
    };
    let divisor = BigInt::from(10).pow(scale);
    let shift = (BITS + 1 + divisor.bits()).saturating_sub(integer.bits());
    let dividend = integer << shift;
    let quotient = &dividend / &divisor;
    let extra = quotient.bits().saturating_sub(BITS);
    let unit = BigInt::from(1) << extra;
    let low = (&quotient >> extra) << extra;
    let below = &dividend - &low * &divisor;
    let above = (&low + &unit) * &divisor - &dividend;
    if below.is_zero() {
        std::cmp::Ordering::Equal
    } else if below < above {
        std::cmp::Ordering::Less
    } else {
        std::cmp::Ordering::Greater
    }
}

fn scientific(decimal: &Digits, mode: char, precision: usize) -> String {
    let precision = i64::try_from(precision).unwrap_or(i64::MAX);
    scientific_digits(&decimal.rounded(precision.saturating_add(1)), mode, precision)
}

fn scientific_digits(decimal: &Digits, mode: char, precision: i64) -> String {
    let mut text = String::from(decimal.at(0));
    if precision > 0 {
        text.push('.');
        text.extend((1..=precision).map(|place| decimal.at(place)));
    }
    let exponent = if decimal.digits.is_empty() {
        0
    } else {
        decimal.exponent - 1
    };
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("{mode}{sign}{:02}", exponent.unsigned_abs()));
    text
}

fn plain(decimal: &Digits, precision: usize) -> String {
    let precision = i64::try_from(precision).unwrap_or(i64::MAX);
    plain_digits(
        &decimal.rounded(decimal.exponent.saturating_add(precision)),
        precision,
    )
}

fn plain_digits(decimal: &Digits, precision: i64) -> String {
    let mut text = String::new();
    if decimal.exponent > 0 {
        text.extend((0..decimal.exponent).map(|place| decimal.at(place)));
    } else {
        text.push('0');
    }
    if precision > 0 {
        text.push('.');
        text.extend((0..precision).map(|place| decimal.at(decimal.exponent.saturating_add(place))));
    }
    text
}

/// Plain for sensible exponents, scientific for others.
fn general(decimal: &Digits, mode: char, precision: Option<usize>) -> String {
    let rounded;
    let (decimal, precision, bound) = match precision {
        None => {
            let length = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX);
            (decimal, length, 6)
        }
        Some(precision) => {
            let precision = i64::try_from(precision).unwrap_or(i64::MAX).max(1);
            rounded = decimal.rounded(precision);
            let length = i64::try_from(rounded.digits.len()).unwrap_or(i64::MAX);
            let bound = if precision > length && length >= rounded.exponent {
                length
            } else {
                precision
            };
            (&rounded, precision, bound)
        }
    };
    let length = i64::try_from(decimal.digits.len()).unwrap_or(i64::MAX);
    let exponent = decimal.exponent.saturating_sub(1);
    if exponent < -4 || exponent >= bound {
        let precision = precision.min(length).saturating_sub(1);
        let mode = if mode == 'G' { 'E' } else { 'e' };
        return scientific_digits(decimal, mode, precision);
    }
    let precision = if precision > decimal.exponent {
        length
    } else {
        precision
    };
    plain_digits(decimal, precision.saturating_sub(decimal.exponent).max(0))
}
