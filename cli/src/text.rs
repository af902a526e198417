//! Findings for people: each with its source, drawn by miette.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use akslint_core::finding::{Finding, Label};
use akslint_core::report::plain::wrapped;
use akslint_core::source::{ColumnUnit, FileId, Position, SourceFile};
use akslint_core::{Analysis, Severity};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::snippet::{AROUND, Snippet, boundary, is_long};

/// All findings, with an empty line after each.
pub(crate) fn findings(analysis: &Analysis, is_colored: bool, width: usize) -> String {
    let is_plain = std::env::var("TERM").is_ok_and(|kind| kind == "dumb" || kind == "linux");
    let theme = match (is_plain, is_colored) {
        (true, _) => GraphicalTheme::none(),
        (false, true) => GraphicalTheme::unicode(),
        (false, false) => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .without_cause_chain()
        .without_syntax_highlighting();
    let readers = readers(analysis);
    let mut text = String::new();
    for finding in &analysis.findings {
        text.push_str(&drawn(finding, analysis, &readers, &handler, width));
        text.push('\n');
    }
    text
}

/// The names of the deployments that read each file.
fn readers(analysis: &Analysis) -> HashMap<FileId, Vec<&str>> {
    let mut readers: HashMap<FileId, Vec<&str>> = HashMap::new();
    for deployment in &analysis.deployments {
        for file in &deployment.files {
            readers.entry(*file).or_default().push(&deployment.name);
        }
    }
    readers
}

fn drawn(
    finding: &Finding,
    analysis: &Analysis,
    readers: &HashMap<FileId, Vec<&str>>,
    handler: &GraphicalReportHandler,
    width: usize,
) -> String {
    let mut drawings = drawings(finding, analysis, width).into_iter();
    let mut text = String::new();
    if let Some((file, labels)) = drawings.next() {
        let title = format!(
            "{} {} {}",
            finding.severity.word(),
            finding.rule.code,
            finding.rule.name
        );
        let drawing = Drawing {
            title: Some(title),
            message: &finding.message,
            severity: finding.severity,
            source: Snippet(&file),
            labels,
        };
        let _ = handler.render_report(&mut text, &drawing);
    }
    for (file, labels) in drawings {
        let drawing = Drawing {
            title: None,
            message: "",
            severity: finding.severity,
            source: Snippet(&file),
            labels,
        };
        let mut frame = String::new();
        let _ = handler.render_report(&mut frame, &drawing);
        // The first line is that of the message, which the first frame has.
        text.push_str(frame.split_once('\n').map_or("", |(_, frame)| frame));
    }
    let readers = readers
        .get(&finding.primary.span.file)
        .map_or(&[][..], Vec::as_slice);
    let is_in_all = readers
        .iter()
        .all(|name| finding.deployments.iter().any(|known| known == name));
    let deployments = finding.deployments.join(", ");
    let details = [
        ("help", finding.help.as_deref()),
        ("azure", finding.azure_error),
        ("only in", (!is_in_all).then_some(deployments.as_str())),
    ];
    for (word, detail) in details {
        if let Some(detail) = detail {
            text.push_str(&detail_lines(word, detail, width));
        }
    }
    // An address is not broken into lines: terminals could not follow it.
    text.push_str(&format!("  docs: {}\n", finding.rule.url()));
    text
}

/// `  help: …`, its further lines below the first.
fn detail_lines(word: &str, detail: &str, width: usize) -> String {
    let start = format!("  {word}: ");
    let rest = format!("\n{}", " ".repeat(start.len()));
    let lines = wrapped(detail, width.saturating_sub(start.len()).max(20));
    format!("{start}{}\n", lines.replace('\n', &rest))
}

/// The labels of each drawing: first those that share the primary label's frame, so that the place to look
/// at stands on top, then the others of each file, nearest first.
fn drawings(
    finding: &Finding,
    analysis: &Analysis,
    width: usize,
) -> Vec<(Arc<SourceFile>, Vec<LabeledSpan>)> {
    let file = analysis.sources.file(finding.primary.span.file);
    let lines = |label: &Label| {
        let line = |offset| file.position(offset).line;
        (line(label.span.start), line(label.span.end))
    };
    let (mut top, mut bottom) = lines(&finding.primary);
    let mut near = vec![drawn_label(&finding.primary, &file, width, true)];
    let mut far: Vec<&Label> = finding.related.iter().collect();
    loop {
        let adjoins = |label: &&Label| {
            let (first, last) = lines(label);
            let is_near = label.span.file == file.id && first <= bottom + 2 && top <= last + 2;
            is_near && !is_long(&file, first) && !is_long(&file, top)
        };
        let Some(index) = far.iter().position(adjoins) else {
            break;
        };
        let label = far.remove(index);
        let (first, last) = lines(label);
        (top, bottom) = (top.min(first), bottom.max(last));
        near.push(drawn_label(label, &file, width, false));
    }
    let mut drawings = vec![(file, near)];
    for label in far {
        // Two places of one long line would be joined by all that lies between.
        let stands_alone = |file: &SourceFile| is_long(file, file.position(label.span.start).line);
        let known = drawings
            .iter_mut()
            .skip(1)
            .find(|(file, _)| file.id == label.span.file && !stands_alone(file));
        match known {
            Some((file, labels)) => labels.push(drawn_label(label, file, width, false)),
            None => {
                let file = analysis.sources.file(label.span.file);
                let drawn = drawn_label(label, &file, width, false);
                drawings.push((file, vec![drawn]));
            }
        }
    }
    drawings
}

fn drawn_label(label: &Label, file: &SourceFile, width: usize, is_primary: bool) -> LabeledSpan {
    let (start, end) = (file.position(label.span.start), file.position(label.span.end));
    // The text begins below the middle of what is underlined, after the frame and an arrow.
    let mut span = (label.span.start as usize)..(label.span.end as usize);
    if is_long(file, start.line) {
        span.end = span.end.min(boundary(&file.text, span.start + LONGEST_PART));
    }
    let column = if is_long(file, start.line) {
        AROUND + span.len() / 2
    } else if start.line == end.line {
        (start.column + end.column) as usize / 2
    } else {
        0
    };
    let room = width.saturating_sub(column + FRAME).max(SHORTEST_LABEL);
    let message = Some(wrapped(&label.message, room));
    if end.line - start.line > LONGEST_FRAME {
        // A map of a hundred lines would push everything else off the screen.
        let last = Position {
            line: start.line,
            column: u32::MAX,
        };
        span.end = file.lines().offset(&file.text, last, ColumnUnit::Scalar);
    }
    if is_primary {
        LabeledSpan::new_primary_with_span(message, span)
    } else {
        LabeledSpan::new_with_span(message, span)
    }
}

/// The columns that line numbers, the frame and the arrow to a label take.
const FRAME: usize = 12;
const SHORTEST_LABEL: usize = 24;

/// How much of a long line a label may mark, in bytes.
const LONGEST_PART: usize = 48;

/// How many lines a label may reach over before only its first line is marked.
const LONGEST_FRAME: u32 = 6;

/// One frame: what miette draws.
struct Drawing<'d> {
    title: Option<String>,
    message: &'d str,
    severity: Severity,
    source: Snippet<'d>,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message)
    }
}

impl fmt::Debug for Drawing<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message)
    }
}

impl std::error::Error for Drawing<'_> {}

impl Diagnostic for Drawing<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.title
            .as_ref()
            .map(|title| Box::new(title) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
