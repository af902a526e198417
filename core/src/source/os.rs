//! The disk. Nothing else in this library touches it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Entry, EntryKind, FileSystem, normalised};

/// The files on disk, seen from one folder. Absolute paths and paths that climb out with `..` are read as
/// well: which folders a run may read is decided where a path is written, not here.
#[derive(Debug, Clone)]
pub struct OsFileSystem {
    root: PathBuf,
}

impl OsFileSystem {
    /// Relative paths start at this folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        OsFileSystem { root: root.into() }
    }

    fn full(&self, path: &str) -> PathBuf {
        if path == "." {
            self.root.clone()
        } else {
            self.root.join(path)
        }
    }
}

impl FileSystem for OsFileSystem {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.full(path))
    }

    fn head(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(length);
        let file = fs::File::open(self.full(path))?;
        file.take(length as u64).read_to_end(&mut head)?;
        Ok(head)
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.full(folder))? {
            let entry = entry?;
            let mut kind = entry.file_type()?;
            if kind.is_symlink() {
                // A link that leads nowhere, such as the lock file of an editor, is not there for Terraform.
                let Ok(target) = fs::metadata(entry.path()) else {
                    continue;
                };
                kind = target.file_type();
            }
            let kind = if kind.is_dir() {
                EntryKind::Folder
            } else if kind.is_file() {
                EntryKind::File
            } else {
                // Reading a pipe or a device could wait for ever.
                continue;
            };
            entries.push(Entry {
                name: entry.file_name().to_string_lossy().into_owned(),
                kind,
            });
        }
        entries.sort();
        Ok(entries)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        let metadata = fs::metadata(self.full(path))?;
        if metadata.is_file() {
            Ok(metadata.len())
        } else {
            Err(io::Error::other("not a file"))
        }
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        let canonical = fs::canonicalize(self.full(path))?;
        Ok(plain(&canonical))
    }
}

/// With forward slashes, and without the prefix by which Windows marks long paths.
fn plain(path: &Path) -> String {
    let text = path.to_string_lossy();
    normalised(text.strip_prefix(r"\\?\").unwrap_or(&text))
}
