//! What is written to the terminal, and how the process ends.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use crate::arguments::Color;

/// Something that was asked for cannot be done.
pub(crate) const COULD_NOT_RUN: u8 = 2;

/// A sentence without a full stop: why the run could not be done.
pub(crate) type Problem = String;

/// Writes to standard output. A reader that has gone, such as `head`, has seen what it wanted.
pub(crate) fn print(text: &str) -> Result<ExitCode, Problem> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}"))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// Writes to standard error; when that is closed, nobody listens.
pub(crate) fn complain(problem: &str) {
    let _ = writeln!(io::stderr(), "error: {problem}");
}

/// Whether what goes to standard output may be coloured.
pub(crate) fn is_colored(color: Color) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            !is_set("NO_COLOR")
                && std::env::var_os("TERM").is_none_or(|kind| kind != "dumb")
                && io::stdout().is_terminal()
        }
    }
}

/// The width to wrap text at: that of the terminal, within reason; 80 columns where there is none.
pub(crate) fn width() -> usize {
    if !io::stdout().is_terminal() {
        return 80;
    }
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0).clamp(40, 120))
}

/// Writes lines to standard error as they are.
pub(crate) fn note(lines: &str) {
    let _ = write!(io::stderr(), "{lines}");
}
