//! The options and their help.

use akslint_core::calendar::Date;
use akslint_core::report::Format as ReportFormat;
use akslint_core::{Severity, finding};
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Finds Azure Kubernetes Service network mistakes in Terraform, Bicep and ARM before they are deployed.
///
/// It reads and evaluates files and never runs anything: no network, no provider, no terraform, no bicep.
#[derive(Debug, Parser)]
#[command(name = "akslint", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the deployments in these paths
    #[command(
        after_help = "Exit status: 0 nothing found at or above --fail-on, 1 findings, 2 could not run."
    )]
    Check(Check),
    /// Show what is understood of the networks in these paths, and where each value comes from
    Network {
        #[command(flatten)]
        inputs: Inputs,
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Show a rule's page
    Explain {
        /// A code such as AKS110, or a name
        rule: String,
    },
    /// List the rules
    Rules {
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
    },
    /// Run the language server on standard input and output
    Server,
    /// Print a shell's completion script
    Completions { shell: Shell },
}

/// What is read.
#[derive(Debug, Args)]
pub(crate) struct Inputs {
    /// Files and folders; `-` reads one file from standard input. Of a file, the deployments that contain it
    /// are meant. When there is none and a plan or a .bicepparam is given, that is what is read
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// A value for a variable of Terraform's root modules
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(crate) variables: Vec<(String, String)>,
    /// A file with values for the variables of Terraform's root modules
    #[arg(long = "var-file", value_name = "FILE")]
    pub(crate) variable_files: Vec<String>,
    /// A file with values for the parameters of the templates: JSON or .bicepparam
    #[arg(long, value_name = "FILE")]
    pub(crate) parameters: Vec<String>,
    /// A plan as `terraform show -json` writes it
    #[arg(long = "plan", value_name = "FILE")]
    pub(crate) plans: Vec<String>,
    /// The folder of the configuration that the plan was made from
    #[arg(long, value_name = "DIR")]
    pub(crate) source: Option<String>,
    /// The path of the file on standard input
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<String>,
    /// Run these rules alone: codes, starts of codes (AKS2), names, categories
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The lowest severity that fails the run
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "SEVERITY")]
    pub(crate) fail_on: FailOn,
    /// Make the safe fixes in the files; what comes from standard input goes to standard output
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also make fixes that need a choice or a look at their consequences: the first one of each finding
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
    /// Show what --fix would change and write nothing; exit with 1 when there is a difference
    #[arg(long)]
    pub(crate) diff: bool,
    /// List what could not be decided, and why
    #[arg(long)]
    pub(crate) show_undecided: bool,
    /// Count the findings of each rule in place of listing them
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Print findings and nothing else
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Exit with 0 even when there are findings
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The day for which dated rules judge, as YYYY-MM-DD; today when not given
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: each finding with its source
    Text,
    /// One line for each finding
    Concise,
    /// akslint's JSON, version 1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// A code quality report of GitLab
    Gitlab,
    /// JUnit's XML
    Junit,
    /// Logging commands of Azure Pipelines
    Azure,
    /// Reviewdog's JSON
    Rdjson,
}

impl Format {
    /// None for the text, which is drawn here.
    pub(crate) fn report(self) -> Option<ReportFormat> {
        match self {
            Format::Text => None,
            Format::Concise => Some(ReportFormat::Concise),
            Format::Json => Some(ReportFormat::Json),
            Format::Sarif => Some(ReportFormat::Sarif),
            Format::Github => Some(ReportFormat::Github),
            Format::Gitlab => Some(ReportFormat::Gitlab),
            Format::Junit => Some(ReportFormat::Junit),
            Format::Azure => Some(ReportFormat::Azure),
            Format::Rdjson => Some(ReportFormat::Rdjson),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    pub(crate) fn fails(self, severity: finding::Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Info => true,
            FailOn::Never => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// The arguments of this process, and where each stood. Help and mistakes end the process here.
pub(crate) fn parse() -> (Arguments, ArgMatches) {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    (arguments, matches)
}

impl Arguments {
    pub(crate) fn completions(shell: Shell) -> String {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Arguments::command(), "akslint", &mut script);
        String::from_utf8_lossy(&script).into_owned()
    }
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day as YYYY-MM-DD".to_owned())
}
