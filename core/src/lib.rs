//! akslint's library: infrastructure code in, findings about Azure Kubernetes Service networks out.
//!
//! It reads and evaluates; it never runs anything and never guesses. The files can be on disk, in memory,
//! or open in an editor.

mod analysis;
mod blame;
pub mod calendar;
mod conclusion;
pub mod deep_stack;
pub mod editor;
pub mod eval;
pub mod finding;
pub mod fix;
mod judgement;
pub mod lower;
pub mod model;
pub mod project;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
mod suppression;
pub mod syntax;

pub use analysis::{AnalysedDeployment, Analysis, Failure, analyse, analyse_with_progress};
pub use finding::{Finding, Severity, Suppressed, Undecided};
pub use settings::Settings;
pub use suppression::suppression_fix;
