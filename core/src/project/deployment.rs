//! One deployment of a workspace: when it is due, what it makes of the texts, and what it has to do with others.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::Project;
use super::files::Uses;
use crate::editor::View;
use crate::eval::deployment::Deployment;
use crate::eval::roots::{self, Root};
use crate::judgement::{self, Judged};
use crate::lower::{self, Name};
use crate::model::network::Network;
use crate::source::FileId;
use crate::source::discovery::folder_of;

/// How much outdated is kept until somebody has time to free it.
const MOST_OUTDATED: usize = 4;

/// A deployment and what is known of it.
pub(super) struct Entry {
    pub(super) root: Root,
    /// None until it was evaluated for the first time.
    pub(super) done: Option<Done>,
}

/// What came out when it was last evaluated.
pub(super) struct Done {
    pub(super) uses: Uses,
    /// The files in which its findings can have places: its own, and those of its neighbours.
    pub(super) places: BTreeSet<FileId>,
    pub(super) files: Vec<FileId>,
    pub(super) offered: BTreeSet<Name>,
    pub(super) sought: BTreeSet<Name>,
    pub(super) judged: Judged,
    /// Kept when one of its files is open: the rest of the workspace would take too much room.
    pub(super) view: Option<Arc<View>>,
}

/// Another deployment from which one reads.
enum Neighbour {
    Kept(Arc<View>),
    Evaluated(Box<Deployment>),
}

impl Neighbour {
    fn deployment(&self) -> &Deployment {
        match self {
            Neighbour::Kept(view) => &view.deployment,
            Neighbour::Evaluated(deployment) => deployment,
        }
    }
}

/// Why a deployment is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// Another deployment whose resources it reads was edited.
    Neighbour,
    /// Something that it uses was edited.
    Edit,
}

impl Project {
    /// Takes the deployments that there are now. Those that are as they were keep what is known of them.
    pub(super) fn take_roots(&mut self, found: Vec<Root>) {
        let mut known = std::mem::take(&mut self.deployments);
        let mut entries = BTreeMap::new();
        for root in found {
            let name: Arc<str> = Arc::from(root.name());
            let entry = match known.remove(&name) {
                Some(entry) if entry.root == root => entry,
                Some(entry) => {
                    self.due.insert(name.clone(), Cause::Edit);
                    Entry { root, ..entry }
                }
                None => {
                    self.due.insert(name.clone(), Cause::Edit);
                    Entry { root, done: None }
                }
            };
            entries.insert(name, entry);
        }
        self.deployments = entries;
        for (name, entry) in known {
            self.due.remove(&name);
            self.unmerged.remove(&name);
            if let Some(done) = entry.done {
                self.unregister(&name, &done);
                self.abandon(&done.places);
                self.tell_seekers(&name, &done.offered);
            }
        }
    }

    /// Those that read open files come first, then those whose cause is an edit.
    pub(super) fn next_due(&self) -> Option<Arc<str>> {
        let open = self.files.open_paths();
        let is_near = |name: &&Arc<str>| open.iter().any(|path| self.may_use(name, path));
        let edited = self.due.iter().filter(|(_, cause)| **cause == Cause::Edit);
        let near = edited.clone().map(|(name, _)| name).find(is_near);
        let next = near.or_else(|| edited.map(|(name, _)| name).next());
        next.or_else(|| self.due.keys().next()).cloned()
    }

    /// Whether a deployment uses a file; of one that was not evaluated yet, whether it may.
    pub(super) fn may_use(&self, name: &Arc<str>, path: &str) -> bool {
        let Some(entry) = self.deployments.get(name) else {
            return false;
        };
        match &entry.done {
            // A file that has just appeared was used by nobody yet.
            Some(done) => done.uses.files.contains(path) || done.uses.folders.contains(folder_of(path)),
            None => match &entry.root {
                Root::Terraform(root) => {
                    root.folder == folder_of(path) || root.variable_files.iter().any(|file| file == path)
                }
                Root::Template(root) => root.path == path || root.parameter_file.as_deref() == Some(path),
                Root::Plan(root) => root.path == path,
            },
        }
    }

    /// Evaluates and judges a deployment that is due.
    pub(super) fn work_on(&mut self, name: &Arc<str>) {
        let Some(cause) = self.due.remove(name) else {
            return;
        };
        let Some(entry) = self.deployments.get(name) else {
            return;
        };
        let root = entry.root.clone();
        let known = entry.done.as_ref().and_then(|done| done.view.clone());
        let (deployment, uses) = match (cause, &entry.done, known) {
            // What it is made of has not changed.
            (Cause::Neighbour, Some(done), Some(view)) => (Some(view.deployment.clone()), done.uses.clone()),
            _ => self.evaluated(&root),
        };
        let done = match deployment {
            Some(deployment) => self.done(&root, deployment, uses),
            // Said in the log of whoever runs this: nothing was checked.
            None => Done::nothing(uses),
        };
        let old = self.deployments.get_mut(name).and_then(|entry| entry.done.take());
        if let Some(old) = &old {
            self.unregister(name, old);
        }
        self.register(name, &done);
        if cause == Cause::Edit {
            let mut offered = done.offered.clone();
            offered.extend(old.iter().flat_map(|old| old.offered.iter().cloned()));
            self.tell_seekers(name, &offered);
        }
        if let Some(old) = old {
            let gone: BTreeSet<FileId> = old.places.difference(&done.places).copied().collect();
            self.abandon(&gone);
            if self.outdated.len() == MOST_OUTDATED {
                self.tidy();
            }
            self.outdated.push(old);
        }
        if let Some(entry) = self.deployments.get_mut(name) {
            entry.done = Some(done);
        }
        self.unmerged.insert(name.clone());
    }

    /// A deployment evaluated from the texts as they are, and what that used. None when evaluating panicked.
    fn evaluated(&self, root: &Root) -> (Option<Deployment>, Uses) {
        if let Root::Plan(plan) = root {
            // Its secrets were covered when it was read, which leaves text that cannot be read a second time.
            self.trees.sources.forget(&plan.path);
        }
        self.files.noting(|| {
            let evaluated = catch_unwind(AssertUnwindSafe(|| {
                let mut deployment =
                    roots::deployment(&self.trees, root, &self.settings, self.allowed(), &lower::Azure);
                lower::prepare(&mut deployment);
                deployment
            }));
            evaluated.ok()
        })
    }

    /// What the rules say about a deployment, together with those that it reads from.
    fn done(&self, root: &Root, deployment: Deployment, uses: Uses) -> Done {
        let name: Arc<str> = Arc::from(root.name());
        let offered = lower::offered_names(&deployment);
        let sought = lower::sought_names(&deployment);
        let neighbours = self.neighbours(&name, &sought);
        let mut places: BTreeSet<FileId> = deployment.files.iter().copied().collect();
        places.extend(
            neighbours
                .iter()
                .flat_map(|it| it.deployment().files.iter().copied()),
        );
        let joined = catch_unwind(AssertUnwindSafe(|| {
            let network = network(&deployment, &neighbours);
            let judged = judgement::judge(&network, &deployment.files, &self.settings, &self.trees);
            (network, judged)
        }));
        let Ok((network, judged)) = joined else {
            return Done::nothing(uses);
        };
        let files = deployment.files.clone();
        let is_open = uses.files.iter().any(|path| self.files.is_open(path));
        let view = is_open.then(|| {
            Arc::new(View {
                root: root.clone(),
                deployment,
                network,
            })
        });
        Done {
            uses,
            places,
            files,
            offered,
            sought,
            judged,
            view,
        }
    }

    /// The other deployments that offer what this one looks for.
    fn neighbours(&self, name: &Arc<str>, sought: &BTreeSet<Name>) -> Vec<Neighbour> {
        let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
        for sought in sought {
            names.extend(self.offering.of(sought).filter(|other| *other != name).cloned());
        }
        let neighbours = names.into_iter().filter_map(|name| {
            let entry = self.deployments.get(&name)?;
            let view = entry.done.as_ref().and_then(|done| done.view.as_ref());
            match view.filter(|_| !self.due.contains_key(&name)) {
                Some(view) => Some(Neighbour::Kept(view.clone())),
                None => self
                    .evaluated(&entry.root)
                    .0
                    .map(Box::new)
                    .map(Neighbour::Evaluated),
            }
        });
        neighbours.collect()
    }

    /// Makes those due that look for a name which this deployment offers or offered.
    fn tell_seekers(&mut self, name: &Arc<str>, offered: &BTreeSet<Name>) {
        let mut seekers: BTreeSet<Arc<str>> = BTreeSet::new();
        for offered in offered {
            seekers.extend(self.seeking.of(offered).filter(|other| *other != name).cloned());
        }
        for seeker in seekers {
            self.due.entry(seeker).or_insert(Cause::Neighbour);
        }
    }

    fn register(&mut self, name: &Arc<str>, done: &Done) {
        self.users_of_files.add(name, &done.uses.files);
        self.users_of_folders.add(name, &done.uses.folders);
        self.readers.add(name, &done.places);
        self.offering.add(name, &done.offered);
        self.seeking.add(name, &done.sought);
    }

    fn unregister(&mut self, name: &Arc<str>, done: &Done) {
        self.users_of_files.remove(name, &done.uses.files);
        self.users_of_folders.remove(name, &done.uses.folders);
        self.readers.remove(name, &done.places);
        self.offering.remove(name, &done.offered);
        self.seeking.remove(name, &done.sought);
    }

    /// A deployment as an editor sees it; evaluated now when it was not kept.
    pub(super) fn view(&mut self, name: &Arc<str>) -> Option<Arc<View>> {
        let entry = self.deployments.get(name)?;
        if let Some(view) = entry.done.as_ref().and_then(|done| done.view.clone()) {
            return Some(view);
        }
        let root = entry.root.clone();
        let (deployment, _) = self.evaluated(&root);
        let deployment = deployment?;
        let sought = lower::sought_names(&deployment);
        let neighbours = self.neighbours(name, &sought);
        let network = network(&deployment, &neighbours);
        let view = Arc::new(View {
            root,
            deployment,
            network,
        });
        if let Some(done) = self
            .deployments
            .get_mut(name)
            .and_then(|entry| entry.done.as_mut())
        {
            done.view = Some(view.clone());
        }
        Some(view)
    }
}

impl Done {
    /// Of a deployment in which nothing could be checked.
    fn nothing(uses: Uses) -> Self {
        Done {
            uses,
            places: BTreeSet::new(),
            files: Vec::new(),
            offered: BTreeSet::new(),
            sought: BTreeSet::new(),
            judged: Judged::default(),
            view: None,
        }
    }
}

/// The network that a deployment makes, with what it reads from others.
fn network(deployment: &Deployment, neighbours: &[Neighbour]) -> Network {
    let mut all: Vec<&Deployment> = neighbours.iter().map(Neighbour::deployment).collect();
    all.push(deployment);
    all.sort_by(|a, b| a.name.cmp(&b.name));
    lower::network(deployment, &lower::Workspace::new(all))
}
