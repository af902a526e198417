//! What a rule says: the fault, the place to blame, every other place that took part, and what to do.

use sha2::{Digest, Sha256};

use crate::source::Span;

/// What is fixed about a rule, from its one declaration.
#[derive(Debug)]
pub struct Metadata {
    /// `AKS110`: never changed, never used again.
    pub code: &'static str,
    /// `service-cidr-overlaps-subnet`: says the fault.
    pub name: &'static str,
    /// One line for tables.
    pub summary: &'static str,
    /// The rule's page, in Markdown, without the title.
    pub documentation: &'static str,
    pub category: Category,
    /// The severity unless a finding says otherwise.
    pub severity: Severity,
    pub confidence: Confidence,
    pub fix: FixKind,
    /// The first version of akslint that has the rule.
    pub since: &'static str,
    pub references: &'static [&'static str],
}

impl Metadata {
    /// The address of the rule's page.
    pub fn url(&self) -> String {
        format!(
            "https://github.com/akslint/akslint/blob/main/docs/rules/{}-{}.md",
            self.code, self.name
        )
    }
}

/// The families of rules; the hundreds of the codes follow them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    Input,
    Hygiene,
    AddressSpace,
    Capacity,
    Compatibility,
    Subnet,
    Egress,
    Nsg,
    Identity,
    Exposure,
    Lifecycle,
    Deprecation,
}

impl Category {
    pub fn word(self) -> &'static str {
        match self {
            Category::Input => "input",
            Category::Hygiene => "hygiene",
            Category::AddressSpace => "address-space",
            Category::Capacity => "capacity",
            Category::Compatibility => "compatibility",
            Category::Subnet => "subnet",
            Category::Egress => "egress",
            Category::Nsg => "nsg",
            Category::Identity => "identity",
            Category::Exposure => "exposure",
            Category::Lifecycle => "lifecycle",
            Category::Deprecation => "deprecation",
        }
    }
}

/// How bad a finding is; `Info` never fails a run unless asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Advice.
    Info,
    /// A known risk.
    Warning,
    /// The deployment fails or the cluster breaks.
    Error,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// How sure a rule can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    pub fn word(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// Whether findings of a rule come with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixKind {
    None,
    /// The help names a value to choose.
    Suggest,
    /// One safe edit is enough.
    Auto,
}

#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Metadata,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The fault with its real values, in one line.
    pub message: String,
    /// The smallest change that works.
    pub help: Option<String>,
    /// The error that Azure or the provider would answer with.
    pub azure_error: Option<&'static str>,
    /// The address of the resource.
    pub resource: String,
    /// The path of the property in the resource; empty for the resource itself.
    pub property: String,
    /// Where to look first: the step nearest the resource, in a file that the user owns.
    pub primary: Label,
    /// The other places that took part, nearest first.
    pub related: Vec<Label>,
    /// The whole blocks of the resources that took part: a suppression above one covers the finding.
    pub blocks: Vec<Span>,
    /// Changes of the text that would mend it, the best first; each alone is enough.
    pub fixes: Vec<Fix>,
    /// The deployments that have it.
    pub deployments: Vec<String>,
    /// The same for the same fault after lines have moved.
    pub fingerprint: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub message: String,
}

/// A change of the text that mends a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative sentence without a full stop.
    pub title: String,
    pub applicability: Applicability,
    /// Made together or not at all; no two of them overlap. Sorted by path and offset.
    pub edits: Vec<Edit>,
}

/// Who may apply a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Applicability {
    /// There is one right answer, and nothing else changes: a tool may apply it unasked.
    Safe,
    /// The user has to choose or to look at the consequences.
    Unsafe,
}

impl Applicability {
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }
    }
}

/// The text to put in the place of a span; an empty span is an insertion, an empty text a removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

/// A check that could not be made, and why.
#[derive(Debug, Clone)]
pub struct Undecided {
    pub rule: &'static Metadata,
    /// The address of the resource under examination; empty for the deployment.
    pub resource: String,
    /// The stable word of the reason.
    pub reason: &'static str,
    /// The reason in words: "var.vnet_cidr has no value".
    pub detail: String,
    /// Where the reason lies.
    pub span: Span,
    pub deployments: Vec<String>,
}

/// A finding that a comment keeps quiet.
#[derive(Debug, Clone)]
pub struct Suppressed {
    pub finding: Finding,
    /// The comment.
    pub comment: Span,
    /// What the user wrote after the rules; empty when nothing.
    pub reason: String,
}

/// Sixteen hexadecimal digits for these parts in this order: the same parts always give the same.
pub(crate) fn fingerprint<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
