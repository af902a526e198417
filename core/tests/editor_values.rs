//! What editors show of values: each folder of `fixtures/editor/values` holds files and `expected.txt`. A line
//! `== main.tf: cidr = var.‸cidr` names a place by a text that stands once in the file, with the cursor at
//! `‸`; below it stand the hover and the places to go to. `== hints main.tf` lists the hints of a file.
//! `== all main.tf: …` shows everything that is known, with links. `AKSLINT_BLESS=1` writes what comes out instead of comparing.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::editor::{Surroundings, View, hover, origins, value_hints, value_hover, views};
use akslint_core::settings::Settings;
use akslint_core::source::{FileId, MemoryFileSystem, Sources, Span};
use akslint_core::syntax::Trees;

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
        Self::with(files, common::settings(None))
    }

    fn with(files: &BTreeMap<String, Vec<u8>>, settings: Settings) -> Self {
        let file_system = Arc::new(MemoryFileSystem::new(files.clone()));
        let trees = Trees::new(Arc::new(Sources::new(file_system)));
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

    fn file(&self, path: &str) -> FileId {
        self.trees.sources.read(path).expect("a file of the fixture").id
    }

    /// `main.tf:3 ‹var.cidr›`
    fn shown(&self, span: Span) -> String {
        let file = self.trees.sources.file(span.file);
        let text = &file.text[span.start as usize..span.end as usize];
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let more = if lines.next().is_some() { "…" } else { "" };
        format!("{}:{} ‹{first}{more}›", file.path, file.position(span.start).line)
    }

    /// `main.tf: cidr = var.‸cidr`: the file and the offset.
    fn place(&self, place: &str) -> (FileId, u32) {
        let (path, snippet) = place.split_once(": ").expect("a file and a text");
        let file = self.trees.sources.read(path).expect("a file of the fixture");
        let (before, after) = snippet.split_once(CURSOR).expect("a cursor");
        let wanted = format!("{before}{after}");
        let found: Vec<usize> = file.text.match_indices(&wanted).map(|(at, _)| at).collect();
        assert_eq!(found.len(), 1, "{path} has `{wanted}` not once");
        (file.id, u32::try_from(found[0] + before.len()).unwrap())
    }

    fn answer(&self, question: &str) -> String {
        let mut text = String::new();
        if let Some(path) = question.strip_prefix("hints ") {
            let file = self.trees.sources.read(path).expect("a file of the fixture");
            let range = Span::new(file.id, 0, file.text.len());
            for hint in self.ask(|around| value_hints(around, range)) {
                writeln!(text, "{} {}", self.shown(hint.span), hint.label).unwrap();
                if let Some(tooltip) = hint.tooltip {
                    writeln!(text, "    {}", tooltip.replace('\n', "\n    ")).unwrap();
                }
            }
            return text;
        }
        if let Some(place) = question.strip_prefix("all ") {
            let (file, offset) = self.place(place);
            let address = |path: &str, line: u32| Some(format!("file:///work/{path}#L{line}"));
            let shown = self.ask(|around| hover(around, file, offset, &address)).unwrap();
            return format!("{}\n{}\n", self.shown(shown.span), shown.markdown);
        }
        let (file, offset) = self.place(question);
        let hover = self.ask(|around| value_hover(around, file, offset, &|_, _| None));
        let Some(hover) = hover else {
            return "nothing\n".to_owned();
        };
        assert_eq!(hover.span.file, file);
        writeln!(text, "{}\n{}", self.shown(hover.span), hover.markdown).unwrap();
        for origin in self.ask(|around| origins(around, file, offset)) {
            writeln!(text, "-> {}: {}", self.shown(origin.span), origin.what).unwrap();
        }
        text
    }

    fn answers(&self, expected: &str) -> String {
        let questions = expected.lines().filter_map(|line| line.strip_prefix("== "));
        let sections = questions.map(|question| format!("== {question}\n{}", self.answer(question)));
        sections.collect::<Vec<_>>().join("\n")
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = common::repository().join("fixtures/editor/values");
    let entries = fs::read_dir(&folder).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

fn files(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = common::files_below(case);
    files.retain(|path, _| !path.ends_with(".txt"));
    files
}

#[test]
fn places_show_their_values() {
    let mut different = Vec::new();
    for case in cases() {
        let workspace = Workspace::new(&files(&case));
        let path = case.join("expected.txt");
        let expected = fs::read_to_string(&path).unwrap();
        let actual = workspace.answers(&expected);
        assert!(actual.len() > 1_000, "{} says next to nothing", path.display());
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            fs::write(&path, &actual).unwrap();
        } else if actual != expected {
            different.push(format!("{}:\n{actual}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn ends_of_lines_and_byte_order_marks_change_nothing() {
    for case in cases() {
        let files = files(&case).into_iter().map(|(path, bytes)| {
            let text = String::from_utf8(bytes).unwrap();
            (
                path,
                format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
            )
        });
        let workspace = Workspace::new(&files.collect());
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap();
        let actual = workspace.answers(&expected);
        let differs = actual
            .lines()
            .zip(expected.lines())
            .find(|(one, other)| one != other);
        assert_eq!(differs, None, "{}", case.display());
        assert_eq!(actual.len(), expected.len(), "{}", case.display());
    }
}

#[test]
fn no_secret_is_shown_anywhere() {
    let secret = "correct horse battery staple";
    let mut holding = 0;
    for case in cases() {
        let files = files(&case);
        let workspace = Workspace::new(&files);
        for (path, bytes) in &files {
            let text = String::from_utf8(bytes.clone()).unwrap();
            holding += usize::from(text.contains(secret));
            let file = workspace.file(path);
            for (offset, _) in text.char_indices().step_by(4) {
                let offset = u32::try_from(offset).unwrap();
                let hover = workspace.ask(|around| value_hover(around, file, offset, &|_, _| None));
                if let Some(hover) = hover {
                    let shown = hover.markdown.to_lowercase();
                    assert!(!shown.contains(secret), "{path}:{offset} shows {shown}");
                }
            }
        }
    }
    assert!(holding >= 3, "only {holding} files hold a secret");
}

#[test]
fn the_configuration_of_a_plan_has_the_values_of_the_plan() {
    let mut files = files(&common::repository().join("fixtures/plans/kubenet-route-table"));
    let plan = String::from_utf8(files["plan.json"].clone()).unwrap();
    let value = |range: &str| format!("\"pod_cidr\":{{\"value\":\"{range}\"}}");
    let planned = plan.replace(&value("10.244.0.0/16"), &value("10.99.0.0/16"));
    assert_ne!(planned, plan);
    files.insert("plan.json".to_owned(), planned.into_bytes());
    let mut settings = common::settings(None);
    settings.paths = vec!["plan.json".to_owned()];
    let workspace = Workspace::with(&files, settings);
    let answer = workspace.answer("main.tf: pod_cidr       = var.pod‸_cidr");
    assert!(
        answer.contains("\"10.99.0.0/16\""),
        "{answer} is not what is planned"
    );
}

#[test]
fn every_offset_can_be_asked_about() {
    let mut said = 0;
    // Each offset of the half-typed file, and samples of the others.
    let step = |case: &PathBuf| if case.ends_with("unknowns") { 1 } else { 7 };
    let mut folders: Vec<(PathBuf, usize)> = cases()
        .into_iter()
        .map(|case| (case.clone(), step(&case)))
        .collect();
    for folder in [
        "broken",
        "demo",
        "parity/hub-spoke/arm",
        "parity/hub-spoke/terraform-json",
        "workspaces/broken",
        "workspaces/shop",
    ] {
        folders.push((common::repository().join("fixtures").join(folder), 41));
    }
    for (folder, step) in folders {
        let workspace = Workspace::new(&files(&folder));
        let files: Vec<FileId> = workspace
            .views
            .iter()
            .flat_map(|view| view.deployment.files.clone())
            .collect();
        for file in files {
            let length = u32::try_from(workspace.trees.sources.file(file).text.len()).unwrap();
            // One past the end too: an editor's text may be shorter by now.
            for offset in (0..=length + 1).step_by(step) {
                let hover = workspace.ask(|around| value_hover(around, file, offset, &|_, _| None));
                said += usize::from(hover.is_some());
            }
            let range = Span::new(file, 0, length as usize + 1);
            workspace.ask(|around| value_hints(around, range));
        }
    }
    assert!(said > 1_000, "only {said} offsets say something");
}
