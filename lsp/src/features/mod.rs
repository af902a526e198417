//! What the client can ask, one file each.

pub(crate) mod pull_diagnostics;
