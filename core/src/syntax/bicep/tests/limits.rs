//! Deep and long texts: bounded, said aloud, in linear time.

use std::time::{Duration, Instant};

use super::super::parse;
use crate::source::FileId;

fn errors(text: &str) -> Vec<String> {
    let file = parse(FileId(0), text);
    file.errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn sixty_four_levels_are_read_and_more_are_said_aloud() {
    let nested = |open: &str, close: &str, levels: usize| {
        format!(
            "var deep = {}1{}\nvar next = 2\n",
            open.repeat(levels),
            close.repeat(levels)
        )
    };
    let forms = [
        ("[", "]"),
        ("(", ")"),
        ("{ a: ", " }"),
        ("f(", ")"),
        ("x => ", ""),
        ("[for x in y: ", "]"),
    ];
    for (open, close) in forms {
        assert_eq!(errors(&nested(open, close, 64)), Vec::<String>::new(), "{open}");
        for levels in [65, 5000] {
            let text = nested(open, close, levels);
            let found = errors(&text);
            assert_eq!(
                found,
                ["nested more than 64 levels deep, which is not analysed"],
                "{open} {levels}"
            );
            assert_eq!(parse(FileId(0), &text).statements.len(), 2);
        }
    }
}

#[test]
fn chains_are_no_nesting() {
    let conditions = "a == 1 ? 2 : ".repeat(200);
    let texts = [
        format!("var x = {}1", "1 + ".repeat(500)),
        format!("var x = {}1", "a ?? ".repeat(500)),
        format!("var x = {conditions}3"),
        format!("var x = a{}", ".b[0]".repeat(200)),
        format!("param x {}'z'", "'a' | ".repeat(5000)),
    ];
    for text in texts {
        assert_eq!(errors(&text), Vec::<String>::new());
    }
    let found = errors(&format!("var x = {}1\n", "1 + ".repeat(5000)));
    assert_eq!(
        found,
        ["more than 512 operators in one chain, which is not analysed"]
    );
}

#[test]
fn no_text_takes_more_than_linear_time() {
    let repeated = [
        "'''",
        "$'''${",
        "'${",
        "${",
        "{\n",
        "[\n",
        "(\n",
        "}\n",
        "a(\n",
        "@a(\n",
        "/*",
        "#d",
        "(a, ",
        "resource a 'b' = {\n",
        "param a {\n",
        "var a = [for x in y: {\n",
        "a ? ",
        "! ",
        "'",
        "\\",
        "type a = {\n@b()\n",
        "resource a 'b' = {\n@c()\n",
        "func a(",
        "import {",
        "a<",
        "-",
        "x =>\n",
        "param",
        "\u{feff}",
        "if (",
        "resource a 'b' = if (c) {\n d: {\n",
    ];
    for piece in repeated {
        let text = piece.repeat(400_000 / piece.len());
        let start = Instant::now();
        parse(FileId(0), &text);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(5), "{piece:?} took {took:?}");
    }
}
