//! Hashes of texts and files, and the functions that encrypt.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::date::known_later;
use super::encoding::{quoted, unsupported};
use super::filesystem::{Content, content_for_hash};
use super::operands::text;
use super::table::{Call, Function, number, string};
use crate::eval::base64::encode;
use crate::eval::error::EvalError;
use crate::eval::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", &[string("str")], of_text).giving_scalar(),
    Function::new("base64sha512", &[string("str")], of_text).giving_scalar(),
    Function::new("bcrypt", &[string("str")], bcrypt)
        .with_rest(number("cost"))
        .giving_scalar(),
    Function::new("filebase64sha256", &[string("path")], of_file).giving_scalar(),
    Function::new("filebase64sha512", &[string("path")], of_file).giving_scalar(),
    Function::new("filemd5", &[string("path")], of_file).giving_scalar(),
    Function::new("filesha1", &[string("path")], of_file).giving_scalar(),
    Function::new("filesha256", &[string("path")], of_file).giving_scalar(),
    Function::new("filesha512", &[string("path")], of_file).giving_scalar(),
    Function::new("md5", &[string("str")], of_text).giving_scalar(),
    Function::new(
        "rsadecrypt",
        &[string("ciphertext"), string("privatekey")],
        rsadecrypt,
    )
    .giving_scalar(),
    Function::new("sha1", &[string("str")], of_text).giving_scalar(),
    Function::new("sha256", &[string("str")], of_text).giving_scalar(),
    Function::new("sha512", &[string("str")], of_text).giving_scalar(),
    Function::new("uuid", &[], known_later).giving_scalar(),
    Function::new("uuidv5", &[string("namespace"), string("name")], uuidv5).giving_scalar(),
];

/// The hash that the name of the function ends with.
fn hash(function: &str, bytes: &[u8]) -> Vec<u8> {
    if function.ends_with("md5") {
        Md5::digest(bytes).to_vec()
    } else if function.ends_with("sha1") {
        Sha1::digest(bytes).to_vec()
    } else if function.ends_with("sha256") {
        Sha256::digest(bytes).to_vec()
    } else {
        Sha512::digest(bytes).to_vec()
    }
}

fn printed(function: &str, bytes: &[u8]) -> String {
    let hash = hash(function, bytes);
    match function.contains("base64") {
        true => encode(&hash),
        false => hash.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

fn of_text(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    if !call.afford(text.len() / 256) {
        return Ok(call.limit());
    }
    call.string(printed(call.function.name, text.as_bytes()))
}

fn of_file(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = text(arguments, 0, call)?;
    match content_for_hash(path, call)? {
        Content::Bytes(bytes) if !call.afford(bytes.len() / 256) => Ok(call.limit()),
        Content::Bytes(bytes) => call.string(printed(call.function.name, &bytes)),
        Content::Unknown(value) => Ok(value),
    }
}

/// Salted: another answer at each run.
fn bcrypt(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    if arguments.len() > 2 {
        return Err(call.error("bcrypt() takes no more than two arguments"));
    }
    if arguments.len() == 2 {
        let cost = super::operands::whole(arguments, 1, call)?;
        // A cost below the least is raised to the usual one.
        if cost > 31 {
            let message = format!(
                "error occured generating password crypto/bcrypt: cost {cost} is outside allowed range (4,31)"
            );
            return Err(call.error(message));
        }
    }
    known_later(arguments, call)
}

fn rsadecrypt(_arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(unsupported(call))
}

fn uuidv5(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (namespace, name) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    // The namespaces of RFC 4122 differ in one byte.
    let standard = |byte: u8| {
        let mut namespace = [
            0x6b, 0xa7, 0xb8, 0x00, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8,
        ];
        namespace[3] = byte;
        namespace
    };
    let bytes = match namespace {
        "dns" => standard(0x10),
        "url" => standard(0x11),
        "oid" => standard(0x12),
        "x500" => standard(0x14),
        other => parse_uuid(other).map_err(|problem| {
            let message = match other {
                "" => format!("uuidv5() doesn't support namespace ({problem})"),
                other => format!("uuidv5() doesn't support namespace {other} ({problem})"),
            };
            call.error(message)
        })?,
    };
    let mut hasher = Sha1::new();
    hasher.update(bytes);
    hasher.update(name.as_bytes());
    let mut uuid: Vec<u8> = hasher.finalize().iter().take(16).copied().collect();
    if let Some(version) = uuid.get_mut(6) {
        *version = (*version & 0x0f) | 0x50;
    }
    if let Some(variant) = uuid.get_mut(8) {
        *variant = (*variant & 0x3f) | 0x80;
    }
    let mut text = String::new();
    for (index, byte) in uuid.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    call.string(text)
}

/// Reads a UUID with or without hyphens, in braces, or as a URN.
fn parse_uuid(text: &str) -> Result<[u8; 16], String> {
    let invalid = || "invalid UUID format".to_owned();
    let hyphenated = match text.len() {
        32 => text,
        36 => text,
        38 => text.get(1..37).ok_or_else(invalid)?,
        45 => {
            let prefix = text.get(..9).ok_or_else(invalid)?;
            if !prefix.eq_ignore_ascii_case("urn:uuid:") {
                return Err(format!("invalid urn prefix: {}", quoted(prefix)));
            }
            text.get(9..).ok_or_else(invalid)?
        }
        length => return Err(format!("invalid UUID length: {length}")),
    };
    let mut digits = Vec::with_capacity(32);
    for (index, letter) in hyphenated.bytes().enumerate() {
        if hyphenated.len() == 36 && matches!(index, 8 | 13 | 18 | 23) {
            if letter != b'-' {
                return Err(invalid());
            }
            continue;
        }
        let digit = char::from(letter)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok());
        digits.push(digit.ok_or_else(invalid)?);
    }
    let mut uuid = [0; 16];
    for (byte, pair) in uuid.iter_mut().zip(digits.chunks(2)) {
        *byte = match pair {
            [high, low] => high << 4 | low,
            _ => return Err(invalid()),
        };
    }
    Ok(uuid)
}
