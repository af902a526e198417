//! One comment to one suppression.

use super::{Named, Suppression};
use crate::rules;
use crate::settings::Selector;
use crate::source::{SourceFile, Span};

/// What every suppression comment contains.
pub(crate) const MARKER: &str = "akslint:";

/// The suppression in a comment; None when the comment is about something else.
pub(super) fn suppression(comment: Span, file: &SourceFile, in_json: bool) -> Option<Suppression> {
    // The text of a JSON string can differ from what stands in the file, so places come from the file.
    let written = file.text.get(comment.start as usize..comment.end as usize)?;
    let marker = written.find(MARKER)?;
    let before = written.get(..marker)?;
    if before.chars().any(char::is_alphanumeric) {
        // A sentence that mentions the marker.
        return None;
    }
    let after = marker + MARKER.len();
    let rest = written.get(after..)?;
    let mut suppression = Suppression {
        span: comment,
        whole_file: false,
        line: file.position(comment.end).line,
        line_below: line_below(comment, file),
        in_json,
        object: None,
        rules: Vec::new(),
        reason: String::new(),
        malformed: None,
    };
    let directive = rest.trim_start();
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let word = &directive[..directive.find(|c| !is_word(c)).unwrap_or(directive.len())];
    match word {
        "ignore" => {}
        "ignore-file" => suppression.whole_file = true,
        word => {
            suppression.malformed = Some(format!("\"{word}\" after `akslint:` is not a suppression"));
            return Some(suppression);
        }
    }
    let start = after + (rest.len() - directive.len()) + word.len();
    let tail = written.get(start..).unwrap_or_default();
    let reason = match tail.strip_prefix('[') {
        Some(list) => {
            let Some(end) = list.find(']') else {
                suppression.malformed = Some("the list of rules has no `]`".to_owned());
                return Some(suppression);
            };
            let list_start = comment.start as usize + start + 1;
            suppression.rules = named(&list[..end], list_start, comment);
            if suppression.rules.is_empty() {
                suppression.malformed = Some("the list of rules is empty".to_owned());
            }
            &list[end + 1..]
        }
        None => {
            suppression.rules.push(Named {
                selector: Some(Selector::All),
                word: String::new(),
                span: comment,
                is_used: false,
            });
            tail
        }
    };
    let reason = reason.trim();
    let reason = if in_json {
        reason.trim_end_matches('"')
    } else {
        reason.trim_end_matches("*/")
    };
    suppression.reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(suppression)
}

/// The rules of a list, each with its place; `start` is the offset of the list in the file.
fn named(list: &str, start: usize, comment: Span) -> Vec<Named> {
    let mut named = Vec::new();
    let mut offset = start;
    for part in list.split(',') {
        let word = part.trim();
        let word_start = offset + (part.len() - part.trim_start().len());
        offset += part.len() + 1;
        if !word.is_empty() {
            named.push(Named {
                selector: rules::selector(word).ok(),
                word: word.to_owned(),
                span: Span::new(comment.file, word_start, word_start + word.len()),
                is_used: false,
            });
        }
    }
    named
}

/// The first line after a comment that is not a comment itself. None when code stands before the comment:
/// then it speaks about that.
fn line_below(comment: Span, file: &SourceFile) -> Option<u32> {
    let first = file.position(comment.start).line;
    let last = file.position(comment.end).line;
    let line = |number: u32| file.lines().line(&file.text, number as usize);
    let column = file.position(comment.start).column as usize;
    let before: String = line(first).chars().take(column.saturating_sub(1)).collect();
    // In JSON the key of the comment stands before it.
    let before = before.replace("\"//\"", "").replace(':', "");
    if !before.trim().is_empty() {
        return None;
    }
    let mut below = last + 1;
    while is_comment(line(below)) {
        below += 1;
    }
    Some(below)
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('#') || line.starts_with("//")
}
