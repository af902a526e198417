//! The server as its clients see it: messages in, messages out.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod code_actions;
mod configuration;
mod definitions;
mod diagnostics;
mod encodings;
mod harness;
mod hover;
mod inlay_hints;
mod lifecycle;
mod progress;
mod pull_diagnostics;
mod random_edits;
mod samples;
mod single_files;
mod suppressions;
mod synchronisation;
mod watched_files;
mod workspace_folders;
