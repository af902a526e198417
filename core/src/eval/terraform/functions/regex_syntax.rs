//! Patterns in the syntax that Terraform knows, RE2, rewritten for the `regex` crate: classes are ASCII,
//! groups get numbers instead of names (RE2 allows a name twice), and what RE2 refuses is refused with its
//! words.

use regex::{Regex, RegexBuilder};

use super::regex_class::{class, perl_class, unicode_class};

/// A compiled pattern with the name of each group, in order.
pub(super) struct Pattern {
    pub(super) regex: Regex,
    pub(super) groups: Vec<Option<String>>,
}

#[derive(Debug)]
pub(super) enum Flaw {
    /// What RE2 says, and the part of the pattern that it says it of.
    Syntax(&'static str, String),
    /// Too large, or of a kind that the `regex` crate has not.
    Unsupported,
}

pub(super) const BAD_ESCAPE: &str = "invalid escape sequence";
pub(super) const BAD_RANGE: &str = "invalid character class range";

pub(super) fn flaw<T>(code: &'static str, part: impl Into<String>) -> Result<T, Flaw> {
    Err(Flaw::Syntax(code, part.into()))
}

/// Larger patterns are not compiled.
const MAXIMUM_BYTES: usize = 64 * 1024;

pub(super) fn compile(pattern: &str) -> Result<Pattern, Flaw> {
    if pattern.len() > MAXIMUM_BYTES {
        return Err(Flaw::Unsupported);
    }
    let mut rewriter = Rewriter {
        whole: pattern,
        rest: pattern,
        output: String::new(),
        open: Vec::new(),
        flags: Flags::default(),
        groups: Vec::new(),
        operand: false,
    };
    rewriter.rewrite()?;
    let regex = RegexBuilder::new(&rewriter.output)
        .size_limit(4 * 1024 * 1024)
        .dfa_size_limit(4 * 1024 * 1024)
        .nest_limit(200)
        .build()
        .map_err(|_| Flaw::Unsupported)?;
    Ok(Pattern {
        regex,
        groups: rewriter.groups,
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    lazy: bool,
}

impl Flags {
    fn set(&mut self, letter: char, to: bool) {
        match letter {
            'i' => self.fold_case = to,
            'm' => self.multi_line = to,
            's' => self.dot_newline = to,
            _ => self.lazy = to,
        }
    }

    /// All four, so that none is inherited.
    fn text(self) -> String {
        let all = [
            ('i', self.fold_case),
            ('m', self.multi_line),
            ('s', self.dot_newline),
            ('U', self.lazy),
        ];
        let letters = |wanted: bool| {
            all.iter()
                .filter(move |(_, on)| *on == wanted)
                .map(|(letter, _)| *letter)
                .collect::<String>()
        };
        let off = letters(false);
        let off = if off.is_empty() { off } else { format!("-{off}") };
        format!("{}{off}", letters(true))
    }
}

struct Rewriter<'a> {
    whole: &'a str,
    rest: &'a str,
    output: String,
    /// The flags outside each open group.
    open: Vec<Flags>,
    flags: Flags,
    groups: Vec<Option<String>>,
    /// Whether something stands before that a repetition can repeat.
    operand: bool,
}

impl<'a> Rewriter<'a> {
    fn rewrite(&mut self) -> Result<(), Flaw> {
        // Where the repetition starts that ends just here.
        let mut last_repeat: Option<&'a str> = None;
        while let Some(letter) = self.rest.chars().next() {
            let before = self.rest;
            let mut repeat = None;
            match letter {
                '(' => self.open_group()?,
                ')' => {
                    let Some(flags) = self.open.pop() else {
                        return flaw("unexpected )", self.whole);
                    };
                    self.flags = flags;
                    self.take(1);
                    self.push(")", true);
                }
                '|' => {
                    self.take(1);
                    self.push("|", false);
                }
                '^' | '$' | '.' => {
                    self.take(1);
                    self.push(&letter.to_string(), true);
                }
                '[' => {
                    let (class, rest) = class(self.rest)?;
                    self.rest = rest;
                    self.push(&class, true);
                }
                '*' | '+' | '?' => {
                    self.take(1);
                    self.repetition(&letter.to_string(), before, last_repeat)?;
                    repeat = Some(before);
                }
                '{' => match count(self.rest) {
                    Some((least, most, rest)) => {
                        let part = &before[..before.len() - rest.len()];
                        let bad_most = most.flatten().is_some_and(|most| most > 1000 || least > most);
                        if least > 1000 || bad_most {
                            return flaw("invalid repeat count", part);
                        }
                        self.rest = rest;
                        let text = match most {
                            None => format!("{{{least}}}"),
                            Some(None) => format!("{{{least},}}"),
                            Some(Some(most)) => format!("{{{least},{most}}}"),
                        };
                        self.repetition(&text, before, last_repeat)?;
                        repeat = Some(before);
                    }
                    None => {
                        self.take(1);
                        self.literal('{')?;
                    }
                },
                '\\' => self.escape()?,
                letter => {
                    self.take(letter.len_utf8());
                    self.literal(letter)?;
                }
            }
            last_repeat = repeat;
        }
        match self.open.is_empty() {
            true => Ok(()),
            false => flaw("missing closing )", self.whole),
        }
    }

    fn take(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    fn push(&mut self, text: &str, operand: bool) {
        self.output.push_str(text);
        self.operand = operand;
    }

    fn literal(&mut self, letter: char) -> Result<(), Flaw> {
        let escaped = regex::escape(letter.encode_utf8(&mut [0; 4]));
        self.push(&escaped, true);
        Ok(())
    }

    fn repetition(&mut self, text: &str, before: &str, last: Option<&str>) -> Result<(), Flaw> {
        let lazy = self.rest.starts_with('?');
        if lazy {
            self.take(1);
        }
        if let Some(last) = last {
            let part = &last[..last.len() - self.rest.len()];
            return flaw("invalid nested repetition operator", part);
        }
        if !self.operand {
            let part = &before[..before.len() - self.rest.len()];
            return flaw("missing argument to repetition operator", part);
        }
        self.push(text, true);
        if lazy {
            self.output.push('?');
        }
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), Flaw> {
        if !self.rest.starts_with("(?") {
            self.take(1);
            self.groups.push(None);
            self.enter("(");
            return Ok(());
        }
        let text = self.rest;
        let name_start = match text {
            _ if text.starts_with("(?P<") && text.len() > 4 => Some(4),
            _ if text.starts_with("(?<") && text.len() > 3 => Some(3),
            _ => None,
        };
        if let Some(start) = name_start {
            let Some(end) = text.find('>') else {
                return flaw("invalid named capture", text);
            };
            let name = text.get(start..end).unwrap_or("");
            let valid = !name.is_empty()
                && name
                    .bytes()
                    .all(|letter| letter == b'_' || letter.is_ascii_alphanumeric());
            if !valid {
                return flaw("invalid named capture", &text[..=end]);
            }
            self.take(end + 1);
            self.groups.push(Some(name.to_owned()));
            self.enter("(");
            return Ok(());
        }
        self.take(2);
        self.flag_group(text)
    }

    fn enter(&mut self, text: &str) {
        self.open.push(self.flags);
        self.push(text, false);
    }

    /// `(?flags)` and `(?flags:…)`.
    fn flag_group(&mut self, text: &str) -> Result<(), Flaw> {
        let mut flags = self.flags;
        let mut on = true;
        let mut seen = false;
        while let Some(letter) = self.rest.chars().next() {
            self.take(letter.len_utf8());
            match letter {
                'i' | 'm' | 's' | 'U' => {
                    flags.set(letter, on);
                    seen = true;
                }
                '-' if on => {
                    on = false;
                    seen = false;
                }
                ':' if on || seen => {
                    self.enter(&format!("(?{}:", flags.text()));
                    self.flags = flags;
                    return Ok(());
                }
                ')' if on || seen => {
                    self.flags = flags;
                    // What stood before can still be repeated, which no rewriting can say.
                    if self.rest.starts_with(['*', '+', '?', '{']) && self.operand {
                        return Err(Flaw::Unsupported);
                    }
                    let operand = self.operand;
                    self.push(&format!("(?{})", flags.text()), operand);
                    return Ok(());
                }
                _ => break,
            }
        }
        let part = &text[..text.len() - self.rest.len()];
        flaw("invalid or unsupported Perl syntax", part)
    }

    fn escape(&mut self) -> Result<(), Flaw> {
        match self.rest.as_bytes().get(1) {
            Some(b'A') => self.simple("\\A"),
            Some(b'z') => self.simple("\\z"),
            Some(b'b') => self.simple("(?-u:\\b)"),
            Some(b'B') => self.simple("(?-u:\\B)"),
            Some(b'C') => return flaw(BAD_ESCAPE, "\\C"),
            Some(b'Q') => {
                let quoted = self.rest.get(2..).unwrap_or("");
                let (quoted, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                for letter in quoted.chars() {
                    self.literal(letter)?;
                }
                self.rest = rest;
            }
            _ => {
                if let Some((class, rest)) = unicode_class(self.rest)? {
                    self.rest = rest;
                    self.push(&class, true);
                } else if let Some((class, rest)) = perl_class(self.rest) {
                    self.rest = rest;
                    self.push(class, true);
                } else {
                    let (letter, rest) = escaped(self.rest)?;
                    self.rest = rest;
                    self.literal(letter)?;
                }
            }
        }
        Ok(())
    }

    fn simple(&mut self, text: &str) {
        self.take(2);
        self.push(text, true);
    }
}

/// `{2}`, `{2,}` and `{2,5}`: the least, the most (`None`: as the least; `Some(None)`: any number) and
/// what follows. Anything else is no count.
fn count(text: &str) -> Option<(u32, Option<Option<u32>>, &str)> {
    let (least, rest) = count_number(text.strip_prefix('{')?)?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, None, rest));
    }
    let rest = rest.strip_prefix(',')?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, Some(None), rest));
    }
    let (most, rest) = count_number(rest)?;
    Some((least, Some(Some(most)), rest.strip_prefix('}')?))
}

fn count_number(text: &str) -> Option<(u32, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}

/// The letter that a backslash and what follows stand for.
pub(super) fn escaped<'a>(text: &'a str) -> Result<(char, &'a str), Flaw> {
    let mut rest = text.strip_prefix('\\').unwrap_or(text).chars();
    let Some(letter) = rest.next() else {
        return flaw("trailing backslash at end of expression", "");
    };
    let refuse = |rest: &str| flaw(BAD_ESCAPE, &text[..text.len() - rest.len()]);
    let done = |letter: char, rest: std::str::Chars<'a>| Ok((letter, rest.as_str()));
    match letter {
        '0'..='7' => {
            let mut code = letter.to_digit(8).unwrap_or(0);
            let next_is_octal =
                |rest: &std::str::Chars<'_>| rest.clone().next().and_then(|next| next.to_digit(8));
            if letter != '0' && next_is_octal(&rest).is_none() {
                return refuse(rest.as_str());
            }
            for _ in 0..2 {
                let Some(digit) = next_is_octal(&rest) else {
                    break;
                };
                code = code * 8 + digit;
                rest.next();
            }
            match char::from_u32(code) {
                Some(letter) => done(letter, rest),
                None => Err(Flaw::Unsupported),
            }
        }
        'x' => hexadecimal(text, rest),
        'a' => done('\u{7}', rest),
        'f' => done('\u{c}', rest),
        'n' => done('\n', rest),
        'r' => done('\r', rest),
        't' => done('\t', rest),
        'v' => done('\u{b}', rest),
        letter if letter.is_ascii() && !letter.is_ascii_alphanumeric() => done(letter, rest),
        _ => refuse(rest.as_str()),
    }
}

fn hexadecimal<'a>(text: &'a str, mut rest: std::str::Chars<'a>) -> Result<(char, &'a str), Flaw> {
    let mut code = 0_u32;
    let mut digits = 0;
    let braced = rest.as_str().starts_with('{');
    if braced {
        rest.next();
    }
    let complete = loop {
        if !braced && digits == 2 {
            break true;
        }
        match rest.next() {
            Some('}') if braced => break digits > 0,
            Some(letter) => match letter.to_digit(16) {
                Some(digit) => code = code * 16 + digit,
                None => break false,
            },
            None => break false,
        }
        if code > 0x10_ffff {
            break false;
        }
        digits += 1;
    };
    if !complete {
        return flaw(BAD_ESCAPE, &text[..text.len() - rest.as_str().len()]);
    }
    // Halves of surrogate pairs are no letters.
    match char::from_u32(code) {
        Some(letter) => Ok((letter, rest.as_str())),
        None => Err(Flaw::Unsupported),
    }
}
