//! Native syntax: the bodies of hcl-edit to bodies of our tree.

use std::cell::Cell;

use hcl_edit::structure as edit;

use super::convert::{self, Place};
use super::tree::{Attribute, Block, Body, Expression, Label, TemplatePart};
use super::{repair, template};
use crate::source::{FileId, Span};

/// A part of a file.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) file: FileId,
    pub(super) written: &'a str,
    /// The offset of `written` in the file.
    pub(super) offset: usize,
    /// See [`Place::offsets`].
    pub(super) offsets: Option<&'a [usize]>,
}

/// Why a part does not parse.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    /// Where, counted from the start of the part.
    pub(super) at: usize,
    /// In the words of hcl-edit.
    pub(super) message: String,
}

impl From<hcl_edit::parser::Error> for Failure {
    fn from(error: hcl_edit::parser::Error) -> Self {
        Failure {
            at: error.location().offset(),
            message: error.message().to_owned(),
        }
    }
}

pub(super) const LINE_END_IN_STRING: &str = "line end in a quoted string";

/// The body that is written in a part; its span is the part's.
pub(super) fn body(part: Part<'_>) -> Result<Body, Failure> {
    let (parsed, repaired) = match hcl_edit::parser::parse_body(part.written) {
        Ok(parsed) => (parsed, false),
        Err(error) => match repair::repaired_body(part.written) {
            Some(text) => (hcl_edit::parser::parse_body(&text)?, true),
            None => return Err(error.into()),
        },
    };
    checked(part, repaired, |place| {
        convert_body(&parsed, place.span(&(0..part.written.len())), place)
    })
}

/// The expression that is written in a part. Inside brackets a line end means nothing.
pub(super) fn expression(part: Part<'_>, in_brackets: bool) -> Result<Expression, Failure> {
    let (parsed, repaired) = match hcl_edit::parser::parse_expr(part.written) {
        Ok(parsed) => (parsed, false),
        Err(error) => match repair::repaired_expression(part.written, in_brackets) {
            Some(text) => (hcl_edit::parser::parse_expr(&text)?, true),
            None => return Err(error.into()),
        },
    };
    checked(part, repaired, |place| convert::expression(&parsed, place))
}

/// The template that is written in a part, without quotes around it.
pub(super) fn template(part: Part<'_>) -> Result<Vec<TemplatePart>, Failure> {
    let parsed = hcl_edit::parser::parse_template(part.written)?;
    checked(part, false, |place| template::standalone(&parsed, place))
}

fn checked<T>(part: Part<'_>, repaired: bool, convert: impl Fn(Place<'_>) -> T) -> Result<T, Failure> {
    let line_end_in_string = Cell::new(None);
    let converted = convert(Place {
        file: part.file,
        written: part.written,
        offset: part.offset,
        offsets: part.offsets,
        repaired,
        line_end_in_string: &line_end_in_string,
    });
    match line_end_in_string.get() {
        None => Ok(converted),
        Some(at) => Err(Failure {
            at,
            message: LINE_END_IN_STRING.to_owned(),
        }),
    }
}

fn convert_body(parsed: &edit::Body, span: Span, place: Place<'_>) -> Body {
    let mut body = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span,
        incomplete: false,
    };
    for structure in parsed {
        match structure {
            edit::Structure::Attribute(parsed) => {
                let (name, name_span) = place.name(&parsed.key);
                body.attributes.push(Attribute {
                    name,
                    name_span,
                    value: convert::expression(&parsed.value, place),
                    span: place.span(&place.range(parsed)),
                });
            }
            edit::Structure::Block(parsed) => body.blocks.push(convert_block(parsed, place)),
        }
    }
    body
}

fn convert_block(parsed: &edit::Block, place: Place<'_>) -> Block {
    let span = place.span(&place.range(parsed));
    let (kind, kind_span) = place.name(&parsed.ident);
    let labels: Vec<Label> = parsed
        .labels
        .iter()
        .map(|label| {
            let range = place.range(label);
            place.check_one_line(&range);
            Label {
                text: label.as_str().into(),
                span: place.span(&range),
            }
        })
        .collect();
    let header = labels.last().map_or(kind_span, |last| kind_span.to(last.span));
    let inside = Span {
        start: header.end,
        ..span
    };
    Block {
        kind,
        labels,
        body: convert_body(&parsed.body, inside, place),
        header,
        span,
    }
}
