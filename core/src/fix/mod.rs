//! From what a rule proposes to edits of the text: where the value is written, if that can be changed
//! without harm to anybody else.

mod alignment;
mod application;
mod literal;
mod member;
mod readers;
mod writing;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::blame::is_downloaded;
use crate::eval::documents::is_plan;
use crate::eval::provenance::{Step, Via};
use crate::finding::{Applicability, Edit, Fix};
use crate::model::network::Network;
use crate::rules::{Blame, Change, Draft, Remedy};
use crate::source::{FileId, Sources, Span};
use crate::syntax::Trees;

pub use application::{applied, first, together};
use literal::Literal;

/// Where fixes are looked for: one deployment.
pub(crate) struct Place<'a> {
    pub(crate) network: &'a Network,
    /// The files that were read for the deployment.
    pub(crate) files: &'a [FileId],
    pub(crate) trees: &'a Trees,
    /// Texts in lower case, for names in templates: made once, since each fix looks for some.
    lower_case: RefCell<FxHashMap<FileId, Arc<str>>>,
}

impl<'a> Place<'a> {
    pub(crate) fn new(network: &'a Network, files: &'a [FileId], trees: &'a Trees) -> Self {
        Place {
            network,
            files,
            trees,
            lower_case: RefCell::default(),
        }
    }

    fn in_lower_case(&self, file: FileId) -> Arc<str> {
        let mut known = self.lower_case.borrow_mut();
        let text = || self.trees.sources.file(file).text.to_ascii_lowercase().into();
        known.entry(file).or_insert_with(text).clone()
    }
}

/// The remedies of a draft that can be made in the text, in the rule's order.
pub(crate) fn fixes(draft: &Draft, place: &Place<'_>) -> Vec<Fix> {
    let mut fixes: Vec<Fix> = Vec::new();
    for remedy in &draft.remedies {
        let fix = fix(remedy, place);
        fixes.extend(fix.filter(|fix| fixes.iter().all(|known| known.edits != fix.edits)));
    }
    fixes
}

fn fix(remedy: &Remedy, place: &Place<'_>) -> Option<Fix> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut is_alone = true;
    for change in &remedy.changes {
        let made = made(change, remedy, place)?;
        is_alone &= made.is_alone;
        edits.extend(made.edit);
    }
    let applicability = match is_alone {
        true => remedy.applicability,
        false => Applicability::Unsafe,
    };
    Some(Fix {
        title: remedy.title.clone(),
        applicability,
        edits: finished(edits, &place.trees.sources)?,
    })
}

/// Takes the member away whose value is or holds this span, or the one so many levels around it.
pub(crate) fn removed_member(span: Span, levels: usize, trees: &Trees) -> Option<Edit> {
    let around = member::around(span, trees);
    let index = around.len().checked_sub(1 + levels)?;
    writing::removal(around.get(index)?, &trees.sources)
}

/// How many members the object has in which this span is the value of one.
pub(crate) fn siblings(span: Span, trees: &Trees) -> Option<usize> {
    member::around(span, trees)
        .last()
        .map(|member| member.names.len())
}

/// Takes the lines of a span away; none when there is something else on them.
pub(crate) fn removed_lines(span: Span, sources: &Sources) -> Option<Edit> {
    writing::whole_lines(span, &sources.file(span.file))
}

/// A change in the text.
struct Made {
    /// None when the text needs none, because the value follows another one that is changed.
    edit: Option<Edit>,
    /// Nobody but the resource that has the fault reads what is changed.
    is_alone: bool,
}

fn made(change: &Change, remedy: &Remedy, place: &Place<'_>) -> Option<Made> {
    let trees = place.trees;
    match change {
        Change::Value {
            of,
            was,
            becomes,
            derived_from,
        } => {
            if derived_from.as_ref().is_some_and(|from| follows(of, from)) {
                return Some(Made {
                    edit: None,
                    is_alone: true,
                });
            }
            let literal = literal::literal(of, was, &trees.sources)?;
            Some(Made {
                is_alone: readers::is_alone(of, &literal, remedy.suits_all_readers, place),
                edit: Some(rewritten(&literal, becomes)?),
            })
        }
        Change::Setting {
            beside,
            property,
            becomes,
        } => {
            let member = only_in_one_module(beside, place).and_then(|beside| member::of(beside, trees))?;
            Some(Made {
                edit: Some(writing::addition(&member, property, becomes, &trees.sources)?),
                is_alone: readers::is_one_resource(beside, place),
            })
        }
        Change::Omission { of } => {
            let member = only_in_one_module(of, place).and_then(|of| member::of(of, trees))?;
            Some(Made {
                edit: Some(writing::removal(&member, &trees.sources)?),
                is_alone: readers::is_one_resource(of, place),
            })
        }
        Change::BlockOmission { around } => {
            let member =
                only_in_one_module(around, place).and_then(|around| member::block_of(around, trees))?;
            Some(Made {
                edit: Some(writing::removal(&member, &trees.sources)?),
                is_alone: readers::is_one_resource(around, place),
            })
        }
    }
}

/// The fact, unless its block is in a module that is called several times.
fn only_in_one_module<'b>(fact: &'b Blame, place: &Place<'_>) -> Option<&'b Blame> {
    readers::is_in_one_module(fact, place).then_some(fact)
}

/// Whether a value is computed from the text that another one is written in.
fn follows(value: &Blame, other: &Blame) -> bool {
    let origin = other.from.written_origin().span;
    let (first, rest) = (value.from.nearest(), value.from.steps());
    first.span != origin && rest.len() > 1 && rest.iter().any(|step| step.span == origin)
}

/// The literal with another value, in the same quotes. Values here need no escapes.
fn rewritten(literal: &Literal, becomes: &str) -> Option<Edit> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || ".:/_%-".contains(character);
    let is_number = becomes.chars().all(|character| character.is_ascii_digit());
    (becomes.chars().all(is_plain) && (literal.is_quoted || is_number)).then(|| Edit {
        span: literal.inside,
        text: becomes.to_owned(),
    })
}

/// The steps of a value that somebody wrote, nearest the resource first.
fn written_steps(blame: &Blame) -> impl DoubleEndedIterator<Item = &Step> {
    blame.from.steps().iter().filter(|step| step.via != Via::Plan)
}

/// Whether the user can be expected to edit the file.
fn is_owned(span: Span, sources: &Sources) -> bool {
    let file = sources.file(span.file);
    let is_document = file.path.ends_with(".json")
        && !file.path.ends_with(".tf.json")
        && !file.path.ends_with(".tfvars.json");
    !(is_downloaded(&file.path) || is_document && is_plan(&file.path, &file.text))
}

/// The edits in the order of the files, with what they ask of the lines around them. None when they are
/// in each other's way.
pub(crate) fn finished(edits: Vec<Edit>, sources: &Sources) -> Option<Vec<Edit>> {
    let mut by_file: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for edit in edits {
        let path = sources.file(edit.span.file).path.clone();
        by_file.entry(path).or_default().push(edit);
    }
    let mut finished = Vec::new();
    for (path, mut edits) in by_file {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        // Two insertions at one place stay in their order, and are one edit.
        edits.dedup_by(|next, known| {
            let is_same_place = next.span == known.span && next.span.start == next.span.end;
            if is_same_place {
                known.text.push_str(&next.text);
            }
            is_same_place
        });
        if edits.windows(2).any(|pair| pair[1].span.start < pair[0].span.end) {
            return None;
        }
        let file = sources.file(edits.first()?.span.file);
        finished.extend(match path.ends_with(".json") {
            true => edits,
            false => alignment::aligned(&file, edits),
        });
    }
    (!finished.is_empty()).then_some(finished)
}
