//! JSON syntax: the same tree from `.tf.json` and `.tfvars.json`.
//!
//! Which properties are blocks is known for what Terraform itself defines. Nested blocks of a resource
//! cannot be told from values without the provider's schema: they stay attributes whose value is an object
//! or a tuple of objects.

mod blocks;
mod values;

use std::collections::HashSet;

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, StringLit, Value};
use jsonc_parser::common::Range;
use jsonc_parser::{CollectOptions, ParseOptions};

use super::tree::{Attribute, Body, Comment, File};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The key of a comment.
const COMMENT: &str = "//";

/// The blocks of a `.tf.json` file.
pub(super) fn configuration(file: FileId, text: &str) -> File {
    read(file, text, |json, value, body| match value {
        Value::Object(object) => json.top_level(object, body),
        Value::Array(array) => {
            for element in &array.elements {
                match element {
                    Value::Object(object) => json.top_level(object, body),
                    other => json.expected_object(other, body),
                }
            }
        }
        other => json.expected_object(other, body),
    })
}

/// The values of a `.tfvars.json` file.
pub(super) fn values(file: FileId, text: &str) -> File {
    read(file, text, |json, value, body| match value {
        Value::Object(object) => {
            let mut attributes = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                if !json.comment(property) {
                    attributes.push(json.attribute(property, values::Reading::Literal));
                }
            }
            body.attributes = json.keep_first(attributes);
        }
        other => json.expected_object(other, body),
    })
}

fn read(file: FileId, text: &str, read: impl FnOnce(&mut Json<'_>, &Value<'_>, &mut Body)) -> File {
    let written = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut json = Json {
        file,
        written,
        offset: text.len() - written.len(),
        errors: Vec::new(),
        comments: Vec::new(),
    };
    let mut body = Body {
        attributes: Vec::new(),
        blocks: Vec::new(),
        span: Span::new(file, 0, text.len()),
        incomplete: false,
    };
    match json.parsed() {
        Some(value) => read(&mut json, &value, &mut body),
        None => body.incomplete = true,
    }
    File {
        body,
        errors: json.errors,
        comments: json.comments,
        pieces: Vec::new(),
        is_plain: false,
    }
}

struct Json<'a> {
    file: FileId,
    written: &'a str,
    /// The offset of `written` in the file.
    offset: usize,
    errors: Vec<SyntaxError>,
    comments: Vec<Comment>,
}

impl<'a> Json<'a> {
    /// The value that the text is. What Terraform refuses and can still be understood (a comment, a comma
    /// too many) is an error all the same.
    fn parsed(&mut self) -> Option<Value<'a>> {
        let strict = ParseOptions {
            allow_comments: false,
            allow_loose_object_property_names: false,
            allow_trailing_commas: false,
            allow_missing_commas: false,
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let nothing = CollectOptions::default();
        let error = match jsonc_parser::parse_to_ast(self.written, &nothing, &strict) {
            Ok(parsed) => {
                if parsed.value.is_none() {
                    self.error(0..0, "an object is expected, the file is empty");
                }
                return parsed.value;
            }
            Err(error) => error,
        };
        let range = error.range();
        self.error(range.start..range.end, error.kind().to_string());
        let lenient = ParseOptions {
            allow_loose_object_property_names: false,
            allow_single_quoted_strings: false,
            ..ParseOptions::default()
        };
        let parsed = jsonc_parser::parse_to_ast(self.written, &nothing, &lenient).ok()?;
        parsed.value
    }

    fn span(&self, range: Range) -> Span {
        Span::new(self.file, self.offset + range.start, self.offset + range.end)
    }

    fn error(&mut self, range: std::ops::Range<usize>, message: impl Into<String>) {
        let length = self.written.len();
        let span = Span::new(
            self.file,
            self.offset + range.start.min(length),
            self.offset + range.end.min(length),
        );
        self.errors.push(SyntaxError {
            span,
            message: message.into(),
        });
    }

    fn expected_object(&mut self, value: &Value<'_>, body: &mut Body) {
        let range = range(value);
        body.incomplete = true;
        self.error(range.start..range.end, "an object is expected here");
    }

    /// Keeps a property `"//"` as a comment.
    fn comment(&mut self, property: &ObjectProp<'_>) -> bool {
        if property.name.as_str() != COMMENT {
            return false;
        }
        if let Value::StringLit(text) = &property.value {
            let span = self.span(text.range);
            self.comments.push(Comment {
                span,
                text: text.value.clone().into_owned(),
            });
        }
        true
    }

    /// The name of a property without its quotes.
    fn name_span(&self, name: &ObjectPropName<'_>) -> Span {
        match name {
            ObjectPropName::String(StringLit { range, .. }) => self.span(Range {
                start: range.start + 1,
                end: range.end.saturating_sub(1),
            }),
            ObjectPropName::Word(word) => self.span(word.range),
        }
    }

    fn attribute(&mut self, property: &ObjectProp<'_>, reading: values::Reading) -> Attribute {
        Attribute {
            name: property.name.as_str().into(),
            name_span: self.name_span(&property.name),
            value: self.value(&property.value, reading, 0),
            span: self.span(property.range),
        }
    }

    /// Terraform refuses an argument that is set twice.
    fn keep_first(&mut self, attributes: Vec<Attribute>) -> Vec<Attribute> {
        let mut names = HashSet::new();
        let mut kept = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            if names.insert(attribute.name.clone()) {
                kept.push(attribute);
            } else {
                let message = format!(
                    "`{}` is set twice here; only the first one counts",
                    attribute.name
                );
                self.errors.push(SyntaxError {
                    span: attribute.name_span,
                    message,
                });
            }
        }
        kept
    }
}

fn range(value: &Value<'_>) -> Range {
    match value {
        Value::StringLit(literal) => literal.range,
        Value::NumberLit(literal) => literal.range,
        Value::BooleanLit(literal) => literal.range,
        Value::Object(object) => object.range,
        Value::Array(array) => array.range,
        Value::NullKeyword(keyword) => keyword.range,
    }
}

/// The properties of an object, or of each object in an array.
fn objects<'v, 'a>(value: &'v Value<'a>) -> Option<Vec<&'v Object<'a>>> {
    match value {
        Value::Object(object) => Some(vec![object]),
        Value::NullKeyword(_) => Some(Vec::new()),
        Value::Array(array) => array.elements.iter().map(Value::as_object).collect(),
        _ => None,
    }
}
