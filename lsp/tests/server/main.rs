//! The server as its clients see it: messages in, messages out.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod configuration;
mod diagnostics;
mod encodings;
mod harness;
mod lifecycle;
mod progress;
mod pull_diagnostics;
mod samples;
mod single_files;
mod synchronisation;
mod watched_files;
mod workspace_folders;
