//! A JSON text as a tree. Every node has the span of its whole text.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::SyntaxError;

#[derive(Debug, Clone, Default)]
pub struct File {
    /// None when nothing could be read.
    pub value: Option<Json>,
    pub comments: Vec<Comment>,
    pub errors: Vec<SyntaxError>,
    /// Parts of the text are not in the tree.
    pub is_incomplete: bool,
}

/// `// …` or `/* … */`, with its marks.
#[derive(Debug, Clone)]
pub struct Comment {
    pub span: Span,
    pub text: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Json {
    pub kind: JsonKind,
    /// Of text with its quotes.
    pub span: Span,
}

#[derive(Debug, Clone)]
pub enum JsonKind {
    Null,
    Boolean(bool),
    /// As written.
    Number(Arc<str>),
    /// With its escapes resolved.
    Text(Arc<str>),
    Array(Vec<Json>),
    /// In the order of writing.
    Object(Vec<Property>),
}

#[derive(Debug, Clone)]
pub struct Property {
    pub name: Arc<str>,
    /// Without quotes.
    pub name_span: Span,
    pub value: Json,
    /// From the name to the end of the value.
    pub span: Span,
}

impl Json {
    pub fn as_text(&self) -> Option<&Arc<str>> {
        match &self.kind {
            JsonKind::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&[Property]> {
        match &self.kind {
            JsonKind::Object(properties) => Some(properties),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Json]> {
        match &self.kind {
            JsonKind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            JsonKind::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// The property of a name, whatever its case; the first one when several have it.
    pub fn property(&self, name: &str) -> Option<&Property> {
        let properties = self.as_object()?;
        properties
            .iter()
            .find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// The value of the property of a name, whatever its case.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.property(name).map(|property| &property.value)
    }
}
