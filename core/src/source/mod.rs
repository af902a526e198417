//! Text and where it lies: files, byte spans, lines and columns, and the file systems they come from.

pub mod discovery;
mod file_system;
mod git_ignore;
mod line_index;
mod os;
mod overlay;
mod sources;

use std::fmt;

pub use file_system::{Entry, EntryKind, FileSystem, MemoryFileSystem};
pub use line_index::{ColumnUnit, LineIndex, Position};
pub use os::OsFileSystem;
pub use overlay::OverlayFileSystem;
pub(crate) use overlay::laid_over;
pub use sources::{SourceFile, Sources, Unreadable};

/// One file of a run. Ids are handed out in the order in which files are first read, which differs
/// between runs: nothing that users see may depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one file. The byte order mark, when there is one, counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub file: FileId,
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let bounded = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span {
            file,
            start: bounded(start),
            end: bounded(end),
        }
    }

    /// The span from the start of `self` to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}..{}", self.file.0, self.start, self.end)
    }
}

/// A path with forward slashes and without `.` and `..` where they can be resolved by the text alone;
/// the empty path is `.`.
pub fn normalised(path: &str) -> String {
    let path = path.replace('\\', "/");
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `path` seen from `folder`: joined unless it is absolute.
pub fn joined(folder: &str, path: &str) -> String {
    if path.starts_with('/') {
        normalised(path)
    } else {
        normalised(&format!("{folder}/{path}"))
    }
}
