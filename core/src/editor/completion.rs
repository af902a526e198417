//! What can be written into a suppression: the words after `akslint:`, and codes and names of rules.

use crate::rules;
use crate::source::{FileId, SourceFile, Span};
use crate::suppression::{MARKER, named_rules};
use crate::syntax::Trees;

use super::rule_page::page;

/// What can stand in the place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completions {
    /// The text that is replaced; empty where nothing is written yet.
    pub span: Span,
    pub items: Vec<Completion>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is written.
    pub text: String,
    /// What it is in one line.
    pub detail: String,
    /// Markdown.
    pub documentation: String,
    pub kind: CompletionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// `ignore[`
    Directive,
    /// `AKS110`
    Code,
    /// `service-cidr-overlaps-subnet`
    Name,
}

/// What can be written at an offset; none outside suppressions. Rules that the list names already are left
/// out.
pub fn completions(trees: &Trees, file: FileId, offset: u32) -> Option<Completions> {
    let source = trees.sources.file(file);
    in_comment(&source, offset).or_else(|| in_metadata(trees, file, offset))
}

/// In a comment, which may be half typed, so only the line counts.
fn in_comment(file: &SourceFile, offset: u32) -> Option<Completions> {
    let before = file.text.get(..offset as usize)?;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &before[line_start..];
    let marker = line.rfind(MARKER)?;
    if !opens_comment(&line[..marker]) {
        return None;
    }
    let written = &line[marker + MARKER.len()..];
    let directive = written.trim_start();
    let directive_start = before.len() - directive.len();
    let list = directive
        .strip_prefix("ignore-file[")
        .or_else(|| directive.strip_prefix("ignore["));
    if let Some(list) = list {
        if list.contains(']') {
            return None;
        }
        let last = list.rsplit(',').next().unwrap_or(list).trim_start();
        let after = file.text.get(offset as usize..)?;
        let rest = after.split([']', '\n']).next().unwrap_or_default();
        let others = list[..list.len() - last.len()].split(',').chain(rest.split(','));
        let others: Vec<&str> = others.map(str::trim).collect();
        return replacing(file, before.len() - last.len(), last, offset, &others);
    }
    if !directive.bytes().all(is_word) || starts_with_word(file, offset) {
        return None;
    }
    let space = if written.is_empty() { " " } else { "" };
    let item = |text: &str, detail: &str| Completion {
        text: format!("{space}{text}"),
        detail: detail.to_owned(),
        documentation: format!("`akslint: {text}AKS110] reason`"),
        kind: CompletionKind::Directive,
    };
    Some(Completions {
        span: Span::new(file.id, directive_start, before.len()),
        items: vec![
            item("ignore[", "keeps rules quiet about this line or the block below"),
            item("ignore-file[", "keeps rules quiet about this file"),
        ],
    })
}

/// Whether a comment begins right before, with nothing said in it yet.
fn opens_comment(before: &str) -> bool {
    let before = before.trim_end();
    let is_json_comment = before.ends_with('"') && before.contains("\"//\"");
    ["#", "//", "/*", "*"]
        .iter()
        .any(|opening| before.ends_with(opening))
        || is_json_comment
}

/// In `"metadata": {"akslint": {"ignore": ["…"]}}` of a template.
fn in_metadata(trees: &Trees, file: FileId, offset: u32) -> Option<Completions> {
    let source = trees.sources.file(file);
    let named = named_rules(trees, file);
    let here = named
        .iter()
        .find(|named| named.in_metadata && named.span.start <= offset && offset <= named.span.end)?;
    let others = named
        .iter()
        .filter(|other| other.suppression == here.suppression && other.span != here.span);
    let others: Vec<&str> = others.map(|other| other.word.as_str()).collect();
    let word = source.text.get(here.span.start as usize..offset as usize)?;
    replacing(&source, here.span.start as usize, word, offset, &others)
}

/// All rules in place of a word that is written up to the offset and may go on after it.
fn replacing(
    file: &SourceFile,
    start: usize,
    word: &str,
    offset: u32,
    others: &[&str],
) -> Option<Completions> {
    if !word.bytes().all(is_word) {
        return None;
    }
    let after = file.text.get(offset as usize..)?;
    let end = offset as usize + after.bytes().take_while(|byte| is_word(*byte)).count();
    let is_named = |code: &str, name: &str| {
        let mut others = others.iter();
        others.any(|other| other.eq_ignore_ascii_case(code) || other.eq_ignore_ascii_case(name))
    };
    let rules = rules::ALL.iter().map(|rule| &rule.metadata);
    let rules: Vec<_> = rules.filter(|rule| !is_named(rule.code, rule.name)).collect();
    let codes = rules.iter().map(|rule| Completion {
        text: rule.code.to_owned(),
        detail: format!("{}: {}", rule.name, rule.summary),
        documentation: page(rule),
        kind: CompletionKind::Code,
    });
    let names = rules.iter().map(|rule| Completion {
        text: rule.name.to_owned(),
        detail: format!("{}: {}", rule.code, rule.summary),
        documentation: page(rule),
        kind: CompletionKind::Name,
    });
    Some(Completions {
        span: Span::new(file.id, start, end),
        items: codes.chain(names).collect(),
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn starts_with_word(file: &SourceFile, offset: u32) -> bool {
    let after = file.text.as_bytes().get(offset as usize);
    after.is_some_and(|byte| is_word(*byte) || *byte == b'[')
}
