//! Which deployments have to do with what.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

/// Deployments by something that they use, read or offer.
#[derive(Debug)]
pub(super) struct Register<K> {
    deployments: HashMap<K, BTreeSet<Arc<str>>>,
}

impl<K> Default for Register<K> {
    fn default() -> Self {
        Register {
            deployments: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq + Clone> Register<K> {
    pub(super) fn add<'k>(&mut self, deployment: &Arc<str>, keys: impl IntoIterator<Item = &'k K>)
    where
        K: 'k,
    {
        for key in keys {
            match self.deployments.get_mut(key) {
                Some(known) => {
                    known.insert(deployment.clone());
                }
                None => {
                    let first = BTreeSet::from([deployment.clone()]);
                    self.deployments.insert(key.clone(), first);
                }
            }
        }
    }

    pub(super) fn remove<'k>(&mut self, deployment: &Arc<str>, keys: impl IntoIterator<Item = &'k K>)
    where
        K: 'k,
    {
        for key in keys {
            if let Some(known) = self.deployments.get_mut(key) {
                known.remove(deployment);
                if known.is_empty() {
                    self.deployments.remove(key);
                }
            }
        }
    }

    pub(super) fn of<Q>(&self, key: &Q) -> impl Iterator<Item = &Arc<str>> + use<'_, K, Q>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.deployments.get(key).into_iter().flatten()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        self.deployments.keys()
    }
}
