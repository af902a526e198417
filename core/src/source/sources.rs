//! The files of a run: each is read once, by whichever thread needs it first. A session that outlives edits
//! says which texts are new ([`Sources::replace`]) and which are to be read again ([`Sources::forget`]).

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{ColumnUnit, FileId, FileSystem, LineIndex, Position, normalised};

/// Reads files from one file system and remembers them. Shared by all deployments of a run.
pub struct Sources {
    file_system: Arc<dyn FileSystem>,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    files: Vec<Arc<SourceFile>>,
    /// A path keeps its id, whatever becomes of its text.
    ids: HashMap<String, FileId>,
    /// What reading a path gave; only paths that were read and not forgotten are here.
    by_path: HashMap<String, Result<FileId, Unreadable>>,
}

/// One file as read. A file whose text changes is another `Arc`, so who keeps something about a text can
/// tell by the pointer whether it still holds.
#[derive(Debug)]
pub struct SourceFile {
    pub id: FileId,
    pub path: String,
    pub text: String,
    /// Made when the first position is asked for: most files have no finding.
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    fn new(id: FileId, path: String, text: String) -> Self {
        SourceFile {
            id,
            path,
            text,
            lines: OnceLock::new(),
        }
    }

    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// The line and column of a byte offset, as reports count them: in Unicode scalar values, from 1.
    pub fn position(&self, offset: u32) -> Position {
        self.lines()
            .position(&self.text, offset as usize, ColumnUnit::Scalar)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    NotFound,
    /// Larger than [`Sources::MAXIMUM_BYTES`].
    TooLarge,
    /// Not UTF-8; the offset of the first bad byte.
    NotText(usize),
    Failed(String),
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unreadable::NotFound => write!(formatter, "there is no such file"),
            Unreadable::TooLarge => write!(formatter, "it is larger than 64 MiB"),
            Unreadable::NotText(offset) => write!(formatter, "it is not UTF-8 text (byte {offset})"),
            Unreadable::Failed(reason) => write!(formatter, "{reason}"),
        }
    }
}

impl Sources {
    /// A larger file is not read; this is said as AKS001.
    pub const MAXIMUM_BYTES: u64 = 64 * 1024 * 1024;

    pub fn new(file_system: Arc<dyn FileSystem>) -> Self {
        Sources {
            file_system,
            known: RwLock::default(),
        }
    }

    pub fn file_system(&self) -> &dyn FileSystem {
        self.file_system.as_ref()
    }

    /// The file at a path, read on first use. A file that is not UTF-8 or too large still gets an id, so
    /// that a finding can name it: see [`Sources::placeholder`].
    pub fn read(&self, path: &str) -> Result<Arc<SourceFile>, Unreadable> {
        let path = normalised(path);
        self.file_system.used(&path);
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            match known.by_path.get(&path) {
                Some(Ok(id)) => return Ok(known.files[id.0 as usize].clone()),
                Some(Err(unreadable)) => return Err(unreadable.clone()),
                None => {}
            }
        }
        let text = self.text(&path);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(Ok(id)) = known.by_path.get(&path) {
            return Ok(known.files[id.0 as usize].clone());
        }
        match text {
            Ok(text) => Ok(known.add(path, text)),
            Err(unreadable) => {
                known.by_path.insert(path, Err(unreadable.clone()));
                Err(unreadable)
            }
        }
    }

    /// A text that is in no file system, under a path that no file can have. The first text of a path stays.
    pub fn built_in(&self, path: &str, text: &str) -> Arc<SourceFile> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(Ok(id)) = known.by_path.get(path) {
            return known.files[id.0 as usize].clone();
        }
        known.add(path.to_owned(), text.to_owned())
    }

    /// An empty file that stands for one that cannot be read, so that a finding has a place.
    pub fn placeholder(&self, path: &str) -> Arc<SourceFile> {
        let path = normalised(path);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(Ok(id)) = known.by_path.get(&path) {
            return known.files[id.0 as usize].clone();
        }
        known.set(path, String::new())
    }

    /// Gives a path another text, as when it is edited: what read it reads the new text from now on, and its
    /// id stays. `None` when nothing has read the path, or when the text is too large; then the next reader
    /// asks the file system, which must know the text too.
    pub fn replace(&self, path: &str, text: String) -> Option<FileId> {
        let path = normalised(path);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if text.len() as u64 > Self::MAXIMUM_BYTES || !known.ids.contains_key(&path) {
            known.by_path.remove(&path);
            return None;
        }
        Some(known.add(path, text).id)
    }

    /// The file of a path, if its text is known.
    pub fn known(&self, path: &str) -> Option<Arc<SourceFile>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let id = known.by_path.get(&normalised(path))?.as_ref().ok()?;
        known.files.get(id.0 as usize).cloned()
    }

    /// The next reader of a path asks the file system again: it has changed, vanished or come into being.
    /// Its id stays, and so does its tree when the text turns out to be the same.
    pub fn forget(&self, path: &str) {
        let path = normalised(path);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.by_path.remove(&path);
    }

    /// Forgets every path but these.
    pub fn forget_all_but(&self, is_kept: impl Fn(&str) -> bool) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.by_path.retain(|path, _| is_kept(path));
    }

    /// Covers parts of a file, so that nothing that shows its text shows them. Offsets stay what they were.
    pub fn cover(&self, id: FileId, parts: &[std::ops::Range<usize>]) {
        if parts.is_empty() {
            return;
        }
        let file = self.file(id);
        let mut bytes = file.text.clone().into_bytes();
        for part in parts {
            for byte in bytes.get_mut(part.clone()).into_iter().flatten() {
                if !matches!(*byte, b'\n' | b'\r' | b'"') {
                    *byte = b'*';
                }
            }
        }
        // Parts of characters are covered only when the parts begin or end inside one.
        let Ok(text) = String::from_utf8(bytes) else {
            return;
        };
        let covered = Arc::new(SourceFile::new(id, file.path.clone(), text));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = known.files.get_mut(id.0 as usize) {
            *file = covered;
        }
    }

    /// The files that are there and could not be read, by path, and why. One that is too large or is not
    /// text is not among them: it is a finding.
    pub fn failures(&self) -> Vec<(String, String)> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let mut failures: Vec<(String, String)> = known
            .by_path
            .iter()
            .filter_map(|(path, read)| match read {
                Err(Unreadable::Failed(reason)) => Some((path.clone(), reason.clone())),
                _ => None,
            })
            .collect();
        failures.sort();
        failures
    }

    /// How many files have an id.
    pub fn len(&self) -> usize {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The file of an id that this instance handed out.
    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).files[id.0 as usize].clone()
    }

    fn text(&self, path: &str) -> Result<String, Unreadable> {
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => Unreadable::NotFound,
            _ => Unreadable::Failed(error.to_string()),
        };
        if self.file_system.size(path).map_err(failed)? > Self::MAXIMUM_BYTES {
            return Err(Unreadable::TooLarge);
        }
        let bytes = self.file_system.read(path).map_err(failed)?;
        String::from_utf8(bytes).map_err(|error| Unreadable::NotText(error.utf8_error().valid_up_to()))
    }
}

impl Known {
    fn add(&mut self, path: String, text: String) -> Arc<SourceFile> {
        let file = self.set(path.clone(), text);
        self.by_path.insert(path, Ok(file.id));
        file
    }

    /// The file of a path with this text. The same text is the same `Arc`.
    fn set(&mut self, path: String, text: String) -> Arc<SourceFile> {
        let known = self.ids.get(&path).copied();
        let id = known.unwrap_or_else(|| FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX)));
        match self.files.get_mut(id.0 as usize) {
            Some(file) if file.text == text => file.clone(),
            Some(file) => {
                *file = Arc::new(SourceFile::new(id, path, text));
                file.clone()
            }
            None => {
                let file = Arc::new(SourceFile::new(id, path.clone(), text));
                self.files.push(file.clone());
                self.ids.insert(path, id);
                file
            }
        }
    }
}
