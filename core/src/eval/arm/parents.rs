//! Resources inside others: what they are called after, and where they are deployed to.

use std::rc::Rc;

use super::instance::{Instance, Place};
use super::resource_instance::ResourceInstance;
use super::scope::Planned;
use super::template::{Parent, ResourceDeclaration};
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::{Reason, Unknown, Value};

/// No type of Azure is nested deeper, and resources that are each other's parents would never end.
const MAXIMUM_ANCESTORS: usize = 16;

impl<'e> Instance<'e> {
    /// The whole name of the resource that one is a child of.
    pub(super) fn parent_name(
        self: &Rc<Self>,
        declaration: &ResourceDeclaration,
        planned: &Planned,
    ) -> Option<Value> {
        match (declaration.parent.as_ref()?, self.parent(declaration, planned)) {
            (_, Some(parent)) => Some(parent.name()),
            (Parent::Enclosing(_), None) => None,
            (Parent::Symbol { name, span, .. }, None) => {
                let unknown = Unknown::named(Reason::Incomplete, name, *span);
                Some(Value::unknown(unknown, Provenance::new(Via::Literal, *span)))
            }
        }
    }

    /// The instance that one of a resource is a child of.
    fn parent(
        self: &Rc<Self>,
        declaration: &ResourceDeclaration,
        planned: &Planned,
    ) -> Option<ResourceInstance<'e>> {
        match declaration.parent.as_ref()? {
            Parent::Enclosing(position) => {
                let index = planned.parent?;
                Some(ResourceInstance {
                    instance: self.clone(),
                    position: *position,
                    index,
                    planned: self.expansion(*position).get(index)?.clone(),
                })
            }
            Parent::Symbol { name, index, .. } => {
                self.scope_of(planned).symbol_instance(name, index.as_ref())
            }
        }
    }

    /// The nearest of the resources that one is inside of that says where it is deployed to.
    pub(super) fn ancestor_with_scope(
        self: &Rc<Self>,
        declaration: &ResourceDeclaration,
        planned: &Planned,
    ) -> Option<ResourceInstance<'e>> {
        let mut nearest = self.parent(declaration, planned)?;
        for _ in 0..MAXIMUM_ANCESTORS {
            let declaration = nearest.declaration()?;
            if declaration.scope.is_some() {
                return Some(nearest);
            }
            let outer = nearest.instance.parent(declaration, &nearest.planned)?;
            nearest = outer;
        }
        None
    }

    /// What a resource is deployed to, unless it extends another.
    pub(super) fn place_of(self: &Rc<Self>, declaration: &ResourceDeclaration, planned: &Planned) -> Place {
        match &declaration.scope {
            Some(scope) => self.scope_of(planned).place(scope),
            None => {
                let placed = self.ancestor_with_scope(declaration, planned);
                match placed.as_ref().and_then(|it| Some((it, it.declaration()?))) {
                    Some((ancestor, declaration)) => {
                        ancestor.instance.place_of(declaration, &ancestor.planned)
                    }
                    None => self.place.clone(),
                }
            }
        }
    }
}
