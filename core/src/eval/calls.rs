//! Which modules call which: folders of Terraform, templates of Azure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::source::FileSystem;

/// The calls among the modules of a run, by path.
pub(super) struct Calls<'d> {
    called: BTreeMap<&'d str, BTreeSet<&'d str>>,
}

impl<'d> Calls<'d> {
    /// `targets` says the paths that a module calls; those that are none of the modules do not count.
    pub(super) fn new(
        file_system: &dyn FileSystem,
        modules: &[&'d str],
        targets: impl Fn(&'d str) -> Vec<String>,
    ) -> Self {
        let known: BTreeSet<&str> = modules.iter().copied().collect();
        let mut by_canonical: Option<HashMap<String, &'d str>> = None;
        let mut called = BTreeMap::new();
        for module in modules {
            let mut found = BTreeSet::new();
            for path in targets(module) {
                let target = known.get(path.as_str()).copied().or_else(|| {
                    // The path may lead through a link.
                    let canonical = file_system.canonical(&path).ok()?;
                    let by_canonical = by_canonical.get_or_insert_with(|| {
                        let paths = modules.iter().copied();
                        paths
                            .filter_map(|path| Some((file_system.canonical(path).ok()?, path)))
                            .collect()
                    });
                    by_canonical.get(&canonical).copied()
                });
                found.extend(target);
            }
            called.insert(*module, found);
        }
        Calls { called }
    }

    /// A module and all that it calls, directly or through others.
    pub(super) fn reached_from(&self, module: &'d str) -> BTreeSet<&'d str> {
        let mut reached = BTreeSet::from([module]);
        let mut next = vec![module];
        while let Some(module) = next.pop() {
            for target in self.called.get(module).into_iter().flatten() {
                if reached.insert(target) {
                    next.push(target);
                }
            }
        }
        reached
    }

    /// The modules that no other calls; of modules that only call each other, the first. In the order of
    /// their paths, those that nobody calls before the others.
    pub(super) fn roots(&self) -> Vec<&'d str> {
        let mut targets: BTreeSet<&str> = BTreeSet::new();
        for (caller, called) in &self.called {
            targets.extend(called.iter().filter(|path| *path != caller));
        }
        let mut covered = BTreeSet::new();
        let mut roots = Vec::new();
        let paths = self.called.keys().copied();
        let (called, uncalled): (Vec<_>, Vec<_>) = paths.partition(|path| targets.contains(path));
        // What no root reaches are modules that call each other in a circle.
        for path in uncalled.into_iter().chain(called) {
            if !covered.contains(path) {
                covered.extend(self.reached_from(path));
                roots.push(path);
            }
        }
        roots
    }
}
