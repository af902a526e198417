//! The members at the top of a JSON text, found without reading what stands in them.

use std::borrow::Cow;

/// Walks over the members of the outermost object. Comments and a byte order mark are passed over; a text
/// that is no object has no members. The text may be the beginning of a longer one.
pub struct Members<'t> {
    text: &'t [u8],
    offset: usize,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The object was closed, or the text is no object.
    Closed,
    /// The text ended inside the object.
    CutOff,
}

/// A name and the bytes of its value, as far as the text goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'t> {
    /// Without its quotes; escapes stay as they are written.
    pub name: &'t [u8],
    pub value: &'t [u8],
}

/// UTF-16 loses the bytes that are zero, so that what is written in ASCII can be looked for. Such a file is
/// still one that is not UTF-8.
pub fn narrowed(text: &[u8]) -> Cow<'_, [u8]> {
    match text {
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => {
            Cow::Owned(rest.iter().copied().filter(|byte| *byte != 0).collect())
        }
        text => Cow::Borrowed(text),
    }
}

impl<'t> Members<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        let mut members = Members {
            text,
            offset: if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
            state: State::Open,
        };
        members.pass_space();
        members.state = match members.peek() {
            Some(b'{') => State::Open,
            Some(_) => State::Closed,
            None => State::CutOff,
        };
        members.offset += 1;
        members
    }

    /// Whether the text ended before the object did; meant for after the last member.
    pub fn is_cut_off(&self) -> bool {
        self.state == State::CutOff
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    /// Passes over white space, commas and comments.
    fn pass_space(&mut self) {
        while let Some(byte) = self.peek() {
            let rest = self.text.get(self.offset..).unwrap_or_default();
            if byte.is_ascii_whitespace() || byte == b',' {
                self.offset += 1;
            } else if let Some(length) = comment(rest) {
                self.offset += length;
            } else {
                break;
            }
        }
    }

    /// Passes over a value: up to the comma or brace after it.
    fn pass_value(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            let rest = self.text.get(self.offset..).unwrap_or_default();
            match byte {
                b'"' => self.offset += quoted(rest).1,
                b'{' | b'[' => {
                    depth += 1;
                    self.offset += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return,
                b'}' | b']' => {
                    depth -= 1;
                    self.offset += 1;
                }
                b'/' => self.offset += comment(rest).unwrap_or(1),
                _ => self.offset += 1,
            }
        }
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    fn next(&mut self) -> Option<Member<'t>> {
        if self.state != State::Open {
            return None;
        }
        self.pass_space();
        let rest = self.text.get(self.offset..).unwrap_or_default();
        match rest.first() {
            Some(b'"') => {}
            Some(_) => {
                self.state = State::Closed;
                return None;
            }
            None => {
                self.state = State::CutOff;
                return None;
            }
        }
        let (name, length) = quoted(rest);
        self.offset += length;
        self.pass_space();
        if self.peek() != Some(b':') {
            self.state = if self.peek().is_none() {
                State::CutOff
            } else {
                State::Closed
            };
            return None;
        }
        self.offset += 1;
        self.pass_space();
        let start = self.offset;
        self.pass_value();
        let value = self.text.get(start..self.offset).unwrap_or_default();
        Some(Member { name, value })
    }
}

/// The inside of the quoted text that these bytes start with, and its length with the quotes.
fn quoted(bytes: &[u8]) -> (&[u8], usize) {
    let mut offset = 1;
    while let Some(byte) = bytes.get(offset) {
        match byte {
            b'"' => return (bytes.get(1..offset).unwrap_or_default(), offset + 1),
            b'\\' => offset += 2,
            _ => offset += 1,
        }
    }
    (bytes.get(1..).unwrap_or_default(), bytes.len())
}

/// The length of the comment that these bytes start with.
fn comment(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'/', b'/', ..] => Some(bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len())),
        [b'/', b'*', rest @ ..] => {
            let end = rest.windows(2).position(|pair| pair == b"*/");
            Some(end.map_or(bytes.len(), |end| end + 4))
        }
        // The text ends where a comment may begin.
        [b'/'] => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(text: &str) -> String {
        let mut members = Members::new(text.as_bytes());
        let mut said: Vec<String> = members
            .by_ref()
            .map(|member| {
                format!(
                    "{}={}",
                    String::from_utf8_lossy(member.name),
                    String::from_utf8_lossy(member.value).trim_end()
                )
            })
            .collect();
        if members.is_cut_off() {
            said.push("…".to_owned());
        }
        said.join("; ")
    }

    #[test]
    fn the_members_of_an_object_in_their_order() {
        assert_eq!(
            listing(
                "\u{feff} // a comment\n{ \"a\" : \"x\\\"}\", /* {\"no\": 1} */ \"b\": {\"c\": [1, \"]\"]}, \"d\": 3 }"
            ),
            "a=\"x\\\"}\"; b={\"c\": [1, \"]\"]}; d=3"
        );
        assert_eq!(listing("{}"), "");
        assert_eq!(listing("{\"a\": 1,}"), "a=1");
    }

    #[test]
    fn what_is_no_object_has_none() {
        assert_eq!(listing("[{\"a\": 1}]"), "");
        assert_eq!(listing("akslint"), "");
        assert_eq!(listing("{a: 1}"), "");
        assert_eq!(listing("{\"a\" 1}"), "");
    }

    #[test]
    fn a_text_may_end_anywhere() {
        for whole in [
            "{\"a\": [1, {\"b\": \"c\"}], \"d\": \"e\\\\\"}",
            "/* x */{ // y\n\"a\": 1}",
        ] {
            for length in 0..whole.len() {
                assert!(listing(&whole[..length]).ends_with('…'), "{}", &whole[..length]);
            }
        }
        assert_eq!(listing("{\"a\": 1, \"b\": {\"c"), "a=1; b={\"c; …");
    }

    #[test]
    fn wide_text_is_narrowed() {
        assert_eq!(narrowed(b"\xff\xfe{\0\"\0"), Cow::<[u8]>::Owned(b"{\"".to_vec()));
        assert_eq!(narrowed(b"{"), Cow::Borrowed(b"{"));
    }
}
