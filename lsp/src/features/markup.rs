//! Markdown for clients that show it, and the same in plain text for others.

use gen_lsp_types::{MarkupContent, MarkupKind};

/// A text for a client that shows Markdown or not.
pub(crate) fn content(markdown: &str, shows_markdown: bool) -> MarkupContent {
    match shows_markdown {
        true => MarkupContent {
            kind: MarkupKind::Markdown,
            value: markdown.to_owned(),
        },
        false => MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain(markdown),
        },
    }
}

/// Markdown as the library writes it, without its marks.
pub(crate) fn plain(markdown: &str) -> String {
    let lines = markdown.lines().filter(|line| !is_only_marks(line));
    let lines: Vec<String> = lines.map(plain_line).collect();
    lines.join("\n").trim().to_owned()
}

/// The line below a table's head, a fence or a rule between sections.
fn is_only_marks(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("```")
        || (line.len() >= 3 && line.chars().all(|mark| matches!(mark, '|' | '-' | ':' | ' ')))
}

fn plain_line(line: &str) -> String {
    let text = line.trim_start_matches('#').trim();
    let cells: Vec<&str> = text.trim_matches('|').split(" | ").map(str::trim).collect();
    let is_row = text.starts_with('|');
    let text = if is_row { cells.join("  ") } else { text.to_owned() };
    without_links(&text).replace("**", "").replace(['`', '\\'], "")
}

/// `[text](address)` as `text`.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let target = link.split_once("](").and_then(|(label, after)| {
            let (_, after) = after.split_once(')')?;
            Some((label, after))
        });
        plain.push_str(before);
        match target {
            Some((label, after)) => {
                plain.push_str(label);
                rest = after;
            }
            None => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        let markdown = "### `10.1.4.0/22`\n\n**1,024** addresses [set here](file:///a/main.tf#L3) [1]\n\n\
            | pool | nodes |\n|---|---:|\n| `system` | 3 |\n\n---\n\n```terraform\nx = 1\n```\n";
        let text = "10.1.4.0/22\n\n1,024 addresses set here [1]\n\npool  nodes\nsystem  3\n\n\nx = 1";
        assert_eq!(plain(markdown), text);
    }
}
