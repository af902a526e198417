//! Which document belongs to which project.
//!
//! The workspace folders are one project, since their deployments can name each other. A document outside them is
//! looked at with its folder, and one that is nowhere on disk by itself.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::project::Project;
use akslint_core::source::{Entry, EntryKind, FileSystem, MemoryFileSystem, OsFileSystem};
use url::Url;

use crate::uri;

/// The number of a project; it stays the same while the project lives.
pub(crate) type ProjectId = u32;

/// A file of a project, under the path by which findings know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) project: ProjectId,
    pub(crate) path: String,
}

/// A project and where it lies.
pub(crate) struct Hosted {
    pub(crate) project: Project,
    pub(crate) home: Home,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// The workspace folders, and the folder around all of them that paths start from.
    Folders { root: String, folders: Vec<String> },
    /// The folder of documents outside the workspace, and which of its files are open.
    Folder { root: String, open: Vec<String> },
    /// A document that is nowhere on disk, and the path that stands for it.
    Nowhere { address: Url, path: String },
}

impl Home {
    /// What is looked at, from the folder that paths start from.
    pub(crate) fn paths(&self) -> Vec<String> {
        match self {
            Home::Folders { root, folders } => {
                let below = folders.iter().filter_map(|folder| uri::below(root, folder));
                below.collect()
            }
            Home::Folder { open, .. } => open.clone(),
            Home::Nowhere { .. } => vec![".".to_owned()],
        }
    }

    fn file_system(&self) -> Arc<dyn FileSystem> {
        match self {
            Home::Folders { root, .. } => Arc::new(OsFileSystem::new(root)),
            Home::Folder { root, .. } if is_in_repository(root) => Arc::new(OsFileSystem::new(root)),
            Home::Folder { root, .. } => Arc::new(Shallow(OsFileSystem::new(root))),
            Home::Nowhere { .. } => Arc::new(MemoryFileSystem::default()),
        }
    }

    /// The address of a file of the project, for one that is not open.
    pub(crate) fn address(&self, path: &str) -> Option<Url> {
        match self {
            Home::Folders { root, .. } | Home::Folder { root, .. } => {
                uri::of_path(&akslint_core::source::joined(root, path))
            }
            Home::Nowhere { address, .. } => Some(address.clone()),
        }
    }
}

#[derive(Default)]
pub(crate) struct Workspace {
    pub(crate) projects: BTreeMap<ProjectId, Hosted>,
    next: ProjectId,
}

impl Workspace {
    /// The place of a document in a project that is there already: in the workspace folders before anywhere else.
    pub(crate) fn place(&self, address: &Url) -> Option<Place> {
        let path = uri::path(address);
        let are_folders = |hosted: &Hosted| matches!(hosted.home, Home::Folders { .. });
        let folders = self.projects.iter().filter(|(_, hosted)| are_folders(hosted));
        let others = self.projects.iter().filter(|(_, hosted)| !are_folders(hosted));
        folders.chain(others).find_map(|(id, hosted)| {
            let path = match (&hosted.home, &path) {
                (Home::Folders { root, folders }, Some(path)) => {
                    folders.iter().find_map(|folder| uri::below(folder, path))?;
                    hosted.project.shown(&uri::below(root, path)?)
                }
                (Home::Folder { root, .. }, Some(path)) => {
                    let (folder, _) = path.rsplit_once('/')?;
                    (folder == root).then_some(())?;
                    hosted.project.shown(&uri::below(root, path)?)
                }
                (Home::Nowhere { address: own, path }, None) if own == address => path.clone(),
                _ => return None,
            };
            Some(Place { project: *id, path })
        })
    }

    /// The home of a document that no project has yet. None when its language is none that is linted.
    pub(crate) fn home(address: &Url, language: &str) -> Option<Home> {
        match uri::path(address) {
            Some(path) => {
                let (folder, name) = path.rsplit_once('/')?;
                Some(Home::Folder {
                    root: if folder.is_empty() { "/" } else { folder }.to_owned(),
                    open: vec![name.to_owned()],
                })
            }
            None => Some(Home::Nowhere {
                address: address.clone(),
                path: nameless(language)?,
            }),
        }
    }

    pub(crate) fn add(&mut self, home: Home, settings: Settings) -> ProjectId {
        let id = self.next;
        self.next += 1;
        let project = Project::new(home.file_system(), settings);
        self.projects.insert(id, Hosted { project, home });
        id
    }
}

/// The path under which a document without one is linted.
fn nameless(language: &str) -> Option<String> {
    let ending = match language {
        "terraform" | "tf" | "opentofu" => "tf",
        "bicep" => "bicep",
        "json" | "jsonc" | "arm-template" => "json",
        _ => return None,
    };
    Some(format!("untitled.{ending}"))
}

/// Whether the folder or one above it is the top of a repository.
fn is_in_repository(folder: &str) -> bool {
    let folders = std::path::Path::new(folder).ancestors();
    folders.into_iter().any(|folder| folder.join(".git").exists())
}

/// A folder in which nothing is searched for: below the home folder of a user lies more than anybody wants to
/// wait for. What the files name themselves is found.
struct Shallow(OsFileSystem);

impl FileSystem for Shallow {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.read(path)
    }

    fn head(&self, path: &str, length: usize) -> io::Result<Vec<u8>> {
        self.0.head(path, length)
    }

    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = self.0.entries(folder)?;
        if folder == "." {
            entries.retain(|entry| entry.kind == EntryKind::File);
        }
        Ok(entries)
    }

    fn size(&self, path: &str) -> io::Result<u64> {
        self.0.size(path)
    }

    fn canonical(&self, path: &str) -> io::Result<String> {
        self.0.canonical(path)
    }
}
