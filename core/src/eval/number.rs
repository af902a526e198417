//! Numbers as Terraform has them: decimal text of any size, without the rounding of binary floats.

use std::fmt;
use std::str::FromStr;

use bigdecimal::{BigDecimal, ToPrimitive, Zero};

/// A number; equal numbers are equal however they were written (`1.0` is `1`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(BigDecimal);

impl Number {
    pub fn decimal(&self) -> &BigDecimal {
        &self.0
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// The value as a whole number, when it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        if self.0.is_integer() {
            self.0.to_i64()
        } else {
            None
        }
    }

    pub fn as_u64(&self) -> Option<u64> {
        if self.0.is_integer() {
            self.0.to_u64()
        } else {
            None
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        self.0.to_f64()
    }
}

impl Number {
    /// More digits than this, before or behind the point, are beyond the evaluator.
    pub const MAXIMUM_DIGITS: i64 = 4_096;

    /// The number that digits denote, as the language writes them; none when it is too long or no number.
    pub fn parse(digits: &str) -> Option<Self> {
        BigDecimal::from_str(digits).ok().and_then(Self::bounded)
    }

    /// A computed number, unless it is too long to go on with.
    pub fn bounded(decimal: BigDecimal) -> Option<Self> {
        let (digits, scale) = decimal.as_bigint_and_exponent();
        let length = i64::try_from(digits.bits()).unwrap_or(i64::MAX) / 3;
        let fits = scale.abs() <= Self::MAXIMUM_DIGITS && length <= Self::MAXIMUM_DIGITS;
        fits.then(|| Number::from(decimal))
    }

    /// The quotient, rounded where Terraform's numbers of 512 bits end. The divisor must not be zero.
    pub fn divided_by(&self, divisor: &Number) -> BigDecimal {
        const DIGITS: u64 = 155;
        (&self.0 / &divisor.0).with_prec(DIGITS)
    }
}

impl From<BigDecimal> for Number {
    fn from(decimal: BigDecimal) -> Self {
        Number(decimal.normalized())
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Number::from(BigDecimal::from(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Number::from(BigDecimal::from(value))
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::from(value as u64)
    }
}

impl FromStr for Number {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        BigDecimal::from_str(text).map(Number::from).map_err(|_| ())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.to_plain_string())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}
