//! Numbers in the format strings of .NET, as the invariant culture writes them.

use crate::eval::number::Number;

/// Why a number cannot be written.
pub(super) enum Refusal {
    /// It can, but not here.
    Unsupported,
    /// The format is none for this number.
    Invalid,
}

/// More digits than this are not written.
const MOST_DIGITS: usize = 99;

/// A number in a standard format such as `D3`, `N0` and `X`, or in a custom one of zeros, `#` and a group
/// separator.
pub(super) fn formatted(number: &Number, format: &str) -> Result<String, Refusal> {
    let Some(integer) = number.as_i64() else {
        return match format {
            "" | "G" | "g" => Ok(number.to_string()),
            _ => Err(Refusal::Unsupported),
        };
    };
    let mut letters = format.chars();
    let Some(kind) = letters.next() else {
        return Ok(integer.to_string());
    };
    let digits = letters.as_str();
    let is_standard = kind.is_ascii_alphabetic() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_standard {
        return custom(integer, format);
    }
    let precision = match digits {
        "" => None,
        digits => Some(digits.parse().map_err(|_| Refusal::Invalid)?),
    };
    if precision.is_some_and(|precision: usize| precision > MOST_DIGITS) {
        return Err(Refusal::Unsupported);
    }
    let sign = if integer < 0 { "-" } else { "" };
    let magnitude = integer.unsigned_abs();
    let least = precision.unwrap_or(0);
    match kind {
        'D' | 'd' => Ok(format!("{sign}{magnitude:0least$}")),
        'F' | 'f' => Ok(format!("{sign}{magnitude}{}", fraction(precision))),
        'N' | 'n' => Ok(format!("{sign}{}{}", grouped(magnitude), fraction(precision))),
        'P' | 'p' => {
            let hundredfold = magnitude.checked_mul(100).ok_or(Refusal::Unsupported)?;
            Ok(format!("{sign}{}{} %", grouped(hundredfold), fraction(precision)))
        }
        'G' | 'g' if least == 0 || least >= magnitude.to_string().len() => Ok(integer.to_string()),
        // The bits of a negative number are written.
        'X' => Ok(format!("{integer:0least$X}")),
        'x' => Ok(format!("{integer:0least$x}")),
        'B' | 'b' | 'C' | 'c' | 'E' | 'e' | 'G' | 'g' => Err(Refusal::Unsupported),
        _ => Err(Refusal::Invalid),
    }
}

/// The digits after the point of a whole number; two unless said otherwise.
fn fraction(precision: Option<usize>) -> String {
    match precision.unwrap_or(2) {
        0 => String::new(),
        count => format!(".{}", "0".repeat(count)),
    }
}

/// `8,175,133`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `000`, `#,##0`, `0.00`: digits that are always there, and groups of three.
fn custom(integer: i64, format: &str) -> Result<String, Refusal> {
    let (whole, decimals) = format.split_once('.').unwrap_or((format, ""));
    let is_plain = |text: &str, admitted: &[char]| text.chars().all(|letter| admitted.contains(&letter));
    let digits: String = whole.chars().filter(|letter| *letter != ',').collect();
    // A zero makes every place after it one that is always there.
    let least = digits.find('0').map_or(0, |first| digits.len() - first);
    let has_group = whole.trim_matches(',').contains(',');
    let ends_in_comma = whole.starts_with(',') || whole.ends_with(',');
    let is_simple = is_plain(whole, &['0', '#', ',']) && is_plain(decimals, &['0', '#']);
    if !is_simple || ends_in_comma || least > MOST_DIGITS || digits.is_empty() {
        return Err(Refusal::Unsupported);
    }
    let magnitude = integer.unsigned_abs();
    let sign = if integer < 0 { "-" } else { "" };
    let written = match (magnitude, least, has_group) {
        (0, 0, _) => String::new(),
        (_, _, false) => format!("{magnitude:0least$}"),
        (_, _, true) if least <= magnitude.to_string().len() => grouped(magnitude),
        _ => return Err(Refusal::Unsupported),
    };
    let zeros = decimals.find('#').unwrap_or(decimals.len());
    if decimals[zeros..].contains('0') {
        return Err(Refusal::Unsupported);
    }
    let point = if zeros > 0 { "." } else { "" };
    Ok(format!("{sign}{written}{point}{}", "0".repeat(zeros)))
}
