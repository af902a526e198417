//! Keeping one finding quiet where it is: the comment or metadata that does, as an edit.

use std::collections::BTreeSet;

use super::{Suppression, suppressions};
use crate::finding::{Applicability, Edit, Finding, Fix};
use crate::fix::{applied, finished};
use crate::source::discovery::{DocumentNotation, is_configuration, is_variable_file};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::json::tree::{Json, JsonKind};
use crate::syntax::{Trees, bicep, hcl, json};

/// The edit that keeps a finding quiet at its primary label: its code in a comment that is there already, or
/// a comment of its own. None where the notation has no place for one.
pub fn suppression_fix(trees: &Trees, finding: &Finding, reason: &str) -> Option<Fix> {
    let span = finding.primary.span;
    let file = trees.sources.file(span.file);
    let code = finding.rule.code;
    let reason: Vec<&str> = reason.split_whitespace().collect();
    let reason = reason.join(" ");
    let edit = match extended(finding, trees, &file) {
        Some(edit) => edit,
        None => match Notation::of(&file, trees)? {
            Notation::Comment(mark) => comment_above(span, &file, &comment(mark, code, &reason))?,
            Notation::CommentKey => {
                let text = quoted(comment("", code, &reason).trim_start())?;
                member(finding, trees, &file, &[("//", text)])?
            }
            Notation::Metadata => {
                let reason = match reason.is_empty() {
                    true => String::new(),
                    false => format!(", \"reason\": {}", quoted(&reason)?),
                };
                let own = format!("{{ \"ignore\": [\"{code}\"]{reason} }}");
                let own = [
                    ("metadata", format!("{{ \"akslint\": {own} }}")),
                    ("akslint", own),
                ];
                member(finding, trees, &file, &own)?
            }
        },
    };
    Some(Fix {
        title: format!("Ignore {code} here"),
        applicability: Applicability::Unsafe,
        edits: finished(vec![edit], &trees.sources)?,
    })
}

/// How a file says that a finding is to be kept quiet.
enum Notation {
    /// A comment of its own line, which begins with this.
    Comment(&'static str),
    /// The `"//"` key of Terraform's JSON.
    CommentKey,
    Metadata,
}

impl Notation {
    fn of(file: &SourceFile, trees: &Trees) -> Option<Self> {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        if is_configuration(name) || is_variable_file(name) {
            return Some(match name.ends_with(".json") {
                true => Notation::CommentKey,
                false => Notation::Comment("#"),
            });
        }
        match DocumentNotation::of(name)? {
            DocumentNotation::Bicep | DocumentNotation::BicepParameters => Some(Notation::Comment("//")),
            DocumentNotation::Json => {
                let has_comments = !trees.json(&file.path).ok()?.tree.comments.is_empty();
                Some(if has_comments {
                    Notation::Comment("//")
                } else {
                    Notation::Metadata
                })
            }
        }
    }
}

fn comment(mark: &str, code: &str, reason: &str) -> String {
    format!("{mark} akslint: ignore[{code}] {reason}")
        .trim_end()
        .to_owned()
}

/// A JSON string.
fn quoted(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

/// The code in the list of a suppression that speaks about the line of the finding, or about its resource.
fn extended(finding: &Finding, trees: &Trees, file: &SourceFile) -> Option<Edit> {
    let line = file.position(finding.primary.span.start).line;
    let block = finding.blocks.first().copied();
    let is_here = |known: &&Suppression| {
        let is_about_block =
            |span: Span| block.is_some_and(|block| span.contains(block) && block.contains(span));
        let on_line = known.object.is_none() && (known.line == line || known.line_below == Some(line));
        let in_block = known.in_json && block.is_some_and(|block| block.contains(known.span));
        !known.whole_file
            && known.malformed.is_none()
            && (on_line || in_block || known.object.is_some_and(is_about_block))
    };
    let all = suppressions(trees, &BTreeSet::from([file.id]));
    let known = all.iter().find(is_here)?;
    let last = known.rules.iter().rfind(|named| !named.word.is_empty())?;
    let code = finding.rule.code;
    let (at, text) = match known.object {
        // The span of a name in metadata is without its quotes.
        Some(_) => (last.span.end + 1, format!(", \"{code}\"")),
        None => (last.span.end, format!(", {code}")),
    };
    Some(insertion(file.id, at as usize, text))
}

/// A line above that of the span; none inside of a text, where it would be part of it.
fn comment_above(span: Span, file: &SourceFile, comment: &str) -> Option<Edit> {
    let text = file.text.as_str();
    let before = text.get(..span.start as usize)?;
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let mark = if line == 0 && text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let start = line + mark;
    let rest = text.get(start..)?;
    let indent = rest.get(..rest.len() - rest.trim_start_matches([' ', '\t']).len())?;
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let edit = insertion(file.id, start, format!("{indent}{comment}{line_break}"));
    let place = Span::new(
        file.id,
        start + indent.len(),
        start + indent.len() + comment.len(),
    );
    is_comment(place, &file.path, &applied(text, [&edit])).then_some(edit)
}

/// Whether the text at this place is read as a comment.
fn is_comment(place: Span, path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let spans: Vec<Span> = if name.ends_with(".json") {
        let tree = json::parse(place.file, text);
        tree.comments.iter().map(|comment| comment.span).collect()
    } else if is_configuration(name) || is_variable_file(name) {
        let tree = hcl::parse(place.file, text, hcl::Notation::of(path));
        tree.comments.iter().map(|comment| comment.span).collect()
    } else {
        let tree = bicep::parse(place.file, text);
        tree.comments.iter().map(|comment| comment.span).collect()
    };
    spans
        .iter()
        .any(|span| span.start == place.start && span.end >= place.end)
}

/// A first member of the object that the finding's resource is: the first of these names whose object is not
/// there yet goes into that of the name before it.
fn member(finding: &Finding, trees: &Trees, file: &SourceFile, names: &[(&str, String)]) -> Option<Edit> {
    let block = finding.blocks.iter().find(|block| block.file == file.id)?;
    let parsed = trees.json(&file.path).ok()?;
    let mut object = outermost(parsed.tree.value.as_ref()?, *block)?;
    for (name, value) in names {
        match object.get(name) {
            Some(inner) if matches!(inner.kind, JsonKind::Object(_)) => object = inner,
            // Something else is said there.
            Some(_) => return None,
            None => return first_member(object, name, value, file),
        }
    }
    None
}

fn first_member(object: &Json, name: &str, value: &str, file: &SourceFile) -> Option<Edit> {
    let start = object.span.start as usize + 1;
    let inside = file.text.get(start..object.span.end as usize)?;
    let gap = inside.get(..inside.len() - inside.trim_start().len())?;
    let comma = if object.as_object()?.is_empty() { "" } else { "," };
    Some(insertion(
        file.id,
        start,
        format!("{gap}\"{name}\": {value}{comma}"),
    ))
}

/// The largest object inside a span.
fn outermost(json: &Json, within: Span) -> Option<&Json> {
    let mut pending = vec![json];
    while let Some(json) = pending.pop() {
        let is_object = matches!(json.kind, JsonKind::Object(_));
        if is_object && within.contains(json.span) {
            return Some(json);
        }
        match &json.kind {
            JsonKind::Object(properties) => {
                pending.extend(properties.iter().rev().map(|property| &property.value))
            }
            JsonKind::Array(elements) => pending.extend(elements.iter().rev()),
            _ => {}
        }
    }
    None
}

fn insertion(file: FileId, at: usize, text: String) -> Edit {
    Edit {
        span: Span::new(file, at, at),
        text,
    }
}
