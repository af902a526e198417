//! The files of a workspace that is being edited: open buffers over the disk, folders remembered, and who uses
//! what.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::source::discovery::folder_of;
use crate::source::{Entry, FileSystem, OverlayFileSystem, joined, laid_over, normalised};

/// What somebody looked at: whoever did must look again when one of these changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Files whose text was used, or that were looked for in vain.
    pub(super) files: BTreeSet<String>,
    /// Folders whose names were listed.
    pub(super) folders: BTreeSet<String>,
}

/// What is open lies over the disk. What the disk answered is remembered until somebody says that it changed,
/// so that what nobody touched is not looked at again.
pub(super) struct Files {
    disk: Arc<dyn FileSystem>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: BTreeMap<String, Arc<[u8]>>,
    folders: HashMap<String, Option<Vec<Entry>>>,
    canonical: HashMap<String, Option<String>>,
    /// What is used from now on is noted here.
    noting: Option<Uses>,
}

impl Files {
    pub(super) fn new(disk: Arc<dyn FileSystem>) -> Self {
        Files {
            disk,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays a text over a path.
    pub(super) fn open(&self, path: &str, text: &str) {
        let mut state = self.state();
        let before = state.open.insert(path.to_owned(), Arc::from(text.as_bytes()));
        if before.is_none() {
            // It may be nowhere on disk.
            state.canonical.clear();
        }
    }

    pub(super) fn close(&self, path: &str) {
        let mut state = self.state();
        state.open.remove(path);
        state.canonical.clear();
    }

    pub(super) fn is_open(&self, path: &str) -> bool {
        self.state().open.contains_key(path)
    }

    pub(super) fn open_paths(&self) -> Vec<String> {
        self.state().open.keys().cloned().collect()
    }

    /// Whether there is a file at a path, open or on disk.
    pub(super) fn is_there(&self, path: &str) -> bool {
        self.is_open(path)
            || self
                .listed(folder_of(path))
                .is_ok_and(|entries| names(&entries, path))
    }

    /// Whether there was a file at a path when others last looked; false when nobody did, though the disk may have
    /// one by now.
    pub(super) fn was_there(&self, path: &str) -> bool {
        let state = self.state();
        let known = state.folders.get(folder_of(path)).and_then(Option::as_ref);
        state.open.contains_key(path) || known.is_some_and(|entries| names(entries, path))
    }

    /// Something was made, changed or removed at a path of the disk. What appeared or vanished in its folder,
    /// which can be more than is told of yet; the path itself when it is not known what was there before.
    pub(super) fn changed_on_disk(&self, path: &str) -> Vec<String> {
        let folder = folder_of(path);
        let before = {
            let mut state = self.state();
            let below = format!("{path}/");
            state
                .folders
                .retain(|folder, _| folder != path && !folder.starts_with(&below));
            // A link may lead anywhere.
            state.canonical.clear();
            state.folders.remove(folder)
        };
        let after = self.listed(folder).unwrap_or_default();
        let others: Vec<String> = match before {
            Some(before) => {
                let before = before.unwrap_or_default();
                let vanished = before.iter().filter(|entry| !after.contains(entry));
                let appeared = after.iter().filter(|entry| !before.contains(entry));
                vanished
                    .chain(appeared)
                    .map(|entry| joined(folder, &entry.name))
                    .collect()
            }
            None => vec![path.to_owned()],
        };
        if !others.is_empty() {
            // Folders come and go with what is in them.
            let above = |known: &str| known == "." || path.starts_with(&format!("{known}/"));
            let mut state = self.state();
            state.folders.retain(|known, _| known == folder || !above(known));
        }
        others
    }

    /// Lists every remembered folder again; those that hold something else now.
    pub(super) fn look_again(&self) -> Vec<String> {
        let before = {
            let mut state = self.state();
            state.canonical.clear();
            std::mem::take(&mut state.folders)
        };
        let other = before
            .into_iter()
            .filter(|(folder, before)| self.listed(folder).ok() != *before);
        other.map(|(folder, _)| folder).collect()
    }

    /// Notes what this work uses.
    pub(super) fn noting<T>(&self, work: impl FnOnce() -> T) -> (T, Uses) {
        self.state().noting = Some(Uses::default());
        let result = work();
        (result, self.state().noting.take().unwrap_or_default())
    }

    /// What the disk says of a folder.
    fn listed(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let known = self.state().folders.get(folder).cloned();
        match known {
            Some(Some(entries)) => Ok(entries),
            Some(None) => Err(io::ErrorKind::NotFound.into()),
            None => {
                let entries = self.disk.entries(folder);
                let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
                match &entries {
                    Ok(found) => {
                        self.state()
                            .folders
                            .insert(folder.to_owned(), Some(found.clone()));
                    }
                    Err(error) if is_missing(error) => {
                        self.state().folders.insert(folder.to_owned(), None);
                    }
                    // Why else it cannot be listed is asked again.
                    Err(_) => {}
                }
                entries
            }
        }
    }
}

/// Whether one of these is named as the path is.
fn names(entries: &[Entry], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    entries.iter().any(|entry| entry.name == name)
}

impl FileSystem for Files {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.used(path);
        let open = self.state().open.get(&normalised(path)).cloned();
        match open {
            Some(text) => Ok(text.to_vec()),
            None => self.disk.read(path),
        }
    }

    fn head(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        self.used(path);
        let open = self.state().open.get(&normalised(path)).cloned();
        match open {
            Some(text) => Ok(text.get(..length).unwrap_or(&text).to_vec()),
            None => self.disk.head(path, length),
        }
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let folder = normalised(folder);
        let open = {
            let mut state = self.state();
            if let Some(uses) = &mut state.noting {
                uses.folders.insert(folder.clone());
            }
            state.open.clone()
        };
        let listed = self.listed(&folder);
        if open.is_empty() {
            return listed;
        }
        laid_over(listed, open.keys(), &folder)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        self.used(path);
        let open = self.state().open.get(&normalised(path)).cloned();
        match open {
            Some(text) => Ok(text.len() as u64),
            None => self.disk.size(path),
        }
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        let path = normalised(path);
        let known = self.state().canonical.get(&path).cloned();
        let canonical = match known {
            Some(known) => known.ok_or_else(|| io::ErrorKind::NotFound.into()),
            None => {
                let open = self.open_paths().into_iter();
                let over = OverlayFileSystem::new(self.disk.clone(), open.map(|path| (path, Vec::new())));
                let canonical = over.canonical(&path);
                let known = canonical.as_ref().ok().cloned();
                self.state().canonical.insert(path.clone(), known);
                canonical
            }
        };
        if canonical.is_err() {
            // It was looked for in vain, and nobody goes on to read it.
            self.used(&path);
        }
        canonical
    }

    fn used(&self, path: &str) {
        if let Some(uses) = &mut self.state().noting
            && !uses.files.contains(path)
        {
            uses.files.insert(normalised(path));
        }
    }
}
