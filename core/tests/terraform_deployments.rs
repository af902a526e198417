//! Whole root modules to deployments: instances, when they exist, values, why some are unknown, and the
//! steps that led to each. Expected is what `fixtures/eval/terraform/deployments/<name>/expected.txt` says;
//! `AKSLINT_BLESS=1` rewrites it.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use akslint_core::eval::terraform::deployment;
use akslint_core::eval::terraform::roots::roots;
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

#[test]
fn deployments_are_as_recorded() {
    let folder = common::repository().join("fixtures/eval/terraform/deployments");
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    for case in cases {
        count += 1;
        let mut files = common::files_below(&case);
        let expected = files.remove("expected.txt").unwrap_or_default();
        let mut settings = common::settings(None);
        if let Some(text) = files.remove("settings.txt") {
            common::apply_settings(&String::from_utf8(text).unwrap(), &mut settings);
        }
        let file_system = Arc::new(MemoryFileSystem::new(files));
        let trees = Trees::new(Arc::new(Sources::new(file_system)));
        let discovered = discover(trees.sources.file_system(), &settings.paths);
        let mut text = String::new();
        for root in roots(&trees, &discovered, &settings) {
            let deployment = deployment(&trees, &root, &settings.variables, &[], &|_: &str| true);
            common::deployment_text::write(&deployment, &trees.sources, &mut text);
        }
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(case.join("expected.txt"), &text).unwrap();
        } else if text.as_bytes() != expected {
            wrong.push(format!("{}:\n{text}", case.display()));
        }
    }
    assert!(count > 0, "there are fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
