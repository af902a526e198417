//! The settings of the section `akslint`, as clients send them.

use std::path::Path;

use akslint_core::Settings;
use akslint_core::rules;
use akslint_core::settings::{Selector, VariableInputs, VariableOption};
use akslint_core::source::joined;
use serde::Deserialize;
use serde_json::Value;

use crate::workspace::Home;
use crate::{Surroundings, uri};

/// What the user has chosen; what is absent has its default.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Configuration {
    pub(crate) enable: bool,
    pub(crate) select: Vec<String>,
    pub(crate) ignore: Vec<String>,
    /// Files with values for the variables of Terraform's root modules, relative to a workspace folder.
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

    /// What the library is asked about the files of a project.
    pub(crate) fn settings(&self, home: &Home, surroundings: &Surroundings) -> Settings {
        let mut settings = Settings::as_of(surroundings.today);
        settings.paths = home.paths();
        if !self.select.is_empty() {
            settings.select = selectors(&self.select);
        }
        settings.ignore = selectors(&self.ignore);
        if !self.enable {
            settings.select.clear();
        }
        let files = self.variable_files(home).into_iter().map(VariableOption::File);
        settings.variables = VariableInputs {
            environment: surroundings.variables.clone(),
            options: files.collect(),
        };
        settings
    }

    /// The variable files as paths of the project. One is looked for in every workspace folder; where no folder has
    /// it, the first one is meant, so that its absence is said. Documents elsewhere have none.
    fn variable_files(&self, home: &Home) -> Vec<String> {
        let Home::Folders { root, folders } = home else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for file in &self.variable_files {
            let places = folders.iter().filter_map(|folder| uri::below(root, folder));
            let places: Vec<String> = places.map(|folder| joined(&folder, file)).collect();
            let are_there = places
                .iter()
                .filter(|path| Path::new(&joined(root, path)).is_file());
            let before = found.len();
            found.extend(are_there.cloned());
            if found.len() == before {
                found.extend(places.into_iter().next());
            }
        }
        found
    }
}

/// All words name rules: [`Configuration::read`] has seen to that.
fn selectors(words: &[String]) -> Vec<Selector> {
    words
        .iter()
        .filter_map(|word| rules::selector(word).ok())
        .collect()
}
