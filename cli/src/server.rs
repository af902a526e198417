//! `akslint server`: the language server on standard input and output.

use std::process::ExitCode;

use akslint_lsp::{Exit, Surroundings};

use crate::output::Problem;
use crate::request;

/// Runs until the client leaves. Without a goodbye the exit code is 1, as the protocol wants it.
pub(crate) fn run() -> Result<ExitCode, Problem> {
    let surroundings = Surroundings {
        today: request::today(),
        variables: request::environment(),
        patience: akslint_lsp::PATIENCE,
    };
    let exit = akslint_lsp::serve_stdio(&surroundings);
    match exit.map_err(|error| format!("the connection to the client failed: {error}"))? {
        Exit::AfterShutdown => Ok(ExitCode::SUCCESS),
        Exit::WithoutShutdown => Ok(ExitCode::FAILURE),
    }
}
