//! What the JSON and Bicep files of a run are: templates, parameters, plans, or nothing of interest.

use super::plan;
use crate::source::discovery::{Document, DocumentNotation};
use crate::syntax::Trees;
use crate::syntax::json::head::{Members, narrowed};

/// How much of a JSON file is looked at to tell what it is. Only one that may yet turn out to be of interest
/// is read to its end.
const HEAD_BYTES: usize = 4096;

/// A file and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Recognised<'d> {
    pub(super) path: &'d str,
    pub(super) kind: DocumentKind,
    /// It lies below a path that names a folder.
    pub(super) is_asked_for: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DocumentKind {
    Bicep,
    /// An ARM template in JSON; `is_compiled` when Bicep wrote it.
    Template {
        is_compiled: bool,
    },
    /// Values for the parameters of a template, in JSON.
    Parameters,
    BicepParameters,
    Plan,
}

impl DocumentKind {
    /// Whether it can be deployed, by itself or as a module.
    pub(super) fn is_template(self) -> bool {
        matches!(self, DocumentKind::Bicep | DocumentKind::Template { .. })
    }

    /// Whether it holds values for the parameters of a template.
    pub(super) fn is_parameters(self) -> bool {
        matches!(self, DocumentKind::Parameters | DocumentKind::BicepParameters)
    }
}

/// Those of the files that matter, in their order. Templates of other schemas, such as those of forms in the
/// portal, are left out like all other JSON.
pub(super) fn recognised<'d>(trees: &Trees, documents: &'d [Document]) -> Vec<Recognised<'d>> {
    let documents = documents.iter().filter_map(|document| {
        Some(Recognised {
            path: &document.path,
            kind: kind(trees, document)?,
            is_asked_for: document.is_asked_for,
        })
    });
    documents.collect()
}

/// What a file is; None for one that is of no interest.
pub(super) fn kind(trees: &Trees, document: &Document) -> Option<DocumentKind> {
    match document.notation {
        DocumentNotation::Bicep => return Some(DocumentKind::Bicep),
        DocumentNotation::BicepParameters => return Some(DocumentKind::BicepParameters),
        DocumentNotation::Json => {}
    }
    let path = &document.path;
    let Ok(head) = trees.sources.file_system().head(path, HEAD_BYTES) else {
        // Reading it once more notes that it cannot be read.
        let _ = trees.sources.read(path);
        return None;
    };
    match of_text(path, &narrowed(&head)) {
        Outcome::Told(kind) => kind,
        Outcome::ReadOn => match trees
            .sources
            .read(path)
            .map(|file| of_text(path, file.text.as_bytes()))
        {
            Ok(Outcome::Told(kind)) => kind,
            // It is broken before it says what it is.
            Ok(Outcome::ReadOn) | Err(_) => None,
        },
    }
}

/// Whether the text of a JSON file is a plan, which nobody edits.
pub(crate) fn is_plan(path: &str, text: &str) -> bool {
    matches!(
        of_text(path, text.as_bytes()),
        Outcome::Told(Some(DocumentKind::Plan))
    )
}

enum Outcome {
    Told(Option<DocumentKind>),
    /// The text ended too early.
    ReadOn,
}

/// The names at the top of a template besides its schema.
const TEMPLATE_NAMES: &[&str] = &[
    "apiProfile",
    "contentVersion",
    "definitions",
    "extensions",
    "functions",
    "imports",
    "languageVersion",
    "metadata",
    "outputs",
    "parameters",
    "resources",
    "variables",
];

/// The names at the top of a plan, for plans whose members another tool has sorted.
const PLAN_NAMES: &[&str] = &[
    "applyable",
    "checks",
    "complete",
    "configuration",
    "deferred_changes",
    "errored",
    "format_version",
    "output_changes",
    "planned_values",
    "prior_state",
    "relevant_attributes",
    "resource_changes",
    "resource_drift",
    "terraform_version",
    "timestamp",
    "variables",
];

fn of_text(path: &str, text: &[u8]) -> Outcome {
    let mut members = Members::new(text);
    let mut schema = None;
    let mut is_compiled = false;
    let mut is_plan = false;
    let mut has_parameters = false;
    let mut has_resources = false;
    let mut may_be_template = true;
    let mut may_be_plan = true;
    for member in members.by_ref() {
        let is = |name: &str| member.name.eq_ignore_ascii_case(name.as_bytes());
        if is("$schema") {
            schema = Some(member.value);
        } else if is("metadata") {
            is_compiled = is_of_bicep(member.value);
        } else if is("format_version") {
            is_plan = true;
        }
        has_parameters |= is("parameters");
        has_resources |= is("resources");
        may_be_plan &= PLAN_NAMES.iter().any(|name| member.name == name.as_bytes());
        may_be_template &= schema.is_some() || TEMPLATE_NAMES.iter().any(|name| is(name));
    }
    if let Some(schema) = schema {
        let schema = String::from_utf8_lossy(schema).to_ascii_lowercase();
        return Outcome::Told(if schema.contains("deploymenttemplate.json") {
            Some(DocumentKind::Template { is_compiled })
        } else if schema.contains("deploymentparameters.json") {
            Some(DocumentKind::Parameters)
        } else {
            None
        });
    }
    if is_plan {
        return if plan::is_plan(&String::from_utf8_lossy(text)) {
            Outcome::Told(Some(DocumentKind::Plan))
        } else if members.is_cut_off() {
            Outcome::ReadOn
        } else {
            Outcome::Told(None)
        };
    }
    if (may_be_template || may_be_plan) && members.is_cut_off() {
        return Outcome::ReadOn;
    }
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let is_named = name.contains(".param");
    let is_parameters = is_named && has_parameters && !has_resources && !members.is_cut_off();
    Outcome::Told(is_parameters.then_some(DocumentKind::Parameters))
}

/// Whether the metadata of a template name Bicep as what wrote it.
fn is_of_bicep(metadata: &[u8]) -> bool {
    let generator = Members::new(metadata).find(|member| member.name == b"_generator");
    let name = generator.and_then(|member| Members::new(member.value).find(|member| member.name == b"name"));
    name.is_some_and(|name| name.value.trim_ascii().eq_ignore_ascii_case(b"\"bicep\""))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::{MemoryFileSystem, Sources};

    fn kind_of(name: &str, text: &[u8]) -> Option<DocumentKind> {
        let file_system = MemoryFileSystem::new([(name, text)]);
        let trees = Trees::new(Arc::new(Sources::new(Arc::new(file_system))));
        let notation = DocumentNotation::of(name).unwrap_or(DocumentNotation::Json);
        let document = Document {
            path: name.to_owned(),
            notation,
            is_asked_for: true,
        };
        kind(&trees, &document)
    }

    fn with_schema(schema: &str) -> String {
        format!("// A comment.\n{{\"contentVersion\": \"1.0.0.0\", \"$schema\": \"{schema}\"}}")
    }

    const TEMPLATE: DocumentKind = DocumentKind::Template { is_compiled: false };

    #[test]
    fn a_template_is_told_by_its_schema() {
        let azure = "https://schema.management.azure.com/schemas";
        for name in [
            "deploymentTemplate",
            "subscriptionDeploymentTemplate",
            "managementGroupDeploymentTemplate",
            "tenantDeploymentTemplate",
            "DeploymentTemplate",
        ] {
            let text = with_schema(&format!("{azure}/2019-04-01/{name}.json#"));
            assert_eq!(kind_of("a.json", text.as_bytes()), Some(TEMPLATE), "{name}");
        }
        let text = with_schema(&format!("{azure}/2015-01-01/deploymentParameters.json#"));
        assert_eq!(kind_of("a.json", text.as_bytes()), Some(DocumentKind::Parameters));
        let form = with_schema(&format!("{azure}/0.1.2-preview/CreateUIDefinition.MultiVm.json#"));
        assert_eq!(kind_of("a.json", form.as_bytes()), None);
        assert_eq!(
            kind_of("package-lock.json", b"{\"name\": \"x\", \"parameters\": {}}"),
            None
        );
        assert_eq!(kind_of("a.json", b""), None);
    }

    #[test]
    fn what_bicep_wrote_says_so() {
        let text = "{\"$schema\": \"x/deploymentTemplate.json#\", \"metadata\": {\"_generator\": {\"name\": \"bicep\", \"version\": \"0.30\"}}, \"resources\": []}";
        let compiled = Some(DocumentKind::Template { is_compiled: true });
        assert_eq!(kind_of("main.json", text.as_bytes()), compiled);
        let by_hand = text.replace("\"bicep\"", "\"bicep-like\"");
        assert_eq!(kind_of("main.json", by_hand.as_bytes()), Some(TEMPLATE));
    }

    #[test]
    fn a_schema_or_a_plan_may_come_late() {
        let long = "x".repeat(2 * HEAD_BYTES);
        let text =
            format!("{{\"metadata\": {{\"a\": \"{long}\"}}, \"$schema\": \"x/deploymentTemplate.json\"}}");
        assert_eq!(kind_of("a.json", text.as_bytes()), Some(TEMPLATE));
        let commented = format!("/* {long} */ {{\"$schema\": \"x/deploymentTemplate.json\"}}");
        assert_eq!(kind_of("a.json", commented.as_bytes()), Some(TEMPLATE));
        let plan = format!(
            "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.9.4\", \"variables\": {{\"a\": {{\"value\": \"{long}\"}}}}, \"planned_values\": {{}}}}"
        );
        assert_eq!(kind_of("tfplan", plan.as_bytes()), Some(DocumentKind::Plan));
        let sorted = format!(
            "{{\"complete\": true, \"configuration\": {{\"a\": \"{long}\"}}, \"format_version\": \"1.2\", \"planned_values\": {{}}}}"
        );
        assert_eq!(kind_of("a.json", sorted.as_bytes()), Some(DocumentKind::Plan));
        let unrelated = format!("{{\"name\": \"{long}\", \"$schema\": \"x/deploymentTemplate.json\"}}");
        assert_eq!(kind_of("a.json", unrelated.as_bytes()), None, "it is not read on");
    }

    #[test]
    fn parameters_without_a_schema_are_told_by_their_name() {
        let text = b"{\"parameters\": {\"a\": {\"value\": 1}}}";
        assert_eq!(
            kind_of("main.parameters.json", text),
            Some(DocumentKind::Parameters)
        );
        assert_eq!(kind_of("openapi.json", text), None);
        assert_eq!(
            kind_of("main.bicepparam", b""),
            Some(DocumentKind::BicepParameters)
        );
    }

    #[test]
    fn wide_and_broken_text_is_still_told() {
        let narrow = with_schema("x/deploymentTemplate.json#");
        let mut wide = vec![0xff, 0xfe];
        wide.extend(narrow.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(kind_of("a.json", &wide), Some(TEMPLATE));
        let broken = "{\"$schema\": \"x/deploymentTemplate.json#\", \"resources\": [ {,, ]";
        assert_eq!(kind_of("a.json", broken.as_bytes()), Some(TEMPLATE));
    }
}
