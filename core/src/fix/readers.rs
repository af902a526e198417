//! Who else reads a text: an edit that nobody asked for must not change anything else.

use memchr::memmem;

use crate::model::resource::Resource;
use crate::rules::Blame;
use crate::source::discovery::folder_of;
use crate::source::{FileId, Span};

use super::literal::Literal;
use super::{Place, member};

/// Whether the resource of this fact is the only reader of a literal: every name on the way is used once,
/// and the resource's block is one resource. Text that only looks like a use counts as one.
pub(super) fn is_alone(of: &Blame, literal: &Literal, suits_all: bool, place: &Place<'_>) -> bool {
    let block = of.site.owner.block;
    if literal.way.is_empty() && !block.contains(literal.span) || !is_whole_value(literal, place) {
        return false;
    }
    let is_used_once = |reference: &Option<String>, at: Span| {
        reference
            .as_ref()
            .is_some_and(|reference| uses(reference, at, literal, place) == 1)
    };
    if !literal
        .way
        .iter()
        .all(|passage| is_used_once(&passage.reference, passage.span))
    {
        return false;
    }
    if suits_all {
        return true;
    }
    let property = format!(".{}", of.site.property_name());
    is_one_resource(of, place) && mentions(&property, &files_beside(block, place), place).is_empty()
}

/// Whether a literal is all that is written there, rather than a branch of a condition or an argument.
fn is_whole_value(literal: &Literal, place: &Place<'_>) -> bool {
    if let Some(member) = member::around(literal.span, place.trees).last() {
        return member.value == literal.span;
    }
    // The value of a parameter or variable in Bicep is no member of anything.
    let file = place.trees.sources.file(literal.span.file);
    let (start, end) = (literal.span.start as usize, literal.span.end as usize);
    let before = file
        .text
        .get(..start)
        .unwrap_or_default()
        .trim_end_matches([' ', '\t']);
    let after = file
        .text
        .get(end..)
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    before.ends_with('=') && (after.is_empty() || after.starts_with(['\n', '\r']) || after.starts_with("//"))
}

/// Whether the block of this fact is one resource only: no loop and no second call of its module.
pub(super) fn is_one_resource(of: &Blame, place: &Place<'_>) -> bool {
    let own = &of.site.owner.resource;
    resources_of_block(of, place).all(|resource| resource == own)
}

/// Whether all resources of the block of this fact are in one loop, rather than in several calls of a module,
/// which can want different things of it.
pub(super) fn is_in_one_module(of: &Blame, place: &Place<'_>) -> bool {
    let own = without_key(&of.site.owner.resource);
    resources_of_block(of, place).all(|resource| without_key(resource) == own)
}

fn resources_of_block<'p>(of: &Blame, place: &Place<'p>) -> impl Iterator<Item = &'p str> {
    let block = of.site.owner.block;
    let owners = place.network.resources().map(Resource::owner);
    owners
        .filter(move |owner| owner.block == block)
        .map(|owner| owner.resource.as_str())
}

/// An address without the key of its resource: `module.a["b"].azurerm_subnet.c` for one of several.
fn without_key(resource: &str) -> &str {
    match resource.strip_suffix(']').and_then(|address| address.rfind('[')) {
        Some(key) => resource.get(..key).unwrap_or(resource),
        None => resource,
    }
}

/// How often what a reference names is used.
fn uses(reference: &str, at: Span, literal: &Literal, place: &Place<'_>) -> usize {
    let sources = &place.trees.sources;
    let path = sources.file(at.file).path.clone();
    if reference.contains("()") || reference.contains("copyIndex") {
        return usize::MAX;
    }
    if let Some(end) = reference.find("')") {
        let Some(name) = reference.get(..end + 2) else {
            return usize::MAX;
        };
        return mentions(name, &[at.file], place).len();
    }
    let mut parts = reference
        .split(['.', '[', '?', '!'])
        .filter(|part| !part.is_empty());
    let (Some(root), second) = (parts.next(), parts.next()) else {
        return usize::MAX;
    };
    if path.ends_with(".bicep") {
        // The declaration is a mention too. A name that is imported may be read anywhere.
        let is_given =
            literal.span.file == at.file || sources.file(literal.span.file).path.ends_with(".bicepparam");
        let found = mentions(root, &[at.file], place);
        let uses = found.iter().filter(|mention| !mention.is_key()).count();
        return if is_given {
            uses.saturating_sub(1)
        } else {
            usize::MAX
        };
    }
    let ("var" | "local", Some(name)) = (root, second) else {
        return usize::MAX;
    };
    let member = parts.next();
    let files = files_beside(at, place);
    let found = mentions(&format!("{root}.{name}"), &files, place);
    let reads_other = |mention: &Mention| {
        let next = mention
            .after
            .strip_prefix('.')
            .and_then(|rest| rest.split(|c| !is_word(c)).next());
        matches!((next, member), (Some(next), Some(member)) if !next.eq_ignore_ascii_case(member))
    };
    found.iter().filter(|mention| !reads_other(mention)).count()
}

/// The deployment's files in the folder of this one.
fn files_beside(span: Span, place: &Place<'_>) -> Vec<FileId> {
    let sources = &place.trees.sources;
    let own = sources.file(span.file);
    let folder = folder_of(&own.path);
    let files = place.files.iter().copied();
    files
        .filter(|file| folder_of(&sources.file(*file).path) == folder)
        .collect()
}

/// A place that mentions a name, with what stands around it on its line.
struct Mention {
    before: String,
    after: String,
}

impl Mention {
    /// Whether it is the name of a property that is set there.
    fn is_key(&self) -> bool {
        let before = self.before.trim();
        self.after.starts_with(':') && (before.is_empty() || before.ends_with(['{', ',']))
    }
}

/// Every mention of a name in these files. In templates case does not count.
fn mentions(name: &str, files: &[FileId], place: &Place<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    for file in files {
        let source = place.trees.sources.file(*file);
        let is_template = source.path.ends_with(".json") && !source.path.ends_with(".tf.json");
        if is_template {
            let text = place.in_lower_case(*file);
            mentions_in(&text, &name.to_ascii_lowercase(), &mut found);
        } else {
            mentions_in(&source.text, name, &mut found);
        }
    }
    found
}

fn mentions_in(text: &str, name: &str, found: &mut Vec<Mention>) {
    for start in memmem::find_iter(text.as_bytes(), name) {
        let before = text.get(..start).unwrap_or_default();
        let after = text.get(start + name.len()..).unwrap_or_default();
        let begins = name.starts_with('.') || !before.ends_with(is_word);
        if begins && !(name.ends_with(is_word) && after.starts_with(is_word)) {
            found.push(Mention {
                before: before.rsplit('\n').next().unwrap_or_default().to_owned(),
                after: after.split('\n').next().unwrap_or_default().to_owned(),
            });
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}
