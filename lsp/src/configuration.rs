//! The settings of the section `akslint`, as clients send them.

use akslint_core::Settings;
use akslint_core::rules;
use akslint_core::settings::{Selector, VariableInputs, VariableOption};
use serde::Deserialize;
use serde_json::Value;

use crate::Surroundings;

/// What the user has chosen; what is absent has its default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Configuration {
    pub(crate) enable: bool,
    pub(crate) select: Vec<String>,
    pub(crate) ignore: Vec<String>,
    /// Files with values for the variables of Terraform's root modules, relative to the workspace folder.
    pub(crate) variable_files: Vec<String>,
    pub(crate) hints: Hints,
    /// Go to definition leads to where a value is set.
    pub(crate) definitions: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Hints {
    /// The values of ranges that are not literal.
    pub(crate) values: bool,
    /// Usable addresses, and the nodes that fit.
    pub(crate) capacity: bool,
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration {
            enable: true,
            select: Vec::new(),
            ignore: Vec::new(),
            variable_files: Vec::new(),
            hints: Hints::default(),
            definitions: false,
        }
    }
}

impl Default for Hints {
    fn default() -> Self {
        Hints {
            values: true,
            capacity: true,
        }
    }
}

impl Configuration {
    /// Reads what a client sent, with or without the section's name around it. The error is for the user.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let value = value.get("akslint").unwrap_or(value);
        if value.is_null() {
            return Ok(Configuration::default());
        }
        let configuration: Configuration = serde_json::from_value(value.clone())
            .map_err(|error| format!("akslint cannot read its settings: {error}"))?;
        for word in configuration.select.iter().chain(&configuration.ignore) {
            rules::selector(word).map_err(|unknown| match unknown.nearest {
                Some(nearest) => format!("akslint: no rule is called '{word}'; a similar one is '{nearest}'"),
                None => format!("akslint: no rule is called '{word}'"),
            })?;
        }
        Ok(configuration)
    }

    /// What the library is asked.
    pub(crate) fn settings(&self, paths: Vec<String>, surroundings: &Surroundings) -> Settings {
        let mut settings = Settings::as_of(surroundings.today);
        settings.paths = paths;
        if !self.select.is_empty() {
            settings.select = selectors(&self.select);
        }
        settings.ignore = selectors(&self.ignore);
        if !self.enable {
            settings.select.clear();
        }
        let files = self.variable_files.iter().cloned().map(VariableOption::File);
        settings.variables = VariableInputs {
            environment: surroundings.variables.clone(),
            options: files.collect(),
        };
        settings
    }
}

/// All words name rules: [`Configuration::read`] has seen to that.
fn selectors(words: &[String]) -> Vec<Selector> {
    words
        .iter()
        .filter_map(|word| rules::selector(word).ok())
        .collect()
}
