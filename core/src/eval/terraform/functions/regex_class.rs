//! Bracketed and named character classes of [`super::regex_syntax`].

use super::regex_syntax::{BAD_RANGE, Flaw, escaped, flaw};

/// A class in brackets at the start of the text, and what follows it.
pub(super) fn class(text: &str) -> Result<(String, &str), Flaw> {
    let mut output = String::from("[");
    let mut rest = text.strip_prefix('[').unwrap_or(text);
    if let Some(after) = rest.strip_prefix('^') {
        output.push('^');
        rest = after;
    }
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        if let Some((named, after)) = posix_class(rest)? {
            output.push_str(&named);
            rest = after;
        } else if let Some((named, after)) = unicode_class(rest)? {
            output.push_str(&named);
            rest = after;
        } else if let Some((named, after)) = perl_class(rest) {
            output.push_str(named);
            rest = after;
        } else {
            let start = rest;
            let (low, after) = class_letter(rest, text)?;
            rest = after;
            let mut high = low;
            if rest.starts_with('-') && rest.len() > 1 && !rest.starts_with("-]") {
                (high, rest) = class_letter(&rest[1..], text)?;
            }
            if high < low {
                return flaw(BAD_RANGE, &start[..start.len() - rest.len()]);
            }
            output.push_str(&format!(
                "\\x{{{:x}}}-\\x{{{:x}}}",
                u32::from(low),
                u32::from(high)
            ));
        }
    }
    output.push(']');
    Ok((output, &rest[1..]))
}

fn class_letter<'a>(text: &'a str, whole: &str) -> Result<(char, &'a str), Flaw> {
    let mut letters = text.chars();
    match letters.next() {
        None => flaw("missing closing ]", whole),
        Some('\\') => escaped(text),
        Some(letter) => Ok((letter, letters.as_str())),
    }
}

/// `[:alpha:]` inside brackets; these are ASCII in both syntaxes.
fn posix_class(text: &str) -> Result<Option<(String, &str)>, Flaw> {
    const NAMES: [&str; 14] = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
        "upper", "word", "xdigit",
    ];
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let whole = &text[..text.len() - rest.len()];
    match NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
        true => Ok(Some((whole.to_owned(), rest))),
        false => flaw(BAD_RANGE, whole),
    }
}

/// `\pL`, `\p{Greek}`, `\P{L}` and `\p{^L}`.
pub(super) fn unicode_class(text: &str) -> Result<Option<(String, &str)>, Flaw> {
    let (mut positive, rest) = match (text.strip_prefix("\\p"), text.strip_prefix("\\P")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Ok(None),
    };
    let Some(letter) = rest.chars().next() else {
        return flaw(BAD_RANGE, text);
    };
    let (name, rest) = match rest.strip_prefix('{') {
        Some(braced) => match braced.split_once('}') {
            Some(split) => split,
            None => return flaw(BAD_RANGE, text),
        },
        None => rest.split_at(letter.len_utf8()),
    };
    let whole = &text[..text.len() - rest.len()];
    let plain = name.strip_prefix('^').unwrap_or(name);
    if plain.len() < name.len() {
        positive = !positive;
    }
    if plain == "Any" {
        let any = if positive {
            "[\\x{0}-\\x{10ffff}]"
        } else {
            "[^\\x{0}-\\x{10ffff}]"
        };
        return Ok(Some((any.to_owned(), rest)));
    }
    // Names of general categories and scripts, which start with a capital; nothing looser.
    let spelled = plain.starts_with(|letter: char| letter.is_ascii_uppercase())
        && plain
            .bytes()
            .all(|letter| letter == b'_' || letter.is_ascii_alphabetic());
    let escape = if positive { 'p' } else { 'P' };
    let class = format!("\\{escape}{{{plain}}}");
    match spelled && regex::Regex::new(&class).is_ok() {
        true => Ok(Some((class, rest))),
        false => flaw(BAD_RANGE, whole),
    }
}

/// `\d`, `\s` and `\w`, which are ASCII, and their opposites.
pub(super) fn perl_class(text: &str) -> Option<(&'static str, &str)> {
    let class = match text.as_bytes().get(..2)? {
        b"\\d" => "[0-9]",
        b"\\D" => "[^0-9]",
        b"\\s" => "[\\t\\n\\x0c\\r ]",
        b"\\S" => "[^\\t\\n\\x0c\\r ]",
        b"\\w" => "[0-9A-Za-z_]",
        b"\\W" => "[^0-9A-Za-z_]",
        _ => return None,
    };
    Some((class, text.get(2..)?))
}
