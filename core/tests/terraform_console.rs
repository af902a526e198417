//! Every expression in fixtures/eval/terraform gives the value that `terraform console` printed for it, and is
//! an error where it is one there. The answers are recorded by scripts/record-functions.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::eval::error::EvalError;
use akslint_core::eval::terraform::console;
use akslint_core::eval::value::{Entries, Kind, Value};
use akslint_core::source::MemoryFileSystem;

/// The files with recorded answers.
fn recorded() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/terraform");
    let mut files: Vec<PathBuf> = [folder.clone(), folder.join("functions")]
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter(|path| !path.ends_with("unknowns.txt"))
        .collect();
    files.sort();
    files
}

/// Expressions that give another value here, and why that is accepted; the test fails once they agree.
const DIFFERENT: [(&str, &str); 7] = [
    (
        "\"list\" <- [\"a\"]",
        "the quoted types of Terraform 0.11 are still read",
    ),
    (
        "\"map\" <- { a = \"b\" }",
        "the quoted types of Terraform 0.11 are still read",
    ),
    (
        "\"string\" <- \"a\"",
        "the quoted types of Terraform 0.11 are still read",
    ),
    (
        "true || \"maybe\"",
        "the left side settles it, as in Terraform 1.12",
    ),
    (
        "false && \"maybe\"",
        "the left side settles it, as in Terraform 1.12",
    ),
    (
        "coalescelist(null, [\"a\"])",
        "null has no type here, so that it may be a list",
    ),
    (
        "tolist([null, { a = 1 }])",
        "null has no type here, so that it may be an object",
    ),
];

/// Pairs of an expression and its answer.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("> "), entries.last_mut()) {
            (Some(expression), _) => entries.push((expression.to_owned(), String::new())),
            (None, Some((_, answer))) => {
                answer.push_str(line);
                answer.push('\n');
            }
            (None, None) => {}
        }
    }
    for (_, answer) in &mut entries {
        *answer = answer.trim_end_matches('\n').to_owned();
    }
    entries
}

/// A null value here does not know its type.
fn without_types_of_null(answer: &str) -> String {
    let mut plain = answer.to_owned();
    for kind in ["string", "number", "bool", "list", "set", "map"] {
        plain = plain.replace(&format!("to{kind}(null)"), "null");
    }
    let mut result = String::new();
    let mut rest = plain.as_str();
    while let Some((before, after)) = rest.split_once("null /* ") {
        let Some((_, behind)) = after.split_once(" */") else {
            break;
        };
        let _ = write!(result, "{before}null");
        rest = behind;
    }
    result + rest
}

/// The files that the functions over files read: in the console's folder and here.
fn files() -> MemoryFileSystem {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/terraform/functions");
    let mut files = Vec::new();
    let mut folders = vec![folder.join("files")];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
    MemoryFileSystem::new(files)
}

/// The value of a variable of this type with this default.
fn variable(constraint: &str, default: &str) -> Result<Value, EvalError> {
    let text = format!("variable \"v\" {{\n  type    = {constraint}\n  default = {default}\n}}\n");
    console::evaluate("var.v", Arc::new(MemoryFileSystem::new([("main.tf", text)])))
}

#[test]
fn expressions_give_what_the_console_prints() {
    let file_system = Arc::new(files());
    let mut count = 0;
    let mut differences = String::new();
    for path in recorded() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (expression, answer) in entries(&std::fs::read_to_string(&path).unwrap()) {
            count += 1;
            let evaluated = match expression.split_once(" <- ") {
                Some((constraint, default)) => variable(constraint, default),
                None => console::evaluate(&expression, file_system.clone()),
            };
            let ours = match evaluated {
                Ok(value) => printed(&value, 0),
                Err(error) => format!("error: {}", error.message),
            };
            let agrees = match answer.starts_with("error: ") {
                true => ours.starts_with("error: "),
                false => ours == without_types_of_null(&answer),
            };
            let may_agree = DIFFERENT.iter().all(|(different, _)| *different != expression);
            if agrees != may_agree {
                let _ = writeln!(
                    differences,
                    "{name}\n> {expression}\nterraform: {answer}\nakslint: {ours}\n"
                );
            }
        }
    }
    let number = differences.matches("\n> ").count();
    assert!(
        differences.is_empty(),
        "{number} of {count} differ:\n{differences}"
    );
    assert!(count >= 2_900, "only {count} expressions were found");
}

/// A value as the console prints it.
fn printed(value: &Value, indent: usize) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => string(text, indent),
        Kind::Tuple(elements) => sequence(elements, indent),
        Kind::List(elements) => format!("tolist({})", sequence(elements, indent)),
        Kind::Set(elements) => format!("toset({})", sequence(elements, indent)),
        Kind::Object(entries) => mapping(entries, indent),
        Kind::Map(entries) => format!("tomap({})", mapping(entries, indent)),
        Kind::Unknown(unknown) if unknown.reason().word() == "sensitive" => "(sensitive value)".to_owned(),
        Kind::Unknown(unknown) => format!("(unknown: {})", unknown.reason()),
        Kind::OneOf(_) => "(one of two)".to_owned(),
    }
}

fn sequence(elements: &[Value], indent: usize) -> String {
    let mut text = "[".to_owned();
    for element in elements {
        let _ = write!(text, "\n{:1$}", "", indent + 2);
        let _ = write!(text, "{},", printed(element, indent + 2));
    }
    if !elements.is_empty() {
        let _ = write!(text, "\n{:1$}", "", indent);
    }
    text + "]"
}

fn mapping(entries: &Entries, indent: usize) -> String {
    let mut text = "{".to_owned();
    for (key, member) in &entries.members {
        let _ = write!(text, "\n{:1$}", "", indent + 2);
        let _ = write!(
            text,
            "{} = {}",
            string(key, indent + 2),
            printed(member, indent + 2)
        );
    }
    if !entries.members.is_empty() {
        let _ = write!(text, "\n{:1$}", "", indent);
    }
    text + "}"
}

/// Several lines are a heredoc.
fn string(text: &str, indent: usize) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    if lines.len() < 2 {
        return quoted(text);
    }
    let operator = if indent > 0 { "<<-" } else { "<<" };
    let mut delimiter = "EOT".to_owned();
    while lines.iter().any(|line| line.trim() == delimiter) {
        delimiter.push('_');
    }
    let mut result = format!("{operator}{delimiter}");
    for line in lines {
        let _ = write!(result, "\n{:1$}", "", indent);
        result.push_str(line);
    }
    let _ = write!(result, "\n{:1$}", "", indent);
    result + &delimiter
}

/// Go's quoted form of a text.
fn quoted(text: &str) -> String {
    let mut result = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\u{7}' => result.push_str("\\a"),
            '\u{8}' => result.push_str("\\b"),
            '\u{c}' => result.push_str("\\f"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            '\u{b}' => result.push_str("\\v"),
            '\0'..'\u{20}' | '\u{7f}' => {
                let _ = write!(result, "\\x{:02x}", character as u32);
            }
            '\u{80}'..'\u{a0}'
            | '\u{ad}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{feff}' => {
                let _ = write!(result, "\\u{:04x}", character as u32);
            }
            other => result.push(other),
        }
    }
    result + "\""
}
