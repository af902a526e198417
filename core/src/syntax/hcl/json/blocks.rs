//! Blocks of JSON syntax: which properties are blocks, and how their arguments are read.

use jsonc_parser::ast::{Object, ObjectProp, Value};

use super::super::tree::{Block, Body, Label};
use super::values::Reading;
use super::{Json, objects};
use crate::source::Span;

/// What stands in the body of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Resource,
    Module,
    Variable,
    Output,
    Locals,
    Provider,
    Terraform,
    RequiredProviders,
    /// `moved`, `import`
    Addresses,
    Removed,
    Check,
    Lifecycle,
    Provisioner,
    Dynamic,
    /// `content` of a dynamic block.
    Content,
    /// A block with arguments only.
    Plain,
}

/// What a property is in a body.
enum Meaning {
    Argument(Reading),
    Block { labels: usize, kind: Kind },
}

fn top_level(name: &str) -> Option<(usize, Kind)> {
    Some(match name {
        "resource" | "data" | "ephemeral" => (2, Kind::Resource),
        "module" => (1, Kind::Module),
        "variable" => (1, Kind::Variable),
        "output" => (1, Kind::Output),
        "locals" => (0, Kind::Locals),
        "provider" => (1, Kind::Provider),
        "terraform" => (0, Kind::Terraform),
        "moved" | "import" => (0, Kind::Addresses),
        "removed" => (0, Kind::Removed),
        "check" => (1, Kind::Check),
        _ => return None,
    })
}

fn meaning(kind: Kind, name: &str) -> Meaning {
    let block = |labels, kind| Meaning::Block { labels, kind };
    let template = Meaning::Argument(Reading::Template);
    let expression = Meaning::Argument(Reading::Expression);
    match (kind, name) {
        (Kind::Resource | Kind::Content, "dynamic") => block(1, Kind::Dynamic),
        (Kind::Resource | Kind::Removed, "lifecycle") => block(0, Kind::Lifecycle),
        (Kind::Resource | Kind::Removed, "provisioner") => block(1, Kind::Provisioner),
        (Kind::Resource | Kind::Provisioner | Kind::Removed, "connection") => block(0, Kind::Plain),
        (Kind::Resource | Kind::Module | Kind::Output | Kind::Check, "depends_on")
        | (Kind::Resource | Kind::Addresses, "provider")
        | (Kind::Module, "providers")
        | (Kind::Addresses, "from" | "to")
        | (Kind::Removed, "from")
        | (Kind::Variable, "type")
        | (Kind::Dynamic, "iterator")
        | (Kind::Lifecycle, "ignore_changes" | "replace_triggered_by") => expression,
        (Kind::Variable, "default" | "description") => Meaning::Argument(Reading::Literal),
        (Kind::Variable, "validation") | (Kind::Output, "precondition") | (Kind::Check, "assert") => {
            block(0, Kind::Plain)
        }
        (Kind::Lifecycle, "precondition" | "postcondition") => block(0, Kind::Plain),
        (Kind::Check, "data") => block(2, Kind::Resource),
        (Kind::Dynamic, "content") => block(0, Kind::Content),
        (Kind::Terraform, "required_providers") => block(0, Kind::RequiredProviders),
        (Kind::Terraform, "backend" | "provider_meta") => block(1, Kind::Plain),
        (Kind::Terraform, "cloud") => block(0, Kind::Plain),
        _ => template,
    }
}

/// The labels read so far and where the block starts and what its header is.
#[derive(Clone)]
struct Header {
    kind: std::sync::Arc<str>,
    labels: Vec<Label>,
    span: Span,
}

impl Json<'_> {
    pub(super) fn top_level(&mut self, object: &Object<'_>, body: &mut Body) {
        for property in &object.properties {
            if self.comment(property) {
                continue;
            }
            let name = property.name.as_str();
            match top_level(name) {
                Some((labels, kind)) => self.blocks(property, labels, kind, body),
                None => {
                    let range = property.range;
                    let message = format!("`{name}` is not a block of Terraform");
                    self.error(range.start..range.start + name.len() + 2, message);
                }
            }
        }
    }

    fn blocks(&mut self, property: &ObjectProp<'_>, labels: usize, kind: Kind, out: &mut Body) {
        let header = Header {
            kind: property.name.as_str().into(),
            labels: Vec::new(),
            span: self.name_span(&property.name),
        };
        self.labelled(&property.value, header, labels, kind, out);
    }

    fn labelled(&mut self, value: &Value<'_>, header: Header, labels: usize, kind: Kind, out: &mut Body) {
        let Some(found) = objects(value) else {
            self.expected_object(value, out);
            return;
        };
        if let Some(labels) = labels.checked_sub(1) {
            for property in found.iter().flat_map(|object| &object.properties) {
                if self.comment(property) {
                    continue;
                }
                let span = self.name_span(&property.name);
                let mut header = header.clone();
                header.labels.push(Label {
                    text: property.name.as_str().into(),
                    span,
                });
                header.span = span;
                self.labelled(&property.value, header, labels, kind, out);
            }
            return;
        }
        for object in found {
            let value_span = self.span(object.range);
            let body = self.body(object, kind);
            out.blocks.push(Block {
                kind: header.kind.clone(),
                labels: header.labels.clone(),
                body,
                header: header.span,
                span: header.span.to(value_span),
            });
        }
    }

    fn body(&mut self, object: &Object<'_>, kind: Kind) -> Body {
        let mut body = Body {
            attributes: Vec::new(),
            blocks: Vec::new(),
            span: self.span(object.range),
            incomplete: false,
        };
        for property in &object.properties {
            if self.comment(property) {
                continue;
            }
            match meaning(kind, property.name.as_str()) {
                Meaning::Argument(reading) => {
                    let attribute = self.attribute(property, reading);
                    body.attributes.push(attribute);
                }
                Meaning::Block { labels, kind } => self.blocks(property, labels, kind, &mut body),
            }
        }
        body.attributes = self.keep_first(body.attributes);
        body
    }
}
