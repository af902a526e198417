//! Taking a comment away, or one name out of it.

use super::{Named, Suppression};
use crate::finding::{Applicability, Edit, Fix};
use crate::fix;
use crate::source::Span;
use crate::syntax::Trees;

/// Removes the name at this position, and with the last one the comment or metadata. None where it is not
/// clear what else would go.
pub(super) fn fix(suppression: &Suppression, index: usize, trees: &Trees) -> Option<Fix> {
    let named = suppression.rules.get(index)?;
    let is_only = suppression.rules.len() == 1;
    let (edit, title) = match (is_only, suppression.object.is_some()) {
        (true, true) => (
            whole_metadata(suppression, trees)?,
            "Remove the metadata".to_owned(),
        ),
        (true, false) => (
            whole_comment(suppression, trees)?,
            "Remove the comment".to_owned(),
        ),
        (false, true) => (
            fix::removed_member(named.span, 0, trees)?,
            format!("Remove {}", named.word),
        ),
        (false, false) => (
            one_name(&suppression.rules, index)?,
            format!("Remove {}", named.word),
        ),
    };
    Some(Fix {
        title,
        applicability: Applicability::Safe,
        edits: fix::finished(vec![edit], &trees.sources)?,
    })
}

/// The name and the comma that parts it from another one.
fn one_name(rules: &[Named], index: usize) -> Option<Edit> {
    let own = rules.get(index)?.span;
    let span = match (
        rules.get(index + 1),
        index.checked_sub(1).and_then(|index| rules.get(index)),
    ) {
        (Some(next), _) => Span {
            end: next.span.start,
            ..own
        },
        (None, Some(previous)) => Span {
            start: previous.span.end,
            ..own
        },
        (None, None) => own,
    };
    Some(Edit {
        span,
        text: String::new(),
    })
}

/// The comment with its line, or with the blanks before it where it stands behind something.
fn whole_comment(suppression: &Suppression, trees: &Trees) -> Option<Edit> {
    if suppression.in_json {
        return fix::removed_member(suppression.span, 0, trees);
    }
    fix::removed_lines(suppression.span, &trees.sources).or_else(|| {
        let file = trees.sources.file(suppression.span.file);
        let before = file.text.get(..suppression.span.start as usize)?;
        let after = file.text.get(suppression.span.end as usize..)?;
        let is_last = after.split('\n').next().unwrap_or_default().trim().is_empty();
        let kept = before.trim_end_matches([' ', '\t']);
        is_last.then(|| Edit {
            span: Span::new(suppression.span.file, kept.len(), suppression.span.end as usize),
            text: String::new(),
        })
    })
}

/// The suppression's own member, and the metadata around it where it is the only one.
fn whole_metadata(suppression: &Suppression, trees: &Trees) -> Option<Edit> {
    let is_alone = fix::siblings(suppression.span, trees) == Some(1);
    fix::removed_member(suppression.span, usize::from(is_alone), trees)
}
