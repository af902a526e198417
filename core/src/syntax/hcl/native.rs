//! Native syntax: the bodies of hcl-edit to bodies of our tree.

use hcl_edit::structure as edit;

use super::convert::{Place, expression};
use super::tree::{Attribute, Block, Body, File, Label};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(super) fn parse(file: FileId, text: &str) -> File {
    let written = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let place = Place {
        file,
        written,
        offset: text.len() - written.len(),
    };
    match hcl_edit::parser::parse_body(written) {
        Ok(parsed) => File {
            body: body(&parsed, Span::new(file, 0, text.len()), place),
            errors: Vec::new(),
            comments: Vec::new(),
        },
        Err(error) => {
            let offset = error.location().offset();
            File {
                body: Body {
                    attributes: Vec::new(),
                    blocks: Vec::new(),
                    span: Span::new(file, 0, text.len()),
                    incomplete: true,
                },
                errors: vec![SyntaxError {
                    span: place.span(&(offset..offset)),
                    message: error.message().to_owned(),
                }],
                comments: Vec::new(),
            }
        }
    }
}

fn body(parsed: &edit::Body, span: Span, place: Place<'_>) -> Body {
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
                    value: expression(&parsed.value, place),
                    span: place.span(&place.range(parsed)),
                });
            }
            edit::Structure::Block(parsed) => body.blocks.push(block(parsed, place)),
        }
    }
    body
}

fn block(parsed: &edit::Block, place: Place<'_>) -> Block {
    let span = place.span(&place.range(parsed));
    let (kind, kind_span) = place.name(&parsed.ident);
    let labels: Vec<Label> = parsed
        .labels
        .iter()
        .map(|label| Label {
            text: label.as_str().into(),
            span: place.span(&place.range(label)),
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
        body: body(&parsed.body, inside, place),
        header,
        span,
    }
}
