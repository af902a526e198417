//! The instance at the top of an evaluation.

use std::ops::Deref;
use std::rc::Rc;

/// What holds those below it, which hold it as their caller.
pub(in crate::eval) trait Calling {
    /// Forgets those below, and has them forget theirs.
    fn let_go(&self);
}

/// Callers and called hold each other, so none of them would ever be freed; this sees to it that they are when
/// the evaluation is over. A session evaluates for days.
pub(in crate::eval) struct Rooted<T: Calling>(Rc<T>);

impl<T: Calling> Rooted<T> {
    pub(in crate::eval) fn new(instance: Rc<T>) -> Self {
        Rooted(instance)
    }
}

impl<T: Calling> Deref for Rooted<T> {
    type Target = Rc<T>;

    fn deref(&self) -> &Rc<T> {
        &self.0
    }
}

impl<T: Calling> Drop for Rooted<T> {
    fn drop(&mut self) {
        self.0.let_go();
    }
}
