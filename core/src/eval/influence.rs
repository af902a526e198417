//! What in a file decides which deployments there are.

use std::hash::{DefaultHasher, Hash, Hasher};

use memchr::memmem;

use super::arm::links;
use super::documents;
use super::value::hash_of;
use crate::source::discovery::{Document, DocumentNotation, is_configuration, is_variable_file};
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Block, Body, ExpressionKind};

/// A number that stays the same as long as a change of the file cannot make other deployments out of the same
/// folders and files: which modules it calls, what it declares, what it is.
pub fn influence(trees: &Trees, path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let name = path.rsplit('/').next().unwrap_or(path);
    if is_configuration(name) || is_variable_file(name) {
        if let Ok(parsed) = trees.hcl(path) {
            configuration(&parsed.tree.body, &mut hasher);
            if memmem::find(parsed.source.text.as_bytes(), b"template_deployment").is_some() {
                // Any quoted path in it can be that of the template.
                parsed.source.text.hash(&mut hasher);
            }
        }
    } else if let Some(notation) = DocumentNotation::of(name) {
        let document = Document {
            path: path.to_owned(),
            notation,
            is_asked_for: false,
        };
        let kind = documents::kind(trees, &document);
        std::mem::discriminant(&kind).hash(&mut hasher);
        if let Some(kind) = kind {
            format!("{kind:?}").hash(&mut hasher);
            links::influence(trees, path, kind, &mut hasher);
        }
    }
    hasher.finish()
}

/// The names of what is declared and assigned at the top, in whatever order, and the modules called.
fn configuration(body: &Body, hasher: &mut impl Hasher) {
    let attributes = body.attributes.iter().map(|attribute| hash_of(&attribute.name));
    attributes.fold(0, u64::wrapping_add).hash(hasher);
    let blocks = body.blocks.iter().map(|block| hash_of(&declared(block)));
    blocks.fold(0, u64::wrapping_add).hash(hasher);
}

fn declared(block: &Block) -> (&str, Vec<&str>, Option<&str>) {
    let labels = block.labels.iter().map(|label| label.text.as_ref());
    let mut attributes = block.body.attributes.iter();
    let source = attributes.find(|attribute| attribute.name.as_ref() == "source");
    let source = source.and_then(|source| match &source.value.kind {
        ExpressionKind::String(source) => Some(source.as_ref()),
        _ => None,
    });
    (&block.kind, labels.collect(), source)
}
