//! The command line of akslint.

mod arguments;
mod check;
mod explain;
mod fixing;
mod network;
mod output;
mod progress;
mod request;
mod rules;
mod server;
mod snippet;
mod summary;
mod text;

use std::process::ExitCode;

use arguments::{Arguments, Command};

/// A run makes millions of small values on several threads; the system's allocator takes a third of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (arguments, matches) = arguments::parse();
    let color = arguments.color;
    let done = match arguments.command {
        Command::Check(options) => check::run(&options, &matches, color),
        Command::Network { inputs, format } => network::run(&inputs, format, &matches),
        Command::Explain { rule } => explain::run(&rule, color),
        Command::Rules { format } => rules::run(format),
        Command::Server => server::run(),
        Command::Completions { shell } => output::print(&Arguments::completions(shell)),
    };
    done.unwrap_or_else(|problem| {
        output::complain(&problem);
        ExitCode::from(output::COULD_NOT_RUN)
    })
}
