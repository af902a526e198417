//! Base64, character sets and URL encoding.

use super::character_set::{CharacterSet, character_set};
use super::operands::text;
use super::output::{Output, finished};
use super::table::{Call, Function, string};
use crate::eval::base64::{decode, encode};
use crate::eval::error::EvalError;
use crate::eval::value::{Reason, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", &[string("str")], base64decode).giving_scalar(),
    Function::new("base64encode", &[string("str")], base64encode).giving_scalar(),
    Function::new("base64gzip", &[string("str")], base64gzip).giving_scalar(),
    Function::new(
        "textdecodebase64",
        &[string("source"), string("encoding")],
        textdecodebase64,
    )
    .giving_scalar(),
    Function::new(
        "textencodebase64",
        &[string("string"), string("encoding")],
        textencodebase64,
    )
    .giving_scalar(),
    Function::new("urlencode", &[string("str")], urlencode).giving_scalar(),
];

fn base64decode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let source = text(arguments, 0, call)?;
    let bytes =
        decode(source).map_err(|_| call.error(format!("failed to decode base64 data {}", quoted(source))))?;
    match String::from_utf8(bytes) {
        Ok(text) => call.string(text),
        Err(_) => Err(call.error("the result of decoding the provided string is not valid UTF-8")),
    }
}

/// A text as Terraform's messages quote it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => quoted.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn base64encode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.string(encode(text(arguments, 0, call)?.as_bytes()))
}

/// The result hangs on the compressor, bit by bit; nothing that is checked hangs on it.
fn base64gzip(_arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(unsupported(call))
}

/// The unknown result of a function, or of a case of it, that is not computed.
pub(super) fn unsupported(call: &Call<'_>) -> Value {
    let what = format!("{}()", call.function.name);
    Value::unknown(
        Unknown::new(Reason::Unsupported { what }, call.context.span),
        call.from(),
    )
}

fn textencodebase64(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (source, name) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    let (set, name) = match character_set(name) {
        CharacterSet::Known(set, name) => (set, name),
        CharacterSet::Unsupported => return Ok(unsupported(call)),
        CharacterSet::Unheard => return Err(unheard(name, call)),
    };
    match set.encode(source) {
        Some(bytes) => call.string(encode(&bytes)),
        None => {
            let message =
                format!("the given string contains characters that cannot be represented in {name}");
            Err(call.argument_error(0, message))
        }
    }
}

fn textdecodebase64(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (source, name) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    let (set, name) = match character_set(name) {
        CharacterSet::Known(set, name) => (set, name),
        CharacterSet::Unsupported => return Ok(unsupported(call)),
        CharacterSet::Unheard => return Err(unheard(name, call)),
    };
    let bytes = decode(source).map_err(|offset| {
        let message = format!("the given value is has an invalid base64 symbol at offset {offset}");
        call.argument_error(0, message)
    })?;
    match set.decode(&bytes) {
        Some(text) => call.string(text),
        None => {
            let message = format!("the given string contains symbols that are not defined for {name}");
            Err(call.argument_error(0, message))
        }
    }
}

fn unheard(name: &str, call: &Call<'_>) -> EvalError {
    let message =
        format!("\"{name}\" is not a supported IANA encoding name or alias in this Terraform version");
    call.argument_error(1, message)
}

fn urlencode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    let mut output = Output::new(call);
    let complete = text.bytes().try_for_each(|byte| match byte {
        b' ' => output.push("+"),
        b'-' | b'_' | b'.' | b'~' => output.push_char(char::from(byte)),
        byte if byte.is_ascii_alphanumeric() => output.push_char(char::from(byte)),
        byte => output.push(&format!("%{byte:02X}")),
    });
    finished(output, complete, call)
}
