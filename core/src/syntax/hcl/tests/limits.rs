//! Text that is large or deep: read in bounded time, and the limit is named.

use std::time::{Duration, Instant};

use super::super::tree::{ExpressionKind, File};
use super::super::{Notation, parse};
use crate::source::FileId;

fn read(text: &str) -> File {
    let start = Instant::now();
    let file = parse(FileId(0), text, Notation::Native);
    // Far more than linear time needs on a busy machine.
    let bound = Duration::from_secs(20);
    assert!(
        start.elapsed() < bound,
        "{:?} for {} bytes",
        start.elapsed(),
        text.len()
    );
    file
}

fn messages(file: &File) -> Vec<&str> {
    file.errors.iter().map(|error| error.message.as_str()).collect()
}

const BEHIND: &str = "\nb = 1\n";

#[test]
fn an_expression_past_the_limits_is_unreadable_and_the_rest_is_kept() {
    let deep = "(".repeat(65) + "1" + &")".repeat(65);
    let long = vec!["1"; 130].join(" + ");
    let brackets = "[".repeat(100_000) + &"]".repeat(100_000);
    for (value, limit) in [
        (deep, "64 levels"),
        (long, "128 operators"),
        (brackets, "64 levels"),
    ] {
        let file = read(&format!("a = {value}{BEHIND}"));
        assert!(!file.body.incomplete);
        assert_eq!(file.body.attributes.len(), 2);
        assert_eq!(file.errors.len(), 1);
        assert!(file.errors[0].message.contains(limit), "{:?}", file.errors);
        let ExpressionKind::Unreadable(why) = &file.body.attributes[0].value.kind else {
            panic!("{limit}");
        };
        assert!(why.contains(limit));
    }
}

#[test]
fn a_block_past_the_limit_is_left_out() {
    let text = "a {\n".repeat(70) + &"}\n".repeat(70) + "resource \"b\" \"c\" {\n}\n";
    let file = read(&text);
    assert_eq!(file.body.blocks.len(), 2);
    assert_eq!(
        messages(&file),
        ["nested more than 64 levels deep, which is not analysed"]
    );
}

#[test]
fn json_past_the_limit_is_unreadable() {
    let value = "[".repeat(70) + &"]".repeat(70);
    let file = parse(
        FileId(0),
        &format!("{{\"a\": {value}, \"b\": 1}}"),
        Notation::JsonValues,
    );
    assert_eq!(
        messages(&file),
        ["nested more than 64 levels deep, which is not analysed"]
    );
    assert_eq!(file.body.attributes.len(), 2);
    let deeper = "[".repeat(100_000);
    let file = parse(FileId(0), &deeper, Notation::JsonValues);
    assert_eq!(messages(&file), ["Maximum nesting depth exceeded"]);
}

#[test]
fn an_object_of_very_many_keys_is_read() {
    let items: String = (0..20_000)
        .map(|number| format!("  k{number} = {number}\n"))
        .collect();
    let file = read(&format!("a = {{\n{items}}}{BEHIND}"));
    assert_eq!(messages(&file), [""; 0]);
    let ExpressionKind::Object(read) = &file.body.attributes[0].value.kind else {
        panic!();
    };
    assert_eq!(read.len(), 20_000);
}

#[test]
fn garbage_takes_linear_time() {
    let patterns = [
        "{",
        "}",
        "\"",
        "\"${",
        "${",
        "<<A\n",
        "a = <<A\n",
        "/*",
        "a {\n",
        "a = [\n",
        "a = \"\n",
        "\\",
        "resource \"a\" \"b\" {\n",
        "a = { a = 1, a = 2\n",
        "x = {\n for",
        "%{if ",
        " }",
        "= ",
        "ä",
        "a = \"${\"\n",
        "  a = f(\n",
        "resource \"${",
    ];
    for pattern in patterns {
        let file = read(&pattern.repeat(50_000 / pattern.len()));
        assert!(file.errors.len() <= 101, "{pattern:?}");
        assert!(!file.errors.is_empty(), "{pattern:?}");
    }
}
