//! Members added and removed in the notation and the style around them.

use crate::finding::Edit;
use crate::source::{SourceFile, Sources, Span};

use super::member::{Member, Notation};

/// A member beside another one that sets a property to text; none when the property is there already.
pub(super) fn addition(beside: &Member, name: &str, value: &str, sources: &Sources) -> Option<Edit> {
    if beside.names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let file = sources.file(beside.span.file);
    let lines = Lines::of(beside.span, &file)?;
    let indent = lines.before;
    let is_own_line = indent.trim().is_empty();
    let line_break = lines.line_break;
    match beside.notation {
        Notation::Json => {
            let between = slice(&file, beside.name_span.end, beside.value.start)?.strip_prefix('"')?;
            let gap = if is_own_line {
                format!("{line_break}{indent}")
            } else {
                " ".to_owned()
            };
            let text = format!(",{gap}\"{name}\"{between}\"{value}\"");
            Some(insertion(beside.span.end, beside.span, text))
        }
        Notation::Bicep if !is_own_line => {
            let is_list = slice(&file, beside.span.end, beside.container.end)?;
            let is_one_line = !is_list.contains('\n');
            is_one_line.then(|| insertion(beside.span.end, beside.span, format!(", {name}: '{value}'")))
        }
        _ if !is_own_line => None,
        notation => {
            let after = lines.after.trim_start();
            let comma = if after.starts_with(',') { "," } else { "" };
            if !is_end(after.trim_start_matches(',')) {
                return None;
            }
            let text = match notation {
                Notation::Bicep => format!("{name}: '{value}'"),
                _ => format!("{name} = \"{value}\""),
            };
            Some(insertion(
                lines.end,
                beside.span,
                format!("{line_break}{indent}{text}{comma}"),
            ))
        }
    }
}

/// Takes a member away: its lines where it has lines of its own, otherwise it and one comma.
pub(super) fn removal(member: &Member, sources: &Sources) -> Option<Edit> {
    let file = sources.file(member.span.file);
    let lines = Lines::of(member.span, &file)?;
    let is_own_line =
        lines.before.trim().is_empty() && is_end(lines.after.trim_start().trim_start_matches(','));
    if is_own_line && member.notation != Notation::Json {
        return Some(lines.removal(member.span, &file));
    }
    if member.notation == Notation::Body {
        return None;
    }
    let (start, end) = match (member.previous, member.next) {
        (_, Some(next)) => (member.span.start, next.start),
        (Some(previous), None) => (previous.end, member.span.end),
        (None, None) => (member.container.start + 1, member.container.end.checked_sub(1)?),
    };
    // Between two members there is nothing but a comma and blanks; a comment there is about one of them.
    let outside = [
        slice(&file, start, member.span.start)?,
        slice(&file, member.span.end, end)?,
    ];
    let is_plain = |text: &&str| text.chars().all(|c| c.is_whitespace() || c == ',');
    let separates =
        member.previous.is_none() && member.next.is_none() || outside.iter().any(|text| text.contains(','));
    (outside.iter().all(is_plain) && separates).then(|| Edit {
        span: Span {
            start,
            end,
            ..member.span
        },
        text: String::new(),
    })
}

/// Takes the lines of a span away; none when there is something else on them.
pub(super) fn whole_lines(span: Span, file: &SourceFile) -> Option<Edit> {
    let lines = Lines::of(span, file)?;
    let is_alone = lines.before.trim().is_empty() && lines.after.trim().is_empty();
    is_alone.then(|| lines.removal(span, file))
}

fn insertion(at: u32, beside: Span, text: String) -> Edit {
    Edit {
        span: Span {
            start: at,
            end: at,
            ..beside
        },
        text,
    }
}

/// Whether nothing of substance follows on a line.
fn is_end(after: &str) -> bool {
    let after = after.trim();
    let is_comment = after.starts_with('#') || after.starts_with("//");
    after.is_empty() || is_comment || after.starts_with("/*") && after.find("*/") == Some(after.len() - 2)
}

fn slice(file: &SourceFile, start: u32, end: u32) -> Option<&str> {
    file.text.get(start as usize..end as usize)
}

/// The lines that a span is on.
struct Lines<'f> {
    /// What stands before and after the span on them.
    before: &'f str,
    after: &'f str,
    start: u32,
    /// Before the line break.
    end: u32,
    line_break: &'static str,
}

impl<'f> Lines<'f> {
    fn of(span: Span, file: &'f SourceFile) -> Option<Self> {
        let text = file.text.as_str();
        let (first, last) = (span.start as usize, span.end as usize);
        let start = text.get(..first)?.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = text.get(last..)?;
        let end = last + rest.find('\n').unwrap_or(rest.len());
        let end = end - usize::from(end > last && text.get(..end)?.ends_with('\r'));
        Some(Lines {
            before: text.get(start..first)?,
            after: text.get(last..end)?,
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
            line_break: if text.contains("\r\n") { "\r\n" } else { "\n" },
        })
    }

    /// All of the lines, and an empty line that would be left at an end of the body or beside another one.
    fn removal(&self, member: Span, file: &SourceFile) -> Edit {
        let text = file.text.as_str();
        let before = text.get(..self.start as usize).unwrap_or_default();
        let after = text.get(self.end as usize..).unwrap_or_default();
        let after_break = after.find('\n').map_or(after.len(), |newline| newline + 1);
        let after = after.get(after_break..).unwrap_or_default();
        let (mut start, mut end) = (self.start, self.end + offset(after_break));
        let above = before.strip_suffix('\n').unwrap_or(before);
        let above_start = above.rfind('\n').map_or(0, |newline| newline + 1);
        let line_above = above.get(above_start..).unwrap_or_default().trim();
        let line_below = after.split('\n').next().unwrap_or_default();
        let is_last = line_below.trim().starts_with(['}', ']']);
        let is_first = line_above.ends_with(['{', '[', '(']);
        if line_above.is_empty() && (is_last || line_below.trim().is_empty()) && self.start > 0 {
            start = offset(above_start);
        } else if is_first && line_below.trim().is_empty() && !after.is_empty() {
            end += offset(line_below.len() + 1);
        }
        Edit {
            span: Span { start, end, ..member },
            text: String::new(),
        }
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
