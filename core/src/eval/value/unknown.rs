//! Values that cannot be known: why, where that reason lies, and which value it is.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::eval::deployment::{Address, Mode};
use crate::source::Span;

/// A value that cannot be known here: why, and which value it is.
#[derive(Debug, Clone)]
pub struct Unknown(Arc<Cause>);

#[derive(Debug, Clone)]
struct Cause {
    told: Told,
    span: Span,
    edge: Option<Edge>,
    pieces: Vec<Piece>,
    /// It is a text, number or bool, or null.
    is_scalar: bool,
    /// Of an edge it is worked out when somebody asks.
    identity: OnceLock<u64>,
}

/// The reason, or what it is made from once somebody asks: most unknown values are never told of.
#[derive(Debug, Clone)]
enum Told {
    Reason(Reason),
    /// It is an edge, and known only after apply.
    Computed(OnceLock<Reason>),
    /// It is an edge, and read from outside.
    External(OnceLock<Reason>),
    /// The reason of another one, which has it from no further one.
    By(Unknown),
}

/// Why a value is unknown. The text of each names things as the user wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A variable or parameter without default that nothing assigns; its name as written (`var.cidr`).
    Unassigned {
        name: String,
    },
    /// Known after apply: an attribute that the provider computes.
    Computed {
        what: String,
    },
    /// Read from outside at plan time: a data source, an existing resource, the environment.
    External {
        what: String,
    },
    /// Marked sensitive: the value must not appear in any output.
    Sensitive {
        name: String,
    },
    /// A function or expression that this evaluator does not know.
    Unsupported {
        what: String,
    },
    ModuleNotFound {
        source: String,
    },
    Cycle {
        what: String,
    },
    /// The expression is an error: Terraform would refuse it.
    Invalid {
        message: String,
    },
    /// The text around it did not parse.
    Incomplete,
    /// A bound of the evaluator was reached.
    Limit {
        what: String,
    },
}

impl Reason {
    /// The stable word for this reason in JSON output.
    pub fn word(&self) -> &'static str {
        match self {
            Reason::Unassigned { .. } => "unassigned-variable",
            Reason::Computed { .. } => "computed",
            Reason::External { .. } => "external",
            Reason::Sensitive { .. } => "sensitive",
            Reason::Unsupported { .. } => "unsupported",
            Reason::ModuleNotFound { .. } => "module-not-found",
            Reason::Cycle { .. } => "cycle",
            Reason::Invalid { .. } => "invalid",
            Reason::Incomplete => "incomplete",
            Reason::Limit { .. } => "limit",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Unassigned { name } => write!(formatter, "{name} has no value"),
            Reason::Computed { what } => write!(formatter, "{what} is known only after apply"),
            Reason::External { what } => write!(formatter, "{what} is read from outside the configuration"),
            Reason::Sensitive { name } => write!(formatter, "{name} is sensitive"),
            Reason::Unsupported { what } => write!(formatter, "{what} is not evaluated"),
            Reason::ModuleNotFound { source } => write!(formatter, "module {source} is not on disk"),
            Reason::Cycle { what } => write!(formatter, "{what} refers to itself"),
            Reason::Invalid { message } => write!(formatter, "{message}"),
            Reason::Incomplete => write!(formatter, "the text here does not parse"),
            Reason::Limit { what } => write!(formatter, "{what}"),
        }
    }
}

/// The place that an unknown value would be read from: `azurerm_subnet.nodes["a"].id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edge {
    pub address: Address,
    pub path: Vec<PathStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathStep {
    Attribute(Arc<str>),
    Index(u64),
    Key(Arc<str>),
}

/// A part of a text that is known in part: `"${azurerm_virtual_network.hub.id}/subnets/nodes"`.
#[derive(Debug, Clone)]
pub enum Piece {
    Text(Arc<str>),
    Unknown(Unknown),
}

impl Unknown {
    /// An unknown that is nothing but its reason at its place.
    pub fn new(reason: Reason, span: Span) -> Self {
        let identity = hash_of(&(&reason, span));
        Self::of(Told::Reason(reason), span, identity)
    }

    /// A named input without value: the same name in the same module instance is the same value,
    /// wherever it is used.
    pub fn unassigned(name: String, module: &str, declaration: Span) -> Self {
        let identity = hash_of(&("unassigned", module, &name, declaration));
        Self::of(Told::Reason(Reason::Unassigned { name }), declaration, identity)
    }

    /// What is neither an edge nor made of pieces.
    fn of(told: Told, span: Span, identity: u64) -> Self {
        Unknown(Arc::new(Cause {
            told,
            span,
            edge: None,
            pieces: Vec::new(),
            is_scalar: false,
            identity: OnceLock::from(identity),
        }))
    }

    fn edge_told(told: Told, edge: Edge, span: Span) -> Self {
        Unknown(Arc::new(Cause {
            told,
            span,
            edge: Some(edge),
            pieces: Vec::new(),
            is_scalar: false,
            identity: OnceLock::new(),
        }))
    }

    /// An attribute of a resource or data source, kept as an edge to it.
    pub fn edge_to(reason: Reason, edge: Edge, span: Span) -> Self {
        Self::edge_told(Told::Reason(reason), edge, span)
    }

    /// The same for the plain reason: what a resource has is known after apply, and a data source is read from
    /// outside.
    pub fn attribute(edge: Edge, span: Span) -> Self {
        let told = match edge.address.mode {
            Mode::Managed => Told::Computed(OnceLock::new()),
            Mode::Data => Told::External(OnceLock::new()),
        };
        Self::edge_told(told, edge, span)
    }

    /// The reason as another unknown value has it.
    fn told(&self) -> Told {
        match &self.0.told {
            Told::By(other) => Told::By(other.clone()),
            _ => Told::By(self.clone()),
        }
    }

    /// What is known by a name that means the same wherever it is used within `scope`.
    pub fn named(reason: Reason, scope: &str, span: Span) -> Self {
        let identity = hash_of(&("named", &reason, scope));
        Self::of(Told::Reason(reason), span, identity)
    }

    /// The same value, unknown for a reason that says more.
    #[must_use]
    pub fn explained(&self, reason: Reason, span: Span) -> Self {
        let mut cause = Cause::clone(&self.0);
        cause.told = Told::Reason(reason);
        cause.span = span;
        Unknown(Arc::new(cause))
    }

    /// The same value, known to be this attribute of a resource.
    #[must_use]
    pub fn with_edge(&self, reason: Reason, edge: Edge, span: Span) -> Self {
        let mut cause = Cause::clone(&self.0);
        cause.identity = OnceLock::from(self.identity());
        cause.told = Told::Reason(reason);
        cause.span = span;
        cause.edge = Some(edge);
        Unknown(Arc::new(cause))
    }

    /// The same value, its reason and those of its pieces told at other places.
    #[must_use]
    pub fn moved(&self, to: &dyn Fn(Span) -> Span) -> Self {
        let mut cause = Cause::clone(&self.0);
        cause.span = to(cause.span);
        for piece in &mut cause.pieces {
            if let Piece::Unknown(unknown) = piece {
                *unknown = unknown.moved(to);
            }
        }
        Unknown(Arc::new(cause))
    }

    /// The unknown result of an operation: `what` names the operation and its known operands, so that the
    /// same operation over the same unknowns is recognised as the same value. It is no edge any more.
    pub fn derived<'a>(what: impl Hash, operands: impl IntoIterator<Item = &'a Unknown>) -> Option<Self> {
        let mut hasher = DefaultHasher::new();
        "derived".hash(&mut hasher);
        what.hash(&mut hasher);
        let mut first: Option<&Unknown> = None;
        for operand in operands {
            operand.identity().hash(&mut hasher);
            first = first.or(Some(operand));
        }
        let first = first?;
        Some(Self::of(first.told(), first.0.span, hasher.finish()))
    }

    /// A text of more pieces is plainly unknown: texts put together from texts would grow without end.
    pub const MAXIMUM_PIECES: usize = 64;

    /// A text with unknown parts, from its pieces in order. The same text is the same value, however it
    /// was put together.
    pub fn text(pieces: Vec<Piece>) -> Option<Self> {
        let pieces = flattened(pieces);
        let mut hasher = DefaultHasher::new();
        "text".hash(&mut hasher);
        let mut first: Option<Unknown> = None;
        for piece in &pieces {
            match piece {
                Piece::Text(text) => text.hash(&mut hasher),
                Piece::Unknown(unknown) => {
                    unknown.identity().hash(&mut hasher);
                    first.get_or_insert_with(|| unknown.clone());
                }
            }
        }
        let first = first?;
        let pieces = if pieces.len() > Self::MAXIMUM_PIECES {
            Vec::new()
        } else {
            pieces
        };
        Some(Unknown(Arc::new(Cause {
            told: first.told(),
            span: first.0.span,
            edge: None,
            pieces,
            is_scalar: true,
            identity: OnceLock::from(hasher.finish()),
        })))
    }

    /// The same reference one step further: `.id`, `[0]`, `["a"]`. Without an edge it stays unknown for
    /// the same reason, as a value of its own.
    #[must_use]
    pub fn step(&self, step: PathStep, span: Span) -> Self {
        match &self.0.edge {
            Some(edge) => {
                let mut edge = edge.clone();
                edge.path.push(step);
                let told = match &self.0.told {
                    Told::Computed(_) | Told::Reason(Reason::Computed { .. }) => {
                        Told::Computed(OnceLock::new())
                    }
                    Told::External(_) | Told::Reason(Reason::External { .. }) => {
                        Told::External(OnceLock::new())
                    }
                    Told::Reason(_) | Told::By(_) => self.told(),
                };
                Self::edge_told(told, edge, span)
            }
            None => {
                let identity = hash_of(&("step", self.identity(), &step));
                Self::of(self.told(), self.0.span, identity)
            }
        }
    }

    /// The same value, of which so much is known that it is a text, number or bool and no collection.
    #[must_use]
    pub fn scalar(&self) -> Self {
        if self.0.is_scalar {
            return self.clone();
        }
        let mut cause = Cause::clone(&self.0);
        cause.is_scalar = true;
        Unknown(Arc::new(cause))
    }

    /// Whether the value is surely no collection: it was converted, or it is the id or name of a resource.
    pub fn is_scalar(&self) -> bool {
        let names_one = |edge: &Edge| matches!(edge.path.last(), Some(PathStep::Attribute(name)) if matches!(&**name, "id" | "name"));
        self.0.is_scalar || self.0.edge.as_ref().is_some_and(names_one)
    }

    pub fn reason(&self) -> &Reason {
        let what = || self.0.edge.as_ref().map_or_else(String::new, Edge::to_string);
        match &self.0.told {
            Told::Reason(reason) => reason,
            Told::Computed(reason) => reason.get_or_init(|| Reason::Computed { what: what() }),
            Told::External(reason) => reason.get_or_init(|| Reason::External { what: what() }),
            Told::By(other) => other.reason(),
        }
    }

    /// Where the reason lies: the declaration of the variable, the reference, the call.
    pub fn span(&self) -> Span {
        self.0.span
    }

    pub fn edge(&self) -> Option<&Edge> {
        self.0.edge.as_ref()
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.0.pieces
    }

    /// Equal for two unknowns only if they are the same value.
    pub fn identity(&self) -> u64 {
        *self.0.identity.get_or_init(|| hash_of(&self.0.edge.as_ref()))
    }
}

/// Texts within texts as their pieces, and neighbouring known parts as one.
fn flattened(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut flat: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut add = |piece: &Piece| match (flat.last_mut(), piece) {
        (_, Piece::Text(text)) if text.is_empty() => {}
        (Some(Piece::Text(before)), Piece::Text(text)) => *before = [&**before, text].concat().into(),
        _ => flat.push(piece.clone()),
    };
    for piece in &pieces {
        match piece {
            Piece::Unknown(unknown) if !unknown.pieces().is_empty() && unknown.edge().is_none() => {
                unknown.pieces().iter().for_each(&mut add);
            }
            other => add(other),
        }
    }
    flat
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Unknown {}

impl std::fmt::Display for Edge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.address)?;
        for step in &self.path {
            match step {
                PathStep::Attribute(name) => write!(formatter, ".{name}")?,
                PathStep::Index(index) => write!(formatter, "[{index}]")?,
                PathStep::Key(key) => write!(formatter, "[\"{key}\"]")?,
            }
        }
        Ok(())
    }
}

pub(in crate::eval) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
