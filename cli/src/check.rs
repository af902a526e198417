//! `akslint check`.

use std::process::ExitCode;

use akslint_core::{Analysis, analyse_with_progress, report};
use clap::ArgMatches;

use crate::arguments::{Check, Color, Format};
use crate::fixing::{self, Fixed};
use crate::output::{self, COULD_NOT_RUN, Problem};
use crate::progress::Progress;
use crate::request::{self, Request};
use crate::{summary, text};

pub(crate) fn run(options: &Check, matches: &ArgMatches, color: Color) -> Result<ExitCode, Problem> {
    let request = request::check(options, matches)?;
    if options.fix || options.diff {
        return fix(options, &request, color);
    }
    let analysis = analysed(&request, options, request.file_system.clone());
    complain_of_failures(&analysis);
    let text = written(&analysis, options, color, None);
    report(&text, options, false)?;
    Ok(exit_code(&analysis, options))
}

fn analysed(
    request: &Request,
    options: &Check,
    file_system: std::sync::Arc<dyn akslint_core::source::FileSystem>,
) -> Analysis {
    let progress = Progress::new(options.quiet);
    let analysis = analyse_with_progress(file_system, &request.settings, &|done, all| {
        progress.show(done, all);
    });
    progress.finish();
    analysis
}

/// Makes fixes: in the files, in a difference, or in what came from standard input.
fn fix(options: &Check, request: &Request, color: Color) -> Result<ExitCode, Problem> {
    let piped = request.standard_input.as_deref();
    let fixed = fixing::fixed(request, options.unsafe_fixes, piped, |file_system| {
        analysed(request, options, file_system)
    });
    complain_of_failures(&fixed.analysis);
    if options.diff {
        output::print(&fixing::difference(&fixed.files))?;
        return Ok(
            match (fixed.analysis.failures.is_empty(), fixed.files.is_empty()) {
                (false, _) => ExitCode::from(COULD_NOT_RUN),
                (true, false) => ExitCode::FAILURE,
                (true, true) => ExitCode::SUCCESS,
            },
        );
    }
    match piped {
        Some(path) => {
            let text = fixed.files.get(path).map(|change| change.after.clone());
            let text = text.or_else(|| request.standard_text());
            output::print(&text.unwrap_or_default())?;
        }
        None => fixing::write(&fixed.files)?,
    }
    let text = written(&fixed.analysis, options, color, Some(&fixed));
    report(&text, options, piped.is_some())?;
    Ok(exit_code(&fixed.analysis, options))
}

fn complain_of_failures(analysis: &Analysis) {
    for failure in &analysis.failures {
        output::complain(&report::failure(failure));
    }
}

/// Puts the report where it belongs; standard output may be taken.
fn report(text: &str, options: &Check, is_output_taken: bool) -> Result<(), Problem> {
    match &options.output {
        Some(path) => std::fs::write(path, text).map_err(|error| format!("cannot write {path}: {error}")),
        None if is_output_taken => {
            output::note(text);
            Ok(())
        }
        None => output::print(text).map(|_| ()),
    }
}

fn written(analysis: &Analysis, options: &Check, color: Color, fixed: Option<&Fixed>) -> String {
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
        text.push_str(&match fixed {
            Some(fixed) => summary::fixed(fixed),
            None => summary::fixable(analysis, options.unsafe_fixes),
        });
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
