//! Which folders and files a run looks at.

use std::collections::{BTreeMap, HashSet};

use super::git_ignore::{GitIgnores, below, repository};
use super::{EntryKind, FileSystem, joined, normalised};

/// What lies below the paths of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Every folder with Terraform files that was looked at, by path.
    pub folders: Vec<Folder>,
    /// Every file that can be a template, its parameters or a plan, by path, without those that git ignores
    /// and no path names.
    pub documents: Vec<Document>,
    /// The paths that name files, in the order given: the deployments that contain them are asked for.
    pub files: Vec<String>,
    /// The folders that were walked. A run may read what lies below them.
    pub walked: Vec<String>,
    /// What could not be read, and why.
    pub failures: Vec<(String, String)>,
}

/// A folder with Terraform files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    pub path: String,
    /// The names of its configuration files, sorted; empty when it has variable files alone. Terraform
    /// reads all of these, so files that git ignores are among them.
    pub configuration: Vec<String>,
    /// The names of its variable files, sorted, without those that git ignores.
    pub variable_files: Vec<String>,
    /// It lies below a path that names a folder, so its deployments are asked for.
    pub is_asked_for: bool,
}

/// A file that can be a template, its parameters or a plan. Of JSON only the text tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub path: String,
    pub notation: DocumentNotation,
    /// It lies below a path that names a folder.
    pub is_asked_for: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentNotation {
    Json,
    Bicep,
    BicepParameters,
}

impl DocumentNotation {
    /// By the ending of the name; None for files of other kinds.
    pub fn of(name: &str) -> Option<Self> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending)?;
        let is = |word: &str| ending.eq_ignore_ascii_case(word);
        if is("json") || is("jsonc") {
            Some(DocumentNotation::Json)
        } else if is("bicep") {
            Some(DocumentNotation::Bicep)
        } else if is("bicepparam") {
            Some(DocumentNotation::BicepParameters)
        } else {
            None
        }
    }
}

/// Whether Terraform or OpenTofu reads a file of this name as configuration.
pub fn is_configuration(name: &str) -> bool {
    let is_left_over = name.starts_with('.') || name.ends_with('~') || name.starts_with('#');
    let endings = [".tf", ".tofu", ".tf.json", ".tofu.json"];
    !is_left_over && endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file of this name can hold values for variables.
pub fn is_variable_file(name: &str) -> bool {
    !name.starts_with('.') && (name.ends_with(".tfvars") || name.ends_with(".tfvars.json"))
}

/// Whether Terraform reads the variable file of this name without being told.
pub fn is_automatic_variable_file(name: &str) -> bool {
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json")
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}

/// Walks the paths. Hidden folders (`.terraform`, `.git`), `node_modules` and what `.gitignore` names are
/// passed over, unless a path names them; a folder that is reached twice is looked at once, so loops of
/// links end. For a path that names a file, the repository around it is walked, to find its callers;
/// outside a repository the current folder, or else the file's own.
pub fn discover(file_system: &dyn FileSystem, paths: &[String]) -> Discovered {
    let mut walk = Walk::new(file_system);
    for path in paths {
        let path = shown(file_system, path);
        match file_system.entries(&path) {
            Ok(_) => walk.folder(&path, true),
            Err(not_a_folder) => match file_system.size(&path) {
                Ok(_) => walk.discovered.files.push(path),
                Err(error) => {
                    let error = if not_a_folder.kind() == std::io::ErrorKind::PermissionDenied {
                        not_a_folder
                    } else {
                        error
                    };
                    walk.discovered.failures.push((path, reason(&error)));
                }
            },
        }
    }
    for file in walk.discovered.files.clone() {
        let folder = walk.around(&file);
        walk.folder(&folder, false);
        // Its own folder may be one that is passed over.
        walk.folder(folder_of(&file), false);
    }
    walk.finish()
}

/// A path under the name by which a run knows it: relative to the current folder unless it is absolute and
/// lies elsewhere, without links among its folders.
pub fn shown(file_system: &dyn FileSystem, path: &str) -> String {
    let path = normalised(path);
    let here = file_system.canonical(".").unwrap_or_else(|_| ".".to_owned());
    if path.starts_with('/') {
        return match below(&here, &path) {
            Some(rest) => normalised(rest),
            None => path,
        };
    }
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) if name != ".." => (folder, name),
        _ => return path,
    };
    match file_system.canonical(folder) {
        Ok(canonical) => joined(&seen_from(&here, &canonical), name),
        Err(_) => path,
    }
}

/// The relative path between two canonical paths; `path` itself when there is none.
fn seen_from(here: &str, path: &str) -> String {
    if let Some(rest) = below(here, path) {
        return normalised(rest);
    }
    if !(here.starts_with('/') && path.starts_with('/')) {
        return path.to_owned();
    }
    let (mine, others): (Vec<&str>, Vec<&str>) = (here.split('/').collect(), path.split('/').collect());
    let shared = mine
        .iter()
        .zip(&others)
        .take_while(|(mine, other)| mine == other)
        .count();
    if shared <= 1 {
        // Only the root of the disk is shared.
        return path.to_owned();
    }
    let up = "../".repeat(mine.len() - shared);
    let down = others.get(shared..).unwrap_or_default().join("/");
    normalised(&format!("{up}{down}"))
}

struct Walk<'f> {
    file_system: &'f dyn FileSystem,
    /// The canonical path of the current folder.
    here: String,
    /// Canonical paths, with whether they were asked for.
    seen: HashSet<(String, bool)>,
    folders: BTreeMap<String, Folder>,
    documents: BTreeMap<String, Document>,
    /// Folders behind links, looked at last: what they lead to is better called by its own path.
    linked: Vec<Step>,
    discovered: Discovered,
}

#[derive(Clone)]
struct Step {
    path: String,
    canonical: String,
    ignores: GitIgnores,
    is_asked_for: bool,
}

impl<'f> Walk<'f> {
    fn new(file_system: &'f dyn FileSystem) -> Self {
        Walk {
            file_system,
            here: file_system.canonical(".").unwrap_or_else(|_| ".".to_owned()),
            seen: HashSet::new(),
            folders: BTreeMap::new(),
            documents: BTreeMap::new(),
            linked: Vec::new(),
            discovered: Discovered::default(),
        }
    }

    /// The folder in which callers of a file are looked for.
    fn around(&self, file: &str) -> String {
        let folder = folder_of(file);
        let Ok(canonical) = self.file_system.canonical(folder) else {
            return folder.to_owned();
        };
        match repository(self.file_system, &canonical) {
            Some(repository) => self.shown(repository),
            None if below(&self.here, &canonical).is_some() => ".".to_owned(),
            None => folder.to_owned(),
        }
    }

    /// A canonical path as users write it, seen from the current folder.
    fn shown(&self, canonical: &str) -> String {
        seen_from(&self.here, canonical)
    }

    fn folder(&mut self, path: &str, is_asked_for: bool) {
        if !self.discovered.walked.iter().any(|known| known == path) {
            self.discovered.walked.push(path.to_owned());
        }
        match self.file_system.canonical(path) {
            Ok(canonical) => {
                let mut steps = vec![Step {
                    path: path.to_owned(),
                    ignores: GitIgnores::above(self.file_system, &canonical),
                    canonical,
                    is_asked_for,
                }];
                while let Some(step) = steps.pop().or_else(|| self.linked.pop()) {
                    self.step(step, &mut steps);
                }
            }
            Err(error) => self.discovered.failures.push((path.to_owned(), reason(&error))),
        }
    }

    /// Looks at one folder and puts those in it on the stack, the first on top.
    fn step(&mut self, mut step: Step, steps: &mut Vec<Step>) {
        if self.seen.contains(&(step.canonical.clone(), true))
            || !self.seen.insert((step.canonical.clone(), step.is_asked_for))
        {
            return;
        }
        if step.path.starts_with("..") {
            // What is reached from above may lie here again, and is called as from here.
            step.path = self.shown(&step.canonical);
        }
        let entries = match self.file_system.entries(&step.path) {
            Ok(entries) => entries,
            Err(error) => {
                self.discovered.failures.push((step.path, reason(&error)));
                return;
            }
        };
        let has_patterns = |entry: &super::Entry| entry.name == ".gitignore" && entry.kind == EntryKind::File;
        if entries.iter().any(has_patterns) {
            step.ignores = step.ignores.below(self.file_system, &step.canonical);
        }
        let mut folder = Folder {
            path: step.path.clone(),
            is_asked_for: step.is_asked_for,
            ..Folder::default()
        };
        let mut has_own = false;
        for entry in entries.into_iter().rev() {
            match entry.kind {
                EntryKind::Folder => self.below(&step, &entry.name, steps),
                EntryKind::File if is_configuration(&entry.name) => {
                    has_own |= !step.ignores.ignores(&step.canonical, &entry.name, false);
                    folder.configuration.insert(0, entry.name);
                }
                EntryKind::File if is_variable_file(&entry.name) => {
                    if !step.ignores.ignores(&step.canonical, &entry.name, false) {
                        folder.variable_files.insert(0, entry.name);
                    }
                }
                EntryKind::File => self.document(&step, &entry.name),
            }
        }
        if !has_own {
            folder.configuration.clear();
        }
        if folder.configuration.is_empty() && folder.variable_files.is_empty() {
            return;
        }
        let known = self.folders.entry(folder.path.clone()).or_default();
        folder.is_asked_for |= known.is_asked_for;
        *known = folder;
    }

    fn document(&mut self, step: &Step, name: &str) {
        let Some(notation) = DocumentNotation::of(name).filter(|_| !name.starts_with('.')) else {
            return;
        };
        if step.ignores.ignores(&step.canonical, name, false) {
            return;
        }
        let path = joined(&step.path, name);
        let known = self.documents.entry(path.clone()).or_insert(Document {
            path,
            notation,
            is_asked_for: false,
        });
        known.is_asked_for |= step.is_asked_for;
    }

    fn below(&mut self, step: &Step, name: &str, steps: &mut Vec<Step>) {
        let is_passed_over = name.starts_with('.') || name == "node_modules";
        if is_passed_over || step.ignores.ignores(&step.canonical, name, true) {
            return;
        }
        let path = joined(&step.path, name);
        let Ok(canonical) = self.file_system.canonical(&path) else {
            return;
        };
        let is_linked = canonical != joined(&step.canonical, name);
        let next = Step {
            path: match below(&self.here, &canonical) {
                Some(own) if is_linked => normalised(own),
                _ => path,
            },
            canonical,
            ignores: step.ignores.clone(),
            is_asked_for: step.is_asked_for,
        };
        if is_linked {
            self.linked.push(next);
        } else {
            steps.push(next);
        }
    }

    fn finish(mut self) -> Discovered {
        for path in &self.discovered.files {
            let name = path.rsplit('/').next().unwrap_or(path);
            if is_configuration(name) || is_variable_file(name) {
                continue;
            }
            // A path that is named is looked at, whatever its name is: a plan need not have an ending.
            self.documents.entry(path.clone()).or_insert_with(|| Document {
                path: path.clone(),
                notation: DocumentNotation::of(name).unwrap_or(DocumentNotation::Json),
                is_asked_for: false,
            });
        }
        self.discovered.documents = self.documents.into_values().collect();
        self.discovered.folders = self.folders.into_values().collect();
        self.discovered
    }
}

/// The folder that a file lies in.
pub fn folder_of(file: &str) -> &str {
    match file.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

/// Why a path cannot be read, in words.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
