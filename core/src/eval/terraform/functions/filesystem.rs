//! The functions that read files and take paths apart.

use std::sync::Arc;

use super::encoding::quoted;
use super::glob::Glob;
use super::operands::text;
use super::path::{base, clean, folder, joined, relative};
use super::table::{Call, Function, any, string};
use crate::eval::base64::encode;
use crate::eval::error::EvalError;
use crate::eval::provenance::Via;
use crate::eval::value::{Kind, Reason, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", &[string("path")], abspath).giving_scalar(),
    Function::new("basename", &[string("path")], basename).giving_scalar(),
    Function::new("dirname", &[string("path")], dirname).giving_scalar(),
    Function::new("file", &[string("path")], file).giving_scalar(),
    Function::new("filebase64", &[string("path")], filebase64).giving_scalar(),
    Function::new("fileexists", &[string("path")], fileexists).giving_scalar(),
    Function::new("fileset", &[string("path"), string("pattern")], fileset),
    Function::new("pathexpand", &[string("path")], pathexpand).giving_scalar(),
    Function::new("templatefile", &[string("path"), any("vars")], templatefile),
];

/// What can be known of a file.
pub(super) enum Content {
    Bytes(Arc<[u8]>),
    /// The result of the call.
    Unknown(Value),
}

enum Lookup {
    Found(Arc<[u8]>),
    Missing,
    Folder,
    Unknown(Value),
}

fn lookup(path: &str, call: &Call<'_>) -> Lookup {
    if path.starts_with('~') {
        return Lookup::Unknown(external(call));
    }
    let (files, span) = (call.context.files, call.context.span);
    let unknown = |unknown: Unknown| Lookup::Unknown(Value::unknown(unknown, call.from()));
    match files.read(path, span) {
        Ok(Some(bytes)) if !call.context.budget.spend_text(bytes.len()) => Lookup::Unknown(call.limit()),
        Ok(Some(bytes)) => Lookup::Found(bytes),
        Ok(None) => match files.list(path, span) {
            Ok(found) if found.is_empty() => Lookup::Missing,
            Ok(_) => Lookup::Folder,
            Err(reason) => unknown(reason),
        },
        Err(reason) => unknown(reason),
    }
}

/// The result of a function that asks the machine.
fn external(call: &Call<'_>) -> Value {
    let what = format!("{}()", call.function.name);
    Value::unknown(
        Unknown::new(Reason::External { what }, call.context.span),
        call.from(),
    )
}

fn content(path: &str, call: &Call<'_>) -> Result<Content, EvalError> {
    match lookup(path, call) {
        Lookup::Found(bytes) => Ok(Content::Bytes(bytes)),
        Lookup::Unknown(value) => Ok(Content::Unknown(value)),
        Lookup::Folder => {
            let message = format!("failed to read file: read {path}: is a directory");
            Err(call.argument_error(0, message))
        }
        Lookup::Missing => {
            let message = format!(
                "no file exists at {}; this function works only with files that are distributed as part of \
                 the configuration source code, so if this file will be created by a resource in this \
                 configuration you must instead obtain this result from an attribute of that resource",
                quoted(path)
            );
            Err(call.argument_error(0, message))
        }
    }
}

/// The same with the complaints of the functions that hash files.
pub(super) fn content_for_hash(path: &str, call: &Call<'_>) -> Result<Content, EvalError> {
    let path = clean(path);
    match lookup(&path, call) {
        Lookup::Found(bytes) => Ok(Content::Bytes(bytes)),
        Lookup::Unknown(value) => Ok(Content::Unknown(value)),
        Lookup::Folder => Err(call.error(format!("read {path}: is a directory"))),
        Lookup::Missing => Err(call.error(format!("open {path}: no such file or directory"))),
    }
}

/// A text that was read from a file; the place of the call is where it is read.
fn read_text(text: String, call: &Call<'_>) -> Value {
    let from = call.from().named(Via::File, call.context.span);
    Value::string(text, from)
}

fn file(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = clean(text(arguments, 0, call)?);
    match content(&path, call)? {
        Content::Unknown(value) => Ok(value),
        Content::Bytes(bytes) => match std::str::from_utf8(&bytes) {
            Ok(text) => Ok(read_text(text.to_owned(), call)),
            Err(_) => Err(call.error(format!(
                "contents of {} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded \
                 contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing \
                 results instead",
                quoted(&path)
            ))),
        },
    }
}

fn filebase64(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = clean(text(arguments, 0, call)?);
    match content(&path, call)? {
        Content::Unknown(value) => Ok(value),
        Content::Bytes(bytes) => Ok(read_text(encode(&bytes), call)),
    }
}

fn fileexists(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = clean(text(arguments, 0, call)?);
    match lookup(&path, call) {
        Lookup::Found(_) => call.bool(true),
        Lookup::Missing => call.bool(false),
        Lookup::Folder => Err(call.error(format!("{} is a directory, not a file", quoted(&path)))),
        Lookup::Unknown(value) => Ok(value),
    }
}

fn fileset(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let start = clean(text(arguments, 0, call)?);
    let pattern = joined(&start, text(arguments, 1, call)?);
    if start.starts_with('~') {
        return Ok(external(call));
    }
    let Some(glob) = Glob::parse(&pattern) else {
        let message = format!(
            "failed to glob pattern {}: syntax error in pattern",
            quoted(&pattern)
        );
        return Err(call.error(message));
    };
    let found = match call.context.files.list(&glob.folder, call.context.span) {
        Ok(found) => found,
        Err(unknown) => return Ok(Value::unknown(unknown, call.from())),
    };
    if !call.afford(found.len()) {
        return Ok(call.limit());
    }
    let mut paths: Vec<String> = found
        .iter()
        .map(|file| joined(&glob.folder, file))
        .filter(|file| glob.matches(file))
        .map(|file| relative(&file, &start))
        .collect();
    paths.sort();
    paths.dedup();
    if !call
        .context
        .budget
        .spend_text(paths.iter().map(String::len).sum())
    {
        return Ok(call.limit());
    }
    let from = call.from().named(Via::File, call.context.span);
    let paths: Vec<Value> = paths
        .into_iter()
        .map(|path| Value::string(path, from.clone()))
        .collect();
    Ok(Value::new(Kind::Set(paths.into()), from))
}

fn templatefile(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = clean(text(arguments, 0, call)?);
    let Some(variables) = arguments.get(1).filter(|variables| variables.entries().is_some()) else {
        return Err(call.argument_error(1, "invalid vars value: must be a map"));
    };
    let names = variables
        .entries()
        .into_iter()
        .flat_map(|entries| entries.members.keys());
    for name in names {
        if !is_identifier(name) {
            let message = format!(
                "invalid template variable name {}: must start with a letter, followed by zero or more \
                 letters, digits, and underscores",
                quoted(name)
            );
            return Err(call.argument_error(1, message));
        }
    }
    match content(&path, call)? {
        Content::Unknown(value) => Ok(value),
        Content::Bytes(_) => call.context.files.render(&path, variables, call.context.span),
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

/// A relative path becomes absolute only on the machine of the run.
fn abspath(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    match text(arguments, 0, call)? {
        path if path.starts_with('/') => call.string(clean(path)),
        _ => Ok(external(call)),
    }
}

fn basename(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.string(base(text(arguments, 0, call)?))
}

fn dirname(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    call.string(folder(text(arguments, 0, call)?))
}

fn pathexpand(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let path = text(arguments, 0, call)?;
    match path.strip_prefix('~') {
        None => call.string(path),
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Ok(external(call)),
        Some(_) => Err(call.error("cannot expand user-specific home dir")),
    }
}
