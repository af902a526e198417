//! Where files come from: the disk, memory, or open editor buffers over one of them.

use std::collections::BTreeMap;
use std::io;

/// Reads files and folders by path. Paths have forward slashes and are relative to the folder the tool
/// was started in, or absolute; `.` is that folder.
pub trait FileSystem: Send + Sync {
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The beginning of a file, at most this many bytes of it.
    fn head(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The names in a folder, sorted; what a symbolic link points to decides its kind.
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>>;

    /// The size in bytes, without reading the file.
    fn size(&self, path: &str) -> io::Result<u64>;

    /// The path without symbolic links, to tell whether two paths are one and whether one leaves a folder.
    fn canonical(&self, path: &str) -> io::Result<String>;

    /// Somebody uses the text of a file, which need not be read again. For file systems that note who uses
    /// what.
    fn used(&self, _path: &str) {}
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub name: String,
    pub kind: EntryKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    File,
    Folder,
}

/// Files held in memory, for tests, examples and embedders.
#[derive(Debug, Clone, Default)]
pub struct MemoryFileSystem {
    pub files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFileSystem {
    pub fn new<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (super::normalised(&path.into()), text.into()));
        MemoryFileSystem {
            files: files.collect(),
        }
    }
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files
            .get(&super::normalised(path))
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let entries = entries_of(self.files.keys(), folder);
        if entries.is_empty() && super::normalised(folder) != "." {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        match self.files.get(&super::normalised(path)) {
            Some(text) => Ok(text.len() as u64),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        Ok(super::normalised(path))
    }
}

/// What a folder holds when these are all files there are.
pub(super) fn entries_of<'p>(paths: impl Iterator<Item = &'p String>, folder: &str) -> Vec<Entry> {
    let folder = super::normalised(folder);
    let prefix = if folder == "." {
        String::new()
    } else {
        format!("{}/", folder.trim_end_matches('/'))
    };
    let mut entries: BTreeMap<&str, EntryKind> = BTreeMap::new();
    for path in paths {
        let Some(rest) = path.strip_prefix(&prefix) else {
            continue;
        };
        match rest.split_once('/') {
            Some((name, _)) => entries.insert(name, EntryKind::Folder),
            None => entries.insert(rest, EntryKind::File),
        };
    }
    let entries = entries.into_iter().filter(|(name, _)| !name.is_empty());
    entries
        .map(|(name, kind)| Entry {
            name: name.to_owned(),
            kind,
        })
        .collect()
}
