//! A workspace that is being edited: open buffers over the disk, and findings kept up to date.
//!
//! What is kept: each text with its tree, and for each deployment what it used, what the rules said and which
//! names it offers to others. An edit makes those deployments due that used the file; nothing else is looked at
//! again. Once no work is left, the findings are those of a fresh run over the same texts.

mod deployment;
mod files;
mod merge;
mod register;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::editor::View;
use crate::eval;
use crate::eval::roots;
use crate::finding::Finding;
use crate::lower::Name;
use crate::settings::Settings;
use crate::source::discovery::{self, Discovered, folder_of};
use crate::source::{FileId, FileSystem, SourceFile, Sources};
use crate::syntax::Trees;

use deployment::{Cause, Done, Entry};
use files::Files;
use register::Register;

/// The findings of a workspace. Nothing is done until [`Project::step`] is called, a slice at a time.
pub struct Project {
    files: Arc<Files>,
    trees: Trees,
    settings: Settings,
    /// None when the folders are to be walked.
    discovered: Option<Discovered>,
    /// The deployments are to be found out from what was discovered.
    are_roots_due: bool,
    deployments: BTreeMap<Arc<str>, Entry>,
    due: BTreeMap<Arc<str>, Cause>,
    /// Those whose findings are not merged with those of others yet.
    unmerged: BTreeSet<Arc<str>>,
    users_of_files: Register<String>,
    users_of_folders: Register<String>,
    /// By the files that their findings can have places in.
    readers: Register<FileId>,
    offering: Register<Name>,
    seeking: Register<Name>,
    /// What decided which deployments there are, of files that were edited.
    influences: HashMap<String, u64>,
    /// Files whose influence is to be compared with what it was.
    edited: BTreeSet<String>,
    /// By the file of the primary place.
    findings: HashMap<FileId, Vec<Finding>>,
    changed: BTreeSet<String>,
    has_failed: bool,
    /// What came of texts that are another now. Freeing it takes time that somebody waits.
    outdated: Vec<Done>,
}

impl Project {
    /// The settings say which folders are looked at.
    pub fn new(disk: Arc<dyn FileSystem>, settings: Settings) -> Self {
        let files = Arc::new(Files::new(disk));
        Project {
            trees: Trees::new(Arc::new(Sources::new(files.clone()))),
            files,
            settings,
            discovered: None,
            are_roots_due: true,
            deployments: BTreeMap::new(),
            due: BTreeMap::new(),
            unmerged: BTreeSet::new(),
            users_of_files: Register::default(),
            users_of_folders: Register::default(),
            readers: Register::default(),
            offering: Register::default(),
            seeking: Register::default(),
            influences: HashMap::new(),
            edited: BTreeSet::new(),
            findings: HashMap::new(),
            changed: BTreeSet::new(),
            has_failed: false,
            outdated: Vec::new(),
        }
    }

    /// A path under the name by which findings know it.
    pub fn shown(&self, path: &str) -> String {
        discovery::shown(self.files.as_ref(), path)
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn change_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.discovered = None;
        let all = self.deployments.keys().cloned();
        self.due.extend(all.map(|name| (name, Cause::Edit)));
    }

    /// What is in an editor's buffer counts from now on, in place of the disk.
    pub fn open(&mut self, path: &str, text: &str) {
        let was_there = self.files.was_there(path);
        let before = self.trees.sources.known(path);
        // What is in `edited` is compared with what it was before that edit.
        if was_there && !self.influences.contains_key(path) && !self.edited.contains(path) {
            let influence = eval::influence(&self.trees, path);
            self.influences.insert(path.to_owned(), influence);
        }
        self.files.open(path, text);
        self.trees.sources.replace(path, text.to_owned());
        if !was_there {
            self.appeared_or_vanished(path);
        } else if before.is_none_or(|before| before.text != text) {
            self.edited(path);
        }
    }

    /// What is on disk counts again.
    pub fn close(&mut self, path: &str) {
        self.files.close(path);
        self.changed_on_disk(path);
        if !self.files.is_there(path) {
            self.appeared_or_vanished(path);
        }
    }

    /// A file or folder was made, changed or removed on disk.
    pub fn changed_on_disk(&mut self, path: &str) {
        let mut others = self.files.changed_on_disk(path);
        if !others.iter().any(|other| other == path) && !self.files.is_open(path) {
            self.read_again(path);
        }
        others.retain(|other| !self.files.is_open(other));
        for other in others {
            self.appeared_or_vanished(&other);
        }
    }

    /// Reads a file that is as much there as it was.
    fn read_again(&mut self, path: &str) {
        let before = self.trees.sources.known(path).map(|file| file.text.clone());
        self.trees.sources.forget(path);
        // One whose text is not known here may have been read in another way.
        let after = before.as_ref().and_then(|_| self.trees.sources.read(path).ok());
        let is_same = matches!((&before, &after), (Some(before), Some(after)) if after.text == *before);
        if !is_same {
            self.edited(path);
        }
    }

    /// Something may have changed on disk that nobody told of.
    pub fn look_again(&mut self) {
        self.discovered = None;
        for folder in self.files.look_again() {
            let users = self.users_of_folders.of(folder.as_str()).cloned();
            self.due.extend(users.map(|name| (name, Cause::Edit)));
        }
        let text = |file: Option<Arc<SourceFile>>| file.map(|file| file.text.clone());
        let used = self
            .users_of_files
            .keys()
            .filter(|path| !self.files.is_open(path));
        let used: Vec<(String, Option<String>)> = used
            .map(|path| (path.clone(), text(self.trees.sources.known(path))))
            .collect();
        // Those too that were read and that no deployment was evaluated with yet.
        self.trees.sources.forget_all_but(|path| self.files.is_open(path));
        for (path, before) in used {
            if before != text(self.trees.sources.read(&path).ok()) {
                self.edited(&path);
            }
        }
    }

    /// The text of a file is another one.
    fn edited(&mut self, path: &str) {
        if path.rsplit('/').next() == Some(".gitignore") {
            self.discovered = None;
        }
        self.edited.insert(path.to_owned());
        let users = self.users_of_files.of(path).cloned();
        self.due.extend(users.map(|name| (name, Cause::Edit)));
    }

    /// There is a file or folder where there was none, or the other way round.
    fn appeared_or_vanished(&mut self, path: &str) {
        if !self.files.is_open(path) {
            self.trees.sources.forget(path);
        }
        self.discovered = None;
        self.influences.remove(path);
        let below = format!("{path}/");
        let is_meant = |known: &&String| *known == path || known.starts_with(&below);
        let mut due: BTreeSet<Arc<str>> = BTreeSet::new();
        for file in self.users_of_files.keys().filter(is_meant) {
            due.extend(self.users_of_files.of(file).cloned());
        }
        let is_around = |known: &&String| {
            is_meant(known) || *known == folder_of(path) || path.starts_with(&format!("{known}/"))
        };
        for folder in self.users_of_folders.keys().filter(is_around) {
            due.extend(self.users_of_folders.of(folder).cloned());
        }
        self.due.extend(due.into_iter().map(|name| (name, Cause::Edit)));
    }

    pub fn has_work(&self) -> bool {
        self.discovered.is_none()
            || self.are_roots_due
            || !self.edited.is_empty()
            || !self.due.is_empty()
            || !self.unmerged.is_empty()
    }

    /// Whether the findings of a file are those of its text as it is now.
    pub fn is_current(&self, path: &str) -> bool {
        if self.discovered.is_none() || self.are_roots_due || !self.edited.is_empty() {
            return false;
        }
        let mut users = self.users_of_files.of(path).peekable();
        let is_new = |name: &Arc<str>| {
            self.deployments
                .get(name)
                .is_some_and(|entry| entry.done.is_none())
        };
        if users.peek().is_none() && self.due.keys().any(is_new) {
            // It may belong to a module of one that was not evaluated yet.
            return false;
        }
        !users.any(|name| self.due.contains_key(name) || self.unmerged.contains(name))
            && !self.due.keys().any(|name| self.may_use(name, path))
    }

    /// How many of how many deployments are done.
    pub fn progress(&self) -> (usize, usize) {
        let all = self.deployments.len();
        (all - self.due.len().min(all), all)
    }

    /// Does a slice of the outstanding work. When that panics, which is a fault of akslint, the rest is left undone.
    pub fn step(&mut self) {
        if catch_unwind(AssertUnwindSafe(|| self.slice())).is_err() {
            self.give_up();
        }
    }

    /// Whether work had to be left undone since this was last asked.
    pub fn take_failure(&mut self) -> bool {
        std::mem::take(&mut self.has_failed)
    }

    /// Frees what is not needed any more: for when nobody waits.
    pub fn tidy(&mut self) {
        self.outdated.clear();
    }

    fn slice(&mut self) {
        let Some(discovered) = &self.discovered else {
            self.discovered = Some(discovery::discover(self.files.as_ref(), &self.settings.paths));
            self.are_roots_due = true;
            return;
        };
        for path in std::mem::take(&mut self.edited) {
            let influence = eval::influence(&self.trees, &path);
            if self.influences.insert(path, influence) != Some(influence) {
                self.are_roots_due = true;
            }
        }
        if self.are_roots_due {
            let found = roots::roots(&self.trees, discovered, &self.settings);
            self.are_roots_due = false;
            self.take_roots(found.roots);
            return;
        }
        if let Some(name) = self.next_due() {
            self.work_on(&name);
        }
        self.merge();
    }

    /// Leaves the outstanding work undone until something else is edited: it cannot be done.
    fn give_up(&mut self) {
        self.has_failed = true;
        self.discovered.get_or_insert_default();
        self.are_roots_due = false;
        self.edited.clear();
        self.due.clear();
        self.unmerged.clear();
    }

    /// The files whose findings may have changed since this was last asked.
    pub fn take_changed(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.changed)
    }

    /// The findings whose primary place lies in this file, in their order.
    pub fn findings(&self, path: &str) -> &[Finding] {
        let file = self.trees.sources.known(path);
        let found = file.and_then(|file| self.findings.get(&file.id));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// The files that have findings.
    pub fn files_with_findings(&self) -> BTreeSet<String> {
        let files = self.findings.keys();
        files
            .map(|file| self.trees.sources.file(*file).path.clone())
            .collect()
    }

    /// The files that the spans of findings mean.
    pub fn sources(&self) -> &Sources {
        &self.trees.sources
    }

    pub fn trees(&self) -> &Trees {
        &self.trees
    }

    /// The folders whose files functions may read, besides those of a deployment's root.
    pub fn allowed(&self) -> &[String] {
        self.discovered
            .as_ref()
            .map(|discovered| discovered.walked.as_slice())
            .unwrap_or_default()
    }

    /// The deployments that read a file, in the order of their names; what is missing is evaluated now.
    pub fn views(&mut self, path: &str) -> Vec<Arc<View>> {
        while !self.is_current(path) && self.has_work() {
            self.step();
        }
        let Some(file) = self.trees.sources.known(path) else {
            return Vec::new();
        };
        let names: Vec<Arc<str>> = self.readers.of(&file.id).cloned().collect();
        let views = names.iter().filter_map(|name| self.view(name));
        views
            .filter(|view| view.deployment.files.contains(&file.id))
            .collect()
    }
}
