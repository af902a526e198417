//! `workspace/executeCommand`: what code actions do that is no edit.

use akslint_core::rules;
use gen_lsp_types::{ExecuteCommandParams, LspAny, ShowDocumentParams};
use serde_json::Value;
use url::Url;

use crate::outbox::Awaited;
use crate::session::Session;

/// Shows the page of the rule whose code is the argument, outside the editor.
pub(crate) const OPEN_PAGE: &str = "akslint.openRulePage";

/// The error is for the user.
pub(crate) fn run(session: &mut Session<'_>, params: ExecuteCommandParams) -> Result<Option<LspAny>, String> {
    if params.command != OPEN_PAGE {
        return Err(format!("akslint has no command {}", params.command));
    }
    let arguments = params.arguments.unwrap_or_default();
    let code = arguments.first().and_then(Value::as_str).unwrap_or_default();
    let rule = rules::find(code).ok_or_else(|| format!("no rule is called '{code}'"))?;
    let uri = Url::parse(&rule.metadata.url()).map_err(|error| error.to_string())?;
    let params = ShowDocumentParams {
        uri,
        external: Some(true),
        take_focus: None,
        selection: None,
    };
    session
        .outbox
        .request("window/showDocument", params, Awaited::Acknowledgement);
    Ok(None)
}
