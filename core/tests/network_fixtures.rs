//! Terraform in, the network out: each folder of `fixtures/network` holds files and the network that they
//! make, as `akslint network` prints it without places. `AKSLINT_BLESS=1` writes what comes out instead
//! of comparing.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use akslint_core::eval::deployment::Deployment;
use akslint_core::eval::terraform::deployment;
use akslint_core::eval::terraform::roots::roots;
use akslint_core::lower;
use akslint_core::report::network::without_places;
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

const EXPECTED: &str = "network.txt";

/// The networks of all deployments below a folder.
fn networks(folder: &Path) -> String {
    let mut files = common::files_below(folder);
    files.remove(EXPECTED);
    let settings = common::settings(None);
    let file_system = Arc::new(MemoryFileSystem::new(files));
    let discovered = discover(file_system.as_ref(), &settings.paths);
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let deployments: Vec<Deployment> = roots(&trees, &discovered, &settings)
        .iter()
        .map(|root| deployment(&trees, root, &settings.variables, &[], &lower::takes_part))
        .collect();
    let workspace = lower::Workspace::new(deployments.iter().collect());
    let mut text = String::new();
    for deployment in &deployments {
        let network = lower::network(deployment, &workspace);
        writeln!(text, "deployment {}", deployment.name).unwrap();
        text.push_str(&without_places(&network));
    }
    text
}

#[test]
fn lowers_terraform_to_the_network() {
    let folder = common::repository().join("fixtures/network");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(cases.len() >= 20, "there are only {} fixtures", cases.len());
    let mut different = Vec::new();
    for case in cases {
        let actual = networks(&case);
        let expected = case.join(EXPECTED);
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            fs::write(&expected, &actual).unwrap();
        }
        if fs::read_to_string(&expected).unwrap_or_default() != actual {
            different.push(format!("{}:\n{actual}", expected.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
