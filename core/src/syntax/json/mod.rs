//! JSON with what Azure's tools admit in it: comments, trailing commas, text over several lines.

pub mod head;
mod recovery;
#[cfg(test)]
mod tests;
pub mod tree;

use std::sync::Arc;

use jsonc_parser::ast::{ObjectProp, ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};

use self::tree::{Comment, File, Json, JsonKind, Property};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a text. Where it is broken, the broken lines are passed over; if that does not help, what stands
/// above the first of them is kept.
pub fn parse(file: FileId, text: &str) -> File {
    let written = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let reader = Reader {
        file,
        offset: text.len() - written.len(),
    };
    let broken = match reader.read(written, Commas::Needed) {
        Ok(read) => return read,
        Err(broken) => broken,
    };
    let error = SyntaxError {
        span: Span::new(
            file,
            reader.offset + broken.range.start.min(written.len()),
            reader.offset + broken.range.end.min(written.len()),
        ),
        message: broken.message.clone(),
    };
    let kept = recovery::read(&reader, written, broken);
    File {
        errors: vec![error],
        is_incomplete: true,
        ..kept.unwrap_or_default()
    }
}

/// Where a text is broken, and how.
struct Broken {
    range: std::ops::Range<usize>,
    message: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Commas {
    Needed,
    MayBeMissing,
}

struct Reader {
    file: FileId,
    /// The offset in the file of the text that is parsed.
    offset: usize,
}

impl Reader {
    fn read(&self, text: &str, commas: Commas) -> Result<File, Broken> {
        let collect = CollectOptions {
            comments: CommentCollectionStrategy::Separate,
            tokens: false,
        };
        let options = ParseOptions {
            allow_comments: true,
            allow_loose_object_property_names: false,
            allow_trailing_commas: true,
            allow_missing_commas: commas == Commas::MayBeMissing,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let parsed = jsonc_parser::parse_to_ast(text, &collect, &options).map_err(|error| Broken {
            range: error.range().start..error.range().end,
            message: error.kind().to_string(),
        })?;
        let comments = parsed.comments.iter().flat_map(|comments| comments.values());
        let mut comments: Vec<Comment> = comments
            .flat_map(|comments| comments.iter())
            .map(|comment| {
                let range = comment.range();
                Comment {
                    span: self.span(range),
                    text: text.get(range.start..range.end).unwrap_or_default().into(),
                }
            })
            .collect();
        // A comment is listed both after what is before it and before what is after it.
        comments.sort_by_key(|comment| comment.span);
        comments.dedup_by_key(|comment| comment.span);
        Ok(File {
            value: parsed.value.as_ref().map(|value| self.json(value)),
            comments,
            errors: Vec::new(),
            is_incomplete: false,
        })
    }

    fn span(&self, range: Range) -> Span {
        Span::new(self.file, self.offset + range.start, self.offset + range.end)
    }

    fn json(&self, value: &Value<'_>) -> Json {
        let kind = match value {
            Value::NullKeyword(_) => JsonKind::Null,
            Value::BooleanLit(literal) => JsonKind::Boolean(literal.value),
            Value::NumberLit(literal) => JsonKind::Number(literal.value.into()),
            Value::StringLit(literal) => JsonKind::Text(literal.value.as_ref().into()),
            Value::Array(array) => {
                let elements = array.elements.iter().map(|element| self.json(element));
                JsonKind::Array(elements.collect())
            }
            Value::Object(object) => {
                let properties = object.properties.iter().map(|property| self.property(property));
                JsonKind::Object(properties.collect())
            }
        };
        Json {
            kind,
            span: self.span(value.range()),
        }
    }

    fn property(&self, property: &ObjectProp<'_>) -> Property {
        let (name, range): (Arc<str>, Range) = match &property.name {
            ObjectPropName::String(literal) => {
                let inside = Range {
                    start: literal.range.start + 1,
                    end: literal.range.end.saturating_sub(1),
                };
                (literal.value.as_ref().into(), inside)
            }
            ObjectPropName::Word(word) => (word.value.into(), word.range),
        };
        Property {
            name,
            name_span: self.span(range),
            value: self.json(&property.value),
            span: self.span(property.range),
        }
    }
}
