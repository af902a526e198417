//! `--fix` and `--diff`: fixes made round by round in memory, then written as whole files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use akslint_core::finding::Edit;
use akslint_core::source::{FileId, FileSystem, OverlayFileSystem};
use akslint_core::{Analysis, fix};
use similar::TextDiff;

use crate::output::Problem;
use crate::request::Request;

/// After so many rounds no further fix is made.
const MAXIMUM_ROUNDS: usize = 10;

/// What fixes have made of the files.
pub(crate) struct Fixed {
    /// What is found after them.
    pub(crate) analysis: Analysis,
    pub(crate) fixes: usize,
    /// The changed files by path.
    pub(crate) files: BTreeMap<String, Change>,
}

pub(crate) struct Change {
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Makes fixes and analyses again until there is none left. Nothing is written. Of several files only
/// `alone` is changed, if it is given.
pub(crate) fn fixed(
    request: &Request,
    with_unsafe: bool,
    alone: Option<&str>,
    analyse: impl Fn(Arc<dyn FileSystem>) -> Analysis,
) -> Fixed {
    let mut fixed = Fixed {
        analysis: analyse(request.file_system.clone()),
        fixes: 0,
        files: BTreeMap::new(),
    };
    let mut seen: Vec<Vec<(String, String)>> = Vec::new();
    for _ in 0..MAXIMUM_ROUNDS {
        let sources = &fixed.analysis.sources;
        let is_allowed = |edit: &Edit| alone.is_none_or(|path| sources.file(edit.span.file).path == path);
        let together = fix::together(&fixed.analysis.findings, with_unsafe);
        let made: Vec<_> = together
            .into_iter()
            .filter(|fix| fix.edits.iter().all(is_allowed))
            .collect();
        if made.is_empty() {
            break;
        }
        let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in made.iter().flat_map(|fix| &fix.edits) {
            edits.entry(edit.span.file).or_default().push(edit);
        }
        for (file, edits) in edits {
            let file = sources.file(file);
            let after = fix::applied(&file.text, edits);
            let before = || file.text.clone();
            let change = fixed.files.entry(file.path.clone()).or_insert_with(|| Change {
                before: before(),
                after: String::new(),
            });
            change.after = after;
        }
        fixed.fixes += made.len();
        let files = fixed.files.iter();
        let texts: Vec<(String, String)> = files
            .map(|(path, change)| (path.clone(), change.after.clone()))
            .collect();
        // What suits one deployment may harm another one, and the other way round.
        let is_circle = seen.contains(&texts);
        let overlay = OverlayFileSystem::new(request.file_system.clone(), texts.clone());
        fixed.analysis = analyse(Arc::new(overlay));
        if is_circle {
            break;
        }
        seen.push(texts);
    }
    fixed.files.retain(|_, change| change.before != change.after);
    fixed
}

/// The changes as a unified difference.
pub(crate) fn difference(files: &BTreeMap<String, Change>) -> String {
    let mut text = String::new();
    for (path, change) in files {
        let lines = TextDiff::from_lines(&change.before, &change.after);
        let unified = lines.unified_diff().header(path, path).to_string();
        text.push_str(&unified);
    }
    text
}

/// Writes the changed files. Each is written beside and renamed, so that it is whole whatever happens.
pub(crate) fn write(files: &BTreeMap<String, Change>) -> Result<(), Problem> {
    for (path, change) in files {
        replace(Path::new(path), change).map_err(|reason| format!("cannot write {path}: {reason}"))?;
    }
    Ok(())
}

fn replace(path: &Path, change: &Change) -> Result<(), String> {
    let in_words = |error: std::io::Error| error.to_string();
    // A link stays one: the file that it leads to is replaced.
    let target = fs::canonicalize(path).map_err(in_words)?;
    if fs::read(&target).map_err(in_words)? != change.before.as_bytes() {
        return Err("it has changed since it was read".to_owned());
    }
    let metadata = fs::metadata(&target).map_err(in_words)?;
    if metadata.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = target.with_file_name(format!(".{name}.akslint-{}", std::process::id()));
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(change.after.as_bytes())?;
        file.set_permissions(metadata.permissions())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&beside, &target))
        .map_err(|error| {
            let _ = fs::remove_file(&beside);
            error.to_string()
        })
}
