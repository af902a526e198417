//! When two values are the same member of a set, and in which order Terraform keeps the members of a set.

use std::cmp::Ordering;
use std::sync::Arc;

use bigdecimal::num_bigint::Sign;
use bigdecimal::{BigDecimal, RoundingMode};

use crate::eval::number::Number;
use crate::eval::value::{Kind, Value};

/// Equal for two values only if they are the same: an unknown is only the same as itself.
pub fn identity(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, &mut bytes, Precision::Exact);
    bytes
}

/// The members of a set of these elements: without repeats, in Terraform's order (numbers by value, text
/// by bytes, then what is unknown, then null).
pub fn set(elements: impl IntoIterator<Item = Value>) -> Arc<[Value]> {
    let mut members: Vec<(Place, Value)> = elements
        .into_iter()
        .map(|element| (Place::of(&element), element))
        .collect();
    members.sort_by(|(one, _), (two, _)| one.cmp(two));
    members.dedup_by(|(one, _), (two, _)| one == two);
    members.into_iter().map(|(_, member)| member).collect()
}

/// Where a member stands in its set.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    /// Terraform sorts by the text it would hash, in which numbers are rounded; what is exact only tells
    /// members with the same text apart.
    Structure {
        rounded: Vec<u8>,
        exact: Vec<u8>,
    },
    Unknown(Vec<u8>),
    Null,
}

impl Place {
    fn of(value: &Value) -> Place {
        match &value.kind {
            Kind::Null => Place::Null,
            Kind::Bool(value) => Place::Bool(*value),
            Kind::Number(number) => Place::Number(number.clone()),
            Kind::String(text) => Place::Text(text.clone()),
            Kind::Unknown(_) | Kind::OneOf(_) => Place::Unknown(identity(value)),
            Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Map(_) | Kind::Object(_) => {
                let mut rounded = Vec::new();
                write(value, &mut rounded, Precision::TenDigits);
                Place::Structure {
                    rounded,
                    exact: identity(value),
                }
            }
        }
    }
}

/// The order of two values of one primitive type, as `sort` and sets have it.
pub fn compare(one: &Value, two: &Value) -> Ordering {
    Place::of(one).cmp(&Place::of(two))
}

#[derive(Clone, Copy, PartialEq)]
enum Precision {
    Exact,
    TenDigits,
}

fn write(value: &Value, bytes: &mut Vec<u8>, precision: Precision) {
    match &value.kind {
        Kind::Null => bytes.push(b'~'),
        Kind::Bool(true) => bytes.push(b'T'),
        Kind::Bool(false) => bytes.push(b'F'),
        Kind::Number(number) => {
            let text = match precision {
                Precision::Exact => number.decimal().to_scientific_notation(),
                Precision::TenDigits => ten_digits(number.decimal()),
            };
            bytes.extend_from_slice(text.as_bytes());
        }
        Kind::String(text) => quote(text, bytes),
        Kind::List(elements) | Kind::Set(elements) => enclosed(b'[', elements, b']', bytes, precision),
        Kind::Tuple(elements) => enclosed(b'<', elements, b'>', bytes, precision),
        Kind::Map(entries) => {
            bytes.push(b'{');
            for (key, member) in &entries.members {
                quote(key, bytes);
                bytes.push(b':');
                write(member, bytes, precision);
                bytes.push(b';');
            }
            if let Some(open) = &entries.open {
                bytes.extend_from_slice(&open.identity().to_le_bytes());
            }
            bytes.push(b'}');
        }
        Kind::Object(entries) => {
            bytes.push(b'<');
            for (name, member) in &entries.members {
                // Terraform knows the names from the type; only the exact bytes must tell them apart.
                if precision == Precision::Exact {
                    quote(name, bytes);
                    bytes.push(b'=');
                }
                write(member, bytes, precision);
                bytes.push(b';');
            }
            if let Some(open) = &entries.open {
                bytes.extend_from_slice(&open.identity().to_le_bytes());
            }
            bytes.push(b'>');
        }
        Kind::Unknown(unknown) => {
            bytes.push(b'?');
            if precision == Precision::Exact {
                bytes.extend_from_slice(&unknown.identity().to_le_bytes());
            }
        }
        Kind::OneOf(one_of) => {
            bytes.push(b'?');
            if precision == Precision::Exact {
                bytes.extend_from_slice(&one_of.condition.identity().to_le_bytes());
                write(&one_of.yes, bytes, precision);
                bytes.push(b'|');
                write(&one_of.no, bytes, precision);
            }
        }
    }
}

fn enclosed(open: u8, elements: &[Value], close: u8, bytes: &mut Vec<u8>, precision: Precision) {
    bytes.push(open);
    for element in elements {
        write(element, bytes, precision);
        bytes.push(b';');
    }
    bytes.push(close);
}

/// Go's quoted form of a text, which orders structures.
fn quote(text: &str, bytes: &mut Vec<u8>) {
    bytes.push(b'"');
    for character in text.chars() {
        match character {
            '"' => bytes.extend_from_slice(b"\\\""),
            '\\' => bytes.extend_from_slice(b"\\\\"),
            '\u{7}' => bytes.extend_from_slice(b"\\a"),
            '\u{8}' => bytes.extend_from_slice(b"\\b"),
            '\u{c}' => bytes.extend_from_slice(b"\\f"),
            '\n' => bytes.extend_from_slice(b"\\n"),
            '\r' => bytes.extend_from_slice(b"\\r"),
            '\t' => bytes.extend_from_slice(b"\\t"),
            '\u{b}' => bytes.extend_from_slice(b"\\v"),
            control if (control as u32) < 0x20 || control as u32 == 0x7f => {
                bytes.extend_from_slice(format!("\\x{:02x}", control as u32).as_bytes());
            }
            other => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    bytes.push(b'"');
}

/// A number with ten significant digits, in scientific notation for very small and large ones, as Go's
/// `%.10g` writes it.
fn ten_digits(decimal: &BigDecimal) -> String {
    let rounded = decimal
        .with_precision_round(TEN, RoundingMode::HalfEven)
        .normalized();
    let (digits, scale) = rounded.as_bigint_and_exponent();
    let negative = digits.sign() == Sign::Minus;
    let digits = digits.magnitude().to_string();
    let exponent = digits.len() as i64 - 1 - scale;
    if (-4..10).contains(&exponent) || digits == "0" {
        return rounded.to_plain_string();
    }
    let (first, rest) = digits.split_at(1);
    let sign = if negative { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{exponent_sign}{:02}", exponent.abs())
}

const TEN: std::num::NonZeroU64 = std::num::NonZeroU64::MIN.saturating_add(9);
