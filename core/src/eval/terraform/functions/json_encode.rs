//! Values as JSON text, the way Go writes it: sorted keys, no spaces, `<`, `>` and `&` escaped.

use super::operands::is_printable;
use super::output::{Output, finished};
use super::table::{Call, Function, any};
use crate::eval::error::EvalError;
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("jsonencode", &[any("val").or_null()], jsonencode)
    .looking_inside()
    .giving_scalar()];

fn jsonencode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut output = Output::new(call);
    let complete = arguments.first().and_then(|value| write(value, &mut output));
    finished(output, complete, call)
}

/// Deeper values are not written.
const DEPTH: usize = 128;

/// Appends a wholly known value; `None` when it does not fit the limits.
pub(super) fn write(value: &Value, output: &mut Output) -> Option<()> {
    write_at(value, 0, output)
}

fn write_at(value: &Value, depth: usize, output: &mut Output) -> Option<()> {
    if depth > DEPTH {
        return None;
    }
    match &value.kind {
        Kind::Null => output.push("null"),
        Kind::Bool(true) => output.push("true"),
        Kind::Bool(false) => output.push("false"),
        Kind::Number(number) if is_printable(number) => output.push(&number.to_string()),
        Kind::String(text) => write_string(text, output),
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            write_elements(elements, depth, output)
        }
        Kind::Map(entries) | Kind::Object(entries) => write_members(entries, depth, output),
        Kind::Number(_) | Kind::Unknown(_) | Kind::OneOf(_) => None,
    }
}

fn write_elements(elements: &[Value], depth: usize, output: &mut Output) -> Option<()> {
    output.push("[")?;
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            output.push(",")?;
        }
        write_at(element, depth + 1, output)?;
    }
    output.push("]")
}

fn write_members(entries: &Entries, depth: usize, output: &mut Output) -> Option<()> {
    output.push("{")?;
    for (index, (key, member)) in entries.members.iter().enumerate() {
        if index > 0 {
            output.push(",")?;
        }
        write_string(key, output)?;
        output.push(":")?;
        write_at(member, depth + 1, output)?;
    }
    output.push("}")
}

pub(super) fn write_string(text: &str, output: &mut Output) -> Option<()> {
    output.push("\"")?;
    for letter in text.chars() {
        match letter {
            '"' => output.push("\\\"")?,
            '\\' => output.push("\\\\")?,
            '\u{8}' => output.push("\\b")?,
            '\u{c}' => output.push("\\f")?,
            '\n' => output.push("\\n")?,
            '\r' => output.push("\\r")?,
            '\t' => output.push("\\t")?,
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                output.push(&format!("\\u{:04x}", u32::from(letter)))?;
            }
            letter => output.push_char(letter)?,
        }
    }
    output.push("\"")
}
