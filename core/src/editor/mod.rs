//! What an editor shows about a place in a file: plain data with byte spans, in the editor's vocabulary. It
//! knows no protocol: the server turns it into messages.

mod address;
mod answer;
mod capacity;
mod capacity_hints;
mod capacity_tables;
mod completion;
mod declared;
mod hints;
mod hover;
mod links;
mod markdown;
mod network_hover;
mod notation;
mod origin;
mod place;
mod pod_subnet;
mod range;
mod range_neighbours;
mod rule_page;
mod seen;
mod steps;
mod value;
mod view;

use crate::source::Span;

pub use capacity_hints::capacity_hints;
pub use completion::{Completion, CompletionKind, Completions, completions};
pub use hints::value_hints;
pub use hover::hover;
pub use links::{Link, rule_links};
pub use network_hover::network_hover;
pub use origin::origins;
pub use rule_page::rule_hover;
pub use value::value_hover;
pub use view::{Surroundings, View, views};

/// What is shown for the place under the pointer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The text that it is about.
    pub span: Span,
    /// Markdown, in which values are code.
    pub markdown: String,
}

/// A text that an editor shows inside a file, behind what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What it is about. The label stands behind its end.
    pub span: Span,
    pub label: String,
    /// Markdown with more than the label has room for.
    pub tooltip: Option<String>,
    pub kind: HintKind,
}

/// Each kind can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HintKind {
    /// The value of a range that an expression computes.
    Value,
    /// The usable addresses of a range, and the nodes that fit.
    Capacity,
}

/// A place that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub span: Span,
    /// What the place is to the value: `set here`, `passed to module network`.
    pub what: String,
}

/// The address of a file for links to a line of it, from 1, in Markdown; None where links do not help.
pub type FileAddress<'a> = dyn Fn(&str, u32) -> Option<String> + 'a;
