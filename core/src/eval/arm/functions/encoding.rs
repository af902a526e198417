//! Base64 and data URIs.

use super::json_read;
use super::table::{Call, Function, TEXT};
use crate::eval::base64::{decode, encode};
use crate::eval::error::{EvalError, Evaluated};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64", &[TEXT], |call| {
        call.string(encode(call.text(0)?.as_bytes()))
    })
    .giving_scalar(),
    Function::new("base64ToJson", &[TEXT], |call| {
        json_read::value(&decoded(call.text(0)?, call)?, call)
    }),
    Function::new("base64ToString", &[TEXT], |call| {
        call.string(decoded(call.text(0)?, call)?)
    })
    .giving_scalar(),
    Function::new("dataUri", &[TEXT], data_uri).giving_scalar(),
    Function::new("dataUriToString", &[TEXT], data_uri_to_string).giving_scalar(),
];

/// The text that Base64 stands for; bytes that are no UTF-8 are replacement characters.
fn decoded(text: &str, call: &Call<'_>) -> Result<String, EvalError> {
    let bytes = decode(text).map_err(|_| call.argument_error(0, "is no Base64"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn data_uri(call: &Call<'_>) -> Evaluated {
    let encoded = encode(call.text(0)?.as_bytes());
    call.string(format!("data:text/plain;charset=utf8;base64,{encoded}"))
}

fn data_uri_to_string(call: &Call<'_>) -> Evaluated {
    let malformed = || call.argument_error(0, "is no data URI");
    let text = call.text(0)?;
    let (scheme, rest) = text.split_once(':').ok_or_else(malformed)?;
    let (description, data) = rest.split_once(',').ok_or_else(malformed)?;
    if !scheme.eq_ignore_ascii_case("data") {
        return Err(malformed());
    }
    let charset = description
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .map_or("utf8", |(_, charset)| charset);
    let is_utf8 = ["utf8", "utf-8", "us-ascii"]
        .iter()
        .any(|known| charset.eq_ignore_ascii_case(known));
    let is_base64 = description
        .split(';')
        .any(|part| part.trim().eq_ignore_ascii_case("base64"));
    match is_base64 && is_utf8 {
        true => call.string(decoded(data, call)?),
        false => Ok(call.unsupported()),
    }
}
