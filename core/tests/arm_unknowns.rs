//! What stays known in ARM templates when parameters have no value: every expression in
//! fixtures/eval/arm/unknowns.txt gives the value under it. What is unknown is written with its reason, its edge
//! and, when it is nothing but the value of a parameter, that parameter. With `AKSLINT_BLESS=1` the values are
//! written anew.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use akslint_core::eval::arm::console;
use akslint_core::eval::error::Evaluated;
use akslint_core::eval::value::{Entries, Kind, Piece, Unknown, Value};
use akslint_core::source::MemoryFileSystem;

/// The parameters of the template.
const PARAMETERS: [&str; 6] = ["prefix", "other", "count", "enabled", "zones", "tags"];

fn evaluate(expression: &str) -> Evaluated {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/arm/unknowns.json");
    let template = std::fs::read_to_string(path).unwrap();
    let files = MemoryFileSystem::new([("main.json", template)]);
    console::evaluate(&format!("[{expression}]"), Arc::new(files))
}

fn printer() -> Printer {
    let identity = |parameter: &str| match evaluate(&format!("parameters('{parameter}')")).unwrap().kind {
        Kind::Unknown(unknown) => (unknown.identity(), parameter.to_owned()),
        _ => panic!("{parameter} is known"),
    };
    Printer {
        parameters: PARAMETERS.into_iter().map(identity).collect(),
    }
}

#[test]
fn known_parts_of_unknown_values_stay_known() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/arm/unknowns.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let printer = printer();
    let mut given = String::new();
    let mut count = 0;
    for line in expected.lines() {
        let separator = if given.is_empty() { "" } else { "\n" };
        if line.starts_with('#') {
            let _ = writeln!(given, "{separator}{line}");
        }
        let Some(expression) = line.strip_prefix("> ") else {
            continue;
        };
        count += 1;
        let answer = match evaluate(expression) {
            Ok(value) => printer.print(&value),
            Err(error) => format!("error: {}", error.message),
        };
        let _ = write!(given, "{separator}{line}\n{answer}\n");
    }
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(&path, &given).unwrap();
        return;
    }
    for (expected, given) in expected.split("\n\n").zip(given.split("\n\n")) {
        assert_eq!(expected.trim(), given.trim());
    }
    assert_eq!(expected, given);
    assert!(count >= 100, "only {count} expressions were found");
}

/// Pairs of expressions that are the same value although nobody knows which.
const SAME: [(&str, &str); 8] = [
    ("parameters('prefix')", "PARAMETERS('PREFIX')"),
    ("toLower(parameters('prefix'))", "tolower(parameters('prefix'))"),
    (
        "concat(parameters('prefix'), '-vnet')",
        "format('{0}-vnet', parameters('prefix'))",
    ),
    ("concat(parameters('prefix'))", "parameters('prefix')"),
    (
        "uniqueString(parameters('prefix'), 'a')",
        "uniqueString(parameters('prefix'), 'a')",
    ),
    ("length(parameters('zones'))", "length(parameters('zones'))"),
    (
        "equals(parameters('prefix'), 'a')",
        "equals(parameters('prefix'), 'a')",
    ),
    (
        "map(parameters('zones'), lambda('z', 1))[0]",
        "map(parameters('zones'), lambda('z', 1))[0]",
    ),
];

/// Pairs of expressions that need not be the same value.
const DIFFERENT: [(&str, &str); 6] = [
    ("toLower(parameters('prefix'))", "toLower(parameters('other'))"),
    ("toLower(parameters('prefix'))", "toUpper(parameters('prefix'))"),
    ("take(parameters('prefix'), 1)", "take(parameters('prefix'), 2)"),
    (
        "equals(parameters('prefix'), 'a')",
        "equals(parameters('prefix'), 'b')",
    ),
    (
        "format('{0,5}', parameters('prefix'))",
        "format('{0,6}', parameters('prefix'))",
    ),
    ("guid(parameters('prefix'))", "uniqueString(parameters('prefix'))"),
];

#[test]
fn the_same_call_over_the_same_unknowns_is_the_same_unknown() {
    let identity = |expression: &str| evaluate(expression).unwrap().content_hash();
    for (one, two) in SAME {
        assert_eq!(identity(one), identity(two), "{one} and {two}");
    }
    for (one, two) in DIFFERENT {
        assert_ne!(identity(one), identity(two), "{one} and {two}");
    }
}

/// Expressions and the texts in the template that their values come from, nearest first; the expression itself is
/// no text of the template.
const ORIGINS: [(&str, &[&str]); 9] = [
    ("concat(parameters('location'), '-x')", &["\"westeurope\""]),
    ("toUpper(variables('settings').plugin)", &["\"azure\""]),
    ("first(variables('names'))", &["\"hub\""]),
    ("variables('names')[0]", &["\"hub\""]),
    (
        "union(variables('settings'), createObject('a', 1)).plugin",
        &["\"azure\""],
    ),
    ("items(variables('settings'))[1].value", &["\"azure\""]),
    (
        "map(variables('names'), lambda('n', lambdaVariables('n')))[0]",
        &["\"hub\""],
    ),
    ("filter(variables('names'), lambda('n', true()))[0]", &["\"hub\""]),
    (
        "if(equals(parameters('location'), 'westeurope'), variables('settings').plugin, 'x')",
        &["\"azure\""],
    ),
];

#[test]
fn results_tell_where_they_come_from() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/arm/unknowns.json");
    let template = std::fs::read_to_string(path).unwrap();
    let first = evaluate("variables('names')").unwrap().from.origin().span.file;
    for (expression, expected) in ORIGINS {
        let value = evaluate(expression).unwrap();
        let steps = value.from.steps().iter().filter(|step| step.span.file == first);
        let texts: Vec<&str> = steps
            .filter_map(|step| template.get(step.span.start as usize..step.span.end as usize))
            .filter(|text| text.starts_with('"'))
            .collect();
        assert_eq!(texts, expected, "{expression}: {:?}", value.from);
    }
}

/// Prints values; it knows the parameters by the identities of their unknown values.
struct Printer {
    parameters: HashMap<u64, String>,
}

impl Printer {
    fn print(&self, value: &Value) -> String {
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => value.to_string(),
            Kind::Number(number) => number.to_string(),
            Kind::String(text) => format!("{text:?}"),
            Kind::Tuple(elements) | Kind::List(elements) | Kind::Set(elements) => {
                let elements: Vec<String> = elements.iter().map(|element| self.print(element)).collect();
                format!("[{}]", elements.join(", "))
            }
            Kind::Object(entries) | Kind::Map(entries) => self.mapping(entries),
            Kind::Unknown(unknown) => self.reason(unknown),
            Kind::OneOf(one_of) => {
                let condition = self.reason(&one_of.condition.unknown);
                let (yes, no) = (self.print(&one_of.yes), self.print(&one_of.no));
                format!("({condition} ? {yes} : {no})")
            }
        }
    }

    fn reason(&self, unknown: &Unknown) -> String {
        if let Some(parameter) = self.parameters.get(&unknown.identity()) {
            return format!("unknown {parameter}");
        }
        let mut text = format!("unknown: {}", unknown.reason().word());
        if let Some(edge) = unknown.edge() {
            let _ = write!(text, " {edge}");
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
