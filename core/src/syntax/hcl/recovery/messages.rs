//! What is wrong, in words for the person who wrote the text, and where.

use std::ops::Range;

use super::super::native::{Failure, LINE_END_IN_STRING};
use super::super::scan::{TokenKind, heredoc_opener};
use super::Recovery;

const BUDGET_SPENT: &str = "budget spent";
const LARGE_OBJECT: &str = "large object";

pub(super) fn budget_spent() -> Failure {
    Failure {
        at: 0,
        message: BUDGET_SPENT.to_owned(),
    }
}

pub(super) fn large_object() -> Failure {
    Failure {
        at: 0,
        message: LARGE_OBJECT.to_owned(),
    }
}

/// Whether the text is valid and only goes past what the parser follows.
pub(super) fn is_limit(failure: &Failure) -> bool {
    failure.message.contains("64 nested levels") || failure.message.contains("128 chained")
}

pub(in super::super) const TOO_DEEP: &str = "nested more than 64 levels deep, which is not analysed";
const TOO_MANY_OPERATORS: &str = "more than 128 operators in one chain, which is not analysed";

/// The message of hcl-edit for a person.
pub(in super::super) fn translated(failure: &Failure) -> String {
    let message = failure.message.as_str();
    let plain = match message {
        BUDGET_SPENT => "too much of this file is broken: this part was not read",
        LINE_END_IN_STRING => "a quoted string must end on the line it starts on",
        _ if message.contains("64 nested levels") => TOO_DEEP,
        _ if message.contains("128 chained") => TOO_MANY_OPERATORS,
        _ if message.starts_with("invalid expression") => "expected an expression",
        _ if message.starts_with("invalid escape sequence") => {
            r#"no such escape sequence; there are \n, \r, \t, \", \\, \uNNNN and \UNNNNNNNN"#
        }
        _ if message.starts_with("invalid unicode") => "expected hexadecimal digits after this escape",
        _ if message.starts_with("invalid traversal operator") => "expected a name after the dot",
        _ if message.starts_with("invalid structure") => "expected `=`, `{` or a label after this name",
        _ if message.starts_with("invalid object value assignment") => "expected `=` or `:` after the key",
        _ if message.starts_with("invalid object item") => {
            "expected `,`, a line end or `}` after this element"
        }
        _ if message.starts_with("invalid block body") => "expected an attribute, a block or `}`",
        _ if message == "expected newline" => {
            "expected the end of the line: a heredoc starts on the next one"
        }
        _ if message.contains("newline or eof") => "expected the end of the line",
        _ if message.starts_with("expected") => return message.to_owned(),
        _ => "this does not fit here",
    };
    plain.to_owned()
}

impl Recovery<'_> {
    /// The place and the words for a range that does not parse.
    pub(super) fn diagnosis(&self, range: Range<usize>, failure: &Failure) -> (Range<usize>, String) {
        if failure.message == BUDGET_SPENT || is_limit(failure) {
            let first = self.tokens_between(&range).next();
            let start = first.map_or(range.start, |token| token.start);
            let end = first.map_or(range.end, |token| token.end);
            return (start..end, translated(failure));
        }
        if let Some(found) = self.unclosed(&range) {
            return found;
        }
        // hcl-edit does not always know where: then it names the start.
        if failure.message == "unexpected token" {
            return self.vague(range);
        }
        let at = (range.start + failure.at).min(range.end);
        // An error at the end of the range is about the last thing in it.
        let behind = self.part.written.get(at..range.end).unwrap_or_default();
        let letter = behind.chars().next().filter(|letter| !letter.is_whitespace());
        let place = match letter {
            Some(letter) => at..at + letter.len_utf8(),
            None => {
                let before = self.text(&(range.start..at)).trim_end();
                let end = range.start + before.len();
                let last = before.chars().next_back().map_or(0, char::len_utf8);
                end - last..end
            }
        };
        (place, translated(failure))
    }

    fn vague(&self, range: Range<usize>) -> (Range<usize>, String) {
        let last = self.tokens_between(&range).last();
        let missing = last.filter(|token| {
            matches!(
                token.kind,
                TokenKind::Other | TokenKind::Equals | TokenKind::Colon | TokenKind::Comma
            )
        });
        match missing {
            Some(token) => {
                let place = token.start..token.end;
                let message = format!("something is missing after this `{}`", self.text(&place));
                (place, message)
            }
            None => (range, "this is not a valid expression".to_owned()),
        }
    }

    /// The place and the words for an item that is neither an attribute nor a block.
    pub(super) fn item_diagnosis(&self, range: Range<usize>, failure: &Failure) -> (Range<usize>, String) {
        if failure.message == BUDGET_SPENT || is_limit(failure) {
            return self.diagnosis(range, failure);
        }
        if let Some(found) = self.unclosed(&range) {
            return found;
        }
        let line = self.text(&range).lines().next().unwrap_or_default().trim_end();
        let message = "expected an argument (`name = value`) or a block (`name {`)";
        (range.start..range.start + line.len(), message.to_owned())
    }

    /// The first string, heredoc or bracket that is not closed, or a bracket that closes nothing.
    pub(super) fn unclosed(&self, range: &Range<usize>) -> Option<(Range<usize>, String)> {
        let mut open: Vec<(u8, Range<usize>)> = Vec::new();
        for token in self.tokens(range) {
            let place = token.start..token.end;
            match token.kind {
                TokenKind::String { closed: false } => {
                    return Some((place, "this quoted string is not closed".to_owned()));
                }
                TokenKind::Heredoc { closed: false } => {
                    let rest = self.part.written.get(token.start..).unwrap_or_default();
                    let marker = heredoc_opener(rest)
                        .map(|opener| opener.marker)
                        .unwrap_or_default();
                    let message = format!("no line of its own with `{marker}` closes this heredoc");
                    return Some((place, message));
                }
                TokenKind::Open(bracket) => open.push((bracket, place)),
                TokenKind::Close(bracket) => match open.pop() {
                    Some((opener, _)) if closes(opener, bracket) => {}
                    Some((opener, place)) => return Some((place, not_closed(opener))),
                    None => {
                        let message = format!("this `{}` closes nothing", char::from(bracket));
                        return Some((place, message));
                    }
                },
                _ => {}
            }
        }
        let (opener, place) = open.pop()?;
        Some((place, not_closed(opener)))
    }
}

pub(in super::super) fn set_twice(name: &str) -> String {
    format!("`{name}` is set twice here; only the first one counts")
}

pub(super) fn not_closed(opener: u8) -> String {
    format!("this `{}` is not closed", char::from(opener))
}

pub(super) fn closes(opener: u8, bracket: u8) -> bool {
    matches!((opener, bracket), (b'{', b'}') | (b'[', b']') | (b'(', b')'))
}
