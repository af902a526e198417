//! From options to what the library is asked.

use std::io::Read;
use std::sync::Arc;
use std::time::SystemTime;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::rules::{self, UnknownRule};
use akslint_core::settings::{Selector, VariableInputs, VariableOption};
use akslint_core::source::discovery;
use akslint_core::source::{FileSystem, OsFileSystem, OverlayFileSystem};
use clap::ArgMatches;
use clap::parser::ValueSource;

use crate::arguments::{Check, Inputs};
use crate::output::Problem;

pub(crate) struct Request {
    pub(crate) file_system: Arc<dyn FileSystem>,
    pub(crate) settings: Settings,
    /// The path of the file that came from standard input.
    pub(crate) standard_input: Option<String>,
}

impl Request {
    /// The text that came from standard input.
    pub(crate) fn standard_text(&self) -> Option<String> {
        let bytes = self.file_system.read(self.standard_input.as_deref()?).ok()?;
        String::from_utf8(bytes).ok()
    }
}

/// What the options of a check ask for. Standard input is read here when they name it.
pub(crate) fn check(options: &Check, matches: &ArgMatches) -> Result<Request, Problem> {
    let mut settings = Settings::as_of(options.as_of.unwrap_or_else(today));
    if !options.select.is_empty() {
        settings.select = selectors(&options.select)?;
    }
    settings.ignore = selectors(&options.ignore)?;
    request(settings, &options.inputs, matches)
}

/// The same without rules, for what only needs networks.
pub(crate) fn networks(inputs: &Inputs, matches: &ArgMatches) -> Result<Request, Problem> {
    let mut settings = Settings::as_of(today());
    settings.select.clear();
    request(settings, inputs, matches)
}

fn request(mut settings: Settings, inputs: &Inputs, matches: &ArgMatches) -> Result<Request, Problem> {
    settings.variables = variables(inputs, matches);
    settings.parameters.files = inputs.parameters.clone();
    settings.plans = inputs.plans.clone();
    settings.plan_source = inputs.source.clone();
    settings.paths = inputs.paths.clone();
    let command = matches.subcommand().map(|(_, command)| command);
    let is_default =
        command.is_some_and(|command| command.value_source("paths") == Some(ValueSource::DefaultValue));
    if is_default {
        without_paths(&mut settings);
    }
    let here = std::env::current_dir().map_err(|error| format!("cannot find the current folder: {error}"))?;
    let mut file_system: Arc<dyn FileSystem> = Arc::new(OsFileSystem::new(here));
    let mut standard_path = None;
    if let Some((path, text)) = standard_input(inputs)? {
        let path = discovery::shown(file_system.as_ref(), &path);
        file_system = Arc::new(OverlayFileSystem::new(file_system, [(path.clone(), text)]));
        for asked in settings.paths.iter_mut().filter(|asked| *asked == "-") {
            asked.clone_from(&path);
        }
        standard_path = Some(path);
    }
    Ok(Request {
        file_system,
        settings,
        standard_input: standard_path,
    })
}

/// Without a path, what the options name says what to lint: a plan, or the template that a `.bicepparam` is
/// for.
fn without_paths(settings: &mut Settings) {
    let is_bicep = |file: &String| file.ends_with(".bicepparam");
    let files = &settings.parameters.files;
    if !files.is_empty() && files.iter().all(is_bicep) {
        settings.paths = std::mem::take(&mut settings.parameters.files);
    } else if !settings.plans.is_empty() {
        settings.paths.clear();
    }
}

fn standard_input(inputs: &Inputs) -> Result<Option<(String, Vec<u8>)>, Problem> {
    let is_asked_for = inputs.paths.iter().any(|path| path == "-");
    match &inputs.stdin_filename {
        Some(path) if is_asked_for => {
            let mut text = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut text);
            read.map_err(|error| format!("cannot read standard input: {error}"))?;
            Ok(Some((path.clone(), text)))
        }
        Some(_) => Err("--stdin-filename names the file of the path `-`, which is not given".to_owned()),
        None if is_asked_for => Err("the path `-` needs --stdin-filename".to_owned()),
        None => Ok(None),
    }
}

fn selectors(words: &[String]) -> Result<Vec<Selector>, Problem> {
    let selectors = words.iter().map(|word| rules::selector(word));
    selectors
        .collect::<Result<_, _>>()
        .map_err(|unknown| no_such_rule(&unknown))
}

/// For the user who misspelled a rule.
pub(crate) fn no_such_rule(unknown: &UnknownRule) -> Problem {
    let word = &unknown.word;
    match unknown.nearest {
        Some(nearest) => format!("no rule is called '{word}'\n\n  tip: a similar one exists: '{nearest}'"),
        None => format!("no rule is called '{word}'\n\n  tip: `akslint rules` lists them"),
    }
}

fn variables(inputs: &Inputs, matches: &ArgMatches) -> VariableInputs {
    let environment = environment();
    // The later of --var and --var-file wins, so their places on the command line count.
    let places = |id: &str| {
        let command = matches.subcommand().map(|(_, command)| command);
        let indices = command.and_then(|command| command.indices_of(id));
        indices.into_iter().flatten().collect::<Vec<usize>>()
    };
    let assignments = inputs
        .variables
        .iter()
        .map(|(name, value)| VariableOption::Assignment {
            name: name.clone(),
            value: value.clone(),
        });
    let files = inputs.variable_files.iter().cloned().map(VariableOption::File);
    let mut placed: Vec<(usize, VariableOption)> = places("variables").into_iter().zip(assignments).collect();
    placed.extend(places("variable_files").into_iter().zip(files));
    placed.sort_by_key(|(place, _)| *place);
    VariableInputs {
        environment,
        options: placed.into_iter().map(|(_, option)| option).collect(),
    }
}

/// The values that `TF_VAR_name` variables give, by name.
pub(crate) fn environment() -> Vec<(String, String)> {
    let mut environment: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| {
            let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
            Some((name, value.into_string().ok()?))
        })
        .collect();
    environment.sort();
    environment
}

pub(crate) fn today() -> Date {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Date::from_days_since_epoch(since.map_or(0, |since| since.as_secs() / (24 * 60 * 60)))
}
