//! `akslint network`.

use std::process::ExitCode;

use akslint_core::{analyse, report};
use clap::ArgMatches;

use crate::arguments::{Inputs, ListFormat};
use crate::output::{self, COULD_NOT_RUN, Problem};
use crate::request::{self, Request};

pub(crate) fn run(inputs: &Inputs, format: ListFormat, matches: &ArgMatches) -> Result<ExitCode, Problem> {
    let Request {
        file_system,
        settings,
        ..
    } = request::networks(inputs, matches)?;
    let analysis = analyse(file_system, &settings);
    for failure in &analysis.failures {
        output::complain(&report::failure(failure));
    }
    let printed = match format {
        ListFormat::Text => output::print(&report::network::text(&analysis)),
        ListFormat::Json => {
            let json = report::network::json(&analysis);
            output::print(&format!("{json:#}\n"))
        }
    }?;
    if analysis.failures.is_empty() {
        Ok(printed)
    } else {
        Ok(ExitCode::from(COULD_NOT_RUN))
    }
}
