//! The layers of docs/architecture.md: which module of the library may name which. Any other edge fails.

#![allow(clippy::expect_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A module and what it may name. `eval::value` allows that part of `eval` alone.
const ALLOWED: &[(&str, &[&str])] = &[
    ("calendar", &[]),
    ("source", &[]),
    ("syntax", &["source"]),
    ("finding", &["source"]),
    ("settings", &["calendar", "finding"]),
    ("eval", &["source", "syntax", "settings"]),
    (
        "model",
        &[
            "source",
            "eval::value",
            "eval::provenance",
            "eval::deployment::Presence",
            "eval::deployment::Problem",
            "eval::deployment::Assumption",
        ],
    ),
    (
        "lower",
        &[
            "source",
            "eval::value",
            "eval::provenance",
            "eval::deployment",
            "eval::number",
            "eval::catalogue",
            "model",
        ],
    ),
    (
        "rules",
        &[
            "calendar",
            "source",
            "finding",
            "settings",
            "eval::value",
            "eval::provenance",
            "eval::deployment::Presence",
            "model",
        ],
    ),
    ("blame", &["source", "eval::provenance", "finding", "rules"]),
    (
        "fix",
        &[
            "source",
            "syntax",
            "eval::documents",
            "eval::provenance",
            "model",
            "finding",
            "rules",
            "blame",
        ],
    ),
    (
        "judgement",
        &[
            "source", "syntax", "finding", "settings", "model", "rules", "blame", "fix",
        ],
    ),
    (
        "suppression",
        &["source", "syntax", "finding", "settings", "rules", "fix"],
    ),
    (
        "conclusion",
        &[
            "source",
            "syntax",
            "finding",
            "settings",
            "rules",
            "judgement",
            "suppression",
        ],
    ),
    ("deep_stack", &[]),
    (
        "project",
        &[
            "source",
            "syntax",
            "finding",
            "settings",
            "eval",
            "model",
            "lower",
            "rules",
            "judgement",
            "conclusion",
            "analysis",
            "editor",
            "deep_stack",
        ],
    ),
    (
        "analysis",
        &[
            "source",
            "syntax",
            "finding",
            "settings",
            "eval",
            "model",
            "lower",
            "rules",
            "judgement",
            "conclusion",
            "deep_stack",
        ],
    ),
    (
        "editor",
        &[
            "source",
            "syntax",
            "finding",
            "settings",
            "eval",
            "model",
            "lower",
            "rules",
            "blame",
            "judgement",
            "suppression",
            "conclusion",
            "deep_stack",
        ],
    ),
    (
        "report",
        &[
            "source",
            "finding",
            "eval::value",
            "eval::provenance",
            "eval::deployment",
            "model",
            "rules",
            "analysis",
        ],
    ),
];

fn allowed(layer: &str) -> Option<&'static [&'static str]> {
    ALLOWED
        .iter()
        .find(|(name, _)| *name == layer)
        .map(|(_, allowed)| *allowed)
}

/// The source files of the library without those that only tests see.
fn sources() -> Vec<(String, PathBuf)> {
    let root = common::repository().join("core/src");
    let mut files = Vec::new();
    let mut pending = vec![root.clone()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && stem != "tests" {
                let relative = path.strip_prefix(&root).expect("below the root");
                let first = relative.iter().next().expect("a part").to_string_lossy();
                files.push((first.trim_end_matches(".rs").to_owned(), path));
            }
        }
    }
    files.sort();
    files
}

/// The paths below `crate::` that a file names, in `use` lines and elsewhere. A group is taken apart.
fn named(text: &str) -> BTreeSet<String> {
    // The tests of a file stand at its end and may name what they want.
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut named = BTreeSet::new();
    for (start, _) in code.match_indices("crate::") {
        let path = &code[start + "crate::".len()..];
        let end = path
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
            .unwrap_or(path.len());
        let prefix = path[..end].trim_end_matches(':');
        let group = path[end..]
            .strip_prefix('{')
            .and_then(|group| group.split_once('}'));
        match group {
            Some((members, _)) => {
                let members = members
                    .split(',')
                    .map(str::trim)
                    .filter(|member| !member.is_empty());
                named.extend(members.map(|member| {
                    let path = format!("{prefix}::{member}");
                    path.trim_start_matches(':').trim_end_matches("::self").to_owned()
                }));
            }
            None => {
                named.insert(prefix.to_owned());
            }
        }
    }
    named
}

fn is_allowed(layer: &str, path: &str) -> bool {
    let covers = |allowed: &str| path == allowed || path.starts_with(&format!("{allowed}::"));
    covers(layer) || allowed(layer).is_some_and(|list| list.iter().any(|allowed| covers(allowed)))
}

#[test]
fn each_layer_names_only_those_below_it() {
    let mut wrong = Vec::new();
    for (layer, path) in sources().into_iter().filter(|(layer, _)| layer != "lib") {
        assert!(
            allowed(&layer).is_some(),
            "{} belongs to no layer",
            path.display()
        );
        let text = std::fs::read_to_string(&path).expect("a readable file");
        for name in named(&text) {
            // A macro or type at the root of the library is none of a layer's.
            let is_judged = name.contains("::") || allowed(&name).is_some();
            if is_judged && !is_allowed(&layer, &name) {
                wrong.push(format!("{} names crate::{name}", shown(&path)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "edges against the layers:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_layers_have_no_circle() {
    let mut open: Vec<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    while !open.is_empty() {
        let is_settled = |name: &&str| {
            let below = allowed(name).unwrap_or_default().iter();
            below
                .map(|path| path.split("::").next().unwrap_or(path))
                .all(|layer| !open.contains(&layer))
        };
        let settled: Vec<&str> = open.iter().copied().filter(|name| is_settled(name)).collect();
        assert!(!settled.is_empty(), "these layers stand on each other: {open:?}");
        open.retain(|name| !settled.contains(name));
    }
}

#[test]
fn the_words_of_an_edge_are_found_wherever_they_stand() {
    let text = "use crate::a::{b, c::d,\n    self};\nfn f() { crate::e::g(); }\n// crate::no\n#[cfg(test)]\nmod tests {\n use crate::h;";
    let expected = ["a", "a::b", "a::c::d", "e::g"];
    assert_eq!(named(text), expected.map(str::to_owned).into());
    assert!(is_allowed("model", "eval::value::Unknown"));
    assert!(!is_allowed("model", "eval::deployment::Deployment"));
    assert!(!is_allowed("syntax", "eval"));
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix(common::repository()).unwrap_or(path);
    path.display().to_string()
}
