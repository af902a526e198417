//! What `terraform fmt` aligns: the `=` of attributes on consecutive lines, and the comments behind them.
//! <https://github.com/hashicorp/hcl/blob/main/hclwrite/format.go>

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::Edit;
use crate::source::discovery::{is_configuration, is_variable_file};
use crate::source::{SourceFile, Span};

/// The edits together with the blanks that they ask of their neighbours, if those are aligned now. The
/// edits are sorted and do not overlap.
pub(super) fn aligned(file: &SourceFile, edits: Vec<Edit>) -> Vec<Edit> {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    let is_native = is_configuration(name) || is_variable_file(name);
    let Some((after, seeds)) = is_native.then(|| applied(&file.text, &edits)).flatten() else {
        return edits;
    };
    let before_seeds: Vec<usize> = edits
        .iter()
        .flat_map(|edit| [edit.span.start as usize, edit.span.end as usize])
        .collect();
    if !blanks(&file.text, &before_seeds).is_empty() {
        // Somebody aligns otherwise.
        return edits;
    }
    let mut aligned = edits.clone();
    for (range, width) in blanks(&after, &seeds) {
        if !respaced(&mut aligned, &edits, range, width) {
            return edits;
        }
    }
    aligned.sort_by_key(|edit| (edit.span.start, edit.span.end));
    aligned
}

/// The text with these edits, and the places in it where they are.
fn applied(text: &str, edits: &[Edit]) -> Option<(String, Vec<usize>)> {
    let mut after = String::with_capacity(text.len());
    let mut seeds = Vec::new();
    let mut done = 0;
    for edit in edits {
        after.push_str(text.get(done..edit.span.start as usize)?);
        // Where a line is taken away, the lines around it are neighbours now.
        seeds.push(after.len().saturating_sub(1));
        seeds.push(after.len());
        after.push_str(&edit.text);
        seeds.push(after.len());
        done = edit.span.end as usize;
    }
    after.push_str(text.get(done..)?);
    Some((after, seeds))
}

/// Makes the blanks at a place of the edited text this wide: in the edit that writes them, or as an edit of
/// their own where the text is as before. False where they are neither.
fn respaced(aligned: &mut Vec<Edit>, edits: &[Edit], range: Range<usize>, width: usize) -> bool {
    // How much later a place of the old text is in the edited one.
    let mut shift: isize = 0;
    for (index, edit) in edits.iter().enumerate() {
        let old_start = edit.span.start as usize;
        let start = old_start.saturating_add_signed(shift);
        let end = start + edit.text.len();
        if range.end <= start {
            break;
        }
        if range.start >= start && range.end <= end && !edit.text.is_empty() {
            // Blanks are changed from the last to the first, so that the places before them hold.
            let inside = range.start - start..range.end - start;
            let Some(known) = aligned.get_mut(index) else {
                return false;
            };
            known.text.replace_range(inside, &" ".repeat(width));
            return true;
        }
        if range.start < end {
            return false;
        }
        let (new, old) = (edit.text.len(), (edit.span.end - edit.span.start) as usize);
        shift += new.cast_signed() - old.cast_signed();
    }
    let Some(file) = edits.first().map(|edit| edit.span.file) else {
        return false;
    };
    let old = |place: usize| place.saturating_add_signed(-shift);
    aligned.push(Edit {
        span: Span::new(file, old(range.start), old(range.end)),
        text: " ".repeat(width),
    });
    true
}

/// A line with the cells that are aligned.
struct Line {
    start: usize,
    /// The end of what stands before `=`, and the place of `=`.
    assign: Option<(usize, usize)>,
    /// The end of what stands before a comment that is not alone, and the place of the comment.
    comment: Option<(usize, usize)>,
}

/// The blanks that are not as they should be in the groups of lines around these places, the last first,
/// each with its right width.
fn blanks(text: &str, seeds: &[usize]) -> Vec<(Range<usize>, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Line::of(line, start));
        start += line.len();
    }
    // A line that lost its cell parts its neighbours, so these are looked at too.
    let found = seeds
        .iter()
        .filter_map(|seed| lines.iter().rposition(|line| line.start <= *seed));
    let touched: BTreeSet<usize> = found
        .flat_map(|index| index.saturating_sub(1)..=index + 1)
        .collect();
    let groups = |cell: fn(&Line) -> Option<(usize, usize)>| {
        let groups = touched.iter().map(|index| group(&lines, *index, cell));
        let groups: BTreeMap<usize, usize> = groups.map(|group| (group.start, group.end)).collect();
        groups.into_iter().map(|(start, end)| start..end)
    };
    let assigned =
        groups(|line| line.assign).flat_map(|group| misplaced(text, &lines, group, |line| line.assign, &[]));
    let assigned: Vec<_> = assigned.collect();
    // Moving `=` moves the comments behind it.
    let commented = groups(|line| line.comment)
        .flat_map(|group| misplaced(text, &lines, group, |line| line.comment, &assigned));
    let mut wrong: Vec<_> = commented.chain(assigned.iter().cloned()).collect();
    wrong.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    wrong
}

/// The consecutive lines around this one that have a cell.
fn group(lines: &[Line], index: usize, cell: impl Fn(&Line) -> Option<(usize, usize)>) -> Range<usize> {
    let has = |index: &usize| lines.get(*index).is_some_and(|line| cell(line).is_some());
    if !has(&index) {
        return index..index;
    }
    let first = (0..index).rev().take_while(has).last().unwrap_or(index);
    let last = (index..lines.len()).take_while(has).last().unwrap_or(index);
    first..last + 1
}

fn misplaced(
    text: &str,
    lines: &[Line],
    group: Range<usize>,
    cell: impl Fn(&Line) -> Option<(usize, usize)>,
    moved: &[(Range<usize>, usize)],
) -> Vec<(Range<usize>, usize)> {
    let cells: Vec<(usize, usize, usize)> = lines
        .get(group)
        .unwrap_or_default()
        .iter()
        .filter_map(|line| {
            let (end, place) = cell(line)?;
            let written = text
                .get(line.start..end)?
                .chars()
                .filter(|c| *c != '\u{feff}')
                .count();
            let here = moved
                .iter()
                .filter(|(range, _)| range.start >= line.start && range.end <= end);
            let columns = here.fold(written, |columns, (range, width)| columns + width - range.len());
            Some((end, place, columns))
        })
        .collect();
    let widest = cells
        .iter()
        .map(|(_, _, columns)| *columns)
        .max()
        .unwrap_or_default();
    let wanted = cells
        .into_iter()
        .map(|(end, place, columns)| (end..place, widest - columns + 1));
    wanted.filter(|(range, width)| range.len() != *width).collect()
}

impl Line {
    /// Reads a line for itself: what is in texts and brackets that it opens does not count.
    fn of(line: &str, start: usize) -> Self {
        let (mut depth, mut brackets_behind) = (Vec::new(), 0_i32);
        let (mut assign, mut comment) = (None, None);
        let bytes = line.as_bytes();
        let mut index = 0;
        while let Some(byte) = bytes.get(index) {
            let next = bytes.get(index + 1);
            let in_text = depth.last() == Some(&b'"');
            match (byte, next) {
                (b'\\', _) if in_text => index += 1,
                (b'"', _) if in_text => {
                    depth.pop();
                }
                (b'$' | b'%', Some(b'{')) if in_text => {
                    depth.push(b'{');
                    index += 1;
                }
                _ if in_text => {}
                (b'"', _) => depth.push(b'"'),
                (b'}', _) if !depth.is_empty() => {
                    depth.pop();
                }
                (b'#', _) | (b'/', Some(b'/' | b'*')) if depth.is_empty() => {
                    comment = Some(index);
                    break;
                }
                (b'{' | b'[' | b'(', _) if depth.is_empty() => brackets_behind += 1,
                (b'}' | b']' | b')', _) if depth.is_empty() => brackets_behind -= 1,
                (b'=', Some(b'=' | b'>')) => index += 1,
                (b'!' | b'<' | b'>', Some(b'=')) => index += 1,
                (b'=', _) if depth.is_empty() && assign.is_none() => {
                    assign = Some(index);
                    brackets_behind = 0;
                }
                _ => {}
            }
            index += 1;
        }
        let cell = |place: usize| {
            let lead = line.get(..place).unwrap_or_default().trim_end();
            (!lead.trim().is_empty()).then_some((start + lead.len(), start + place))
        };
        Line {
            start,
            assign: assign.filter(|_| brackets_behind == 0).and_then(cell),
            comment: comment.and_then(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{MemoryFileSystem, Sources};
    use std::sync::Arc;

    /// The text after replacing the first `from` by `to` and aligning.
    fn replaced(text: &str, from: &str, to: &str) -> String {
        let files = MemoryFileSystem::new([("main.tf", text)]);
        let sources = Sources::new(Arc::new(files));
        let file = sources.read("main.tf").unwrap();
        let start = text.find(from).unwrap();
        let edit = Edit {
            span: Span::new(file.id, start, start + from.len()),
            text: to.to_owned(),
        };
        applied(text, &aligned(&file, vec![edit])).unwrap().0
    }

    #[test]
    fn a_longer_name_moves_its_neighbours() {
        let text = "a {\n  b   = 1 # x\n  ccc = 22 # y\n\n  d = 3\n}\n".replace("1 # x", "1  # x");
        let expected = "a {\n  b     = 1  # x\n  ccc   = 22 # y\n  eeeee = 4\n\n  d = 3\n}\n";
        assert_eq!(replaced(&text, " # y\n", " # y\n  eeeee = 4\n"), expected);
    }

    #[test]
    fn a_removed_name_lets_them_back() {
        let text = "b     = 1 # x\neeeee = 4\nccc   = 22 # y\n";
        assert_eq!(replaced(text, "eeeee = 4\n", ""), "b   = 1  # x\nccc = 22 # y\n");
    }

    #[test]
    fn a_longer_value_moves_comments() {
        let text = "b   = \"1\" # x\nccc = \"2\" # \"y\" = 5\n";
        assert_eq!(
            replaced(text, "1", "123"),
            "b   = \"123\" # x\nccc = \"2\"   # \"y\" = 5\n"
        );
    }

    #[test]
    fn what_is_not_aligned_stays() {
        let text = "b = 1\nccc = 22\n";
        assert_eq!(
            replaced(text, "22\n", "22\neeeee = 3\n"),
            "b = 1\nccc = 22\neeeee = 3\n"
        );
    }
}
