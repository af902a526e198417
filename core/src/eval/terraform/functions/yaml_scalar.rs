//! What a scalar of a YAML document means.

use super::encoding::quoted;
use super::timestamp::{Timestamp, days_in};
use crate::eval::base64::decode;
use crate::eval::number::Number;
use crate::eval::value::Kind;

pub(super) enum Scalar {
    Plain(Kind),
    /// Infinity, or a number of more digits than are read.
    Unsupported,
}

const PREFIX: &str = "tag:yaml.org,2002:";

/// Longer numbers are not read.
const MAXIMUM_NUMBER: usize = 1024;

/// The value of a scalar with a full tag, or an empty one.
pub(super) fn resolve(tag: &str, text: &str, is_quoted: bool) -> Result<Scalar, String> {
    let kind = match tag.strip_prefix(PREFIX) {
        None if tag.is_empty() => "",
        Some(kind @ ("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary")) => kind,
        _ => return Err(format!("unsupported tag {}", quoted(tag))),
    };
    let first = text.chars().next();
    let hinted = first.is_none_or(|first| "+-0123456789yYnNtTfFoO~.".contains(first));
    let mut kind = kind;
    if hinted && !matches!(kind, "str" | "binary") {
        if is_quoted {
            return Ok(plain_text(text));
        }
        match word(text) {
            Some(Word::Known(value)) => return Ok(Scalar::Plain(value)),
            Some(Word::Infinity) => return Ok(Scalar::Unsupported),
            None => {}
        }
        if kind.is_empty() && matches!(text, ".nan" | ".NaN" | ".NAN") {
            return Err("floating point NaN is not supported".to_owned());
        }
        if first.is_some_and(|first| "+-0123456789".contains(first)) {
            if let Some(timestamp) = timestamp(text).filter(|_| matches!(kind, "" | "timestamp")) {
                return Ok(plain_text(&timestamp.text()));
            }
            if is_integer(text) || is_decimal(text) {
                kind = "int";
            }
        } else if first == Some('.') && is_decimal(text) {
            kind = "int";
        }
    }
    let refuse = || Err(format!("cannot parse {} as {tag}", quoted(text)));
    match kind {
        "" | "str" => Ok(plain_text(text)),
        "binary" => match decode(text) {
            Ok(_) => Ok(plain_text(text)),
            Err(_) => Err(format!(
                "cannot parse {} as {tag}: not valid base64",
                quoted(text)
            )),
        },
        "null" => Ok(Scalar::Plain(Kind::Null)),
        "bool" => match word(text) {
            Some(Word::Known(value @ Kind::Bool(_))) => Ok(Scalar::Plain(value)),
            _ => refuse(),
        },
        "timestamp" => match timestamp(text) {
            Some(timestamp) => Ok(plain_text(&timestamp.text())),
            None => refuse(),
        },
        _ => match number(&text.replace('_', "")) {
            Some(scalar) => Ok(scalar),
            None => refuse(),
        },
    }
}

fn plain_text(text: &str) -> Scalar {
    Scalar::Plain(Kind::String(text.into()))
}

enum Word {
    Known(Kind),
    Infinity,
}

/// The words of YAML 1.1, in the three ways they may be written.
fn word(text: &str) -> Option<Word> {
    let known = |kind: Kind| Some(Word::Known(kind));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => known(Kind::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            known(Kind::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            known(Kind::Bool(false))
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" => {
            Some(Word::Infinity)
        }
        _ => None,
    }
}

fn all_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_digit(radix))
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_integer(text: &str) -> bool {
    match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(octal), _) => all_digits(octal, 8),
        (_, Some(hexadecimal)) => all_digits(hexadecimal, 16),
        (None, None) => all_digits(unsigned(text), 10),
    }
}

/// Digits with a point, an exponent or both.
fn is_decimal(text: &str) -> bool {
    let (digits, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (unsigned(text), None),
    };
    let is_number = match digits.split_once('.') {
        Some(("", fraction)) => all_digits(fraction, 10),
        Some((whole, fraction)) => all_digits(whole, 10) && (fraction.is_empty() || all_digits(fraction, 10)),
        None => all_digits(digits, 10),
    };
    is_number && exponent.is_none_or(|exponent| all_digits(unsigned(exponent), 10))
}

fn number(text: &str) -> Option<Scalar> {
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8)
            .ok()
            .map(|number| Scalar::Plain(Kind::Number(number.into())));
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        let number = u64::from_str_radix(hexadecimal, 16).ok()?;
        return Some(Scalar::Plain(Kind::Number(number.into())));
    }
    if !is_decimal(text) {
        return None;
    }
    let exponent = text
        .split_once(['e', 'E'])
        .map_or("0", |(_, exponent)| unsigned(exponent));
    let sensible = exponent.parse::<u32>().is_ok_and(|exponent| exponent <= 1024);
    if text.len() > MAXIMUM_NUMBER || !sensible {
        return Some(Scalar::Unsupported);
    }
    let number = text.parse::<Number>().ok()?;
    Some(Scalar::Plain(Kind::Number(number)))
}

/// The forms of date and time that Terraform takes; a time without zone is UTC.
fn timestamp(text: &str) -> Option<Timestamp> {
    let year = text.get(..4).filter(|year| all_digits(year, 10))?.parse().ok()?;
    let (month, rest) = digits(text.get(4..)?.strip_prefix('-')?)?;
    let (day, rest) = digits(rest.strip_prefix('-')?)?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    if rest.is_empty() {
        return Some(Timestamp::of((year, month, day), (0, 0, 0), 0, 0));
    }
    let zoned = rest.starts_with(['T', 't']);
    let (hour, rest) = digits(rest.strip_prefix(['T', 't', ' '])?)?;
    let (minute, rest) = digits(rest.strip_prefix(':')?)?;
    let (second, rest) = digits(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) if fraction.starts_with(|letter: char| letter.is_ascii_digit()) => {
            fraction.trim_start_matches(|letter: char| letter.is_ascii_digit())
        }
        _ => rest,
    };
    let offset = match (zoned, rest) {
        (false, "") | (true, "Z") => 0,
        (true, zone) if zone.len() == 6 => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (hours, rest) = digits(zone.strip_prefix(['+', '-'])?)?;
            let (minutes, rest) = digits(rest.strip_prefix(':')?)?;
            if !rest.is_empty() || hours > 24 || minutes > 60 {
                return None;
            }
            sign * i32::try_from(hours * 3_600 + minutes * 60).ok()?
        }
        _ => return None,
    };
    Some(Timestamp::of(
        (year, month, day),
        (hour, minute, second),
        0,
        offset,
    ))
}

/// One or two digits, and what follows.
fn digits(text: &str) -> Option<(i64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len())
        .min(2);
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}
