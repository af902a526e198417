//! What `terraform show -json` and `tofu show -json` say of a plan.

mod address;
mod beside;
mod blocks;
mod body;
mod configuration;
mod deployment;
mod document;
mod hints;
mod overlay;
mod references;
mod secrets;
mod source;
mod unknowns;

pub use beside::source_beside;
pub use deployment::deployment;
pub(in crate::eval) use source::observe;

use crate::syntax::raw_json::{RawJson, RawKind};

/// A plan, and the configuration that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The file that holds the plan as JSON.
    pub path: String,
    /// The folder of the root module that was planned, when it is there.
    pub source: Option<String>,
    pub name: String,
}

/// Whether a JSON text is a plan, of any version: not a state, not the schemas of providers. Costs little
/// for a plan, and one pass over the text otherwise.
pub fn is_plan(text: &str) -> bool {
    let mut has_version = false;
    let mut has_plan = false;
    for (name, value) in RawJson::document(text).members() {
        match &*name {
            "format_version" => has_version = value.kind() == RawKind::Text,
            "planned_values" => has_plan = value.kind() == RawKind::Object,
            "resource_changes" => has_plan |= value.kind() == RawKind::Array,
            _ => {}
        }
        if has_version && has_plan {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::is_plan;

    #[test]
    fn a_plan_is_told_by_its_content() {
        assert!(is_plan(
            "\u{feff}\n{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.4\",\"planned_values\":{}}"
        ));
        assert!(is_plan(
            "{\"resource_changes\":[],\"a\":[\"]\"],\"format_version\":\"0.1\"}"
        ));
        assert!(!is_plan(
            "{\"format_version\":\"1.0\",\"terraform_version\":\"1.5.0\",\"values\":{\"root_module\":{}}}"
        ));
        assert!(!is_plan("{\"format_version\":\"1.0\",\"provider_schemas\":{}}"));
        assert!(!is_plan(
            "{\"$schema\":\"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\"}"
        ));
        assert!(!is_plan("[{\"format_version\":\"1.2\",\"planned_values\":{}}]"));
        assert!(!is_plan(""));
    }
}
