//! What holds for every text.

use proptest::prelude::*;

use super::super::tree::{
    Body, Expression, ExpressionKind, File, ObjectKey, TemplatePart, TraversalStepKind,
};
use super::super::{Notation, dump, parse};
use crate::source::{FileId, Span};

/// Whether every span of a tree lies in the text and on character boundaries.
fn check_spans(file: &File, text: &str) {
    let check = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(
            start <= end && text.get(start..end).is_some(),
            "{span:?} is not in {text:?}"
        );
    };
    file.errors.iter().for_each(|error| check(error.span));
    file.comments.iter().for_each(|comment| check(comment.span));
    body(&file.body, &check);
}

fn body(it: &Body, check: &impl Fn(Span)) {
    check(it.span);
    for attribute in &it.attributes {
        check(attribute.span);
        check(attribute.name_span);
        expression(&attribute.value, check);
    }
    for block in &it.blocks {
        check(block.span);
        check(block.header);
        block.labels.iter().for_each(|label| check(label.span));
        body(&block.body, check);
    }
}

fn expression(it: &Expression, check: &impl Fn(Span)) {
    check(it.span);
    match &it.kind {
        ExpressionKind::Template(template) => parts(template, check),
        ExpressionKind::Tuple(items) => items.iter().for_each(|item| expression(item, check)),
        ExpressionKind::Object(items) => {
            for item in items {
                match &item.key {
                    ObjectKey::Name(_, span) => check(*span),
                    ObjectKey::Expression(key) => expression(key, check),
                }
                expression(&item.value, check);
            }
        }
        ExpressionKind::Traversal(traversal) => {
            expression(&traversal.on, check);
            for step in &traversal.steps {
                check(step.span);
                if let TraversalStepKind::Index(index) = &step.kind {
                    expression(index, check);
                }
            }
        }
        ExpressionKind::Call(call) => {
            check(call.name_span);
            call.arguments
                .iter()
                .for_each(|argument| expression(argument, check));
        }
        ExpressionKind::Unary(_, on) | ExpressionKind::Parenthesis(on) => expression(on, check),
        ExpressionKind::Binary(_, left, right) => {
            expression(left, check);
            expression(right, check);
        }
        ExpressionKind::Conditional(conditional) => {
            expression(&conditional.test, check);
            expression(&conditional.yes, check);
            expression(&conditional.no, check);
        }
        ExpressionKind::For(parsed) => {
            expression(&parsed.collection, check);
            expression(&parsed.result, check);
            parsed.key_result.iter().for_each(|key| expression(key, check));
            parsed
                .condition
                .iter()
                .for_each(|condition| expression(condition, check));
        }
        _ => {}
    }
}

fn parts(it: &[TemplatePart], check: &impl Fn(Span)) {
    for part in it {
        match part {
            TemplatePart::Literal(_, span) => check(*span),
            TemplatePart::Interpolation(inner) => expression(inner, check),
            TemplatePart::If { test, yes, no } => {
                expression(test, check);
                parts(yes, check);
                parts(no, check);
            }
            TemplatePart::For { collection, body, .. } => {
                expression(collection, check);
                parts(body, check);
            }
        }
    }
}

fn check_all(text: &str) {
    for notation in [Notation::Native, Notation::Json, Notation::JsonValues] {
        check_spans(&parse(FileId(0), text, notation), text);
    }
}

const NATIVE: &str = include_str!("../../../../../fixtures/syntax/newlines.tf");
const JSON: &str = include_str!("../../../../../fixtures/syntax/resources.tf.json");
const STRINGS: &str = include_str!("../../../../../fixtures/syntax/strings.tf.json");

fn mutated(text: &str, places: &[(prop::sample::Index, String)]) -> String {
    let mut text = text.to_owned();
    for (place, piece) in places {
        let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let at = place.index(starts.len());
        let end = starts
            .get(at + piece.chars().count())
            .copied()
            .unwrap_or(text.len());
        text.replace_range(starts[at]..end, piece);
    }
    text
}

/// Pieces that mean something to the parser.
const PIECE: &str =
    r##"[a{}()\[\]"$%=:,.\n\r\t#/*<> ä\\~-]{0,4}|resource "a" "b" \{\n|<<-?EOT\n|\$\{|%\{ ?(if|for) |for "##;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in prop::collection::vec(PIECE, 0..40)) {
        check_all(&text.concat());
    }

    #[test]
    fn any_characters_are_read(text in any::<String>()) {
        check_all(&text);
    }

    #[test]
    fn changed_text_is_read(
        text in prop::sample::select(vec![NATIVE, JSON, STRINGS]),
        places in prop::collection::vec((any::<prop::sample::Index>(), PIECE), 1..4),
    ) {
        check_all(&mutated(text, &places));
    }
}

/// The dump without the line ends and the mark that a variant adds.
fn plain(text: &str) -> String {
    let file = parse(FileId(0), text, Notation::Native);
    assert_eq!(file.errors, []);
    check_spans(&file, text);
    dump::file(&file, text).replace("\\r", "")
}

#[test]
fn a_byte_order_mark_only_moves_the_spans() {
    let text = NATIVE;
    assert_eq!(plain(&format!("\u{feff}{text}")), plain(text));
    let json = |text: &str| dump::file(&parse(FileId(0), text, Notation::Json), text);
    assert_eq!(json(&format!("\u{feff}{JSON}")), json(JSON));
}

#[test]
fn line_ends_of_windows_only_move_the_spans() {
    let text = "locals {\n  a = [for b in\n    c : b\n  ]\n  d = {\n    e = 1\n  }\n}\n# akslint: x\n";
    assert_eq!(plain(&text.replace('\n', "\r\n")), plain(text));
    let broken = "locals {\n  a = \n  b = 1\n}\noutput \"a\" {\n  value = 1\n}\n";
    let read = |text: &str| parse(FileId(0), text, Notation::Native);
    let messages =
        |file: &File| -> Vec<String> { file.errors.iter().map(|error| error.message.clone()).collect() };
    let (unix, windows) = (read(broken), read(&broken.replace('\n', "\r\n")));
    assert_eq!(messages(&unix), messages(&windows));
    assert_eq!(unix.body.blocks.len(), windows.body.blocks.len());
}
