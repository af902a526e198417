//! Every Terraform fixture, broken in one place at a time: no other top-level block may change.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::super::tree::{Block, Body, File};
use super::super::{Notation, dump, parse};
use crate::source::{FileId, Span};

/// How many places of one kind are broken in one top-level block: the first ones and then every so many.
const PLACES: usize = 1;

/// How many blocks of one file are broken, about.
const BLOCKS: usize = 2;

pub(super) fn fixtures() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("broken") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tf") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn range(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// Places in a block, with what each is replaced by.
fn mutations(block: &Block, text: &str) -> Vec<(&'static str, Range<usize>, &'static str)> {
    let whole = range(block.span);
    let mut places: Vec<(&'static str, Vec<Range<usize>>, &'static str)> = Vec::new();
    let mut values = Vec::new();
    collect_values(&block.body, &mut values);
    places.push(("value deleted", values.clone(), ""));
    places.push(("value half typed", values, "var."));
    let bytes = |wanted: u8| -> Vec<Range<usize>> {
        let found = text[whole.clone()]
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == wanted);
        found
            .map(|(index, _)| whole.start + index..whole.start + index + 1)
            .collect()
    };
    places.push(("quote deleted", bytes(b'"'), ""));
    places.push(("brace deleted", [bytes(b'{'), bytes(b'}')].concat(), ""));
    places.push(("bracket deleted", [bytes(b'['), bytes(b']')].concat(), ""));
    let line_starts = bytes(b'\n').into_iter().map(|at| at.end..at.end);
    places.push(("line inserted", line_starts.collect(), "  service_cidr = \n"));
    let line_starts = bytes(b'\n').into_iter().map(|at| at.end..at.end);
    places.push(("block begun", line_starts.collect(), "  network_profile {\n"));
    let mut start = whole.start;
    let mut halves = Vec::new();
    for line in text[whole.clone()].split_inclusive('\n') {
        let middle = (0..=line.len() / 2)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap();
        halves.push(start + middle..start + line.trim_end().len().max(middle));
        start += line.len();
    }
    places.push(("half a line deleted", halves, ""));
    let mut chosen = Vec::new();
    for (what, places, replacement) in places {
        let step = (places.len() / PLACES).max(1);
        chosen.extend(
            places
                .into_iter()
                .step_by(step)
                .map(|place| (what, place, replacement)),
        );
    }
    chosen
}

fn collect_values(body: &Body, values: &mut Vec<Range<usize>>) {
    for attribute in &body.attributes {
        values.push(range(attribute.value.span));
    }
    for block in &body.blocks {
        collect_values(&block.body, values);
    }
}

fn read(text: &str) -> File {
    parse(FileId(0), text, Notation::Native)
}

#[test]
fn one_broken_block_costs_no_other() {
    let mut changed = Vec::new();
    let mut mutated_blocks = 0;
    for path in fixtures() {
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = read(&text);
        if !whole.errors.is_empty() {
            continue;
        }
        let dumps: Vec<String> = whole
            .body
            .blocks
            .iter()
            .map(|block| dump::block(block, &text))
            .collect();
        let step = (whole.body.blocks.len() / BLOCKS).max(1);
        for (index, block) in whole.body.blocks.iter().enumerate().step_by(step) {
            mutated_blocks += 1;
            for (what, place, replacement) in mutations(block, &text) {
                let mut mutated = text.clone();
                mutated.replace_range(place.clone(), replacement);
                let read = read(&mutated);
                // A mutation can give valid text, as when a heredoc loses its end and takes that of another.
                if read.errors.is_empty() {
                    continue;
                }
                let mut found = read.body.blocks.iter().map(|block| dump::block(block, &mutated));
                let mut others = dumps.iter().enumerate().filter(|(other, _)| *other != index);
                if let Some((other, _)) = others.find(|(_, dump)| !found.any(|found| found == **dump)) {
                    changed.push(format!(
                        "{}: {what} at {} of block {index}: block {other} changed",
                        path.display(),
                        place.start
                    ));
                }
            }
        }
    }
    assert!(mutated_blocks > 100, "too few fixtures were found");
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
