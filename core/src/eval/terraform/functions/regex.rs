//! `regex`, `regexall` and `replace`.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Captures;

use super::operands::text;
use super::output::{Output, finished};
use super::regex_syntax::{Flaw, Pattern, compile};
use super::table::{Call, Function, string};
use crate::eval::error::EvalError;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Entries, Kind, Reason, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", &[string("pattern"), string("string")], regex),
    Function::new("regexall", &[string("pattern"), string("string")], regexall),
    Function::new(
        "replace",
        &[string("str"), string("substr"), string("replace")],
        replace,
    )
    .giving_scalar(),
];

fn regex(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (pattern, text) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    let pattern = match compile(pattern) {
        Ok(pattern) => pattern,
        Err(flaw) => return refused(flaw, call),
    };
    check_groups(&pattern, call)?;
    if !affordable(text, call) {
        return Ok(call.limit());
    }
    match pattern.regex.captures(text) {
        Some(captures) => Ok(result(&pattern, &captures, &call.from())),
        None => Err(call.error("pattern did not match any part of the given string")),
    }
}

fn regexall(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let (pattern, text) = (text(arguments, 0, call)?, text(arguments, 1, call)?);
    let pattern = match compile(pattern) {
        Ok(pattern) => pattern,
        Err(flaw) => return refused(flaw, call),
    };
    check_groups(&pattern, call)?;
    if !affordable(text, call) {
        return Ok(call.limit());
    }
    let from = call.from();
    let mut results = Vec::new();
    for captures in pattern.regex.captures_iter(text) {
        if !call.afford(1 + pattern.groups.len()) {
            return Ok(call.limit());
        }
        results.push(result(&pattern, &captures, &from));
    }
    Ok(Value::new(Kind::List(results.into()), from))
}

/// Searching costs time in the length of the text, though it produces none.
fn affordable(text: &str, call: &Call<'_>) -> bool {
    call.afford(text.len() / 256)
}

fn refused(flaw: Flaw, call: &Call<'_>) -> Result<Value, EvalError> {
    match flaw {
        Flaw::Syntax(code, part) => {
            Err(call.argument_error(0, format!("invalid regexp pattern: {code} in {part}")))
        }
        Flaw::Unsupported => Ok(unsupported(call)),
    }
}

fn unsupported(call: &Call<'_>) -> Value {
    let what = format!("the pattern of {}()", call.function.name);
    Value::unknown(
        Unknown::new(Reason::Unsupported { what }, call.context.span),
        call.from(),
    )
}

fn check_groups(pattern: &Pattern, call: &Call<'_>) -> Result<(), EvalError> {
    let named = pattern.groups.iter().filter(|name| name.is_some()).count();
    if named != 0 && named != pattern.groups.len() {
        let message = "invalid regexp pattern: cannot mix both named and unnamed capture groups";
        return Err(call.argument_error(0, message));
    }
    Ok(())
}

/// The whole match, or the groups: an object of named ones, a tuple of others. A group that took no part
/// is null.
fn result(pattern: &Pattern, captures: &Captures<'_>, from: &Provenance) -> Value {
    let group = |index: usize| match captures.get(index) {
        Some(group) => Value::string(group.as_str(), from.clone()),
        None => Value::new(Kind::Null, from.clone()),
    };
    if pattern.groups.is_empty() {
        return group(0);
    }
    let kind = match pattern.groups.iter().all(Option::is_some) {
        true => {
            let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
            for (index, name) in pattern.groups.iter().enumerate() {
                members.insert(name.as_deref().unwrap_or("").into(), group(index + 1));
            }
            Kind::Object(Arc::new(Entries { members, open: None }))
        }
        false => Kind::Tuple((1..=pattern.groups.len()).map(group).collect()),
    };
    Value::new(kind, from.clone())
}

/// A text between slashes is a pattern, any other is taken as it is.
fn replace(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    let searched = super::operands::text(arguments, 1, call)?;
    let replacement = super::operands::text(arguments, 2, call)?;
    if !affordable(text, call) {
        return Ok(call.limit());
    }
    let mut output = Output::new(call);
    let pattern = searched.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let complete = match pattern {
        Some(pattern) => match compile(pattern) {
            Ok(pattern) => replace_pattern(text, &pattern, replacement, &mut output),
            Err(Flaw::Syntax(code, part)) => {
                return Err(call.error(format!("error parsing regexp: {code}: `{part}`")));
            }
            Err(Flaw::Unsupported) => return Ok(unsupported(call)),
        },
        None => replace_plain(text, searched, replacement, &mut output),
    };
    finished(output, complete, call)
}

fn replace_plain(text: &str, searched: &str, replacement: &str, output: &mut Output) -> Option<()> {
    let mut copied = 0;
    for (start, matched) in text.match_indices(searched) {
        output.push(&text[copied..start])?;
        output.push(replacement)?;
        copied = start + matched.len();
    }
    output.push(&text[copied..])
}

fn replace_pattern(text: &str, pattern: &Pattern, replacement: &str, output: &mut Output) -> Option<()> {
    let mut copied = 0;
    for captures in pattern.regex.captures_iter(text) {
        let Some(matched) = captures.get(0) else {
            continue;
        };
        output.push(&text[copied..matched.start()])?;
        expand(replacement, pattern, &captures, output)?;
        copied = matched.end();
    }
    output.push(&text[copied..])
}

/// Writes the replacement with `$1`, `${1}`, `$name` and `${name}` filled in.
fn expand(replacement: &str, pattern: &Pattern, captures: &Captures<'_>, output: &mut Output) -> Option<()> {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        output.push(before)?;
        if let Some(after) = after.strip_prefix('$') {
            output.push("$")?;
            rest = after;
            continue;
        }
        let Some((name, after)) = reference(after) else {
            output.push("$")?;
            rest = after;
            continue;
        };
        output.push(group_text(name, pattern, captures))?;
        rest = after;
    }
    output.push(rest)
}

/// The name after a dollar sign, as long as it can be, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (braced, name) = match text.strip_prefix('{') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let end = name
        .find(|letter: char| !(letter == '_' || letter.is_alphanumeric()))
        .unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    if name.is_empty() {
        return None;
    }
    match braced {
        true => Some((name, rest.strip_prefix('}')?)),
        false => Some((name, rest)),
    }
}

fn group_text<'t>(name: &str, pattern: &Pattern, captures: &Captures<'t>) -> &'t str {
    let numbered = !name.starts_with('0') || name.len() == 1;
    let index = match name.bytes().all(|letter| letter.is_ascii_digit()) && numbered {
        true => name.parse::<usize>().ok(),
        // The first group of a name that took part counts.
        false => (1..=pattern.groups.len()).find(|index| {
            pattern.groups[index - 1].as_deref() == Some(name) && captures.get(*index).is_some()
        }),
    };
    index
        .and_then(|index| captures.get(index))
        .map_or("", |group| group.as_str())
}
