//! What stays known when variables have no value and resources are not there yet: every expression in
//! fixtures/eval/terraform/unknowns.txt gives the value under it. What is unknown is written with its reason, its
//! edge and, when it is nothing but the value of a variable, that variable.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use akslint_core::eval::terraform::console;
use akslint_core::eval::value::{Entries, Kind, Piece, Unknown, Value};
use akslint_core::source::MemoryFileSystem;

#[test]
fn known_parts_of_unknown_values_stay_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/terraform");
    let configuration = std::fs::read_to_string(folder.join("unknowns.tf")).unwrap();
    let expected = std::fs::read_to_string(folder.join("unknowns.txt")).unwrap();
    let expressions = expected.lines().filter_map(|line| line.strip_prefix("> "));
    let evaluate = |expression: &str| {
        let files = MemoryFileSystem::new([("main.tf", configuration.clone())]);
        console::evaluate(expression, Arc::new(files))
    };
    let identity = |variable: &str| match evaluate(&format!("var.{variable}")).unwrap().kind {
        Kind::Unknown(unknown) => (unknown.identity(), variable.to_owned()),
        _ => panic!("var.{variable} is known"),
    };
    let printer = Printer {
        variables: VARIABLES.into_iter().map(identity).collect(),
    };
    let mut given = String::new();
    for expression in expressions {
        let answer = match evaluate(expression) {
            Ok(value) => printer.print(&value),
            Err(error) => format!("error: {}", error.message),
        };
        let separator = if given.is_empty() { "" } else { "\n" };
        let _ = write!(given, "{separator}> {expression}\n{answer}\n");
    }
    for (expected, given) in expected.split("\n\n").zip(given.split("\n\n")) {
        assert_eq!(expected.trim(), given.trim());
    }
    assert_eq!(expected, given);
}

/// The variables of the configuration.
const VARIABLES: [&str; 6] = ["address", "enabled", "other", "names", "tags", "anything"];

/// Prints values; it knows the variables by the identities of their unknown values.
struct Printer {
    variables: HashMap<u64, String>,
}

impl Printer {
    fn print(&self, value: &Value) -> String {
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(number) => number.to_string(),
            Kind::String(text) => format!("{text:?}"),
            Kind::Tuple(elements) => self.sequence(elements),
            Kind::List(elements) => format!("tolist({})", self.sequence(elements)),
            Kind::Set(elements) => format!("toset({})", self.sequence(elements)),
            Kind::Object(entries) => self.mapping(entries),
            Kind::Map(entries) => format!("tomap({})", self.mapping(entries)),
            Kind::Unknown(unknown) => self.reason(unknown),
            Kind::OneOf(one_of) => {
                let condition = self.reason(&one_of.condition.unknown);
                let (yes, no) = (self.print(&one_of.yes), self.print(&one_of.no));
                format!("({condition} ? {yes} : {no})")
            }
        }
    }

    fn reason(&self, unknown: &Unknown) -> String {
        let mut text = format!("unknown: {}", unknown.reason().word());
        if let Some(edge) = unknown.edge() {
            let _ = write!(text, " {edge}");
        }
        if let Some(variable) = self.variables.get(&unknown.identity()) {
            let _ = write!(text, " var.{variable}");
        }
        for piece in unknown.pieces() {
            match piece {
                Piece::Text(part) => {
                    let _ = write!(text, " {part:?}");
                }
                Piece::Unknown(part) => {
                    let _ = write!(text, " <{}>", self.reason(part));
                }
            }
        }
        text
    }

    fn sequence(&self, elements: &[Value]) -> String {
        let elements: Vec<String> = elements.iter().map(|element| self.print(element)).collect();
        format!("[{}]", elements.join(", "))
    }

    fn mapping(&self, entries: &Entries) -> String {
        let members = entries.members.iter();
        let mut parts: Vec<String> = members
            .map(|(key, member)| format!("{key} = {}", self.print(member)))
            .collect();
        let open = entries.open.as_ref();
        parts.extend(open.map(|open| format!("and more, {}", self.reason(open))));
        format!("{{{}}}", parts.join(", "))
    }
}
