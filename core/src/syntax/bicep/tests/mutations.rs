//! Every own file, broken in one place at a time: no other statement may change.

use std::ops::Range;
use std::path::Path;

use super::super::tree::File;
use super::super::{dump, parse};
use crate::source::FileId;

fn read(text: &str) -> File {
    parse(FileId(0), text)
}

/// Places in a statement, with what each is replaced by.
fn mutations(whole: Range<usize>, text: &str) -> Vec<(&'static str, Range<usize>, &'static str)> {
    let mut places: Vec<(&'static str, Range<usize>, &'static str)> = Vec::new();
    for (at, byte) in text[whole.clone()].bytes().enumerate() {
        let at = whole.start + at;
        let what = match byte {
            b'\'' => "quote deleted",
            b'{' | b'}' => "brace deleted",
            b'[' | b']' => "bracket deleted",
            b'(' | b')' => "parenthesis deleted",
            b':' | b'=' | b',' => "mark deleted",
            _ => continue,
        };
        places.push((what, at..at + 1, ""));
    }
    let mut start = whole.start;
    for line in text[whole.clone()].split_inclusive('\n') {
        let middle = (0..=line.len() / 2)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap();
        let end = start + line.trim_end().len().max(middle);
        places.push(("half a line deleted", start + middle..end, ""));
        start += line.len();
        if start < whole.end {
            places.push(("property begun", start..start, "  vnetSubnetID: \n"));
            places.push(("object begun", start..start, "  networkProfile: {\n"));
            places.push(("reference begun", start..start, "  vnetSubnetID: vnet.\n"));
        }
    }
    places
}

#[test]
fn one_broken_statement_costs_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/syntax/bicep");
    let mut changed = Vec::new();
    let mut mutated_statements = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for path in files {
        let name = path.to_str().unwrap();
        if name.ends_with(".txt") || name.contains("broken") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = read(&text);
        let dumps: Vec<String> = whole
            .statements
            .iter()
            .map(|statement| dump::statement(statement, &text))
            .collect();
        for (index, statement) in whole.statements.iter().enumerate() {
            let range = statement.span.start as usize..statement.span.end as usize;
            // A quote of a text over several lines less makes another text of what follows.
            if text[range.clone()].contains("'''") {
                continue;
            }
            mutated_statements += 1;
            for (what, place, replacement) in mutations(range, &text) {
                let mut mutated = text.clone();
                mutated.replace_range(place.clone(), replacement);
                let read = read(&mutated);
                if read.errors.is_empty() {
                    continue;
                }
                let mut found = read
                    .statements
                    .iter()
                    .map(|statement| dump::statement(statement, &mutated));
                let mut others = dumps.iter().enumerate().filter(|(other, _)| *other != index);
                if let Some((other, _)) = others.find(|(_, dump)| !found.any(|found| found == **dump)) {
                    changed.push(format!(
                        "{}: {what} at {} of statement {index}: statement {other} changed\n{}",
                        path.display(),
                        place.start,
                        mutated
                            .get(place.start.saturating_sub(60)..(place.start + 60).min(mutated.len()))
                            .unwrap_or_default(),
                    ));
                }
            }
        }
    }
    assert!(mutated_statements > 40, "too few files were found");
    assert!(changed.is_empty(), "{} {}", changed.len(), changed.join("\n"));
}
