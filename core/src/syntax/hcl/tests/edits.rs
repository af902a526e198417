//! A text that is edited again and again: reading what an edit changed gives the tree that reading all of it
//! gives.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::tree::File;
use super::super::{Notation, parse, parse_again};
use super::mutations::fixtures;
use crate::source::FileId;

/// What people and editors put into a file, whole and half.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\\",
    "=",
    ",",
    ".",
    "#",
    "//",
    "/*",
    "*/",
    "${",
    "%{",
    "<<EOT\n",
    "\nEOT\n",
    "<<-EOT\n",
    "a",
    "ä",
    "\u{feff}",
    "\u{1f600}",
    " = ",
    "a = 1\n",
    "\na = 1\n",
    "a = \n",
    "  service_cidr = \n",
    "  network_profile {\n",
    "\"}{\"",
    "\"${a[\"b\"]}\"",
    "/* { \" */",
    "# }\n",
    "# akslint: ignore AKS110\n",
    "\nresource \"azurerm_subnet\" \"a\" {\n",
    "resource \"a\" \"b\" {\n}\n",
    "\nlocals {\n",
    "\nlocals {\n  a = 1\n}\n",
    "\nterraform {}\n",
    "variable \"a\" {",
    "\ndata \"a\" \"b\" {}\n",
    "for a in b : ",
];

/// How often each text is edited.
const EDITS: usize = 10;

/// Larger files are left out: they hold nothing that small ones do not, and the test takes its time.
const MAXIMUM_BYTES: usize = 2_500;

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn place(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap()
    }
}

fn edit(text: &mut String, numbers: &mut Numbers) {
    let at = numbers.place(text);
    match numbers.below(10) {
        // Paste a part of the text.
        0 => {
            let from = numbers.place(text);
            let length = numbers.below(400);
            let part: String = text[from..].chars().take(length).collect();
            text.insert_str(at, &part);
        }
        // Take away a part.
        1 => {
            let length = numbers.below(200);
            let end = at + text[at..].chars().take(length).map(char::len_utf8).sum::<usize>();
            text.replace_range(at..end, "");
        }
        // Take away a line.
        2 => {
            let start = text[..at].rfind('\n').map_or(0, |line_end| line_end + 1);
            let end = text[at..]
                .find('\n')
                .map_or(text.len(), |line_end| at + line_end + 1);
            text.replace_range(start..end, "");
        }
        3 => text.truncate(at.max(text.len() / 2)),
        // At the start of a line, and of the file.
        4 => {
            let start = text[..at].rfind('\n').map_or(0, |line_end| line_end + 1);
            text.insert_str(start, PIECES[numbers.below(PIECES.len())]);
        }
        5 if numbers.below(10) == 0 => text.insert(0, '\u{feff}'),
        6 if numbers.below(10) == 0 => *text = text.trim_start_matches('\u{feff}').to_owned(),
        7 if numbers.below(20) == 0 => *text = text.replace('\n', "\r\n"),
        // Over one letter.
        8 => {
            let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
            text.replace_range(at..end, PIECES[numbers.below(PIECES.len())]);
        }
        _ => text.insert_str(at, PIECES[numbers.below(PIECES.len())]),
    }
}

fn check(previous: File, previous_text: &str, text: &str, path: &Path) -> File {
    let again = parse_again(
        FileId(3),
        text,
        Notation::Native,
        Arc::new(previous),
        previous_text,
    );
    let whole = parse(FileId(3), text, Notation::Native);
    let (found, expected) = (format!("{again:?}"), format!("{whole:?}"));
    assert!(
        found == expected,
        "{}\nbefore: {previous_text:?}\nafter: {text:?}\n{found}\n{expected}",
        path.display()
    );
    again
}

/// Files with their texts: single ones, and a large one of several that have nothing else in common.
fn texts() -> Vec<(PathBuf, String)> {
    let broken = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/broken");
    let broken = std::fs::read_dir(broken)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let broken = broken.filter(|path| path.extension().is_some_and(|extension| extension == "tf"));
    let mut texts: Vec<(PathBuf, String)> = fixtures()
        .into_iter()
        .chain(broken)
        .map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()))
        .filter(|(_, text)| text.len() < MAXIMUM_BYTES)
        .collect();
    let joined: String = texts
        .iter()
        .step_by(17)
        .map(|(_, text)| text.as_str())
        .take(12)
        .collect();
    texts.push((PathBuf::from("joined"), joined));
    texts
}

#[test]
fn reading_again_gives_what_reading_all_gives() {
    let mut numbers = Numbers(20);
    let texts = texts();
    assert!(texts.len() > 100);
    for (path, original) in texts {
        let mut text = original.clone();
        let mut tree = parse(FileId(3), &text, Notation::Native);
        for _ in 0..EDITS {
            let previous_text = text.clone();
            for _ in 0..=numbers.below(2) {
                edit(&mut text, &mut numbers);
            }
            tree = check(tree, &previous_text, &text, &path);
            // Undone now and then, so that the text stays one that somebody could have written.
            if numbers.below(4) == 0 {
                tree = check(tree, &text, &original, &path);
                text.clone_from(&original);
            }
        }
    }
}
