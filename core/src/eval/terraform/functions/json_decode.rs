//! JSON text as values, with the complaints of Go's decoder.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::operands::text;
use super::table::{Call, Function, string};
use crate::eval::error::EvalError;
use crate::eval::number::Number;
use crate::eval::provenance::Provenance;
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new("jsondecode", &[string("str")], jsondecode)];

fn jsondecode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let text = text(arguments, 0, call)?;
    if !call.context.budget.spend_text(text.len()) {
        return Ok(call.limit());
    }
    let mut decoder = Decoder {
        text,
        at: 0,
        from: call.from(),
        call,
    };
    let decoded = decoder.value(0).and_then(|value| {
        decoder.skip_space();
        match decoder.peek() {
            Some(b']' | b'}') | None => Ok(value),
            Some(_) => Err(Stop::Refused("extraneous data after JSON object".to_owned())),
        }
    });
    match decoded {
        Ok(value) => Ok(value),
        Err(Stop::Limit) => Ok(call.limit()),
        Err(Stop::Refused(message)) => Err(call.error(message)),
    }
}

/// Deeper documents are not read.
const DEPTH: usize = 100;

/// Longer numbers are not read, and neither are those with a larger exponent.
const MAXIMUM_NUMBER: usize = 1024;

enum Stop {
    Limit,
    Refused(String),
}

struct Decoder<'a> {
    text: &'a str,
    /// Offset of the next byte, at a character boundary wherever a slice is taken.
    at: usize,
    from: Provenance,
    call: &'a Call<'a>,
}

fn end() -> Stop {
    Stop::Refused("EOF".to_owned())
}

fn early_end() -> Stop {
    Stop::Refused("unexpected EOF".to_owned())
}

/// Go shows the byte, not the letter, as a quoted character.
fn wrong(byte: u8, place: &str) -> Stop {
    let shown = match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        b'\n' => "'\\n'".to_owned(),
        b'\r' => "'\\r'".to_owned(),
        b'\t' => "'\\t'".to_owned(),
        b'\\' => "'\\\\'".to_owned(),
        0x07 => "'\\a'".to_owned(),
        0x08 => "'\\b'".to_owned(),
        0x0b => "'\\v'".to_owned(),
        0x0c => "'\\f'".to_owned(),
        0x00..=0x1f | 0x7f => format!("'\\x{byte:02x}'"),
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'{}'", char::from(byte)),
    };
    Stop::Refused(format!("invalid character {shown}{place}"))
}

/// The last member of a name counts, but Terraform reads the earlier ones with its type as well. What it
/// says when that fails, for types without parts.
fn conflict(earlier: &Value, last: &Value) -> Option<&'static str> {
    match (&earlier.kind, &last.kind) {
        (Kind::Null, _) => None,
        (Kind::String(text), Kind::Bool(_)) => match &**text {
            "true" | "false" | "0" | "1" => None,
            _ => Some("a bool is required"),
        },
        (Kind::String(text), Kind::Number(_)) => match text.parse::<Number>() {
            Ok(_) => None,
            Err(()) => Some("a number is required"),
        },
        (Kind::Bool(_), Kind::Bool(_)) | (Kind::Number(_), Kind::Number(_)) => None,
        (_, Kind::Bool(_)) => Some("bool is required"),
        (_, Kind::Number(_)) => Some("number is required"),
        (Kind::Tuple(_) | Kind::Object(_), Kind::String(_)) => Some("string is required"),
        _ => None,
    }
}

impl Decoder<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The next byte that is not space.
    fn next_token(&mut self) -> Result<u8, Stop> {
        self.skip_space();
        self.peek().ok_or_else(end)
    }

    fn make(&self, kind: Kind) -> Result<Value, Stop> {
        if !self.call.afford(1) {
            return Err(Stop::Limit);
        }
        Ok(Value::new(kind, self.from.clone()))
    }

    fn value(&mut self, depth: usize) -> Result<Value, Stop> {
        if depth > DEPTH {
            return Err(Stop::Limit);
        }
        match self.next_token()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => {
                let text = self.string()?;
                self.make(Kind::String(text.into()))
            }
            b't' => self.word("true", Kind::Bool(true)),
            b'f' => self.word("false", Kind::Bool(false)),
            b'n' => self.word("null", Kind::Null),
            b'-' | b'0'..=b'9' => self.number(),
            byte => Err(wrong(byte, " looking for beginning of value")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut replaced: Vec<(Arc<str>, Value)> = Vec::new();
        loop {
            match (self.next_token()?, members.is_empty()) {
                (b'}', true) => break,
                (b'"', _) => {}
                (byte, true) => return Err(wrong(byte, "")),
                (byte, false) => return Err(wrong(byte, " looking for beginning of object key string")),
            }
            let key: Arc<str> = self.string()?.into();
            match self.next_token()? {
                b':' => self.at += 1,
                byte => return Err(wrong(byte, " after object key")),
            }
            let value = self.value(depth + 1)?;
            if let Some(earlier) = members.insert(key.clone(), value) {
                replaced.push((key, earlier));
            }
            match self.next_token()? {
                b',' => self.at += 1,
                b'}' => break,
                byte => return Err(wrong(byte, " after object key:value pair")),
            }
        }
        self.at += 1;
        for (key, earlier) in &replaced {
            if let Some(problem) = members.get(key).and_then(|last| conflict(earlier, last)) {
                return Err(Stop::Refused(problem.to_owned()));
            }
        }
        let entries = Entries { members, open: None };
        self.make(Kind::Object(Arc::new(entries)))
    }

    fn array(&mut self, depth: usize) -> Result<Value, Stop> {
        self.at += 1;
        let mut elements = Vec::new();
        if self.next_token()? != b']' {
            loop {
                elements.push(self.value(depth + 1)?);
                match self.next_token()? {
                    b',' => self.at += 1,
                    b']' => break,
                    byte => return Err(wrong(byte, " after array element")),
                }
            }
        }
        self.at += 1;
        self.make(Kind::Tuple(elements.into()))
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Value, Stop> {
        for expected in word.bytes() {
            match self.peek() {
                Some(byte) if byte == expected => self.at += 1,
                Some(byte) => {
                    let expected = char::from(expected);
                    let place = format!(" in literal {word} (expecting '{expected}')");
                    return Err(wrong(byte, &place));
                }
                None => return Err(early_end()),
            }
        }
        self.make(kind)
    }

    fn number(&mut self) -> Result<Value, Stop> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits(" in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits(" after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            let exponent = self.at;
            self.digits(" in exponent of numeric literal")?;
            let exponent = self
                .text
                .get(exponent..self.at)
                .and_then(|digits| digits.parse::<u32>().ok());
            if exponent.is_none_or(|exponent| exponent > 1024) {
                return Err(Stop::Limit);
            }
        }
        let digits = self.text.get(start..self.at).unwrap_or("");
        if digits.len() > MAXIMUM_NUMBER {
            return Err(Stop::Limit);
        }
        match digits.parse::<Number>() {
            Ok(number) => self.make(Kind::Number(number)),
            Err(()) => Err(Stop::Limit),
        }
    }

    fn digits(&mut self, place: &str) -> Result<(), Stop> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match (self.at > start, self.peek()) {
            (true, _) => Ok(()),
            (false, Some(byte)) => Err(wrong(byte, place)),
            (false, None) => Err(early_end()),
        }
    }

    fn string(&mut self) -> Result<String, Stop> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            while let Some(b' '..=b'!' | b'#'..=b'[' | b']'..=0xff) = self.peek() {
                self.at += 1;
            }
            text.push_str(self.text.get(start..self.at).unwrap_or(""));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(byte) => return Err(wrong(byte, " in string literal")),
                None => return Err(early_end()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Stop> {
        let byte = self.peek().ok_or_else(early_end)?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            byte => return Err(wrong(byte, " in string escape code")),
        })
    }

    /// A half of a surrogate pair alone is the replacement character.
    fn unicode(&mut self) -> Result<char, Stop> {
        let first = self.hexadecimal()?;
        if (0xd800..0xdc00).contains(&first)
            && self
                .text
                .get(self.at..)
                .is_some_and(|rest| rest.starts_with("\\u"))
        {
            let before = self.at;
            self.at += 2;
            let second = self.hexadecimal()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hexadecimal(&mut self) -> Result<u32, Stop> {
        let mut code = 0;
        for _ in 0..4 {
            let byte = self.peek().ok_or_else(early_end)?;
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(wrong(byte, " in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
