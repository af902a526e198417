//! ARM templates and Bicep files to deployments. Expected is what
//! `fixtures/eval/<language>/deployments/<name>/expected.txt` says; `AKSLINT_BLESS=1` rewrites it.

#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use akslint_core::eval::roots::{deployment, roots};
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

#[test]
fn templates_deploy_as_recorded() {
    deployments_are_as_recorded("fixtures/eval/arm/deployments");
}

fn deployments_are_as_recorded(folder: &str) {
    let mut wrong = Vec::new();
    let mut cases: Vec<_> = std::fs::read_dir(common::repository().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "there are fixtures in {folder}");
    for case in cases {
        let mut files = common::files_below(&case);
        let expected = files.remove("expected.txt").unwrap_or_default();
        let settings = common::settings(None);
        let file_system = Arc::new(MemoryFileSystem::new(files));
        let trees = Trees::new(Arc::new(Sources::new(file_system)));
        let discovered = discover(trees.sources.file_system(), &settings.paths);
        let mut text = String::new();
        for root in roots(&trees, &discovered, &settings).roots {
            let deployment = deployment(&trees, &root, &settings, &[], &|_: &str| true);
            common::deployment_text::write(&deployment, &trees.sources, &mut text);
        }
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(case.join("expected.txt"), &text).unwrap();
        } else if text.as_bytes() != expected {
            wrong.push(format!("{}:\n{text}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
#[test]
fn bicep_files_deploy_as_recorded() {
    deployments_are_as_recorded("fixtures/eval/bicep/deployments");
}
