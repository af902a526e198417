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
