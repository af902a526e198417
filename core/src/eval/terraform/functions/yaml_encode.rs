//! `yamlencode`, letter for letter as Terraform's emitter writes it: blocks, strings in double quotes or as
//! literals, long quoted lines folded.

use super::operands::is_printable;
use super::output::{Output, finished};
use super::table::{Call, Function, any};
use crate::eval::error::EvalError;
use crate::eval::value::{Entries, Kind, Value};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("yamlencode", &[any("value").or_null()], yamlencode)
        .looking_inside()
        .giving_scalar()];

fn yamlencode(arguments: &[Value], call: &Call<'_>) -> Result<Value, EvalError> {
    let mut emitter = Emitter {
        output: Output::new(call),
        column: 0,
        indent: -1,
        whitespace: true,
        indention: true,
        open_ended: false,
    };
    let complete = arguments.first().and_then(|value| emitter.document(value));
    finished(emitter.output, complete, call)
}

/// Deeper values are not written.
const DEPTH: usize = 128;

/// Quoted text is folded at the first single space after this many columns.
const WIDTH: usize = 80;

/// A longer key is written after a question mark.
const SIMPLE_KEY: usize = 128;

const STEP: i64 = 2;

struct Emitter {
    output: Output,
    column: usize,
    /// Of the block that is being written; below zero outside any.
    indent: i64,
    /// The last thing written is space.
    whitespace: bool,
    /// Only indentation stands on this line so far.
    indention: bool,
    /// A plain scalar at the root needs an end marker.
    open_ended: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Element,
    Member,
    SimpleKey,
}

impl Emitter {
    fn document(&mut self, value: &Value) -> Option<()> {
        self.node(value, Place::Root, 0)?;
        self.write_indent()?;
        if self.open_ended {
            self.indicator("...", true, false, false)?;
            self.write_indent()?;
        }
        Some(())
    }

    fn node(&mut self, value: &Value, place: Place, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        match &value.kind {
            Kind::Null => self.plain("null", place),
            Kind::Bool(true) => self.plain("true", place),
            Kind::Bool(false) => self.plain("false", place),
            Kind::Number(number) if is_printable(number) => self.plain(&number.to_string(), place),
            Kind::String(text) => self.string(text, place),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                self.sequence(elements, place, depth)
            }
            Kind::Map(entries) | Kind::Object(entries) => self.mapping(entries, depth),
            Kind::Number(_) | Kind::Unknown(_) | Kind::OneOf(_) => None,
        }
    }

    fn sequence(&mut self, elements: &[Value], place: Place, depth: usize) -> Option<()> {
        if elements.is_empty() {
            self.indicator("[", true, true, false)?;
            return self.indicator("]", false, false, false);
        }
        let before = self.indent;
        // A list that is a member stands no deeper than its key.
        if !(place == Place::Member && !self.indention && self.indent >= 0) {
            self.indent = deeper(self.indent);
        }
        for element in elements {
            self.write_indent()?;
            self.indicator("-", true, false, true)?;
            self.node(element, Place::Element, depth + 1)?;
        }
        self.indent = before;
        Some(())
    }

    fn mapping(&mut self, entries: &Entries, depth: usize) -> Option<()> {
        if entries.members.is_empty() {
            self.indicator("{", true, true, false)?;
            return self.indicator("}", false, false, false);
        }
        let before = self.indent;
        self.indent = deeper(self.indent);
        for (key, member) in &entries.members {
            self.write_indent()?;
            if key.len() <= SIMPLE_KEY && !key.contains(is_break) {
                self.string(key, Place::SimpleKey)?;
                self.indicator(":", false, false, false)?;
            } else {
                self.indicator("?", true, false, true)?;
                self.string(key, Place::Member)?;
                self.write_indent()?;
                self.indicator(":", true, false, true)?;
            }
            self.node(member, Place::Member, depth + 1)?;
        }
        self.indent = before;
        Some(())
    }

    fn plain(&mut self, text: &str, place: Place) -> Option<()> {
        if !self.whitespace {
            self.put(' ')?;
        }
        self.output.push(text)?;
        self.column += text.len();
        self.whitespace = false;
        self.indention = false;
        self.open_ended |= place == Place::Root;
        Some(())
    }

    fn string(&mut self, text: &str, place: Place) -> Option<()> {
        let before = self.indent;
        self.indent = if before < 0 { STEP } else { before + STEP };
        if place != Place::SimpleKey && text.contains('\n') && can_be_literal(text) {
            self.literal(text)?;
        } else {
            self.quoted(text, place != Place::SimpleKey)?;
        }
        self.indent = before;
        Some(())
    }

    fn literal(&mut self, text: &str) -> Option<()> {
        self.indicator("|", true, false, false)?;
        if text.starts_with(' ') || text.starts_with(is_break) {
            self.indicator("2", false, false, false)?;
        }
        let mut ends = text.chars().rev();
        match (ends.next().is_some_and(is_break), ends.next()) {
            (false, _) => self.indicator("-", false, false, false)?,
            (true, None) => self.indicator("+", false, false, false)?,
            (true, Some(letter)) if is_break(letter) => self.indicator("+", false, false, false)?,
            (true, Some(_)) => {}
        }
        self.put_break()?;
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for letter in text.chars() {
            if is_break(letter) {
                match letter {
                    '\n' => self.put_break()?,
                    letter => {
                        self.put(letter)?;
                        self.column = 0;
                    }
                }
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent()?;
                }
                self.put(letter)?;
                self.indention = false;
                breaks = false;
            }
        }
        Some(())
    }

    fn quoted(&mut self, text: &str, foldable: bool) -> Option<()> {
        self.indicator("\"", true, false, false)?;
        // After a byte order mark the emitter takes every letter for one.
        let all = text.starts_with('\u{feff}');
        let mut spaces = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            if all || !is_printable_letter(letter) || is_break(letter) || matches!(letter, '"' | '\\') {
                for letter in escaped(letter).chars() {
                    self.put(letter)?;
                }
                spaces = false;
            } else if letter == ' ' {
                let folds = foldable && !spaces && self.column > WIDTH && at > 0 && next.is_some();
                if folds {
                    self.write_indent()?;
                    if next == Some(' ') {
                        self.put('\\')?;
                    }
                } else {
                    self.put(' ')?;
                }
                spaces = true;
            } else {
                self.put(letter)?;
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false)?;
        self.whitespace = false;
        self.indention = false;
        Some(())
    }

    fn indicator(&mut self, text: &str, needs_space: bool, is_space: bool, is_indention: bool) -> Option<()> {
        if needs_space && !self.whitespace {
            self.put(' ')?;
        }
        for letter in text.chars() {
            self.put(letter)?;
        }
        self.whitespace = is_space;
        self.indention &= is_indention;
        self.open_ended = false;
        Some(())
    }

    fn write_indent(&mut self) -> Option<()> {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break()?;
        }
        let missing = indent.saturating_sub(self.column);
        self.output.repeat(' ', missing)?;
        self.column += missing;
        self.whitespace = true;
        self.indention = true;
        Some(())
    }

    fn put(&mut self, letter: char) -> Option<()> {
        self.column += 1;
        self.output.push_char(letter)
    }

    fn put_break(&mut self) -> Option<()> {
        self.column = 0;
        self.output.push_char('\n')
    }
}

fn deeper(indent: i64) -> i64 {
    if indent < 0 { 0 } else { indent + STEP }
}

fn is_break(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The emitter writes no letter outside the basic plane as it is.
fn is_printable_letter(letter: char) -> bool {
    matches!(letter, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && letter != '\u{feff}'
}

fn can_be_literal(text: &str) -> bool {
    let mut previous_space = false;
    for letter in text.chars() {
        if !is_printable_letter(letter) || (previous_space && is_break(letter)) {
            return false;
        }
        previous_space = letter == ' ';
    }
    !previous_space
}

fn escaped(letter: char) -> String {
    let code = u32::from(letter);
    let short = match letter {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ if code <= 0xff => return format!("\\x{code:02X}"),
        _ if code <= 0xffff => return format!("\\u{code:04X}"),
        _ => return format!("\\U{code:08X}"),
    };
    format!("\\{short}")
}
