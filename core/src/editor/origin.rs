//! Where the value under the cursor comes from: the places to go to.

use super::seen::seen;
use super::steps::{described, steps};
use super::value::{at, innermost};
use super::{Origin, Surroundings};
use crate::source::{FileId, Span};

/// Further places would not be looked through.
const MAXIMUM: usize = 32;

/// The places on the way of a value, from the nearest to the one where it was written; those of all instances,
/// and each once. For a value that cannot be known, also the place of the reason.
pub fn origins(around: &Surroundings<'_>, file: FileId, offset: u32) -> Vec<Origin> {
    let all = seen(around, at(file, offset));
    let mut origins: Vec<Origin> = Vec::new();
    let mut add = |span: Span, what: &dyn Fn() -> String| {
        if origins.len() < MAXIMUM && !origins.iter().any(|known| known.span == span) {
            origins.push(Origin { span, what: what() });
        }
    };
    for seen in innermost(&all, around, offset).unwrap_or_default() {
        let (value, own) = (&seen.observed.value, seen.observed.span);
        for step in steps(value, around.trees, own) {
            add(step.span, &|| described(step, around.trees).replace('`', ""));
        }
        if let Some(unknown) = value.first_unknown()
            && !own.contains(unknown.span())
            && unknown.span().start < unknown.span().end
        {
            add(unknown.span(), &|| unknown.reason().to_string());
        }
    }
    origins
}
