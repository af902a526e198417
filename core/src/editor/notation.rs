//! Values as the file's own language writes them, shortened.

use crate::eval::value::{Entries, Kind, OneOf, Piece, Reason, Unknown, Value};

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Terraform,
    Json,
    Bicep,
}

/// A value that fits is written on one line.
const LINE: usize = 72;
const LINES: usize = 20;
/// Longer texts are cut.
const TEXT: usize = 160;
/// More of a value is not written at all.
const PARTS: usize = 400;
const DEPTH: usize = 12;

impl Notation {
    pub(super) fn of(path: &str) -> Self {
        let ends = |ending: &str| path.ends_with(ending);
        if ends(".bicep") || ends(".bicepparam") {
            Notation::Bicep
        } else if ends(".json") && !ends(".tf.json") && !ends(".tofu.json") && !ends(".tfvars.json") {
            Notation::Json
        } else {
            Notation::Terraform
        }
    }

    /// What a fenced block of Markdown calls the language.
    pub(super) fn word(self) -> &'static str {
        match self {
            Notation::Terraform => "terraform",
            Notation::Json => "json",
            Notation::Bicep => "bicep",
        }
    }
}

/// The value in at most [`LINES`] lines.
pub(super) fn written(value: &Value, notation: Notation) -> String {
    let mut writer = Writer::new(notation);
    writer.value(value, None);
    if writer.is_short() {
        return writer.text;
    }
    let mut writer = Writer::new(notation);
    writer.value(value, Some(0));
    let mut lines = writer.text.lines();
    let mut text: Vec<&str> = lines.by_ref().take(LINES).collect();
    if lines.next().is_some() {
        text.push("…");
    }
    text.join("\n")
}

/// The value on one line of about `width` characters.
pub(super) fn short(value: &Value, notation: Notation, width: usize) -> String {
    let mut writer = Writer::new(notation);
    writer.value(value, None);
    let text = writer.text.replace('\n', " ");
    cut(&text, width)
}

/// The text, or its beginning and three dots.
pub(super) fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// How users call the type of a value. None when it is not known.
pub(super) fn type_of(value: &Value, notation: Notation) -> Option<String> {
    let is_terraform = notation == Notation::Terraform;
    let collection = |terraform: &str, elements: &[Value]| {
        let count = counted(elements.len(), "element");
        match is_terraform {
            true => format!("{terraform}, {count}"),
            false => format!("array, {count}"),
        }
    };
    Some(match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(_) => "bool".to_owned(),
        Kind::Number(_) if is_terraform => "number".to_owned(),
        Kind::Number(_) => "int".to_owned(),
        Kind::String(_) => "string".to_owned(),
        Kind::List(elements) => collection("list", elements),
        Kind::Tuple(elements) => collection("tuple", elements),
        Kind::Set(elements) => collection("set", elements),
        Kind::Map(entries) if is_terraform => format!("map, {}", counted(entries.members.len(), "element")),
        Kind::Map(entries) | Kind::Object(entries) => {
            let member = if is_terraform { "attribute" } else { "property" };
            format!("object, {}", counted(entries.members.len(), member))
        }
        Kind::Unknown(_) => return None,
        Kind::OneOf(one_of) => {
            let (yes, no) = (type_of(&one_of.yes, notation)?, type_of(&one_of.no, notation)?);
            if yes != no {
                return None;
            }
            yes
        }
    })
}

fn counted(number: usize, what: &str) -> String {
    match (number, what) {
        (1, what) => format!("1 {what}"),
        (number, "property") => format!("{number} properties"),
        (number, what) => format!("{number} {what}s"),
    }
}

/// How a value that cannot be known is called inside others.
pub(super) fn unknown_word(unknown: &Unknown) -> String {
    match unknown.reason() {
        Reason::Unassigned { name } => format!("({name} has no value)"),
        Reason::Computed { .. } => "(known after apply)".to_owned(),
        Reason::External { .. } => "(read from outside)".to_owned(),
        Reason::Sensitive { .. } => "(sensitive)".to_owned(),
        Reason::ModuleNotFound { .. } => "(module not found)".to_owned(),
        _ => "(unknown)".to_owned(),
    }
}

struct Writer {
    notation: Notation,
    text: String,
    left: usize,
    depth: usize,
}

impl Writer {
    fn new(notation: Notation) -> Self {
        Writer {
            notation,
            text: String::new(),
            left: PARTS,
            depth: 0,
        }
    }

    fn is_short(&self) -> bool {
        self.left > 0 && !self.text.contains('\n') && self.text.chars().count() <= LINE
    }

    /// With an indent the parts of a collection stand on lines of their own.
    fn value(&mut self, value: &Value, indent: Option<usize>) {
        let Some(left) = self.left.checked_sub(1) else {
            if !self.text.ends_with('…') {
                self.text.push('…');
            }
            return;
        };
        self.left = left;
        match &value.kind {
            Kind::Null => self.text.push_str("null"),
            Kind::Bool(truth) => self.text.push_str(if *truth { "true" } else { "false" }),
            Kind::Number(number) => self.text.push_str(&number.decimal().to_plain_string()),
            Kind::String(text) => self.string(text),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                self.nested(|writer| writer.elements(elements, indent));
            }
            Kind::Map(entries) | Kind::Object(entries) => {
                self.nested(|writer| writer.entries(entries, indent));
            }
            Kind::Unknown(unknown) => self.unknown(unknown),
            Kind::OneOf(one_of) => self.choice(one_of, indent),
        }
    }

    fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        if self.depth >= DEPTH {
            self.text.push('…');
            return;
        }
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn elements(&mut self, elements: &[Value], indent: Option<usize>) {
        if elements.is_empty() {
            self.text.push_str("[]");
            return;
        }
        self.text.push('[');
        for (position, element) in elements.iter().enumerate() {
            if self.left == 0 {
                break;
            }
            self.separator(position, indent, self.notation != Notation::Bicep);
            self.value(element, indent.map(|indent| indent + 1));
            if indent.is_some() && self.notation == Notation::Terraform {
                self.text.push(',');
            }
        }
        self.close(']', indent);
    }

    fn entries(&mut self, entries: &Entries, indent: Option<usize>) {
        if entries.members.is_empty() {
            self.text.push_str("{}");
            return;
        }
        self.text.push('{');
        for (position, (name, member)) in entries.members.iter().enumerate() {
            if self.left == 0 {
                break;
            }
            self.separator(position, indent, self.notation == Notation::Json);
            if indent.is_none() && position == 0 && self.notation != Notation::Json {
                self.text.push(' ');
            }
            self.name(name);
            self.text.push_str(match self.notation {
                Notation::Terraform => " = ",
                Notation::Json | Notation::Bicep => ": ",
            });
            self.value(member, indent.map(|indent| indent + 1));
        }
        if indent.is_none() && self.notation != Notation::Json {
            self.text.push(' ');
        }
        self.close('}', indent);
    }

    /// What stands before a part: on lines of their own the parts need no comma, save in JSON.
    fn separator(&mut self, position: usize, indent: Option<usize>, has_comma: bool) {
        match indent {
            Some(indent) => {
                let is_json = self.notation == Notation::Json;
                if position > 0 && has_comma && is_json {
                    self.text.push(',');
                }
                self.line(indent + 1);
            }
            None if position > 0 => self.text.push_str(", "),
            None => {}
        }
    }

    fn close(&mut self, end: char, indent: Option<usize>) {
        if let Some(indent) = indent {
            self.line(indent);
        }
        self.text.push(end);
    }

    fn line(&mut self, indent: usize) {
        self.text.push('\n');
        self.text.push_str(&"  ".repeat(indent));
    }

    fn name(&mut self, name: &str) {
        let is_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
        let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        let is_plain = match self.notation {
            Notation::Terraform => starts && name.chars().all(is_word),
            Notation::Bicep => starts && name.chars().all(is_word) && !name.contains('-'),
            Notation::Json => false,
        };
        match is_plain {
            true => self.text.push_str(name),
            false => self.string(name),
        }
    }

    fn string(&mut self, text: &str) {
        let shown = cut(text, TEXT);
        let quoted = match self.notation {
            Notation::Bicep => {
                let escaped = shown.replace('\\', "\\\\").replace('\'', "\\'");
                format!("'{}'", escaped.replace('\n', "\\n").replace("${", "\\${"))
            }
            Notation::Json => serde_json::Value::from(shown).to_string(),
            Notation::Terraform => {
                let quoted = serde_json::Value::from(shown).to_string();
                quoted.replace("${", "$${").replace("%{", "%%{")
            }
        };
        self.text.push_str(&quoted);
    }

    /// A text that is known in part keeps that part.
    fn unknown(&mut self, unknown: &Unknown) {
        let has_text = |piece: &Piece| matches!(piece, Piece::Text(_));
        let is_sensitive = matches!(unknown.reason(), Reason::Sensitive { .. });
        if is_sensitive || unknown.edge().is_some() || !unknown.pieces().iter().any(has_text) {
            self.text.push_str(&unknown_word(unknown));
            return;
        }
        let quote = match self.notation {
            Notation::Bicep => '\'',
            Notation::Terraform | Notation::Json => '"',
        };
        self.text.push(quote);
        for piece in unknown.pieces() {
            match piece {
                Piece::Text(text) => self.text.push_str(&cut(text, TEXT)),
                Piece::Unknown(unknown) => {
                    // What is computed from an unknown value has that value's reason, and is another one.
                    let edge = unknown.edge().map(|edge| cut(&edge.to_string(), TEXT));
                    let name = edge.unwrap_or_else(|| "…".to_owned());
                    self.text.push_str(&format!("${{{name}}}"));
                }
            }
        }
        self.text.push(quote);
    }

    fn choice(&mut self, one_of: &OneOf, indent: Option<usize>) {
        self.nested(|writer| {
            writer.text.push('(');
            writer.value(&one_of.yes, indent);
            writer.text.push_str(" or ");
            writer.value(&one_of.no, indent);
            writer.text.push(')');
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::provenance::{Provenance, Via};
    use crate::source::{FileId, Span};

    fn text(text: &str) -> Value {
        Value::string(text, Provenance::new(Via::Literal, Span::new(FileId(0), 0, 0)))
    }

    fn list(count: usize) -> Value {
        let elements = (0..count).map(|number| text(&format!("10.{number}.0.0/16")));
        let from = text("").from;
        Value::new(Kind::Tuple(elements.collect()), from)
    }

    #[test]
    fn quotes_are_those_of_the_language() {
        let value = text("it's ${a} \"b\"");
        assert_eq!(written(&value, Notation::Terraform), r#""it's $${a} \"b\"""#);
        assert_eq!(written(&value, Notation::Json), r#""it's ${a} \"b\"""#);
        assert_eq!(written(&value, Notation::Bicep), r#"'it\'s \${a} "b"'"#);
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(
            written(&list(2), Notation::Terraform),
            "[\"10.0.0.0/16\", \"10.1.0.0/16\"]"
        );
        let lines = written(&list(100), Notation::Json);
        assert_eq!(lines.lines().count(), LINES + 1);
        assert!(lines.starts_with("[\n  \"10.0.0.0/16\",\n"), "{lines}");
        assert!(written(&text(&"ä".repeat(1_000)), Notation::Bicep).ends_with("ä…'"));
        assert!(short(&list(10_000), Notation::Bicep, 40).chars().count() <= 41);
    }
}
