//! JSON text as values, with what Azure's reader allows besides: single quotes, names without quotes,
//! comments and commas at the end.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::Call;
use crate::eval::error::Evaluated;
use crate::eval::number::Number;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Entries, Kind, Value};

/// The value that a text spells; every part of it comes from where the text does.
pub(super) fn value(text: &str, call: &Call<'_>) -> Evaluated {
    read(text, call.from(), call)
}

/// The same with a place of its own.
pub(super) fn read(text: &str, from: Provenance, call: &Call<'_>) -> Evaluated {
    if !call.context.budget.spend_text(text.len()) {
        return Ok(call.limit());
    }
    let mut reader = Reader {
        text,
        at: 0,
        from,
        call,
    };
    let read = reader.value(0).and_then(|value| {
        reader.skip_space()?;
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(Stop::Refused("there is more after the value")),
        }
    });
    match read {
        Ok(value) => Ok(value),
        Err(Stop::Limit) => Ok(call.limit()),
        Err(Stop::Unsupported) => Ok(call.unsupported()),
        Err(Stop::Refused(message)) => {
            let message = format!("is no JSON: at character {}, {message}", reader.characters());
            Err(call.argument_error(0, message))
        }
    }
}

/// Deeper documents are not read.
const DEPTH: usize = 64;

/// Longer numbers are not read.
const LONGEST_NUMBER: usize = 64;

enum Stop {
    Limit,
    Unsupported,
    Refused(&'static str),
}

struct Reader<'a> {
    text: &'a str,
    /// Offset of the next character.
    at: usize,
    from: Provenance,
    call: &'a Call<'a>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn characters(&self) -> usize {
        self.text.get(..self.at).unwrap_or_default().chars().count() + 1
    }

    fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.at += wanted.len_utf8();
        }
        is_next
    }

    /// Spaces and comments.
    fn skip_space(&mut self) -> Result<(), Stop> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
            self.at += rest.len() - trimmed.len();
            let end = if let Some(comment) = trimmed.strip_prefix("//") {
                2 + comment.find(['\r', '\n']).unwrap_or(comment.len())
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                4 + comment
                    .find("*/")
                    .ok_or(Stop::Refused("a comment is not closed"))?
            } else {
                return Ok(());
            };
            self.at += end;
        }
    }

    fn make(&self, kind: Kind) -> Result<Value, Stop> {
        match self.call.afford(1) {
            true => Ok(Value::new(kind, self.from.clone())),
            false => Err(Stop::Limit),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        if depth > DEPTH {
            return Err(Stop::Limit);
        }
        self.skip_space()?;
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some(quote @ ('"' | '\'')) => {
                let text = self.quoted(quote)?;
                self.make(Kind::String(text.into()))
            }
            Some('-' | '0'..='9') => self.number(),
            Some(letter) if letter.is_ascii_alphabetic() => self.word(),
            Some(_) => Err(Stop::Refused("a value should stand")),
            None => Err(Stop::Refused("the text ends where a value should stand")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        loop {
            self.skip_space()?;
            if self.take('}') {
                break;
            }
            let name = match self.peek() {
                Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
                _ => self.bare_name()?,
            };
            self.skip_space()?;
            if !self.take(':') {
                return Err(Stop::Refused("a colon should follow the name"));
            }
            let value = self.value(depth + 1)?;
            // The last member of a name counts.
            members.insert(name.into(), value);
            self.skip_space()?;
            if !self.take(',') && self.peek() != Some('}') {
                return Err(Stop::Refused("a comma or a closing brace should stand"));
            }
        }
        self.make(Kind::Object(Arc::new(Entries { members, open: None })))
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_space()?;
            if self.take(']') {
                break;
            }
            elements.push(self.value(depth + 1)?);
            self.skip_space()?;
            if !self.take(',') && self.peek() != Some(']') {
                return Err(Stop::Refused("a comma or a closing bracket should stand"));
            }
        }
        self.make(Kind::Tuple(elements.into()))
    }

    fn bare_name(&mut self) -> Result<String, Stop> {
        let rest = self.rest();
        let belongs = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        let end = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        if end == 0 {
            return Err(Stop::Refused("the name of a member should stand"));
        }
        self.at += end;
        Ok(rest.get(..end).unwrap_or_default().to_owned())
    }

    fn word(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        let kind = match self.bare_name()?.as_str() {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            "NaN" | "Infinity" | "undefined" | "new" => return Err(Stop::Unsupported),
            _ => {
                self.at = start;
                return Err(Stop::Refused("a value should stand"));
            }
        };
        self.make(kind)
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let rest = self.rest();
        let belongs = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '+' | '-');
        let end = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        let written = rest.get(..end).unwrap_or_default();
        let digits = written.strip_prefix('-').unwrap_or(written);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        // Hexadecimal and octal numbers and those with an exponent are not read.
        let is_octal = whole.len() > 1 && whole.starts_with('0');
        if !are_digits(whole) || !are_digits(fraction) || is_octal || written.len() > LONGEST_NUMBER {
            return match digits.contains(|letter: char| letter.is_ascii_alphabetic()) || is_octal {
                true => Err(Stop::Unsupported),
                false => Err(Stop::Refused("a number should stand")),
            };
        }
        self.at += end;
        match written.parse::<Number>() {
            Ok(number) => self.make(Kind::Number(number)),
            Err(()) => Err(Stop::Unsupported),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, Stop> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let end = rest
                .find([quote, '\\'])
                .ok_or(Stop::Refused("a string is not closed"))?;
            text.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if rest.get(end..).is_some_and(|rest| rest.starts_with(quote)) {
                return Ok(text);
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let letter = self.peek().ok_or(Stop::Refused("a string is not closed"))?;
        self.at += letter.len_utf8();
        Ok(match letter {
            '"' | '\'' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return Err(Stop::Refused("a backslash stands before what it does not escape")),
        })
    }

    /// A half of a surrogate pair alone is the replacement character.
    fn unicode(&mut self) -> Result<char, Stop> {
        let high = self.code_unit()?;
        if (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.code_unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Result<u32, Stop> {
        let digits = self.rest().get(..4).unwrap_or_default();
        let are_digits = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        match u32::from_str_radix(digits, 16) {
            Ok(code) if are_digits => {
                self.at += 4;
                Ok(code)
            }
            _ => Err(Stop::Refused("four hexadecimal digits should stand")),
        }
    }
}
