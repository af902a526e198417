//! What the client can ask, one file each.

pub(crate) mod code_action;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod document_link;
pub(crate) mod execute_command;
pub(crate) mod hover;
pub(crate) mod inlay_hint;
pub(crate) mod markup;
pub(crate) mod pull_diagnostics;
pub(crate) mod status;
pub(crate) mod workspace_edit;
