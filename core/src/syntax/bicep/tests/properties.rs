//! What holds for every text.

use proptest::prelude::*;

use super::super::{dump, parse};
use crate::source::FileId;

fn check(text: &str) {
    let file = parse(FileId(0), text);
    // The dump shows the text of every span.
    let dumped = dump::file(&file, text);
    assert!(!dumped.contains("<no such text>"), "{dumped}");
}

const RESOURCES: &str = include_str!("../../../../../fixtures/syntax/bicep/resources.bicep");
const EXPRESSIONS: &str = include_str!("../../../../../fixtures/syntax/bicep/expressions.bicep");
const TYPES: &str = include_str!("../../../../../fixtures/syntax/bicep/types.bicep");

fn mutated(text: &str, places: &[(prop::sample::Index, String)]) -> String {
    let mut text = text.to_owned();
    for (place, piece) in places {
        let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let at = place.index(starts.len());
        let end = starts
            .get(at + piece.chars().count())
            .copied()
            .unwrap_or(text.len());
        text.replace_range(starts[at]..end, piece);
    }
    text
}

/// Pieces that mean something to the parser.
const PIECE: &str = r##"[a{}()\[\]'$?!=:,.|<>@^\n\r\t#/*+ ä\\-]{0,4}|resource a 'b' = \{\n|'''|\$'''|\$\{|for |if \(|param a |=> |\.\.\."##;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in prop::collection::vec(PIECE, 0..40)) {
        check(&text.concat());
    }

    #[test]
    fn any_characters_are_read(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn changed_text_is_read(
        text in prop::sample::select(vec![RESOURCES, EXPRESSIONS, TYPES]),
        places in prop::collection::vec((any::<prop::sample::Index>(), PIECE), 1..4),
    ) {
        check(&mutated(text, &places));
    }
}

/// The dump without the line ends that a variant adds.
fn plain(text: &str) -> String {
    let file = parse(FileId(0), text);
    assert_eq!(file.errors, []);
    dump::file(&file, text).replace("\\r", "")
}

#[test]
fn a_byte_order_mark_only_moves_the_spans() {
    for text in [RESOURCES, EXPRESSIONS, TYPES] {
        assert_eq!(plain(&format!("\u{feff}{text}")), plain(text));
    }
}

#[test]
fn line_ends_of_windows_only_move_the_spans() {
    // Where a dump shortens a text depends on its length.
    for text in [RESOURCES, EXPRESSIONS, TYPES] {
        let kinds = |dump: String| -> Vec<String> {
            let heads = dump
                .lines()
                .map(|line| line.split('‹').next().unwrap_or_default());
            heads.map(str::to_owned).collect()
        };
        assert_eq!(kinds(plain(&text.replace('\n', "\r\n"))), kinds(plain(text)));
    }
}
