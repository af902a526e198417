//! Markdown that reads well as plain text too: some editors show it as it is.

use crate::source::{Sources, Span};

use super::FileAddress;

/// More of a name is not shown.
const MAXIMUM_NAME: usize = 80;

/// A table whose columns are padded, so that it is one without being rendered. The last columns may be
/// empty.
pub(super) fn table<const COLUMNS: usize>(header: [&str; COLUMNS], rows: &[[String; COLUMNS]]) -> String {
    let header = header.map(str::to_owned);
    let widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let cells = rows
            .iter()
            .chain([&header])
            .map(|row| row[column].chars().count());
        cells.max().unwrap_or(0).max(3)
    });
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths);
        let cells = cells.map(|(cell, width)| format!(" {cell:width$} |"));
        format!("|{}\n", cells.collect::<String>())
    };
    let rule = widths.map(|width| "-".repeat(width));
    let body: String = rows.iter().map(line).collect();
    format!("{}{}{body}", line(&header), line(&rule))
}

/// A name inside Markdown: what stands in a file must not become markup.
pub(super) fn name(text: &str) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == MAXIMUM_NAME {
            shown.push('…');
            break;
        }
        match character {
            '|' | '*' | '<' | '>' | '`' | '\\' => shown.extend(['\\', character]),
            character if character.is_control() => shown.push(' '),
            character => shown.push(character),
        }
    }
    shown
}

/// The files that places are in, and where they are linked to.
pub(super) struct Files<'f> {
    pub(super) sources: &'f Sources,
    pub(super) address: &'f FileAddress<'f>,
}

/// `main.tf:48`, as a link where there is an address.
pub(super) fn place(span: Span, files: &Files<'_>) -> String {
    let file = files.sources.file(span.file);
    let line = file.position(span.start).line;
    let text = format!("{}:{line}", name(&file.path));
    match (files.address)(&file.path, line) {
        Some(address) => format!("[{text}]({address})"),
        None => text,
    }
}

/// `1 node`, `8 nodes`
pub(super) fn counted(number: u64, noun: &str) -> String {
    let plural = match noun.strip_suffix("ss") {
        Some(_) => "es",
        None => "s",
    };
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}{plural}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, name, table};

    #[test]
    fn tables_have_straight_columns() {
        let rows = [
            ["now".to_owned(), "8 nodes".to_owned()],
            ["later".to_owned(), String::new()],
        ];
        let expected = "\
|       | needed  |
| ----- | ------- |
| now   | 8 nodes |
| later |         |
";
        assert_eq!(table(["", "needed"], &rows), expected);
    }

    #[test]
    fn names_are_no_markup() {
        assert_eq!(name("a|b*c\nd"), "a\\|b\\*c d");
        assert_eq!(name(&"x".repeat(100)).chars().count(), 81);
        assert_eq!(counted(1, "address"), "1 address");
        assert_eq!(counted(2, "address"), "2 addresses");
        assert_eq!(counted(0, "node"), "0 nodes");
    }
}
