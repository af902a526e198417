//! What can be kept of a JSON text that does not parse.

use super::tree::File;
use super::{Broken, Commas, Reader};

/// How many broken lines are passed over before only what stands above the first one is read.
const MAXIMUM_BROKEN_LINES: usize = 8;

pub(super) fn read(reader: &Reader, text: &str, first: Broken) -> Option<File> {
    let first_at = first.range.start;
    if let Ok(read) = reader.read(text, Commas::MayBeMissing) {
        return Some(read);
    }
    without_broken_lines(reader, text, first)
        .or_else(|| reader.read(&closed(text, first_at), Commas::MayBeMissing).ok())
}

/// The text with the lines blanked that stop the parser.
fn without_broken_lines(reader: &Reader, text: &str, first: Broken) -> Option<File> {
    let mut text = text.to_owned();
    let mut broken = first;
    for _ in 0..MAXIMUM_BROKEN_LINES {
        text = blanked(&text, broken.range.start)?;
        match reader.read(&text, Commas::MayBeMissing) {
            Ok(read) => return Some(read),
            Err(next) => broken = next,
        }
    }
    None
}

/// The text with spaces in place of the line at an offset, or of the nearest line above it that has more
/// than brackets: those stay. Every byte keeps its place. None when nothing is left to blank.
fn blanked(text: &str, offset: usize) -> Option<String> {
    let end = boundary(text, offset);
    let mut line_end = text[end..].find('\n').map_or(text.len(), |length| end + length);
    loop {
        let line_start = text[..line_end].rfind('\n').map_or(0, |newline| newline + 1);
        let line = &text[line_start..line_end];
        let is_bracket = |byte: u8| matches!(byte, b'{' | b'}' | b'[' | b']');
        let is_content = |byte: u8| !byte.is_ascii_whitespace() && byte != b',' && !is_bracket(byte);
        if line.bytes().any(is_content) {
            let kept = |byte: u8| if is_bracket(byte) { char::from(byte) } else { ' ' };
            let blank: String = line.bytes().map(kept).collect();
            return Some([&text[..line_start], &blank, &text[line_end..]].concat());
        }
        line_end = line_start.checked_sub(1)?;
    }
}

/// The text up to the last whole element before an offset, with every bracket closed that is open there.
fn closed(text: &str, offset: usize) -> String {
    let end = boundary(text, offset);
    let mut open: Vec<char> = Vec::new();
    let mut whole = 0;
    let mut depth = 0;
    let mut in_text = false;
    let mut characters = text[..end].char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if in_text => {
                characters.next();
                continue;
            }
            '"' => {
                in_text = !in_text;
                continue;
            }
            _ if in_text => continue,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                open.pop();
            }
            ',' => {
                whole = at;
                depth = open.len();
                continue;
            }
            _ => continue,
        }
        whole = at + 1;
        depth = open.len();
    }
    // Since the last whole element no bracket was opened or closed, so the stack is as it was there.
    let mut kept = text[..whole].to_owned();
    kept.extend(open.iter().take(depth).rev());
    kept
}

fn boundary(text: &str, offset: usize) -> usize {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
