//! What editors show and complete in suppressions: `fixtures/editor/suppressions` holds files in every
//! language and `expected.txt`. A line `== main.tf: ignore[AKS1‸10]` names a place by a text that stands once
//! in the file, with the cursor at `‸`; below it stand the hover and what can be written there.
//! `== links main.tf` lists the links of a file. `AKSLINT_BLESS=1` writes what comes out instead of comparing.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::fmt::Write;
use std::fs;
use std::sync::Arc;

use akslint_core::editor::{CompletionKind, Hover, completions, rule_hover, rule_links};
use akslint_core::rules;
use akslint_core::source::{MemoryFileSystem, Sources, Span};
use akslint_core::syntax::Trees;

const CURSOR: char = '‸';

fn trees() -> Trees {
    let mut files = common::files_below(&common::repository().join("fixtures/editor/suppressions"));
    files.remove("expected.txt");
    Trees::new(Arc::new(Sources::new(Arc::new(MemoryFileSystem::new(files)))))
}

fn text(trees: &Trees, span: Span) -> String {
    let file = trees.sources.file(span.file);
    format!("‹{}›", &file.text[span.start as usize..span.end as usize])
}

fn at(trees: &Trees, place: &str) -> String {
    let (path, snippet) = place.split_once(": ").expect("a file and a text");
    let file = trees.sources.read(path).expect("a file of the fixture");
    let (before, after) = snippet.split_once(CURSOR).expect("a cursor");
    let wanted = format!("{before}{after}");
    let found: Vec<usize> = file.text.match_indices(&wanted).map(|(at, _)| at).collect();
    assert_eq!(found.len(), 1, "{path} has `{wanted}` not once");
    let offset = u32::try_from(found[0] + before.len()).unwrap();
    let mut said = String::new();
    if let Some(Hover { span, markdown }) = rule_hover(trees, file.id, offset) {
        writeln!(said, "hover {}\n{markdown}", text(trees, span)).unwrap();
    }
    if let Some(completions) = completions(trees, file.id, offset) {
        let items = &completions.items;
        let of = |kind| items.iter().filter(move |item| item.kind == kind);
        let codes = of(CompletionKind::Code).count();
        assert_eq!(codes, of(CompletionKind::Name).count());
        writeln!(said, "completes {}", text(trees, completions.span)).unwrap();
        for item in of(CompletionKind::Directive) {
            writeln!(said, "  ‹{}› {}: {}", item.text, item.detail, item.documentation).unwrap();
        }
        if codes > 0 {
            let all = rules::ALL.iter().map(|rule| rule.metadata.code);
            let is_offered = |code: &&str| of(CompletionKind::Code).any(|item| item.text == *code);
            let missing: Vec<&str> = all.filter(|code| !is_offered(code)).collect();
            writeln!(said, "  all rules but [{}]", missing.join(", ")).unwrap();
            for kind in [CompletionKind::Code, CompletionKind::Name] {
                let first = of(kind).next().unwrap();
                writeln!(said, "  ‹{}› {}", first.text, first.detail).unwrap();
            }
        }
    }
    said
}

fn links(trees: &Trees, path: &str) -> String {
    let file = trees.sources.read(path).expect("a file of the fixture");
    let links = rule_links(trees, file.id).into_iter();
    links
        .map(|link| format!("{} {} ({})\n", text(trees, link.span), link.address, link.title))
        .collect()
}

#[test]
fn suppressions_show_and_complete_rules() {
    let trees = trees();
    let path = common::repository().join("fixtures/editor/suppressions/expected.txt");
    let expected = fs::read_to_string(&path).unwrap();
    let places: Vec<&str> = expected
        .lines()
        .filter_map(|line| line.strip_prefix("== "))
        .collect();
    assert!(places.len() > 10, "there are only {} places", places.len());
    let sections = places.iter().map(|place| match place.strip_prefix("links ") {
        Some(path) => format!("== {place}\n{}", links(&trees, path)),
        None => format!("== {place}\n{}", at(&trees, place)),
    });
    let actual = sections.collect::<Vec<_>>().join("\n");
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        fs::write(&path, &actual).unwrap();
    } else {
        assert!(actual == expected, "{}:\n{actual}", path.display());
    }
}

#[test]
fn every_offset_can_be_asked_about() {
    let trees = trees();
    for path in ["main.tf", "main.bicep", "main.tf.json", "azuredeploy.json"] {
        let file = trees.sources.read(path).unwrap();
        for offset in 0..=u32::try_from(file.text.len()).unwrap() + 1 {
            rule_hover(&trees, file.id, offset);
            completions(&trees, file.id, offset);
        }
    }
}
