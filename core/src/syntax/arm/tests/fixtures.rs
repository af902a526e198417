//! Texts and their trees: every line with `> ` in fixtures/expressions/arm.txt has the tree of that text under
//! it, each node with the text that its span covers. With `AKSLINT_BLESS=1` the trees are written anew.

use std::fmt::Write as _;
use std::path::Path;

use super::super::expression::{Expression, ExpressionKind};
use super::super::parse;
use crate::source::{FileId, Span};

/// So many bytes stand before the text in its file.
const START: usize = 1000;

#[test]
fn trees_of_texts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/expressions/arm.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let mut found = String::new();
    for line in expected.lines() {
        if let Some(raw) = line.strip_prefix("> ") {
            let separator = if found.is_empty() { "" } else { "\n" };
            let _ = writeln!(found, "{separator}{line}");
            found.push_str(&dumped(raw));
        } else if line.starts_with('#') {
            let separator = if found.is_empty() { "" } else { "\n" };
            let _ = writeln!(found, "{separator}{line}");
        }
    }
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
        return;
    }
    assert_eq!(expected, found);
}

fn dumped(raw: &str) -> String {
    let parsed = parse(FileId(0), raw, START);
    let mut out = String::new();
    dump(&parsed.expression, raw, 1, &mut out);
    for error in parsed.errors {
        let _ = writeln!(out, "  error ‹{}› {}", covered(error.span, raw), error.message);
    }
    out
}

fn covered(span: Span, raw: &str) -> &str {
    raw.get(span.start as usize - START..span.end as usize - START)
        .unwrap_or("no such text")
}

fn dump(expression: &Expression, raw: &str, level: usize, out: &mut String) {
    let (what, below): (String, Vec<&Expression>) = match &expression.kind {
        ExpressionKind::Null => ("null".to_owned(), Vec::new()),
        ExpressionKind::Boolean(value) => (value.to_string(), Vec::new()),
        ExpressionKind::Number(number) => (format!("number {number}"), Vec::new()),
        ExpressionKind::Text(text) => (format!("text {text:?}"), Vec::new()),
        ExpressionKind::Call(call) => {
            let namespace = call.namespace.iter().map(|name| format!("{name} / "));
            let namespace: String = namespace.collect();
            let place = covered(call.name_span, raw);
            (
                format!("call {namespace}{} at ‹{place}›", call.name),
                call.arguments.iter().collect(),
            )
        }
        ExpressionKind::Member(access) => {
            let place = covered(access.name_span, raw);
            (
                format!("member {} at ‹{place}›", access.name),
                vec![&access.target],
            )
        }
        ExpressionKind::Index(index) => ("index".to_owned(), vec![&index.target, &index.index]),
        ExpressionKind::Broken => ("broken".to_owned(), Vec::new()),
        ExpressionKind::Array(_)
        | ExpressionKind::Object(_)
        | ExpressionKind::Symbol(_)
        | ExpressionKind::Lambda(_)
        | ExpressionKind::Copy(_) => ("from no text".to_owned(), Vec::new()),
    };
    let text = covered(expression.span, raw);
    let _ = writeln!(out, "{}{what} ‹{text}›", "  ".repeat(level));
    for part in below {
        dump(part, raw, level + 1, out);
    }
}
