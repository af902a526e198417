//! Which files and folders git is told to ignore.

use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::FileSystem;

/// The `.gitignore` files that count in a folder: its own and those of the folders above it.
#[derive(Clone, Default)]
pub(super) struct GitIgnores {
    nearest: Option<Arc<GitIgnore>>,
}

struct GitIgnore {
    /// The canonical path of the folder that the file lies in.
    folder: String,
    patterns: Gitignore,
    above: Option<Arc<GitIgnore>>,
}

impl GitIgnores {
    /// Those that lie above a folder, up to the folder that holds `.git`; none outside a repository.
    pub(super) fn above(file_system: &dyn FileSystem, canonical: &str) -> Self {
        let mut folders = ancestors(canonical);
        let mut above = Vec::new();
        let inside = loop {
            let Some(folder) = folders.next() else {
                break false;
            };
            above.push(folder);
            if is_repository(file_system, folder) {
                break true;
            }
        };
        let mut ignores = GitIgnores::default();
        if inside {
            for folder in above.into_iter().rev().filter(|folder| *folder != canonical) {
                ignores = ignores.below(file_system, folder);
            }
        }
        ignores
    }

    /// The same with the file of a folder further down, when there is one.
    pub(super) fn below(&self, file_system: &dyn FileSystem, canonical: &str) -> Self {
        let path = super::joined(canonical, ".gitignore");
        let Ok(bytes) = file_system.read(&path) else {
            return self.clone();
        };
        let mut builder = GitignoreBuilder::new("");
        for line in String::from_utf8_lossy(&bytes).lines() {
            // A pattern that is none is left out, as git does.
            let _ = builder.add_line(None, line.trim_start_matches('\u{feff}'));
        }
        match builder.build() {
            Ok(patterns) => GitIgnores {
                nearest: Some(Arc::new(GitIgnore {
                    folder: canonical.to_owned(),
                    patterns,
                    above: self.nearest.clone(),
                })),
            },
            Err(_) => self.clone(),
        }
    }

    /// Whether the file or folder of this name is ignored; the nearest file with a matching pattern
    /// decides. The folder itself is taken not to be.
    pub(super) fn ignores(&self, folder: &str, name: &str, is_folder: bool) -> bool {
        let mut next = self.nearest.as_ref();
        while let Some(git_ignore) = next {
            let relative = match below(&git_ignore.folder, folder) {
                Some("") => name.to_owned(),
                Some(between) => format!("{between}/{name}"),
                // A folder that was reached through a link lies elsewhere.
                None => return false,
            };
            let matched = git_ignore.patterns.matched(&relative, is_folder);
            if !matched.is_none() {
                return matched.is_ignore();
            }
            next = git_ignore.above.as_ref();
        }
        false
    }
}

/// The nearest folder at or above a canonical path that is a repository.
pub(super) fn repository<'p>(file_system: &dyn FileSystem, canonical: &'p str) -> Option<&'p str> {
    ancestors(canonical).find(|folder| is_repository(file_system, folder))
}

fn is_repository(file_system: &dyn FileSystem, folder: &str) -> bool {
    // A folder, or a file in a work tree or submodule.
    let path = super::joined(folder, ".git");
    file_system.canonical(&path).is_ok()
        && (file_system.size(&path).is_ok() || file_system.entries(&path).is_ok())
}

/// A path and all folders above it, nearest first.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| match path.rsplit_once('/') {
        Some(("", "")) => None,
        Some(("", _)) => Some("/"),
        Some((folder, _)) => Some(folder),
        None if *path == "." => None,
        None => Some("."),
    })
}

/// The rest of a path below a folder; empty for the folder itself.
pub(super) fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder == path {
        return Some("");
    }
    match folder {
        "." if path.starts_with('/') || path.starts_with("..") => None,
        "." => Some(path),
        "/" => path.strip_prefix('/'),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}
