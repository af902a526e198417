//! `akslint/status`: how far the server is. No part of the protocol: for tests, and for whoever wants to know.

use serde::Serialize;

use crate::session::Session;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    /// There is work left, or a publication that is due.
    is_busy: bool,
    /// Of all projects.
    deployments: usize,
    /// Those whose findings are up to date.
    done: usize,
}

/// As it is between two slices of work.
pub(crate) fn status(session: &Session<'_>) -> Status {
    let projects = session.workspace.projects.values();
    let progress: Vec<(usize, usize)> = projects.map(|hosted| hosted.project.progress()).collect();
    Status {
        is_busy: session.has_work(),
        deployments: progress.iter().map(|(_, all)| all).sum(),
        done: progress.iter().map(|(done, _)| done).sum(),
    }
}
