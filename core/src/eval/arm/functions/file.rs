//! Functions that read files when the template is compiled.

use std::sync::Arc;

use super::json_path::{self, Selected};
use super::json_read;
use super::table::{Call, Function, TEXT};
use crate::eval::base64::encode;
use crate::eval::error::{EvalError, Evaluated};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::terraform::functions as terraform;
use crate::eval::value::{Kind, Reason, Unknown, Value};
use crate::source::Span;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("loadDirectoryFileInfo", &[TEXT, TEXT], |call| {
        Ok(call.unsupported())
    })
    .optional(1),
    Function::new("loadFileAsBase64", &[TEXT], load_file_as_base64).giving_scalar(),
    Function::new("loadJsonContent", &[TEXT, TEXT, TEXT], load_json_content).optional(2),
    Function::new("loadTextContent", &[TEXT, TEXT], load_text_content)
        .optional(1)
        .giving_scalar(),
    Function::new("loadYamlContent", &[TEXT, TEXT, TEXT], load_yaml_content).optional(2),
];

/// A file that was read, or the result of the call when it cannot be.
enum Content<T> {
    Read(T),
    Unknown(Value),
}

fn bytes(call: &Call<'_>) -> Result<Content<Arc<[u8]>>, EvalError> {
    let path = call.text(0)?;
    match call.context.files.read(path, call.context.span) {
        Ok(Some(bytes)) if !call.context.budget.spend_text(bytes.len()) => Ok(Content::Unknown(call.limit())),
        Ok(Some(bytes)) => Ok(Content::Read(bytes)),
        Ok(None) => Err(call.argument_error(0, format!("names no file: '{path}'"))),
        Err(unknown) => Ok(Content::Unknown(Value::unknown(unknown, call.from()))),
    }
}

/// The text of a file in the encoding that an argument names; without one in UTF-8.
fn text(call: &Call<'_>, encoding: usize) -> Result<Content<String>, EvalError> {
    let bytes = match bytes(call)? {
        Content::Read(bytes) => bytes,
        Content::Unknown(value) => return Ok(Content::Unknown(value)),
    };
    let name = match call.arguments.get(encoding) {
        Some(_) => call.text(encoding)?,
        None => "utf-8",
    };
    let encoding = match name.to_ascii_lowercase().as_str() {
        "utf-8" => encoding_rs::UTF_8,
        "utf-16" => encoding_rs::UTF_16LE,
        "utf-16be" => encoding_rs::UTF_16BE,
        "iso-8859-1" | "us-ascii" => encoding_rs::WINDOWS_1252,
        _ => return Err(call.argument_error(encoding, format!("names no encoding: '{name}'"))),
    };
    let is_ascii = encoding != encoding_rs::WINDOWS_1252 || bytes.is_ascii();
    let (text, _) = match is_ascii {
        true => encoding.decode_with_bom_removal(&bytes),
        // Each byte is the character of its number.
        false => (bytes.iter().map(|byte| char::from(*byte)).collect(), false),
    };
    Ok(Content::Read(text.into_owned()))
}

/// The call is the place where a file is read.
fn from(call: &Call<'_>) -> Provenance {
    call.from().named(Via::File, call.context.span)
}

fn load_text_content(call: &Call<'_>) -> Evaluated {
    match text(call, 1)? {
        Content::Read(text) => Ok(Value::string(text, from(call))),
        Content::Unknown(value) => Ok(value),
    }
}

fn load_file_as_base64(call: &Call<'_>) -> Evaluated {
    match bytes(call)? {
        Content::Read(bytes) => Ok(Value::string(encode(&bytes), from(call))),
        Content::Unknown(value) => Ok(value),
    }
}

fn load_json_content(call: &Call<'_>) -> Evaluated {
    match text(call, 2)? {
        Content::Read(text) => selected(json_read::read(&text, from(call), call)?, call),
        Content::Unknown(value) => Ok(value),
    }
}

fn load_yaml_content(call: &Call<'_>) -> Evaluated {
    let text = match text(call, 2)? {
        Content::Read(text) => text,
        Content::Unknown(value) => return Ok(value),
    };
    let context = terraform::Context {
        span: call.context.span,
        files: &NoFiles,
        budget: call.context.budget,
    };
    let text = Value::string(text, from(call));
    match terraform::call("yamldecode", &[text], &context) {
        Ok(document) => selected(document, call),
        Err(_) => Err(call.argument_error(0, "names a file that is no YAML")),
    }
}

/// The part of a document that a path leads to, if one is given.
fn selected(document: Value, call: &Call<'_>) -> Evaluated {
    let is_unknown = matches!(document.kind, Kind::Unknown(_));
    if call.arguments.len() < 2 || is_unknown {
        return Ok(document);
    }
    let path = call.text(1)?;
    match json_path::select(&document, path) {
        Selected::Found(value) => Ok(value),
        Selected::Missing => Err(call.argument_error(1, format!("leads to nothing in the file: '{path}'"))),
        Selected::Unsupported => Ok(call.unsupported()),
    }
}

/// Decoding reads no files.
struct NoFiles;

impl NoFiles {
    fn none(span: Span) -> Unknown {
        let what = "a file".to_owned();
        Unknown::new(Reason::External { what }, span)
    }
}

impl terraform::Files for NoFiles {
    fn read(&self, _path: &str, span: Span) -> Result<Option<Arc<[u8]>>, Unknown> {
        Err(NoFiles::none(span))
    }

    fn list(&self, _folder: &str, span: Span) -> Result<Vec<String>, Unknown> {
        Err(NoFiles::none(span))
    }

    fn render(&self, _path: &str, _variables: &Value, span: Span) -> Evaluated {
        Err(EvalError::new("there are no files", span))
    }
}
