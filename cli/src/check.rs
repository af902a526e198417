//! `akslint check`.

use std::process::ExitCode;

use akslint_core::{Analysis, analyse_with_progress, report};
use clap::ArgMatches;

use crate::arguments::{Check, Color, Format};
use crate::output::{self, COULD_NOT_RUN, Problem};
use crate::progress::Progress;
use crate::request::{self, Request};
use crate::{summary, text};

pub(crate) fn run(options: &Check, matches: &ArgMatches, color: Color) -> Result<ExitCode, Problem> {
    let Request {
        file_system,
        settings,
    } = request::check(options, matches)?;
    let progress = Progress::new(options.quiet);
    let analysis = analyse_with_progress(file_system, &settings, &|done, all| progress.show(done, all));
    progress.finish();
    for failure in &analysis.failures {
        output::complain(&report::failure(failure));
    }
    let text = written(&analysis, options, color);
    match &options.output {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| format!("cannot write {path}: {error}"))?;
        }
        None => {
            output::print(&text)?;
        }
    }
    Ok(exit_code(&analysis, options))
}

fn written(analysis: &Analysis, options: &Check, color: Color) -> String {
    let is_colored = match options.output {
        Some(_) => color == Color::Always,
        None => output::is_colored(color),
    };
    let is_for_people = matches!(options.format, Format::Text | Format::Concise);
    let mut text = match options.format.report() {
        _ if options.statistics && is_for_people => summary::statistics(analysis),
        Some(format) => report::report(format, analysis),
        None => text::findings(analysis, is_colored, output::width()),
    };
    if options.statistics && !is_for_people {
        // The document has no place for a table.
        output::note(&summary::statistics(analysis));
    }
    if is_for_people && options.show_undecided {
        text.push_str(&summary::undecided(analysis));
    }
    if options.format == Format::Text && !options.quiet {
        text.push_str(&summary::summary(analysis, options.show_undecided));
    }
    text
}

fn exit_code(analysis: &Analysis, options: &Check) -> ExitCode {
    let mut findings = analysis.findings.iter();
    if !analysis.failures.is_empty() {
        ExitCode::from(COULD_NOT_RUN)
    } else if !options.exit_zero && findings.any(|finding| options.fail_on.fails(finding.severity)) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
