use super::tree::{Json, JsonKind};
use super::*;

fn shown(text: &str) -> String {
    let read = parse(FileId(0), text);
    let mut shown = String::new();
    if let Some(value) = &read.value {
        show(value, &mut shown);
    }
    for error in &read.errors {
        shown.push_str(&format!(
            " !{}..{} {}",
            error.span.start, error.span.end, error.message
        ));
    }
    shown
}

fn show(json: &Json, into: &mut String) {
    match &json.kind {
        JsonKind::Null => into.push_str("null"),
        JsonKind::Boolean(value) => into.push_str(&value.to_string()),
        JsonKind::Number(number) => into.push_str(number),
        JsonKind::Text(text) => into.push_str(&format!("{text:?}")),
        JsonKind::Array(elements) => {
            into.push('[');
            for element in elements {
                show(element, into);
                into.push(' ');
            }
            into.push(']');
        }
        JsonKind::Object(properties) => {
            into.push('{');
            for property in properties {
                into.push_str(&property.name);
                into.push(':');
                show(&property.value, into);
                into.push(' ');
            }
            into.push('}');
        }
    }
}

#[test]
fn reads_what_azure_reads() {
    assert_eq!(
        shown("\u{feff}{ // note\n \"a\": [1, true, null,], /* b */ \"b\": \"x\\n\", }"),
        "{a:[1 true null ] b:\"x\\n\" }"
    );
    assert_eq!(
        shown("{\"a\": \"[concat(\n 'x')]\"}"),
        "{a:\"[concat(\\n 'x')]\" }"
    );
    let read = parse(FileId(0), "\u{feff}{ \"a\": 1 } // end");
    let property = read.value.as_ref().and_then(|value| value.property("A"));
    assert_eq!(
        property.map(|property| (property.name_span.start, property.name_span.end)),
        Some((6, 7))
    );
    assert_eq!(read.comments.len(), 1);
}

#[test]
fn keeps_what_is_around_a_broken_line() {
    assert_eq!(
        shown("{\n  \"a\": 1,\n  \"b\": ,\n  \"c\": 3\n}"),
        "{a:1 c:3 } !19..20 Unexpected comma"
    );
    assert!(shown("{\n  \"a\": 1\n  \"b\": 2\n}").starts_with("{a:1 b:2 } !"));
    assert_eq!(
        shown("{\n  \"a\": [ { \"x\": 1 }, { \"y\": 2,  \"z"),
        "{a:[{x:1 } {y:2 } ] } !34..36 Unterminated string literal"
    );
}

#[test]
fn ends_on_every_cut() {
    let text = "{\"a\": [1, {\"é\": \"[x]\"}, null], // c\n \"b\": {\"c\": \"\\\"\"}}";
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        parse(FileId(0), &text[..end]);
        parse(FileId(0), &text[end..]);
    }
}
