//! Texts and their trees: each `NAME.tf` (or other Terraform file) in fixtures/syntax and fixtures/broken has
//! its dump in `NAME.tf.txt`. With `AKSLINT_BLESS=1` the dumps are written anew.

use std::path::Path;

use super::super::{Notation, dump, parse};
use crate::source::FileId;

fn check(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fixtures")
        .join(folder);
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let found = dump::file(&parse(FileId(0), &text, Notation::of(&name)), &text);
        let expected = format!("{name}.txt");
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{name}\n{found}"));
        }
        count += 1;
    }
    assert!(count > 4);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn trees_of_valid_text() {
    check("syntax");
}

#[test]
fn trees_of_broken_text() {
    check("broken");
}
