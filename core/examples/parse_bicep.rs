//! Parses every `.bicep` and `.bicepparam` file below the folders given, and says which have errors and how
//! fast it went: `cargo run --release -p akslint-core --example parse_bicep -- FOLDER…`

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use akslint_core::source::{ColumnUnit, FileId, LineIndex};
use akslint_core::syntax::bicep;

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for folder in std::env::args().skip(1) {
        collect(Path::new(&folder), &mut files)?;
    }
    files.sort();
    let mut out = io::stdout().lock();
    let (mut bytes, mut broken, mut seconds) = (0, 0, 0.0);
    for path in &files {
        let Ok(text) = std::fs::read_to_string(path) else {
            writeln!(out, "{}: not UTF-8", path.display())?;
            continue;
        };
        let start = Instant::now();
        let file = bicep::parse(FileId(0), &text);
        seconds += start.elapsed().as_secs_f64();
        bytes += text.len();
        broken += usize::from(!file.errors.is_empty());
        let lines = LineIndex::new(&text);
        for error in &file.errors {
            let place = lines.position(&text, error.span.start as usize, ColumnUnit::Utf8);
            writeln!(
                out,
                "{}:{}:{}: {}",
                path.display(),
                place.line,
                place.column,
                error.message
            )?;
        }
    }
    let megabytes = bytes as f64 / 1e6;
    writeln!(
        out,
        "{} files, {broken} with errors, {megabytes:.1} MB, {:.1} MB/s",
        files.len(),
        megabytes / seconds
    )
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path
        .extension()
        .is_some_and(|extension| extension == "bicep" || extension == "bicepparam")
    {
        files.push(path.to_owned());
    }
    Ok(())
}
