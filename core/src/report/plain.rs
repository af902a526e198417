//! The Markdown of rule pages as plain text, for terminals and for tools that show no Markdown.

/// Headings stand alone, code is indented by four spaces, links keep their text and address, and
/// paragraphs are wrapped to the width in characters.
pub fn plain(markdown: &str, width: usize) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    for line in markdown.lines() {
        // Doc comments keep the space after their slashes.
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(lines) = &mut code {
            if line.trim_start().starts_with("```") {
                blocks.push(indented(lines));
                code = None;
            } else {
                lines.push(line);
            }
            continue;
        }
        let trimmed = line.trim();
        let starts_item = trimmed.starts_with("- ") || trimmed.starts_with("* ") || trimmed.starts_with('|');
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut blocks, width);
            code = Some(Vec::new());
        } else if trimmed.starts_with('#') {
            flush(&mut paragraph, &mut blocks, width);
            blocks.push(without_marks(trimmed.trim_start_matches('#').trim()));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut blocks, width);
        } else if starts_item && !paragraph.is_empty() {
            let item = wrapped(&paragraph.join(" "), width);
            paragraph.clear();
            blocks.push(format!("{item}\u{0}"));
            paragraph.push(without_marks(trimmed));
        } else {
            paragraph.push(without_marks(trimmed));
        }
    }
    if let Some(lines) = code {
        blocks.push(indented(&lines));
    }
    flush(&mut paragraph, &mut blocks, width);
    // A mark at the end of a block says that the next one follows without an empty line.
    let text = blocks.join("\n\n").replace("\u{0}\n\n", "\n");
    text.trim_end().to_owned()
}

fn flush(paragraph: &mut Vec<String>, blocks: &mut Vec<String>, width: usize) {
    if !paragraph.is_empty() {
        blocks.push(wrapped(&paragraph.join(" "), width));
        paragraph.clear();
    }
}

fn indented(lines: &[&str]) -> String {
    let lines = lines
        .iter()
        .map(|line| format!("    {line}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Words in lines of at most this many characters; a longer word has a line of its own. The lines of a
/// list item are indented below its text.
pub fn wrapped(text: &str, width: usize) -> String {
    let indent = if text.starts_with("- ") || text.starts_with("* ") {
        "  "
    } else {
        ""
    };
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let word_length = word.chars().count();
        if !line.is_empty() && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            line.push_str(indent);
            length = indent.len();
        }
        if !line.trim().is_empty() {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines.join("\n")
}

/// Without the marks of code and emphasis; `[text](address)` becomes `text (address)`.
fn without_marks(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('[') {
        let (before, from) = rest.split_at(start);
        text.push_str(before);
        match link(from) {
            Some((label, address, after)) => {
                text.push_str(&format!("{label} ({address})"));
                rest = after;
            }
            None => {
                text.push('[');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    text.replace("**", "").replace('`', "")
}

fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    (!label.contains('[') && !address.contains(' ')).then_some((label, address, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_plain_text() {
        let markdown = " Azure **refuses** `service_cidr` that overlaps a subnet, see [the page](https://x.y/z).\n\n ## Example\n\n ```terraform,finding\n a = [1]\n\n b = 2\n ```\n\n - one `x`\n - two, which is a longer item than\n   one\n";
        let expected = "Azure refuses service_cidr that\noverlaps a subnet, see the page\n(https://x.y/z).\n\nExample\n\n    a = [1]\n\n    b = 2\n\n- one x\n- two, which is a longer item\n  than one";
        assert_eq!(plain(markdown, 32), expected);
    }
}
