//! What holds for every text.

use proptest::prelude::*;
use proptest::sample::select;

use super::super::expression::{Expression, ExpressionKind};
use super::super::{MAXIMUM_DEPTH, parse};
use crate::source::{FileId, Span};

const START: usize = 7;

/// Every span lies in the text and in that of the node around it; gives the number of levels.
fn check(expression: &Expression, around: Span, raw: &str) -> usize {
    let span = expression.span;
    let range = span.start as usize - START..span.end as usize - START;
    assert!(raw.get(range).is_some(), "{span:?} is not in {raw:?}");
    assert!(around.contains(span), "{span:?} leaves {around:?} in {raw:?}");
    let below: Vec<&Expression> = match &expression.kind {
        ExpressionKind::Call(call) => call.arguments.iter().collect(),
        ExpressionKind::Member(access) => vec![&access.target],
        ExpressionKind::Index(index) => vec![&index.target, &index.index],
        _ => Vec::new(),
    };
    let levels = below.into_iter().map(|part| check(part, span, raw));
    1 + levels.max().unwrap_or(0)
}

fn check_text(raw: &str) {
    let parsed = parse(FileId(0), raw, START);
    let around = Span::new(FileId(0), START, START + raw.len());
    assert!(check(&parsed.expression, around, raw) <= MAXIMUM_DEPTH);
    for error in &parsed.errors {
        assert!(around.contains(error.span));
    }
    let is_broken = matches!(parsed.expression.kind, ExpressionKind::Broken);
    assert!(!is_broken || !parsed.errors.is_empty());
}

/// Pieces of expressions, whole and cut.
const PIECES: &[&str] = &[
    "concat(",
    "(",
    ")",
    "[",
    "]",
    ",",
    "'",
    "''",
    "'a'",
    ".",
    ".id",
    "x",
    "contoso.f(",
    "-",
    "1",
    "0.5",
    "true",
    "null",
    " ",
    "\\n",
    "\\\"",
    "\\\\",
    "\\u0027",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\u00",
    "\\",
    "ä",
    "🦀",
    "parameters('x')",
    "[0]",
    "\r\n",
];

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        check_text(&text);
        check_text(&format!("[{text}]"));
    }

    #[test]
    fn any_row_of_pieces_is_read(pieces in proptest::collection::vec(select(PIECES), 0..40)) {
        let text = pieces.concat();
        check_text(&text);
        check_text(&format!("[{text}]"));
    }
}

#[test]
fn deep_and_long_texts_are_read() {
    for (open, close) in [
        ("f(", ")"),
        ("f()[", "]"),
        ("f(", ""),
        ("f('x',", ")"),
        ("a.f(", ")"),
    ] {
        for count in [10, 62, 63, 64, 65, 100_000] {
            check_text(&format!("[{}g(){}]", open.repeat(count), close.repeat(count)));
        }
    }
    for link in [".a", "[0]", "['a']", "[f()]", "()", " ", "'", "\\u0027", "\\"] {
        check_text(&format!("[f(){}]", link.repeat(100_000)));
    }
    check_text(&format!("[f({})]", "'a',".repeat(100_000)));
    check_text(&format!("[f({}1)]", "$,".repeat(100_000)));
}

#[test]
fn sixty_four_levels_are_read_and_no_more() {
    let nested = |count: usize| {
        parse(
            FileId(0),
            &format!("[{}1{}]", "f(".repeat(count), ")".repeat(count)),
            0,
        )
    };
    assert!(nested(63).errors.is_empty());
    assert_eq!(nested(64).errors.len(), 1);
    let chained = |count: usize| parse(FileId(0), &format!("[f(){}]", ".a".repeat(count)), 0);
    assert!(chained(63).errors.is_empty());
    assert_eq!(chained(64).errors.len(), 1);
}
