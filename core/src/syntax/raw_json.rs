//! JSON looked into piece by piece: a value is a place in the text, and only what is asked for is read. For
//! large files of which little matters. It follows the text as far as it makes sense and never fails; whether
//! the whole text is JSON is for [`error`] to say.

use std::borrow::Cow;

use super::SyntaxError;
use crate::source::{FileId, Span};

/// Where a value begins. Nothing of it has been read.
#[derive(Debug, Clone, Copy)]
pub struct RawJson<'t> {
    text: &'t str,
    start: usize,
    ends: Option<&'t Ends>,
}

/// Where the large objects and arrays of a text end, so that those who pass over them need not look for it
/// each time.
#[derive(Debug, Default)]
pub struct Ends {
    /// By where they start.
    ends: Vec<(u32, u32)>,
}

impl Ends {
    /// Smaller values are passed over as fast as their end would be found.
    const LARGE: usize = 128;

    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut open: Vec<usize> = Vec::new();
        let mut ends: Vec<(u32, u32)> = Vec::new();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    at = end_of_text(bytes, at);
                    continue;
                }
                b'{' | b'[' => open.push(at),
                b'}' | b']' => {
                    if let Some(start) = open.pop()
                        && at - start >= Self::LARGE
                        && let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(at + 1))
                    {
                        ends.push((start, end));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        ends.sort_unstable();
        Ends { ends }
    }

    fn end(&self, start: usize) -> Option<usize> {
        let start = u32::try_from(start).ok()?;
        let found = self.ends.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        let (_, end) = self.ends.get(found)?;
        Some(*end as usize)
    }
}

/// What a value is, by its first letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawKind {
    Object,
    Array,
    Text,
    Number,
    Boolean(bool),
    Null,
    /// No JSON.
    Broken,
}

/// Why a text is no JSON, if it is none.
pub fn error(file: FileId, text: &str) -> Option<SyntaxError> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text.get(mark..)?).err()?;
    let line_start = match error.line().checked_sub(2) {
        Some(newlines) => text.match_indices('\n').nth(newlines).map_or(0, |(at, _)| at + 1),
        None => mark,
    };
    let at = (line_start + error.column().saturating_sub(1)).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let end = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |letter| at + letter.len_utf8());
    let message = error.to_string();
    // The place is given by the span.
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    Some(SyntaxError {
        span: Span::new(file, at, end),
        message,
    })
}

impl<'t> RawJson<'t> {
    /// The value that a text consists of.
    pub fn document(text: &'t str) -> Self {
        let mark = text.len() - text.trim_start_matches('\u{feff}').len();
        RawJson {
            text,
            start: after_space(text.as_bytes(), mark),
            ends: None,
        }
    }

    /// The same value of a text whose ends are known.
    #[must_use]
    pub fn with_ends(self, ends: &'t Ends) -> Self {
        RawJson {
            ends: Some(ends),
            ..self
        }
    }

    /// Where it begins: no two values of a text begin at one place.
    pub fn offset(self) -> usize {
        self.start
    }

    fn end(self) -> usize {
        let known = self.ends.and_then(|ends| ends.end(self.start));
        known.unwrap_or_else(|| end_of(self.text.as_bytes(), self.start))
    }

    pub fn kind(self) -> RawKind {
        match self.text.as_bytes().get(self.start) {
            Some(b'{') => RawKind::Object,
            Some(b'[') => RawKind::Array,
            Some(b'"') => RawKind::Text,
            Some(b't') => RawKind::Boolean(true),
            Some(b'f') => RawKind::Boolean(false),
            Some(b'n') => RawKind::Null,
            Some(b'-' | b'0'..=b'9') => RawKind::Number,
            _ => RawKind::Broken,
        }
    }

    /// The text of the whole value.
    pub fn text(self) -> &'t str {
        self.text.get(self.start..self.end()).unwrap_or_default()
    }

    /// The bytes of the whole value.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start..self.end()
    }

    pub fn span(self, file: FileId) -> Span {
        Span::new(file, self.start, self.end())
    }

    /// The members of an object in the order of the text; none of anything else.
    pub fn members(self) -> Members<'t> {
        let is_object = self.kind() == RawKind::Object;
        Members {
            text: self.text,
            at: is_object.then_some(self.start + 1),
            value: None,
            ends: self.ends,
        }
    }

    /// The elements of an array; none of anything else.
    pub fn elements(self) -> Elements<'t> {
        let is_array = self.kind() == RawKind::Array;
        Elements {
            text: self.text,
            at: is_array.then_some(self.start + 1),
            value: None,
            ends: self.ends,
        }
    }

    pub fn member(self, name: &str) -> Option<RawJson<'t>> {
        self.members()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// The text that a JSON text means.
    pub fn as_text(self) -> Option<Cow<'t, str>> {
        (self.kind() == RawKind::Text).then(|| unquoted(self.text()))
    }

    pub fn is_true(self) -> bool {
        self.kind() == RawKind::Boolean(true)
    }
}

/// The members of an object, each a name and where its value begins.
pub struct Members<'t> {
    text: &'t str,
    /// Where the next member or the end is looked for; none when there are no more.
    at: Option<usize>,
    /// Where the last value began: it is passed only when somebody asks for the next one.
    value: Option<RawJson<'t>>,
    ends: Option<&'t Ends>,
}

impl<'t> Iterator for Members<'t> {
    type Item = (Cow<'t, str>, RawJson<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let at = next_item(bytes, self.at.take()?, self.value.take())?;
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = end_of(bytes, at);
        let name = unquoted(self.text.get(at..end)?);
        let colon = after_space(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let start = after_space(bytes, colon + 1);
        let value = RawJson {
            text: self.text,
            start,
            ends: self.ends,
        };
        self.at = Some(start);
        self.value = Some(value);
        Some((name, value))
    }
}

/// The elements of an array.
pub struct Elements<'t> {
    text: &'t str,
    at: Option<usize>,
    value: Option<RawJson<'t>>,
    ends: Option<&'t Ends>,
}

impl<'t> Iterator for Elements<'t> {
    type Item = RawJson<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = next_item(self.text.as_bytes(), self.at.take()?, self.value.take())?;
        let value = RawJson {
            text: self.text,
            start,
            ends: self.ends,
        };
        self.at = Some(start);
        self.value = Some(value);
        Some(value)
    }
}

/// Where the next member or element begins; none at the end.
fn next_item(bytes: &[u8], at: usize, value: Option<RawJson<'_>>) -> Option<usize> {
    let mut at = at;
    if let Some(value) = value {
        at = after_space(bytes, value.end());
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at += 1;
    }
    at = after_space(bytes, at);
    match bytes.get(at) {
        None | Some(b'}' | b']' | b',' | b':') => None,
        Some(_) => Some(at),
    }
}

fn after_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
    at + rest.iter().take_while(|byte| is_space(byte)).count()
}

/// Where the value that begins at a place ends. Brackets are counted, so that depth costs no stack.
fn end_of(bytes: &[u8], start: usize) -> usize {
    match bytes.get(start) {
        Some(b'"') => end_of_text(bytes, start),
        Some(b'{' | b'[') => {
            let mut depth = 0_usize;
            let mut at = start;
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = end_of_text(bytes, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return at + 1;
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            bytes.len()
        }
        _ => {
            let rest = bytes.get(start..).unwrap_or_default();
            let is_inside =
                |byte: &u8| !matches!(byte, b',' | b':' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r');
            start + rest.iter().take_while(|byte| is_inside(byte)).count()
        }
    }
}

fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
            Some(found) if rest[found] == b'"' => return at + found + 1,
            Some(found) => at += found + 2,
            None => return bytes.len(),
        }
    }
}

/// What stands between the quotes, with its escapes read.
fn unquoted(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    match serde_json::from_str::<String>(quoted) {
        Ok(text) => Cow::Owned(text),
        Err(_) => Cow::Borrowed(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::{RawJson, RawKind, error};
    use crate::source::FileId;

    fn shown(json: RawJson<'_>) -> String {
        match json.kind() {
            RawKind::Object => {
                let members = json
                    .members()
                    .map(|(name, value)| format!("{name}={}", shown(value)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
            }
            RawKind::Array => format!("[{}]", json.elements().map(shown).collect::<Vec<_>>().join(" ")),
            RawKind::Text => json.as_text().unwrap_or_default().into_owned(),
            _ => json.text().to_owned(),
        }
    }

    #[test]
    fn values_are_read_where_they_lie() {
        let text = "\u{feff} { \"a\" : [ 1, -2.5e3 ,\"x\\\"]\\u00e9\" ], \"b\\\\\":{}, \"c\":null,\"d\":[true,[[]]] } ";
        let json = RawJson::document(text);
        assert_eq!(shown(json), "{a=[1 -2.5e3 x\"]é] b\\={} c=null d=[true [[]]]}");
        let span = json.member("c").map(|value| value.span(FileId(0)));
        assert_eq!(
            span.map(|span| &text[span.start as usize..span.end as usize]),
            Some("null")
        );
    }

    #[test]
    fn no_text_is_too_broken() {
        let text = "{\"a\":[1,{\"b\":\"\\\"}],\"é\":tru,,\"c\"";
        for end in 0..=text.len() {
            for start in 0..=end {
                if let Some(part) = text.get(start..end) {
                    shown(RawJson::document(part));
                    error(FileId(0), part);
                }
            }
        }
    }

    #[test]
    fn an_error_has_a_place() {
        let found =
            error(FileId(0), "\u{feff}{\n  \"a\": 1,\n  b\n}").map(|error| (error.span.start, error.message));
        assert_eq!(found, Some((17, "key must be a string".to_owned())));
        assert_eq!(error(FileId(0), " [1, {\"a\": 2}] "), None);
    }
}
