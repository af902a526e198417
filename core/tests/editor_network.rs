//! What editors show of a network at a place: each folder of `fixtures/editor/network` holds files and
//! `hover.txt`. A line `== main.tf: service_cidr = "10.0.‸0.0/16"` names a place by a text that stands once
//! in the file, with the cursor at `‸`; below it is what is shown there. `AKSLINT_BLESS=1` writes what comes
//! out instead of comparing. `== hints main.tf` lists the hints about capacity in a file.
//!
//! `fixtures/editor/parity` does the same for the networks of `fixtures/parity`: the places of one section,
//! one for each language, all show what stands below them. There, lines of files and what a language calls a
//! property are left out.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::editor::{HintKind, Hover, Surroundings, View, capacity_hints, network_hover, views};
use akslint_core::settings::Settings;
use akslint_core::source::{FileId, MemoryFileSystem, Sources, Span};
use akslint_core::syntax::Trees;
use rayon::prelude::*;

const CURSOR: char = '‸';

/// A workspace as an editor sees it.
struct Workspace {
    trees: Trees,
    settings: Settings,
    views: Vec<View>,
    allowed: Vec<String>,
}

impl Workspace {
    fn new(files: &BTreeMap<String, Vec<u8>>) -> Self {
        let file_system = Arc::new(MemoryFileSystem::new(files.clone()));
        let trees = Trees::new(Arc::new(Sources::new(file_system)));
        let settings = common::settings(None);
        let (views, allowed) = views(&trees, &settings);
        Workspace {
            trees,
            settings,
            views,
            allowed,
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let views: Vec<&View> = self.views.iter().collect();
        question(&Surroundings {
            trees: &self.trees,
            settings: &self.settings,
            allowed: &self.allowed,
            views: &views,
        })
    }

    fn text(&self, file: FileId) -> String {
        self.trees.sources.file(file).text.clone()
    }

    /// `main.tf: cidr = "10.‸0.0.0/16"`: the file and the offset.
    fn place(&self, place: &str) -> (FileId, u32) {
        let (path, snippet) = place.split_once(": ").expect("a file and a text");
        let file = self.trees.sources.read(path).expect("a file of the fixture");
        let (before, after) = snippet.split_once(CURSOR).expect("a cursor");
        let wanted = format!("{before}{after}");
        let start = file.text.find(&wanted);
        let start = start.unwrap_or_else(|| panic!("{path} has no `{wanted}`"));
        assert_eq!(
            file.text.matches(&wanted).count(),
            1,
            "{path} has `{wanted}` more than once"
        );
        (file.id, u32::try_from(start + before.len()).unwrap())
    }

    /// `3: ‹"10.0.0.0/24"› usable 251 · 8 nodes fit`, a line for each hint of a file.
    fn hints(&self, path: &str) -> String {
        let file = self.trees.sources.read(path).expect("a file of the fixture");
        let whole = Span::new(file.id, 0, file.text.len());
        let hints = self.ask(|around| capacity_hints(around, whole, &|_, _| None));
        let lines = hints.into_iter().map(|hint| {
            assert_eq!(hint.kind, HintKind::Capacity);
            let text = &file.text[hint.span.start as usize..hint.span.end as usize];
            let line = file.position(hint.span.start).line;
            let several = hint.label.contains('…').then_some(hint.tooltip).flatten();
            format!("{line}: ‹{text}› {}\n{}", hint.label, several.unwrap_or_default())
        });
        lines.collect()
    }

    /// What is shown, after the text that it is about.
    fn hover(&self, place: &str) -> String {
        let (file, offset) = self.place(place);
        let hover = self.ask(|around| network_hover(around, file, offset, &|_, _| None));
        let Some(Hover { span, markdown }) = hover else {
            return "nothing\n".to_owned();
        };
        assert_eq!(span.file, file);
        let text = self.text(file);
        format!("‹{}›\n{markdown}", &text[span.start as usize..span.end as usize])
    }
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = common::repository().join(folder);
    let entries = fs::read_dir(&folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn files(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = common::files_below(case);
    files.retain(|path, _| !path.ends_with(".txt"));
    files
}

fn places(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("== ")).collect()
}

#[test]
fn places_show_what_the_network_says() {
    let mut different = Vec::new();
    for case in cases("fixtures/editor/network") {
        let workspace = Workspace::new(&files(&case));
        let path = case.join("hover.txt");
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let places = places(&expected);
        assert!(!places.is_empty(), "{} names no place", path.display());
        let sections = places.iter().map(|place| match place.strip_prefix("hints ") {
            Some(path) => format!("== {place}\n{}", workspace.hints(path)),
            None => format!("== {place}\n{}", workspace.hover(place)),
        });
        let actual = sections.collect::<Vec<_>>().join("\n");
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            fs::write(&path, &actual).unwrap();
        } else if actual != expected {
            different.push(format!("{}:\n{actual}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// What a hover says whatever the language: without the span, places in files, and the names of properties.
fn in_any_language(hover: &str) -> String {
    let mut text = String::new();
    for line in hover.lines().skip(1) {
        let cells: Vec<String> = line.split('|').map(|cell| without_place(cell.trim())).collect();
        let is_rule = |cell: &String| !cell.is_empty() && cell.chars().all(|character| character == '-');
        if cells.iter().any(is_rule) {
            continue;
        }
        text.push_str(cells.join(" | ").trim());
        text.push('\n');
    }
    text
}

fn without_place(cell: &str) -> String {
    let is_place = |word: &str| {
        let word = word.trim_end_matches([')', '.', ',', ';']);
        word.rsplit_once(':')
            .is_some_and(|(path, line)| path.contains('.') && line.parse::<u32>().is_ok())
    };
    let words: Vec<&str> = cell.split(' ').collect();
    match words.iter().position(|word| is_place(word)) {
        None => cell.to_owned(),
        // `min_count (main.tf:12)` is all about the file.
        Some(at) if words[at].starts_with('(') && at == 1 => String::new(),
        Some(at) => words[..at].join(" ").trim_end_matches(" (").to_owned(),
    }
}

#[test]
fn one_network_says_the_same_in_every_language() {
    let mut different = Vec::new();
    let mut compared = 0;
    let entries = fs::read_dir(common::repository().join("fixtures/editor/parity")).unwrap();
    for entry in entries {
        let path = entry.unwrap().path();
        let network = path.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = common::repository().join("fixtures/parity").join(&network);
        let workspaces: BTreeMap<&str, Workspace> = ["terraform", "terraform-json", "arm", "bicep"]
            .map(|language| (language, Workspace::new(&files(&folder.join(language)))))
            .into();
        let expected = fs::read_to_string(&path).unwrap();
        let mut actual = String::new();
        let mut section: Vec<(&str, String)> = Vec::new();
        for line in expected.lines().chain([""]) {
            if let Some(place) = line.strip_prefix("== ") {
                let (language, place) = place.split_once(' ').expect("a language and a place");
                section.push((line, in_any_language(&workspaces[language].hover(place))));
                continue;
            }
            for (place, said) in &section {
                actual.push_str(&format!("{place}\n"));
                compared += 1;
                if *said != section[0].1 {
                    different.push(format!(
                        "{network}: {place} says\n{said}instead of\n{}",
                        section[0].1
                    ));
                }
            }
            if let Some((_, said)) = section.first() {
                actual.push_str(&format!("{said}\n"));
            }
            section.clear();
        }
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            fs::write(&path, &actual).unwrap();
        } else if actual != expected {
            different.push(format!("{}:\n{actual}", path.display()));
        }
    }
    assert!(compared >= 30, "only {compared} places are compared");
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// Every folder of fixtures with a whole workspace in it.
fn workspaces() -> Vec<PathBuf> {
    let mut folders = cases("fixtures/editor/network");
    folders.extend(cases("fixtures/network"));
    folders.push(common::repository().join("fixtures/broken"));
    for case in cases("fixtures/parity") {
        folders.extend(["terraform", "arm", "bicep"].map(|language| case.join(language)));
    }
    folders
}

#[test]
fn every_offset_of_every_fixture_can_be_asked_about() {
    let address = |path: &str, line: u32| Some(format!("file:///work/{path}#L{line}"));
    let asked_in = |folder: PathBuf| {
        let (mut asked, mut said) = (0, 0);
        let workspace = Workspace::new(&files(&folder));
        workspace.ask(|around| {
            for view in around.views {
                for file in &view.deployment.files {
                    let length = workspace.text(*file).len();
                    capacity_hints(around, Span::new(*file, 0, length), &address);
                    // One past the end too: an editor's text may be shorter by now.
                    for offset in 0..=u32::try_from(length).unwrap() + 1 {
                        asked += 1;
                        said += usize::from(network_hover(around, *file, offset, &address).is_some());
                    }
                }
            }
        });
        (asked, said)
    };
    let counts = workspaces().into_par_iter().map(asked_in);
    let (asked, said) = counts.reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    assert!(
        asked > 100_000 && said > 10_000,
        "{said} of {asked} offsets say something"
    );
}

/// The folders of the fixtures of the rules about capacity.
fn capacity_rules() -> Vec<PathBuf> {
    let is_about_capacity = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with("AKS20") || name.starts_with("AKS216")
    };
    let rules = cases("fixtures/rules").into_iter().filter(is_about_capacity);
    rules
        .flat_map(|rule| cases(rule.strip_prefix(common::repository()).unwrap().to_str().unwrap()))
        .collect()
}

#[test]
fn hovers_have_the_numbers_of_the_rules() {
    let (mut found, mut balanced) = (0, 0);
    let mut different = Vec::new();
    let folders = workspaces().into_iter().chain(capacity_rules());
    for folder in folders.filter(|folder| folder.is_dir()) {
        let files = files(&folder);
        let workspace = Workspace::new(&files);
        let analysis = common::check(&files, &common::settings(None));
        let suppressed = analysis.suppressed.iter().map(|suppressed| &suppressed.finding);
        let findings: Vec<_> = analysis.findings.iter().chain(suppressed).collect();
        let codes = [
            "AKS201", "AKS202", "AKS203", "AKS204", "AKS205", "AKS206", "AKS207", "AKS216",
        ];
        let about_capacity = findings
            .iter()
            .filter(|finding| codes.contains(&finding.rule.code));
        for finding in about_capacity {
            let Some((needed, _)) = finding.message.split_once(", but ") else {
                continue;
            };
            let needed = needed.trim_start_matches("an upgrade needs ");
            found += 1;
            let labels = std::iter::once(&finding.primary).chain(&finding.related);
            let says_so = labels.into_iter().any(|label| {
                let path = &analysis.sources.file(label.span.file).path;
                let file = workspace.trees.sources.read(path).unwrap().id;
                let hover =
                    workspace.ask(|around| network_hover(around, file, label.span.start, &|_, _| None));
                hover.is_some_and(|hover| hover.markdown.contains(needed))
            });
            if !says_so {
                different.push(format!("{}: no hover says {}", folder.display(), finding.message));
            }
        }
        // The other way round: where a hover says that addresses are too few, a rule does.
        for view in &workspace.views {
            for subnet in &view.network.subnets {
                let span = subnet.declared.from.nearest().span;
                // What is only read from another deployment has its hover from that one.
                if !view.deployment.files.contains(&span.file) {
                    continue;
                }
                let hover =
                    workspace.ask(|around| network_hover(around, span.file, span.start, &|_, _| None));
                let Some(hover) = hover else { continue };
                let is_table =
                    hover.markdown.starts_with("**Subnet ") && hover.markdown.contains("| left of");
                if !is_table || hover.markdown.contains(" possibilities") {
                    continue;
                }
                let table = hover.markdown.split("**Pods in").next().unwrap();
                balanced += 1;
                let title = hover.markdown.trim_start_matches("**Subnet ");
                let name = title.split("**").next().unwrap();
                let is_found = findings.iter().any(|finding| {
                    let is_about_subnets =
                        ["AKS201", "AKS202", "AKS203", "AKS204"].contains(&finding.rule.code);
                    is_about_subnets
                        && finding.deployments.contains(&view.network.name)
                        && finding.message.contains(&format!("subnet {name} ("))
                });
                if is_found != table.contains("too few") {
                    let says = &hover.markdown;
                    different.push(format!("{}: {name}: rules {is_found}\n{says}", folder.display()));
                }
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(
        found > 30 && balanced > 30,
        "{found} findings and {balanced} subnets are compared"
    );
}
