//! Where an expression is evaluated: in which template, and inside which loops and functions.

use std::rc::Rc;
use std::sync::Arc;

use super::instance::Instance;
use crate::eval::deployment::Presence;
use crate::eval::value::Value;

/// The names around an expression that are no declarations of the template.
pub(super) struct Frame {
    pub(super) bound: Bound,
    pub(super) outer: Option<Rc<Frame>>,
}

pub(super) enum Bound {
    /// An element or index of a loop, or a parameter of a lambda: `lambdaVariables('name')`.
    Variable { name: Arc<str>, value: Value },
    /// The index of a loop: `copyIndex('name')`.
    Copy {
        name: Arc<str>,
        index: Value,
        /// It makes resources, not elements.
        is_of_resource: bool,
    },
    /// The arguments of a user-defined function, which sees nothing of what is around its call.
    Function { arguments: Vec<(Arc<str>, Value)> },
}

#[derive(Clone)]
pub(super) struct Scope<'e> {
    pub(super) instance: Rc<Instance<'e>>,
    pub(super) frame: Option<Rc<Frame>>,
    /// What is evaluated is written in the body of a resource, so that its places are where values are used.
    pub(super) in_body: bool,
}

impl<'e> Scope<'e> {
    pub(super) fn with(&self, bound: Bound) -> Scope<'e> {
        Scope {
            instance: self.instance.clone(),
            frame: Some(Rc::new(Frame {
                bound,
                outer: self.frame.clone(),
            })),
            in_body: self.in_body,
        }
    }

    /// The frames from the innermost to the outermost that are seen from here.
    pub(super) fn frames(&self) -> impl Iterator<Item = &Frame> {
        std::iter::successors(self.frame.as_deref(), |frame| match frame.bound {
            Bound::Function { .. } => None,
            _ => frame.outer.as_deref(),
        })
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Value> {
        self.frames().find_map(|frame| match &frame.bound {
            Bound::Variable { name: bound, value } if bound.eq_ignore_ascii_case(name) => Some(value),
            _ => None,
        })
    }

    /// The index of the loop of this name. Without a name the loop of the resource is meant, also inside a loop
    /// over elements of its properties.
    pub(super) fn copy_index(&self, name: Option<&str>) -> Option<&Value> {
        let mut innermost = None;
        for frame in self.frames() {
            let Bound::Copy {
                name: bound,
                index,
                is_of_resource,
            } = &frame.bound
            else {
                continue;
            };
            match name {
                Some(name) if bound.eq_ignore_ascii_case(name) => return Some(index),
                None if *is_of_resource => return Some(index),
                Some(_) => {}
                None => innermost = innermost.or(Some(index)),
            }
        }
        innermost
    }

    /// The argument of the function that this is the body of; none when it is no function's body.
    pub(super) fn argument(&self, name: &str) -> Option<Option<&Value>> {
        self.frames().find_map(|frame| match &frame.bound {
            Bound::Function { arguments } => {
                let found = arguments
                    .iter()
                    .find(|(bound, _)| bound.eq_ignore_ascii_case(name));
                Some(found.map(|(_, value)| value))
            }
            _ => None,
        })
    }

    pub(super) fn is_in_function(&self) -> bool {
        self.argument("").is_some()
    }
}

/// One instance of a declared resource.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) key: crate::eval::deployment::InstanceKey,
    pub(super) frame: Option<Rc<Frame>>,
    /// As far as the declaration and what it is inside of decide it.
    pub(super) presence: Presence,
    /// The position among the parent's instances of the one that this belongs to.
    pub(super) parent: Option<usize>,
}
