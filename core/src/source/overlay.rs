//! Text that is newer than the disk: open editor buffers, and standard input under a file's name.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use super::{Entry, FileSystem, normalised};

/// Some files in memory over another file system. Paths are compared as normalised text, so a file must be
/// laid over by the path under which the run reaches it.
#[derive(Clone)]
pub struct OverlayFileSystem {
    pub base: Arc<dyn FileSystem>,
    pub files: BTreeMap<String, Vec<u8>>,
}

impl OverlayFileSystem {
    pub fn new<P: Into<String>, T: Into<Vec<u8>>>(
        base: Arc<dyn FileSystem>,
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (normalised(&path.into()), text.into()));
        OverlayFileSystem {
            base,
            files: files.collect(),
        }
    }
}

impl FileSystem for OverlayFileSystem {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.files.get(&normalised(path)) {
            Some(text) => Ok(text.clone()),
            None => self.base.read(path),
        }
    }

    fn head(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        match self.files.get(&normalised(path)) {
            Some(text) => Ok(text.get(..length).unwrap_or(text).to_vec()),
            None => self.base.head(path, length),
        }
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        laid_over(self.base.entries(folder), self.files.keys(), folder)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        match self.files.get(&normalised(path)) {
            Some(text) => Ok(text.len() as u64),
            None => self.base.size(path),
        }
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        let path = normalised(path);
        match self.base.canonical(&path) {
            Ok(canonical) => Ok(canonical),
            Err(error) => {
                // A file that is not saved yet lies in its folder's canonical path.
                let is_folder = self.files.keys().any(|file| {
                    file.strip_prefix(path.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
                });
                if !is_folder && !self.files.contains_key(&path) {
                    return Err(error);
                }
                match path.rsplit_once('/') {
                    Some((folder, name)) if !folder.is_empty() => {
                        Ok(format!("{}/{name}", self.canonical(folder)?))
                    }
                    _ => Ok(super::joined(&self.base.canonical(".")?, &path)),
                }
            }
        }
    }
}

/// What a folder holds when files lie over what is listed in it.
pub(crate) fn laid_over<'p>(
    listed: io::Result<Vec<Entry>>,
    files: impl Iterator<Item = &'p String>,
    folder: &str,
) -> io::Result<Vec<Entry>> {
    let laid_over = super::file_system::entries_of(files, folder);
    let mut entries = match listed {
        Ok(entries) => entries,
        Err(_) if !laid_over.is_empty() => Vec::new(),
        Err(error) => return Err(error),
    };
    for entry in laid_over {
        if !entries.iter().any(|known| known.name == entry.name) {
            entries.push(entry);
        }
    }
    entries.sort();
    Ok(entries)
}
