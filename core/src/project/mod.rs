//! A workspace that is being edited: open buffers over the disk, and what was found in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::analysis::{Analysis, analyse};
use crate::finding::Finding;
use crate::settings::Settings;
use crate::source::discovery::shown;
use crate::source::{FileSystem, OverlayFileSystem, Sources};

/// The findings of a workspace, kept up to date with what is edited. Nothing is done until
/// [`Project::step`] is called.
pub struct Project {
    disk: Arc<dyn FileSystem>,
    settings: Settings,
    /// The texts of open buffers, by path.
    open: BTreeMap<String, Vec<u8>>,
    analysis: Option<Analysis>,
    is_stale: bool,
    changed: BTreeSet<String>,
}

impl Project {
    /// The settings say which folders are looked at.
    pub fn new(disk: Arc<dyn FileSystem>, settings: Settings) -> Self {
        Project {
            disk,
            settings,
            open: BTreeMap::new(),
            analysis: None,
            is_stale: true,
            changed: BTreeSet::new(),
        }
    }

    /// A path under the name by which findings know it.
    pub fn shown(&self, path: &str) -> String {
        shown(self.disk.as_ref(), path)
    }

    pub fn change_settings(&mut self, settings: Settings) {
        self.settings = settings;
        self.is_stale = true;
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What is in an editor's buffer counts from now on, in place of the disk.
    pub fn open(&mut self, path: &str, text: &str) {
        self.open.insert(path.to_owned(), text.as_bytes().to_vec());
        self.is_stale = true;
    }

    /// What is on disk counts again.
    pub fn close(&mut self, path: &str) {
        self.open.remove(path);
        self.is_stale = true;
    }

    /// A file or folder was made, changed or removed on disk.
    pub fn changed_on_disk(&mut self, _path: &str) {
        self.is_stale = true;
    }

    /// Something may have changed on disk that nobody told of.
    pub fn look_again(&mut self) {
        self.is_stale = true;
    }

    /// How many of how many deployments are done.
    pub fn progress(&self) -> (usize, usize) {
        (usize::from(!self.is_stale), 1)
    }

    /// Whether the findings of a file are those of its text as it is now.
    pub fn is_current(&self, _path: &str) -> bool {
        !self.is_stale
    }

    pub fn has_work(&self) -> bool {
        self.is_stale
    }

    /// Does a slice of the outstanding work.
    pub fn step(&mut self) {
        if !self.is_stale {
            return;
        }
        self.is_stale = false;
        let files = self.open.iter().map(|(path, text)| (path.clone(), text.clone()));
        let file_system = Arc::new(OverlayFileSystem::new(self.disk.clone(), files));
        let analysis = analyse(file_system, &self.settings);
        for analysis in self.analysis.iter().chain([&analysis]) {
            let files = analysis.findings.iter().map(|finding| finding.primary.span.file);
            let paths = files.map(|file| analysis.sources.file(file).path.clone());
            self.changed.extend(paths);
        }
        self.analysis = Some(analysis);
    }

    /// The files whose findings may have changed since this was last asked.
    pub fn take_changed(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.changed)
    }

    /// The findings whose primary place lies in this file.
    pub fn findings(&self, path: &str) -> Vec<&Finding> {
        let Some(analysis) = &self.analysis else {
            return Vec::new();
        };
        let findings = analysis.findings.iter();
        let here = |finding: &&Finding| analysis.sources.file(finding.primary.span.file).path == path;
        findings.filter(here).collect()
    }

    /// The files that the spans of findings mean; None before the first step.
    pub fn sources(&self) -> Option<&Sources> {
        self.analysis.as_ref().map(|analysis| analysis.sources.as_ref())
    }
}
