//! What is reported of deployments that have files in common.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Project;
use crate::conclusion::{self, Part};
use crate::finding::Finding;
use crate::source::FileId;

impl Project {
    /// Concludes what is not yet, together with what it shares files with, once none of that is due.
    pub(super) fn merge(&mut self) {
        let mut waiting: BTreeSet<Arc<str>> = BTreeSet::new();
        while let Some(first) = self.unmerged.difference(&waiting).next().cloned() {
            let group = self.group(&first);
            if group.iter().any(|name| self.due.contains_key(name)) {
                waiting.extend(group);
                continue;
            }
            self.unmerged.retain(|name| !group.contains(name));
            self.conclude(&group);
        }
    }

    /// The deployments that have a file in common with one, or with one that has.
    fn group(&self, first: &Arc<str>) -> BTreeSet<Arc<str>> {
        let mut group = BTreeSet::from([first.clone()]);
        let mut seen: BTreeSet<FileId> = BTreeSet::new();
        let mut next = vec![first.clone()];
        while let Some(name) = next.pop() {
            let done = self.deployments.get(&name).and_then(|entry| entry.done.as_ref());
            for file in done.iter().flat_map(|done| &done.places) {
                if seen.insert(*file) {
                    for reader in self.readers.of(file) {
                        if group.insert(reader.clone()) {
                            next.push(reader.clone());
                        }
                    }
                }
            }
        }
        group
    }

    fn conclude(&mut self, group: &BTreeSet<Arc<str>>) {
        let mut places: BTreeSet<FileId> = BTreeSet::new();
        let mut parts = Vec::with_capacity(group.len());
        for name in group {
            let done = self.deployments.get(name).and_then(|entry| entry.done.as_ref());
            if let Some(done) = done {
                places.extend(&done.places);
                parts.push(Part {
                    name,
                    files: &done.files,
                    judged: done.judged.clone(),
                });
            }
        }
        let conclusion = conclusion::conclude(parts, &self.trees, &self.settings);
        let mut found: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
        for finding in conclusion.findings {
            found.entry(finding.primary.span.file).or_default().push(finding);
        }
        places.extend(found.keys());
        for file in places {
            let now = found.remove(&file);
            let before = self.findings.remove(&file);
            if before.is_some() || now.is_some() {
                self.changed.insert(self.trees.sources.file(file).path.clone());
            }
            if let Some(now) = now {
                self.findings.insert(file, now);
            }
        }
    }

    /// Files that a deployment no longer has to do with: what others say about them is concluded anew.
    pub(super) fn abandon(&mut self, files: &BTreeSet<FileId>) {
        for file in files {
            let others: Vec<Arc<str>> = self.readers.of(file).cloned().collect();
            if others.is_empty() {
                if self.findings.remove(file).is_some() {
                    self.changed.insert(self.trees.sources.file(*file).path.clone());
                }
            } else {
                self.unmerged.extend(others);
            }
        }
    }
}
