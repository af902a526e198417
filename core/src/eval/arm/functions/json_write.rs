//! Values as the JSON text that `string` and `format` make of them.

use super::order::written;
use super::table::Call;
use crate::eval::value::{Kind, Value};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    Double,
    Single,
}

/// Deeper values are not written.
const DEPTH: usize = 64;

/// JSON without spaces. None when it is not known, which includes the order of the members of an object,
/// or too large.
pub(super) fn text(value: &Value, quotes: Quotes, call: &Call<'_>) -> Option<String> {
    let mut writer = Writer {
        text: String::new(),
        room: usize::try_from(call.context.budget.text.get()).unwrap_or(usize::MAX),
        quotes,
    };
    writer.value(value, 0)?;
    Some(writer.text)
}

struct Writer {
    text: String,
    room: usize,
    quotes: Quotes,
}

impl Writer {
    fn push(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(text.len())?;
        self.text.push_str(text);
        Some(())
    }

    fn value(&mut self, value: &Value, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match &value.kind {
            Kind::Null => self.push("null"),
            Kind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.push(&number.to_string()),
            Kind::String(text) => self.quoted(text),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                self.push("[")?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.push(",")?;
                    }
                    self.value(element, depth + 1)?;
                }
                self.push("]")
            }
            Kind::Map(_) | Kind::Object(_) => {
                self.push("{")?;
                for (index, (name, member)) in written(value)?.into_iter().enumerate() {
                    if index > 0 {
                        self.push(",")?;
                    }
                    self.quoted(name)?;
                    self.push(":")?;
                    self.value(member, depth + 1)?;
                }
                self.push("}")
            }
            Kind::Unknown(_) | Kind::OneOf(_) => None,
        }
    }

    fn quoted(&mut self, text: &str) -> Option<()> {
        let quote = match self.quotes {
            Quotes::Double => "\"",
            Quotes::Single => "'",
        };
        self.push(quote)?;
        for letter in text.chars() {
            match letter {
                '\\' => self.push("\\\\")?,
                '\n' => self.push("\\n")?,
                '\r' => self.push("\\r")?,
                '\t' => self.push("\\t")?,
                '\u{8}' => self.push("\\b")?,
                '\u{c}' => self.push("\\f")?,
                '"' if self.quotes == Quotes::Double => self.push("\\\"")?,
                '\'' if self.quotes == Quotes::Single => self.push("\\'")?,
                // The line separators of Unicode are escaped too.
                '\0'..'\u{20}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    self.push(&format!("\\u{:04x}", u32::from(letter)))?;
                }
                letter => self.push(letter.encode_utf8(&mut [0; 4]))?,
            }
        }
        self.push(quote)
    }
}
