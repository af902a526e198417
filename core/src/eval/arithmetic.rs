//! Arithmetic as Terraform does it: operands and results are binary floats of 512 bits, printed with the
//! fewest decimal digits that still name them. Whole numbers below that size are exact.

use bigdecimal::num_bigint::{BigInt, BigUint, Sign};
use bigdecimal::{BigDecimal, ToPrimitive, Zero};

use super::number::Number;

const PRECISION: u64 = 512;

/// Longer numbers, in digits before or behind the point, are not computed with.
const LONGEST: i64 = 4_096;

/// The sum; `None`: too long.
pub fn add(one: &Number, other: &Number) -> Option<Number> {
    if one.is_integer() && other.is_integer() {
        return rounded(one.decimal() + other.decimal());
    }
    let (one, other) = (Float::of(one)?, Float::of(other)?);
    let exponent = one.exponent.min(other.exponent);
    let sum = one.mantissa_at(exponent)? + other.mantissa_at(exponent)?;
    Float::round(sum, exponent, false).number()
}

pub fn subtract(one: &Number, other: &Number) -> Option<Number> {
    add(one, &negate(other))
}

pub fn multiply(one: &Number, other: &Number) -> Option<Number> {
    if one.is_integer() && other.is_integer() {
        return rounded(one.decimal() * other.decimal());
    }
    let (one, other) = (Float::of(one)?, Float::of(other)?);
    let exponent = one.exponent.checked_add(other.exponent)?;
    Float::round(one.mantissa * other.mantissa, exponent, false).number()
}

/// The quotient; `None`: too long, or the divisor is zero.
pub fn divide(one: &Number, other: &Number) -> Option<Number> {
    if other.is_zero() {
        return None;
    }
    let (one, other) = (Float::of(one)?, Float::of(other)?);
    let quotient = Float::ratio(&one.mantissa, &other.mantissa)?;
    let exponent = quotient
        .exponent
        .checked_add(one.exponent)?
        .checked_sub(other.exponent)?;
    Float { exponent, ..quotient }.number()
}

/// What remains of `one` after taking `other` away as often as it fits, with the sign of `one`; `None`:
/// too long, or the divisor is zero.
pub fn remainder(one: &Number, other: &Number) -> Option<Number> {
    let quotient = divide(one, other)?;
    let whole = Number::from(
        quotient
            .decimal()
            .with_scale_round(0, bigdecimal::RoundingMode::Down),
    );
    subtract(one, &multiply(other, &whole)?)
}

pub fn negate(number: &Number) -> Number {
    Number::from(-number.decimal().clone())
}

/// The number nearest to a float of 64 bits, in its shortest notation; `None`: infinite or no number.
pub fn from_f64(value: f64) -> Option<Number> {
    if !value.is_finite() {
        return None;
    }
    value.to_string().parse().ok()
}

/// The natural logarithm of a positive float, computed the same way on every machine, as Go does: `ceil` of a
/// quotient of two of them must not hang on the last bit. Zero, negative and infinite numbers as usual.
pub fn natural_logarithm(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value.ln();
    }
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    const HIGH: f64 = 6.931_471_803_691_238e-1;
    let (mut fraction, mut exponent) = fraction_and_exponent(value);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1.0;
    }
    // ln(1+f) = f - (f²/2 - s·(f²/2 + R)), with R a polynomial in s = f / (2+f).
    let f = fraction - 1.0;
    let s = f / (2.0 + f);
    let (s2, s4) = (s * s, (s * s) * (s * s));
    let odd = s2
        * (6.666_666_666_666_735e-1
            + s4 * (2.857_142_874_366_239e-1
                + s4 * (1.818_357_216_161_805e-1 + s4 * 1.479_819_860_511_658_6e-1)));
    let even =
        s4 * (3.999_999_999_940_942e-1 + s4 * (2.222_219_843_214_978_4e-1 + s4 * 1.531_383_769_920_937_3e-1));
    let half = 0.5 * f * f;
    exponent * HIGH - ((half - (s * (half + odd + even) + exponent * LOW)) - f)
}

/// A positive finite float as a fraction from a half to one and a power of two.
fn fraction_and_exponent(value: f64) -> (f64, f64) {
    const SUBNORMAL: f64 = 4_503_599_627_370_496.0;
    if value < f64::MIN_POSITIVE {
        let (fraction, exponent) = fraction_and_exponent(value * SUBNORMAL);
        return (fraction, exponent - 52.0);
    }
    let bits = value.to_bits();
    let exponent = (bits >> 52) & 0x7ff;
    let fraction = f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52);
    (fraction, exponent as f64 - 1022.0)
}

/// The number that a text of digits with an optional sign, fraction and exponent denotes; `None`: it is no
/// such text, or too long.
pub fn parse(text: &str) -> Option<Number> {
    // Nearly all numbers are short and whole.
    const SHORT: usize = 18;
    if text.len() <= SHORT && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<u64>().ok().map(Number::from);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_valid = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        (1..=4).contains(&digits.len()) && are_digits(digits)
    });
    let is_valid = whole.len() + fraction.len() > 0 && are_digits(whole) && are_digits(fraction);
    if !is_valid || !exponent_is_valid || mantissa.len() > LONGEST as usize {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let normal = format!("{sign}0{whole}.{fraction}0e{}", exponent.unwrap_or("0"));
    rounded(normal.parse().ok()?)
}

/// A decimal as the number it is read as.
pub fn rounded(decimal: BigDecimal) -> Option<Number> {
    let number = Number::from(decimal);
    let (digits, _) = number.decimal().as_bigint_and_exponent();
    if number.is_integer() && digits.bits() + 4 * number_of_zeros(&number)? <= PRECISION {
        return Some(number);
    }
    Float::of(&number)?.number()
}

/// The zeros behind the digits of a whole number.
fn number_of_zeros(number: &Number) -> Option<u64> {
    let (_, scale) = number.decimal().as_bigint_and_exponent();
    let zeros = scale.checked_neg()?;
    (zeros <= LONGEST).then(|| zeros.max(0) as u64)
}

/// `mantissa · 2^exponent`, with at most 512 bits of mantissa.
struct Float {
    mantissa: BigInt,
    exponent: i64,
}

impl Float {
    fn of(number: &Number) -> Option<Float> {
        let (digits, scale) = number.decimal().as_bigint_and_exponent();
        if scale.abs() > LONGEST || digits.bits() > 4 * LONGEST as u64 {
            return None;
        }
        let power = BigInt::from(10u8).pow(scale.unsigned_abs() as u32);
        match scale {
            ..=0 => Some(Float::round(digits * power, 0, false)),
            _ => Float::ratio(&digits, &power),
        }
    }

    /// The nearest float, ties to even; `inexact` says that the value is a little farther from zero.
    fn round(mantissa: BigInt, exponent: i64, inexact: bool) -> Float {
        let (sign, magnitude) = mantissa.into_parts();
        let excess = magnitude.bits().saturating_sub(PRECISION);
        if excess == 0 {
            let mantissa = BigInt::from_biguint(sign, magnitude);
            return Float { mantissa, exponent };
        }
        let mut kept: BigUint = &magnitude >> excess;
        let half = magnitude.bit(excess - 1);
        let below = inexact || magnitude.trailing_zeros().is_some_and(|zeros| zeros < excess - 1);
        if half && (below || kept.bit(0)) {
            kept += 1u8;
        }
        Float {
            mantissa: BigInt::from_biguint(sign, kept),
            exponent: exponent.saturating_add_unsigned(excess),
        }
    }

    fn ratio(numerator: &BigInt, denominator: &BigInt) -> Option<Float> {
        if denominator.is_zero() {
            return None;
        }
        let shift = (PRECISION + 2 + denominator.bits()).saturating_sub(numerator.bits());
        let sign = numerator.sign() * denominator.sign();
        let dividend = numerator.magnitude() << shift;
        let quotient = &dividend / denominator.magnitude();
        let inexact = &quotient * denominator.magnitude() != dividend;
        let quotient = BigInt::from_biguint(sign, quotient);
        Some(Float::round(quotient, -i64::try_from(shift).ok()?, inexact))
    }

    fn mantissa_at(&self, exponent: i64) -> Option<BigInt> {
        let shift = u64::try_from(self.exponent.checked_sub(exponent)?).ok()?;
        (shift <= 8 * LONGEST as u64).then(|| &self.mantissa << shift)
    }

    /// The decimal with the fewest digits that rounds to this float.
    fn number(&self) -> Option<Number> {
        if self.mantissa.is_zero() {
            return Some(Number::from(0i64));
        }
        if self.exponent.unsigned_abs() > 4 * LONGEST as u64 {
            return None;
        }
        // The mantissa in half units of its last place, with all bits, so that the neighbours' midpoints
        // are one more and one less.
        let missing = PRECISION + 1 - self.mantissa.bits().min(PRECISION);
        let exponent = self.exponent - i64::try_from(missing).ok()?;
        let middle = self.mantissa.magnitude() << missing;
        let inclusive = !middle.bit(1);
        let lower = Digits::of(&middle - 1u8, exponent);
        let upper = Digits::of(&middle + 1u8, exponent);
        let exact = Digits::of(middle, exponent);
        let decimal = exact.shortest(&lower, &upper, inclusive)?;
        let decimal = match self.mantissa.sign() {
            Sign::Minus => -decimal,
            _ => decimal,
        };
        Some(Number::from(decimal))
    }
}

/// The decimal digits of a positive binary float, all of them: `digits · 10^-scale`.
struct Digits {
    digits: Vec<u8>,
    scale: i64,
}

impl Digits {
    fn of(mantissa: BigUint, exponent: i64) -> Digits {
        let power = exponent.unsigned_abs() as u32;
        let (whole, scale) = match exponent {
            0.. => (mantissa << power, 0),
            _ => (mantissa * BigUint::from(5u8).pow(power), i64::from(power)),
        };
        Digits {
            digits: whole.to_string().into_bytes(),
            scale,
        }
    }

    /// The digit at a place of the longest of the three numbers that are compared.
    fn at(&self, place: usize, length: usize) -> u8 {
        let padding = length - self.digits.len().min(length);
        match place.checked_sub(padding) {
            Some(place) => self.digits.get(place).copied().unwrap_or(b'0'),
            None => b'0',
        }
    }

    /// How many places of `length` there are until only zeros follow.
    fn significant(&self, length: usize) -> usize {
        let zeros = self
            .digits
            .iter()
            .rev()
            .take_while(|digit| **digit == b'0')
            .count();
        length - zeros.min(length)
    }

    fn shortest(&self, lower: &Digits, upper: &Digits, inclusive: bool) -> Option<BigDecimal> {
        let length = upper.digits.len().max(self.digits.len());
        for place in 0..length {
            let (low, digit, high) = (
                lower.at(place, length),
                self.at(place, length),
                upper.at(place, length),
            );
            let may_cut = low != digit || inclusive && place + 1 == lower.significant(length);
            let may_raise =
                digit != high && (inclusive || digit + 1 < high || place + 1 < upper.significant(length));
            let raise = match (may_cut, may_raise) {
                (false, false) => continue,
                (true, false) => false,
                (false, true) => true,
                (true, true) => self.rounds_up(place, length),
            };
            return self.cut(place, length, raise);
        }
        self.cut(length.checked_sub(1)?, length, false)
    }

    /// Whether the digits behind a place are more than half, or half and the place is odd.
    fn rounds_up(&self, place: usize, length: usize) -> bool {
        let next = self.at(place + 1, length);
        let exactly_half = next == b'5' && self.significant(length) == place + 2;
        match exactly_half {
            true => self.at(place, length) % 2 == 1,
            false => next >= b'5',
        }
    }

    fn cut(&self, place: usize, length: usize, raise: bool) -> Option<BigDecimal> {
        let kept: Vec<u8> = (0..=place).map(|place| self.at(place, length)).collect();
        let mut digits = BigInt::parse_bytes(&kept, 10)?;
        if raise {
            digits += 1u8;
        }
        let dropped = (length - place - 1).to_i64()?;
        Some(BigDecimal::new(digits, self.scale - dropped))
    }
}

#[cfg(test)]
mod tests {
    use super::{add, divide, from_f64, multiply, natural_logarithm, parse, remainder, subtract};
    use crate::eval::number::Number;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn decimal_fractions_stay_short() {
        assert_eq!(add(&number("0.1"), &number("0.2")).unwrap().to_string(), "0.3");
        assert_eq!(
            subtract(&number("1.5"), &number("0.25")).unwrap().to_string(),
            "1.25"
        );
        assert_eq!(multiply(&number("0.1"), &number("3")).unwrap().to_string(), "0.3");
        assert_eq!(divide(&number("10"), &number("4")).unwrap().to_string(), "2.5");
    }

    #[test]
    fn a_third_ends_where_512_bits_end() {
        let third = divide(&number("1"), &number("3")).unwrap();
        assert_eq!(third.to_string(), format!("0.{}5", "3".repeat(154)));
        assert_eq!(multiply(&third, &number("3")).unwrap().to_string(), "1");
    }

    #[test]
    fn differences_show_what_binary_lost() {
        let difference = subtract(&number("0.3"), &number("0.1")).unwrap();
        assert_eq!(difference.to_string(), format!("0.2{}2", "0".repeat(153)));
    }

    #[test]
    fn logarithms_have_the_bits_that_go_gives_them() {
        for (value, logarithm) in [
            (1.0, "0"),
            (2.0, "0.6931471805599453"),
            (8.0, "2.0794415416798357"),
            (10.0, "2.302585092994046"),
            (0.5, "-0.6931471805599453"),
            (5e-324, "-744.4400719213812"),
        ] {
            assert_eq!(natural_logarithm(value).to_string(), logarithm);
        }
        assert!(natural_logarithm(-1.0).is_nan());
        assert_eq!(natural_logarithm(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn texts_are_numbers_as_go_reads_them() {
        for text in [
            "", "+", ".", "1_000", "0x10", " 1", "1e", "e5", "1.2.3", "--1", "1e99999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for (text, number) in [
            ("007", "7"),
            ("+1.50", "1.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-2E2", "-200"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), number);
        }
    }

    #[test]
    fn products_of_fractions_are_rounded_in_binary() {
        let product = multiply(&number("1.1"), &number("1.1")).unwrap();
        assert_eq!(product.to_string(), format!("1.21{}1", "0".repeat(151)));
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        assert_eq!(remainder(&number("-7"), &number("3")).unwrap().to_string(), "-1");
        assert_eq!(
            remainder(&number("7.5"), &number("2")).unwrap().to_string(),
            "1.5"
        );
        assert_eq!(remainder(&number("1"), &number("0")), None);
    }

    #[test]
    fn numbers_that_grow_too_long_are_refused() {
        let mut long = number("1e600");
        while let Some(longer) = multiply(&long, &long) {
            long = longer;
        }
        assert!(long.to_string().len() < 20_000);
        assert_eq!(from_f64(f64::INFINITY), None);
    }
}
