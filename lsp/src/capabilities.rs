//! What the client can do, and what the server offers it.

use akslint_core::source::ColumnUnit;
use gen_lsp_types::{
    ChangeNotifications, ClientCapabilities, DiagnosticOptions, InitializeParams, PositionEncodingKind, Save,
    SaveOptions, ServerCapabilities, TextDocumentSyncKind, TextDocumentSyncOptions, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

/// What the client can do, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    pub(crate) unit: ColumnUnit,
    /// It asks for the diagnostics of open documents itself, and again when it is told to. A client that cannot be
    /// told would not learn what an edit of one file changes in the others, so it gets them pushed.
    pub(crate) pulls_diagnostics: bool,
    pub(crate) refreshes_hints: bool,
    pub(crate) answers_configuration: bool,
    pub(crate) registers_configuration: bool,
    pub(crate) registers_watchers: bool,
    pub(crate) shows_progress: bool,
}

impl Client {
    pub(crate) fn of(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let workspace = capabilities.workspace.as_ref();
        let document = capabilities.text_document.as_ref();
        let window = capabilities.window.as_ref();
        Client {
            unit: unit(capabilities),
            pulls_diagnostics: document.is_some_and(|it| it.diagnostic.is_some())
                && workspace
                    .and_then(|it| it.diagnostics.as_ref())
                    .is_some_and(|it| it.refresh_support == Some(true)),
            refreshes_hints: workspace
                .and_then(|it| it.inlay_hint.as_ref())
                .is_some_and(|it| it.refresh_support == Some(true)),
            answers_configuration: workspace.is_some_and(|it| it.configuration == Some(true)),
            registers_configuration: workspace
                .and_then(|it| it.did_change_configuration.as_ref())
                .is_some_and(|it| it.dynamic_registration == Some(true)),
            registers_watchers: workspace
                .and_then(|it| it.did_change_watched_files.as_ref())
                .is_some_and(|it| it.dynamic_registration == Some(true)),
            shows_progress: window.is_some_and(|it| it.work_done_progress == Some(true)),
        }
    }
}

/// UTF-8 needs no counting, so it is taken where it is offered; UTF-16 is what every client can.
fn unit(capabilities: &ClientCapabilities) -> ColumnUnit {
    let general = capabilities.general.as_ref();
    let offered = general.and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => ColumnUnit::Utf8,
        _ => ColumnUnit::Utf16,
    }
}

/// What the server offers this client.
pub(crate) fn offered(client: &Client) -> ServerCapabilities {
    let encoding = match client.unit {
        ColumnUnit::Utf8 => PositionEncodingKind::UTF8,
        _ => PositionEncodingKind::UTF16,
    };
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::SaveOptions(SaveOptions {
            include_text: Some(false),
        })),
        ..TextDocumentSyncOptions::default()
    };
    let diagnostics = DiagnosticOptions {
        identifier: Some("akslint".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: false,
        work_done_progress_options: WorkDoneProgressOptions::default(),
    };
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(sync.into()),
        diagnostic_provider: client.pulls_diagnostics.then(|| diagnostics.into()),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(ChangeNotifications::Bool(true)),
            }),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}
