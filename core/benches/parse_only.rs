//! A program that does nothing but parse every `.tf` file below a folder once with hcl-edit, to compare a
//! whole check with: `cargo bench --bench parse_only -- FOLDER`. Without a folder it parses generated ones.

use std::io::Write;

mod folders;

fn main() {
    // cargo passes options of its own.
    let folder = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let mut texts = Vec::new();
    match folder {
        Some(folder) => collect(folder.as_ref(), &mut texts),
        None => texts.extend((0..300).flat_map(folders::folder).map(|(_, text)| text)),
    }
    let parsed = texts
        .iter()
        .filter(|text| hcl_edit::parser::parse_body(text).is_ok())
        .count();
    let _ = writeln!(std::io::stdout(), "{parsed} of {} files parse", texts.len());
}

fn collect(folder: &std::path::Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.extension().is_some_and(|extension| extension == "tf") {
            texts.extend(std::fs::read_to_string(&path));
        }
    }
}
