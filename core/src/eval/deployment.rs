//! What one root module with its variables, or one template with its parameters, would deploy.

use std::fmt;
use std::sync::Arc;

use super::value::{Condition, PathStep, Unknown, Value};
use crate::source::{FileId, Span};
use crate::syntax::SyntaxError;

#[derive(Debug, Clone)]
pub struct Deployment {
    /// How the deployment is named to users: its folder, and the variable file when there is a choice.
    pub name: String,
    /// The folder of the root module, or the template.
    pub root: String,
    pub resources: Vec<Resource>,
    /// The files that were read for it, once each, in path order.
    pub files: Vec<FileId>,
    pub problems: Vec<Problem>,
    /// The constraint or lock on the azurerm provider, when one is known.
    pub provider_version: Option<ProviderVersion>,
    /// The subscription that everything is deployed to, when the configuration says so.
    pub subscription: Option<Value>,
}

/// What the evaluator could not do, and where. Values that depend on it are unknown for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    Syntax(SyntaxError),
    /// A module call whose source is not on disk.
    ModuleNotFound {
        source: String,
        span: Span,
    },
    /// A file that belongs to the deployment cannot be read.
    Unreadable {
        path: String,
        reason: String,
    },
    /// A bound was reached; the text says which.
    Limit {
        message: String,
        span: Span,
    },
    /// It is known that parts are missing, through no fault of the text; the message says why.
    Unfinished {
        message: String,
        span: Span,
    },
}

/// The azurerm provider's version as far as the lock file or the constraints fix it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderVersion {
    pub major: u32,
    /// Known only from a lock file or an exact constraint.
    pub minor: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Resource {
    pub address: Address,
    /// The resource type: `azurerm_subnet`, or an ARM type such as `Microsoft.Network/virtualNetworks`.
    pub schema: Arc<str>,
    /// An object: attributes by name; nested blocks by name as a list of objects, in order.
    pub body: Value,
    pub presence: Presence,
    /// The block's kind and labels.
    pub header: Span,
    /// The whole block.
    pub span: Span,
    /// Addresses in `depends_on` and in every reference of the body, without repeats.
    pub depends_on: Vec<Address>,
    /// Top-level names in `lifecycle.ignore_changes`; `all` stands alone.
    pub ignore_changes: Vec<Arc<str>>,
    /// Other addresses of it: a template can deploy one resource more than once.
    pub also: Vec<Address>,
    /// The resource group that the resource is deployed to, where the body does not say: in templates.
    pub resource_group: Option<Value>,
    /// What deploying would do to it: only a plan knows.
    pub change: Option<Box<Change>>,
}

/// What a plan would do to a resource that is there already, or is made.
#[derive(Debug, Clone)]
pub struct Change {
    /// In Terraform's words and order: `["delete", "create"]` replaces it.
    pub actions: Vec<Arc<str>>,
    /// Where the actions stand.
    pub span: Span,
    /// Terraform's word for why: `replace_because_cannot_update`.
    pub reason: Option<Arc<str>>,
    /// The attributes whose change makes a new resource necessary.
    pub replace_paths: Vec<Vec<PathStep>>,
    /// What it is before, when that is another body than after. None for what is made anew.
    pub before: Option<Value>,
}

#[derive(Debug, Clone)]
pub enum Presence {
    Certain,
    /// Present only when all of these hold: one for each enclosing module call and block whose `count` or
    /// `for_each` hangs on a condition.
    If(Vec<Assumption>),
    /// Stands for an unknown number of instances, perhaps none.
    AnyNumber(Unknown),
}

impl Presence {
    /// Whether it needs one condition to hold and not to hold: then the instance is never there.
    pub fn is_impossible(&self) -> bool {
        let Presence::If(assumptions) = self else {
            return false;
        };
        assumptions.iter().enumerate().any(|(position, assumed)| {
            let mut others = assumptions.iter().skip(position + 1);
            others.any(|other| {
                other.condition.identity() == assumed.condition.identity() && other.when != assumed.when
            })
        })
    }

    /// Both together: of a module instance and of a resource in it.
    #[must_use]
    pub fn and(&self, inner: &Presence) -> Presence {
        match (self, inner) {
            (Presence::AnyNumber(unknown), _) | (_, Presence::AnyNumber(unknown)) => {
                Presence::AnyNumber(unknown.clone())
            }
            (Presence::Certain, other) | (other, Presence::Certain) => other.clone(),
            (Presence::If(outer), Presence::If(inner)) => {
                let mut all = outer.clone();
                for assumed in inner {
                    let is_known = all.iter().any(|known| {
                        known.condition.identity() == assumed.condition.identity()
                            && known.when == assumed.when
                    });
                    if !is_known {
                        all.push(assumed.clone());
                    }
                }
                Presence::If(all)
            }
        }
    }
}

/// A condition taken to be true or false.
#[derive(Debug, Clone)]
pub struct Assumption {
    pub condition: Condition,
    pub when: bool,
}

/// The full name of one resource instance.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// The module calls on the way from the root, outermost first.
    pub module: Arc<[ModuleStep]>,
    pub mode: Mode,
    pub kind: Arc<str>,
    pub name: Arc<str>,
    pub key: InstanceKey,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleStep {
    pub name: Arc<str>,
    pub key: InstanceKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    Managed,
    Data,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstanceKey {
    /// The block has neither `count` nor `for_each`.
    Single,
    Index(u64),
    Key(Arc<str>),
    /// One stands for all: the number of instances or their keys are unknown.
    Template,
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceKey::Single => Ok(()),
            InstanceKey::Index(index) => write!(formatter, "[{index}]"),
            InstanceKey::Key(key) => write!(formatter, "[\"{key}\"]"),
            InstanceKey::Template => write!(formatter, "[*]"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in self.module.iter() {
            write!(formatter, "module.{}{}.", step.name, step.key)?;
        }
        if self.kind.contains('/') {
            return self.fmt_as_in_azure(formatter);
        }
        if self.mode == Mode::Data {
            write!(formatter, "data.")?;
        }
        write!(formatter, "{}.{}{}", self.kind, self.name, self.key)
    }
}

impl Address {
    /// `Microsoft.Network/virtualNetworks/hub/subnets/nodes`: as the end of an id in Azure. Instances of a
    /// loop have names of their own.
    fn fmt_as_in_azure(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kinds = self.kind.split('/');
        write!(formatter, "{}", kinds.next().unwrap_or_default())?;
        let (kinds, names): (Vec<_>, Vec<_>) = (kinds.collect(), self.name.split('/').collect());
        if kinds.len() == names.len() {
            for (kind, name) in kinds.iter().zip(&names) {
                write!(formatter, "/{kind}/{name}")?;
            }
        } else {
            write!(formatter, "/{}/{}", kinds.join("/"), self.name)?;
        }
        match self.key {
            InstanceKey::Template => write!(formatter, "{}", self.key),
            _ => Ok(()),
        }
    }
}
