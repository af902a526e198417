//! Which fixes are made together, and the text after them.

use ipnet::IpNet;

use crate::finding::{Applicability, Edit, Finding, Fix};

/// Fixes that do not get in each other's way, at most one of each finding: the first safe one, or with
/// `with_unsafe` the first one. What is left out may be made in the next round.
pub fn together(findings: &[Finding], with_unsafe: bool) -> Vec<&Fix> {
    let mut chosen: Vec<&Fix> = Vec::new();
    for fix in findings.iter().filter_map(|finding| first(finding, with_unsafe)) {
        let is_apart = |known: &&Fix| is_apart(fix, known);
        if chosen.iter().all(is_apart) {
            chosen.push(fix);
        }
    }
    chosen
}

/// The fix of a finding that is made when nobody chooses: a safe one before those that need a choice.
pub fn first(finding: &Finding, with_unsafe: bool) -> Option<&Fix> {
    let is_safe = |fix: &&Fix| fix.applicability == Applicability::Safe;
    let safe = finding.fixes.iter().find(is_safe);
    safe.or_else(|| finding.fixes.first().filter(|_| with_unsafe))
}

/// A text with these edits of it, which do not overlap.
pub fn applied<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        after.push_str(text.get(done..edit.span.start as usize).unwrap_or_default());
        after.push_str(&edit.text);
        done = edit.span.end as usize;
    }
    after.push_str(text.get(done..).unwrap_or_default());
    after
}

/// Whether both can be made: no edits that touch, and not the same free range for two purposes.
fn is_apart(one: &Fix, other: &Fix) -> bool {
    let touches = |one: &Edit, other: &Edit| {
        one.span.file == other.span.file
            && one.span.start <= other.span.end
            && other.span.start <= one.span.end
    };
    let touch = one
        .edits
        .iter()
        .any(|edit| other.edits.iter().any(|known| touches(edit, known)));
    let both_choose = [one, other]
        .iter()
        .all(|fix| fix.applicability == Applicability::Unsafe);
    let taken: Vec<IpNet> = other.edits.iter().flat_map(ranges).collect();
    let collides = |range: IpNet| {
        taken
            .iter()
            .any(|taken| taken.contains(&range) || range.contains(taken))
    };
    !(touch || both_choose && one.edits.iter().flat_map(ranges).any(collides))
}

/// The address ranges that an edit writes.
fn ranges(edit: &Edit) -> Vec<IpNet> {
    let is_of_range = |c: char| c.is_ascii_hexdigit() || ".:/".contains(c);
    let words = edit.text.split(|c| !is_of_range(c));
    words.filter_map(|word| word.parse().ok()).collect()
}
