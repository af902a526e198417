//! Places in texts as the protocol counts them, told apart from the server's own counting.

use std::ops::Range as Bytes;

use gen_lsp_types::{Position, Range};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
}

pub(super) fn position(text: &str, offset: usize, encoding: Encoding) -> Position {
    let before = &text[..offset];
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let part = &before[start..];
    let character = match encoding {
        Encoding::Utf8 => part.len(),
        Encoding::Utf16 => part.encode_utf16().count(),
    };
    Position {
        line: u32::try_from(line).unwrap(),
        character: u32::try_from(character).unwrap(),
    }
}

/// The byte offset of a place that lies in the text; anything else is a fault of the server.
pub(super) fn offset(text: &str, position: Position, encoding: Encoding) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        start += text[start..].find('\n').expect("the line is in the text") + 1;
    }
    let mut left = position.character as usize;
    for (index, character) in text[start..].char_indices() {
        if left == 0 {
            return start + index;
        }
        assert_ne!(character, '\n', "{position:?} lies behind the end of its line");
        let width = match encoding {
            Encoding::Utf8 => character.len_utf8(),
            Encoding::Utf16 => character.len_utf16(),
        };
        left = left.checked_sub(width).expect("a place between two characters");
    }
    assert_eq!(left, 0, "{position:?} lies behind the end of the text");
    text.len()
}

pub(super) fn slice(text: &str, range: Range, encoding: Encoding) -> &str {
    &text[offset(text, range.start, encoding)..offset(text, range.end, encoding)]
}

/// What has to be replaced in one text, and by what, to get the other. No line end is cut in half.
pub(super) fn difference<'n>(old: &str, new: &'n str) -> (Bytes<usize>, &'n str) {
    let same = |(a, b): &(char, char)| a == b;
    let before: usize = old
        .chars()
        .zip(new.chars())
        .take_while(same)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let before = old[..before].trim_end_matches('\r').len();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let after: usize = {
        let pairs = old_rest.chars().rev().zip(new_rest.chars().rev());
        pairs.take_while(same).map(|(a, _)| a.len_utf8()).sum()
    };
    let kept = &old_rest[old_rest.len() - after..];
    let after = kept.trim_start_matches('\n').len();
    (before..old.len() - after, &new_rest[..new_rest.len() - after])
}
