//! Points in time in the format strings of .NET, as the invariant culture writes them, in UTC.

use super::date_time::{DateTime, Fields};
use crate::eval::calendar_names::{DAYS, MONTHS};

/// Why a format cannot be used.
pub(super) enum Refusal {
    Unsupported,
    Invalid,
}

/// One letter is a standard format, anything else a custom one.
pub(super) fn formatted(time: DateTime, format: &str) -> Result<String, Refusal> {
    let mut letters = format.chars();
    let custom_format = match (letters.next(), letters.next()) {
        (None, _) => return Err(Refusal::Unsupported),
        (Some(letter), None) => standard(letter)?,
        _ => format,
    };
    custom(&time.fields(), custom_format)
}

/// The custom format that a standard one stands for.
fn standard(letter: char) -> Result<&'static str, Refusal> {
    Ok(match letter {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, dd MMMM yyyy",
        'f' => "dddd, dd MMMM yyyy HH:mm",
        'F' | 'U' => "dddd, dd MMMM yyyy HH:mm:ss",
        'g' => "MM/dd/yyyy HH:mm",
        'G' => "MM/dd/yyyy HH:mm:ss",
        'm' | 'M' => "MMMM dd",
        'o' | 'O' => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        's' => "yyyy-MM-ddTHH:mm:ss",
        't' => "HH:mm",
        'T' => "HH:mm:ss",
        'u' => "yyyy-MM-dd HH:mm:ssZ",
        'y' | 'Y' => "yyyy MMMM",
        _ => return Err(Refusal::Invalid),
    })
}

fn custom(fields: &Fields, format: &str) -> Result<String, Refusal> {
    let mut text = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(letter).len();
        let count = run / letter.len_utf8();
        let mut length = run;
        match letter {
            '\'' | '"' => {
                let inside = rest.get(1..).unwrap_or_default();
                let end = inside.find(letter).ok_or(Refusal::Invalid)?;
                text.push_str(inside.get(..end).unwrap_or_default());
                length = end + 2;
            }
            '\\' => {
                let escaped = rest.get(1..).unwrap_or_default();
                let escaped = escaped.chars().next().ok_or(Refusal::Invalid)?;
                text.push(escaped);
                length = 1 + escaped.len_utf8();
            }
            // One letter that would else be a standard format.
            '%' => {
                let next = rest.get(1..).and_then(|rest| rest.chars().next());
                if next.is_none_or(|next| next == '%') {
                    return Err(Refusal::Invalid);
                }
                length = 1;
            }
            'd' | 'f' | 'F' | 'h' | 'H' | 'm' | 'M' | 's' | 't' | 'y' | 'g' | 'K' | 'z' => {
                part(fields, letter, count, &mut text)?;
            }
            other => {
                for _ in 0..count {
                    text.push(other);
                }
            }
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(text)
}

/// Adds the part of a date that a letter, repeated so often, stands for.
fn part(fields: &Fields, letter: char, count: usize, text: &mut String) -> Result<(), Refusal> {
    let padded = |number: i64| format!("{number:00$}", count.min(2));
    let twelve = match fields.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let name = |names: &[&'static str], index: usize| match names.get(index) {
        Some(name) if count == 3 => name.get(..3).unwrap_or(name).to_owned(),
        Some(name) => (*name).to_owned(),
        None => String::new(),
    };
    text.push_str(&match (letter, count) {
        ('d', 1 | 2) => padded(fields.day),
        ('d', _) => name(&DAYS, fields.weekday),
        ('M', 1 | 2) => padded(fields.month as i64),
        ('M', _) => name(&MONTHS, fields.month.saturating_sub(1)),
        ('y', 1 | 2) => padded(fields.year % 100),
        ('y', 3..=5) => format!("{:0count$}", fields.year),
        ('H', _) => padded(fields.hour),
        ('h', _) => padded(twelve),
        ('m', _) => padded(fields.minute),
        ('s', _) => padded(fields.second),
        ('t', _) => {
            let half = if fields.hour < 12 { "AM" } else { "PM" };
            half.get(..count.min(2)).unwrap_or(half).to_owned()
        }
        ('f', 1..=7) => format!("{:07}", fields.ticks)
            .get(..count)
            .unwrap_or_default()
            .to_owned(),
        ('f' | 'F', 8..) => return Err(Refusal::Invalid),
        _ => return Err(Refusal::Unsupported),
    });
    Ok(())
}
