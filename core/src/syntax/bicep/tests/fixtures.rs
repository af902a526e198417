//! Texts and their trees: each file in fixtures/syntax/bicep has its dump in `NAME.txt`. With
//! `AKSLINT_BLESS=1` the dumps are written anew.

use std::path::Path;

use super::super::{dump, parse};
use crate::source::FileId;

#[test]
fn trees_of_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/syntax/bicep");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if name.ends_with(".txt") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let file = parse(FileId(0), &text);
        let is_broken = name.contains("broken");
        assert_eq!(is_broken, !file.errors.is_empty(), "{name}: {:?}", file.errors);
        let found = dump::file(&file, &text);
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
