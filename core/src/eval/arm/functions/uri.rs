//! Functions over URIs.

use super::table::{Call, Function, OBJECT, TEXT};
use crate::eval::error::Evaluated;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("buildUri", &[OBJECT], |call| Ok(call.unsupported())).giving_scalar(),
    Function::new("parseUri", &[TEXT], |call| Ok(call.unsupported())),
    Function::new("uri", &[TEXT, TEXT], uri).giving_scalar(),
    Function::new("uriComponent", &[TEXT], uri_component).giving_scalar(),
    Function::new("uriComponentToString", &[TEXT], uri_component_to_string).giving_scalar(),
];

/// An absolute URI in its parts.
struct Absolute<'a> {
    scheme: &'a str,
    /// `//host:port`
    authority: &'a str,
    path: &'a str,
    query: &'a str,
}

fn uri(call: &Call<'_>) -> Evaluated {
    let (base, relative) = (call.text(0)?, call.text(1)?);
    let Some(base) = absolute(base) else {
        return Err(call.argument_error(0, "must be an absolute URI"));
    };
    // What is normalised besides the dots in the path is left to Azure.
    let is_plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/:?=&,;+@$()!*#".contains(&byte))
    };
    let is_settled = |text: &str| is_plain(text) && !text.contains('#');
    if absolute(relative).is_some() || relative.starts_with("//") {
        return Ok(call.unsupported());
    }
    let texts = [base.authority, base.path, base.query, relative];
    if !texts.into_iter().all(is_settled) || base.authority.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Ok(call.unsupported());
    }
    let (path, query) = match relative.find('?') {
        Some(place) => relative.split_at(place),
        None => (relative, ""),
    };
    let (path, query) = match path {
        "" if query.is_empty() => (base.path.to_owned(), base.query),
        "" => (base.path.to_owned(), query),
        path if path.starts_with('/') => (path.to_owned(), query),
        path => {
            let folder = base.path.rfind('/').map_or("/", |end| &base.path[..=end]);
            (format!("{folder}{path}"), query)
        }
    };
    let path = without_dots(&path);
    let scheme = base.scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => return Ok(call.unsupported()),
    };
    let authority = base
        .authority
        .strip_suffix(default_port)
        .unwrap_or(base.authority);
    call.string(format!("{scheme}:{authority}{path}{query}"))
}

fn absolute(text: &str) -> Option<Absolute<'_>> {
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let host = rest.strip_prefix("//").filter(|_| is_scheme)?;
    let end = host.find(['/', '?', '#']).map_or(rest.len(), |end| end + 2);
    let (authority, rest) = rest.split_at(end);
    let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    Some(Absolute {
        scheme,
        authority,
        path,
        query,
    })
}

/// `/a/./b/../c` as `/a/c`.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

fn uri_component(call: &Call<'_>) -> Evaluated {
    let mut encoded = String::new();
    for byte in call.text(0)?.bytes() {
        match byte {
            b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    call.string(encoded)
}

/// Escapes that are no UTF-8 stay as they are.
fn uri_component_to_string(call: &Call<'_>) -> Evaluated {
    let mut decoded = String::new();
    let mut rest = call.text(0)?;
    while let Some(place) = rest.find('%') {
        let (before, escapes) = rest.split_at(place);
        decoded.push_str(before);
        let mut bytes = Vec::new();
        let mut after = escapes;
        while let Some((byte, next)) = escaped_byte(after) {
            bytes.push(byte);
            after = next;
        }
        if bytes.is_empty() {
            decoded.push('%');
            rest = escapes.get(1..).unwrap_or_default();
            continue;
        }
        for chunk in bytes.utf8_chunks() {
            decoded.push_str(chunk.valid());
            for byte in chunk.invalid() {
                decoded.push_str(&format!("%{byte:02X}"));
            }
        }
        rest = after;
    }
    decoded.push_str(rest);
    call.string(decoded)
}

fn escaped_byte(text: &str) -> Option<(u8, &str)> {
    let digits = text.strip_prefix('%')?.get(..2)?;
    let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok().filter(|_| are_digits)?;
    Some((byte, text.get(3..)?))
}
