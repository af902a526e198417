//! Numbers as Terraform has them: decimal text of any size, without the rounding of binary floats.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, ToPrimitive, Zero};

/// A number; equal numbers are equal however they were written (`1.0` is `1`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(Arc<BigDecimal>);

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
        Number(Arc::new(decimal.normalized()))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        let (digits, zeros) = without_zeros(value.unsigned_abs());
        let sign = if value < 0 { Sign::Minus } else { Sign::Plus };
        let digits = BigInt::from_biguint(sign, digits.into());
        Number(Arc::new(BigDecimal::new(digits, -zeros)))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        let (digits, zeros) = without_zeros(value);
        Number(Arc::new(BigDecimal::new(digits.into(), -zeros)))
    }
}

/// A whole number as normalised decimals have it: the zeros at its end are counted and gone.
fn without_zeros(mut value: u64) -> (u64, i64) {
    let mut zeros = 0;
    while value != 0 && value.is_multiple_of(10) {
        (value, zeros) = (value / 10, zeros + 1);
    }
    (value, zeros)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_what_their_decimals_are() {
        for value in [
            0,
            1,
            -1,
            7,
            10,
            -10,
            120,
            1_000,
            65_535,
            1_000_001,
            i64::MAX,
            i64::MIN,
        ] {
            let decimal = Number::from(BigDecimal::from(value));
            let number = Number::from(value);
            let parts = |number: &Number| number.decimal().as_bigint_and_exponent();
            assert_eq!(parts(&number), parts(&decimal), "{value}");
            if let Ok(value) = u64::try_from(value) {
                assert_eq!(parts(&Number::from(value)), parts(&decimal), "{value}");
            }
        }
        let most = Number::from(u64::MAX);
        assert_eq!(most, Number::from(BigDecimal::from(u64::MAX)));
    }
}
