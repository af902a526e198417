//! Which instance a reference means that names only a block.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::document::MAXIMUM_MODULE_LEVELS;
use super::references::{Resolver, Scope};
use crate::eval::deployment::InstanceKey;
use crate::eval::value::PathStep;

/// What picks an instance, when a reference does not name it: `each.key`, `each.value.subnet`, `count.index`.
#[derive(Default)]
pub(super) struct Hints {
    is_own_key: bool,
    keys: Vec<Arc<str>>,
}

impl<'t> Resolver<'_, 't> {
    pub(super) fn hints(&self, references: &[Vec<PathStep>], scope: &Scope<'t>, depth: usize) -> Hints {
        let mut hints = Hints::default();
        for reference in references {
            let [PathStep::Attribute(head), PathStep::Attribute(name), path @ ..] = reference.as_slice()
            else {
                continue;
            };
            match (&**head, &**name) {
                ("each", "key") | ("count", "index") => hints.is_own_key = true,
                ("each", "value") => hints.keys.extend(self.each_value(path, scope, depth)),
                _ => {}
            }
        }
        hints
    }

    /// A text in the value of this instance's element of `for_each`, when that is a variable as it is.
    fn each_value(&self, path: &[PathStep], scope: &Scope<'t>, depth: usize) -> Option<Arc<str>> {
        let InstanceKey::Key(key) = &scope.key else {
            return None;
        };
        let mut of = scope.clone();
        let mut expression = scope.for_each?;
        let mut rest: Vec<PathStep> = vec![PathStep::Key(key.clone())];
        rest.extend_from_slice(path);
        for _ in depth..=MAXIMUM_MODULE_LEVELS {
            let mut value = expression.member("constant_value");
            let listed = self.references(expression);
            if value.is_none() {
                let [reference] = &*listed else {
                    return None;
                };
                let [PathStep::Attribute(var), PathStep::Attribute(name), inner @ ..] = reference.as_slice()
                else {
                    return None;
                };
                if &**var != "var" {
                    return None;
                }
                rest.splice(0..0, inner.iter().cloned());
                if of.path.is_empty() {
                    value = Some(*self.document.variables.get(&**name)?);
                } else {
                    (of, expression) = self.argument(name, &of)?;
                    continue;
                }
            }
            let found = rest.iter().try_fold(value?, |value, step| match step {
                PathStep::Attribute(name) | PathStep::Key(name) => value.member(name),
                PathStep::Index(index) => value.elements().nth(usize::try_from(*index).ok()?),
            });
            return Some(found?.as_text()?.into());
        }
        None
    }
}

/// The instance that is meant: the only one, the one with the key of the asking instance where that takes
/// part, or the one that a value of its element names.
pub(super) fn pick(keys: &BTreeSet<InstanceKey>, hints: &Hints, own: &InstanceKey) -> Option<InstanceKey> {
    if keys.len() == 1 {
        return keys.first().cloned();
    }
    if hints.is_own_key && *own != InstanceKey::Single && keys.contains(own) {
        return Some(own.clone());
    }
    let named = hints.keys.iter().map(|key| InstanceKey::Key(key.clone()));
    let mut named = named.filter(|key| keys.contains(key));
    let first = named.next()?;
    named.all(|key| key == first).then_some(first)
}
