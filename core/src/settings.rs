//! What a run is asked to do.

use crate::calendar::Date;
use crate::finding::{Metadata, Severity};

/// The options of a run. The default lints the current folder with every rule that is on by default.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Files and folders to lint, with forward slashes.
    pub paths: Vec<String>,
    pub variables: VariableInputs,
    pub parameters: ParameterInputs,
    /// Plan files to lint besides what lies in the paths.
    pub plans: Vec<String>,
    /// The folder of the root module that the plans were made from.
    pub plan_source: Option<String>,
    /// Which rules run; the later lists win over the earlier.
    pub select: Vec<Selector>,
    pub ignore: Vec<Selector>,
    /// The day for which dated rules judge.
    pub as_of: Date,
    /// Rules whose severity the user has set.
    pub severities: Vec<(Selector, Severity)>,
}

impl Settings {
    /// The default settings for a day: this library never asks the clock.
    pub fn as_of(day: Date) -> Self {
        Settings {
            paths: vec![".".to_owned()],
            variables: VariableInputs::default(),
            parameters: ParameterInputs::default(),
            plans: Vec::new(),
            plan_source: None,
            select: vec![Selector::All],
            ignore: Vec::new(),
            as_of: day,
            severities: Vec::new(),
        }
    }

    pub fn selects(&self, rule: &Metadata) -> bool {
        self.select.iter().any(|selector| selector.covers(rule))
            && !self.ignore.iter().any(|selector| selector.covers(rule))
    }

    /// The severity that the user has set for a rule; the last setting wins.
    pub fn severity(&self, rule: &Metadata) -> Option<Severity> {
        let set = self
            .severities
            .iter()
            .rev()
            .find(|(selector, _)| selector.covers(rule));
        set.map(|(_, severity)| *severity)
    }
}

/// Values for the variables of root modules, in Terraform's terms.
#[derive(Debug, Clone, Default)]
pub struct VariableInputs {
    /// `TF_VAR_name` variables of the environment, without the prefix.
    pub environment: Vec<(String, String)>,
    /// `--var-file` and `--var` in the order given; the last one wins.
    pub options: Vec<VariableOption>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableOption {
    File(String),
    Assignment { name: String, value: String },
}

/// Values for the parameters of templates.
#[derive(Debug, Clone, Default)]
pub struct ParameterInputs {
    /// JSON or `.bicepparam`, in the order given; what a later file says wins. Their values win over those of
    /// the deployment's own parameter file.
    pub files: Vec<String>,
}

/// A set of rules as users name it: `AKS110`, `AKS1`, `service-cidr-overlaps-subnet`, `address-space`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    All,
    /// A code or the start of one, in upper case.
    Code(String),
    Name(String),
    Category(String),
}

impl Selector {
    pub fn covers(&self, rule: &Metadata) -> bool {
        match self {
            Selector::All => true,
            Selector::Code(prefix) => rule.code.starts_with(prefix.as_str()),
            Selector::Name(name) => rule.name == name,
            Selector::Category(word) => rule.category.word() == word,
        }
    }
}
