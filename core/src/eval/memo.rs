//! What is worked out once, when it is first asked for.

use rustc_hash::FxHashMap;
use std::cell::RefCell;

/// Values by name; none while one is being worked out, so that a cycle is noticed.
pub(in crate::eval) struct Memo<K, V>(RefCell<FxHashMap<K, Option<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo(RefCell::default())
    }
}

impl<K: std::hash::Hash + Eq + Clone, V: Clone> Memo<K, V> {
    /// The value, worked out on first use; `on_cycle` when working it out asks for itself.
    pub(in crate::eval) fn get(
        &self,
        key: &K,
        on_cycle: impl FnOnce() -> V,
        work_out: impl FnOnce() -> V,
    ) -> V {
        match self.0.borrow().get(key) {
            Some(Some(value)) => return value.clone(),
            Some(None) => return on_cycle(),
            None => {}
        }
        self.0.borrow_mut().insert(key.clone(), None);
        let value = work_out();
        self.0.borrow_mut().insert(key.clone(), Some(value.clone()));
        value
    }

    /// Everything that was worked out; it is forgotten.
    pub(in crate::eval) fn take(&self) -> Vec<V> {
        let values = std::mem::take(&mut *self.0.borrow_mut());
        values.into_values().flatten().collect()
    }

    /// Works everything out again on its next use, save what is being worked out now.
    pub(in crate::eval) fn forget(&self) {
        self.0.borrow_mut().retain(|_, value| value.is_none());
    }
}
