//! Patterns for paths: `*`, `?`, `[a-z]`, `{one,other}`, and `**` for any number of folders.

use regex::{Regex, RegexBuilder};

/// A pattern for cleaned paths.
pub(super) struct Glob {
    /// Every path that matches lies below this folder.
    pub(super) folder: String,
    regex: Regex,
}

const SPECIAL: [char; 5] = ['*', '?', '[', '{', '\\'];

impl Glob {
    /// `None` for a pattern that is malformed, or too large.
    pub(super) fn parse(pattern: &str) -> Option<Glob> {
        let parts: Vec<&str> = pattern.split('/').collect();
        let fixed = parts
            .iter()
            .take(parts.len() - 1)
            .take_while(|part| !part.contains(SPECIAL))
            .count();
        let folder = match parts[..fixed].join("/") {
            folder if folder.is_empty() && pattern.starts_with('/') => "/".to_owned(),
            folder if folder.is_empty() => ".".to_owned(),
            folder => folder,
        };
        let mut output = String::from("^");
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            match (*part, last) {
                ("**", true) => output.push_str("(?:[^/]+/)*[^/]+"),
                ("**", false) => output.push_str("(?:[^/]+/)*"),
                (part, _) => {
                    name(part, &mut output)?;
                    if !last {
                        output.push('/');
                    }
                }
            }
        }
        output.push('$');
        let regex = RegexBuilder::new(&output)
            .dot_matches_new_line(true)
            .size_limit(1024 * 1024)
            .build();
        Some(Glob {
            folder,
            regex: regex.ok()?,
        })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }
}

/// One name of a path as a regular expression.
fn name(part: &str, output: &mut String) -> Option<()> {
    let mut letters = part.chars();
    let mut open = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '*' => output.push_str("[^/]*"),
            '?' => output.push_str("[^/]"),
            '{' => {
                open += 1;
                output.push_str("(?:");
            }
            '}' if open > 0 => {
                open -= 1;
                output.push(')');
            }
            ',' if open > 0 => output.push('|'),
            '[' => class(&mut letters, output)?,
            '\\' => push_literal(letters.next()?, output),
            letter => push_literal(letter, output),
        }
    }
    (open == 0).then_some(())
}

fn push_literal(letter: char, output: &mut String) {
    output.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
}

fn class(letters: &mut std::str::Chars<'_>, output: &mut String) -> Option<()> {
    output.push('[');
    if letters.as_str().starts_with('^') {
        letters.next();
        output.push('^');
    }
    let mut first = true;
    loop {
        let low = match letters.next()? {
            ']' if !first => break,
            '\\' => letters.next()?,
            letter => letter,
        };
        first = false;
        let mut high = low;
        let mut ahead = letters.clone();
        if ahead.next() == Some('-') && ahead.clone().next() != Some(']') {
            high = ahead.next()?;
            *letters = ahead;
        }
        if high < low {
            return None;
        }
        output.push_str(&format!(
            "\\x{{{:x}}}-\\x{{{:x}}}",
            u32::from(low),
            u32::from(high)
        ));
    }
    output.push(']');
    Some(())
}
