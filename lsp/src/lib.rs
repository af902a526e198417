//! The language server of akslint: the findings of the command line while the text is being written.
//!
//! One thread reads the messages in their order and owns everything (`session::Session`). Long work is cut
//! into slices, and between two slices the mailbox is looked at, so that neither locks nor stale results are
//! possible.

mod capabilities;
mod configuration;
mod diagnostics;
mod documents;
mod features;
mod mailbox;
mod outbox;
mod positions;
mod progress;
mod session;
mod uri;
mod workspace;

use std::io;
use std::time::Duration;

use akslint_core::calendar::Date;
use akslint_core::deep_stack;
use lsp_server::Connection;

pub use session::Exit;

/// What the server is told of the world outside the files: the library never asks.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The day for which dated rules judge.
    pub today: Date,
    /// `TF_VAR_name` variables of the environment, without the prefix.
    pub variables: Vec<(String, String)>,
    /// For how long work lasts before its progress is shown.
    pub patience: Duration,
}

/// Shorter work would only flicker.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// Serves one client on standard input and output until it says goodbye or goes away. The log goes to
/// standard error: `RUST_LOG` says how much of it.
pub fn serve_stdio(surroundings: &Surroundings) -> io::Result<Exit> {
    // A second subscriber is refused, which does no harm.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(io::stderr)
        .with_ansi(false)
        .try_init();
    let (connection, threads) = Connection::stdio();
    let exit = serve(connection, surroundings);
    // After a goodbye the reader has ended. A client that stops without one may keep the pipe open.
    if exit == Exit::AfterShutdown {
        threads.join()?;
    }
    Ok(exit)
}

/// Serves one client on any connection.
pub fn serve(connection: Connection, surroundings: &Surroundings) -> Exit {
    // Configurations can be nested deeply.
    let connection = std::sync::Mutex::new(Some(connection));
    deep_stack::run(|| {
        let connection = connection.lock().map(|mut held| held.take());
        match connection.ok().flatten() {
            Some(connection) => session::run(connection, surroundings),
            None => Exit::WithoutShutdown,
        }
    })
}
