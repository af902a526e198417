//! Where the text of a plan spells out what is sensitive, so that no excerpt of it shows that.

use std::ops::Range;

use crate::syntax::raw_json::{RawJson, RawKind};

/// Deeper marks are taken for their whole value.
const MAXIMUM_DEPTH: usize = 64;

/// The bytes of all sensitive values.
pub(super) fn secrets(plan: RawJson<'_>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (name, value) in plan.members() {
        match &*name {
            "resource_changes" | "resource_drift" => {
                let changes = value.elements().filter_map(|one| one.member("change"));
                changes.for_each(|change| changed(change, &mut found));
            }
            "output_changes" => value
                .members()
                .for_each(|(_, change)| changed(change, &mut found)),
            "planned_values" => values(value, 0, &mut found),
            "prior_state" => {
                if let Some(state) = value.member("values") {
                    values(state, 0, &mut found);
                }
            }
            _ => {}
        }
    }
    variables(plan, &mut found);
    found
}

fn changed(change: RawJson<'_>, found: &mut Vec<Range<usize>>) {
    for (marks, value) in [("before_sensitive", "before"), ("after_sensitive", "after")] {
        if let (Some(marks), Some(value)) = (change.member(marks), change.member(value)) {
            marked(marks, value, 0, found);
        }
    }
}

/// The resources and outputs of values, and of the modules in them.
fn values(values: RawJson<'_>, depth: usize, found: &mut Vec<Range<usize>>) {
    if depth > MAXIMUM_DEPTH {
        return;
    }
    for (name, part) in values.members() {
        match &*name {
            "outputs" => {
                for (_, output) in part.members() {
                    if let (Some(mark), Some(value)) = (output.member("sensitive"), output.member("value")) {
                        marked(mark, value, 0, found);
                    }
                }
            }
            "root_module" => self::values(part, depth + 1, found),
            "child_modules" => part
                .elements()
                .for_each(|child| self::values(child, depth + 1, found)),
            "resources" => {
                for resource in part.elements() {
                    let parts = (resource.member("sensitive_values"), resource.member("values"));
                    if let (Some(marks), Some(value)) = parts {
                        marked(marks, value, 0, found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The values of the root's variables that are declared sensitive, and what they are if nobody says.
fn variables(plan: RawJson<'_>, found: &mut Vec<Range<usize>>) {
    let root = plan
        .member("configuration")
        .and_then(|configuration| configuration.member("root_module"));
    let declared = root.and_then(|root| root.member("variables"));
    let given = plan.member("variables");
    for (name, variable) in declared.into_iter().flat_map(RawJson::members) {
        if variable.member("sensitive").is_some_and(RawJson::is_true) {
            let value = given.and_then(|given| given.member(&name)?.member("value"));
            found.extend(
                value
                    .into_iter()
                    .chain(variable.member("default"))
                    .map(RawJson::range),
            );
        }
    }
}

/// The parts of a value that the marks of the same shape name.
fn marked(marks: RawJson<'_>, value: RawJson<'_>, depth: usize, found: &mut Vec<Range<usize>>) {
    match marks.kind() {
        RawKind::Boolean(true) => found.push(value.range()),
        RawKind::Object | RawKind::Array if !marks.text().contains("true") => {}
        RawKind::Object | RawKind::Array if depth > MAXIMUM_DEPTH => found.push(value.range()),
        RawKind::Object => {
            for (name, mark) in marks.members() {
                if let Some(value) = value.member(&name) {
                    marked(mark, value, depth + 1, found);
                }
            }
        }
        RawKind::Array => {
            for (mark, value) in marks.elements().zip(value.elements()) {
                marked(mark, value, depth + 1, found);
            }
        }
        _ => {}
    }
}
