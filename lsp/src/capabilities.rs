//! What the client can do, and what the server offers it.

use akslint_core::source::ColumnUnit;
use gen_lsp_types::{
    ChangeNotifications, ClientCapabilities, CodeActionKind, CodeActionOptions, CompletionOptions,
    DiagnosticOptions, DocumentLinkOptions, ExecuteCommandOptions, InitializeParams, MarkupKind,
    PositionEncodingKind, Save, SaveOptions, ServerCapabilities, TextDocumentSyncKind,
    TextDocumentSyncOptions, WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

use crate::features::{code_action, completion, execute_command};

/// How a rule's page can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Opener {
    None,
    /// The client has the command `akslint.openRule`.
    Command,
    /// The client shows documents that the server names.
    Document,
}

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
    /// It takes code actions, not only commands.
    pub(crate) takes_actions: bool,
    pub(crate) takes_versioned_edits: bool,
    pub(crate) opener: Opener,
    pub(crate) hovers_in_markdown: bool,
    pub(crate) registers_definitions: bool,
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
            takes_actions: document
                .and_then(|it| it.code_action.as_ref())
                .is_some_and(|it| it.code_action_literal_support.is_some()),
            takes_versioned_edits: workspace
                .and_then(|it| it.workspace_edit.as_ref())
                .is_some_and(|it| it.document_changes == Some(true)),
            opener: opener(params),
            hovers_in_markdown: document
                .and_then(|it| it.hover.as_ref())
                .and_then(|it| it.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            registers_definitions: document
                .and_then(|it| it.definition.as_ref())
                .is_some_and(|it| it.dynamic_registration == Some(true)),
        }
    }
}

/// A client says that it has the command in `initializationOptions` or `experimental`: `"commands": [...]`.
fn opener(params: &InitializeParams) -> Opener {
    let options = params.initialization_options.as_ref();
    let experimental = params.capabilities.experimental.as_ref();
    let mut said = options.into_iter().chain(experimental);
    let is_said = said.any(|said| {
        let commands = said["commands"].as_array();
        commands.is_some_and(|commands| commands.iter().any(|command| command == code_action::OPEN_RULE))
    });
    let window = params.capabilities.window.as_ref();
    let shows = window
        .and_then(|it| it.show_document.as_ref())
        .is_some_and(|it| it.support);
    match (is_said, shows) {
        (true, _) => Opener::Command,
        (false, true) => Opener::Document,
        (false, false) => Opener::None,
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

/// What the server offers this client. Where it can be told later whether definitions are wanted, it is.
pub(crate) fn offered(client: &Client, wants_definitions: bool) -> ServerCapabilities {
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
        code_action_provider: client.takes_actions.then(|| code_actions().into()),
        execute_command_provider: (client.opener == Opener::Document).then(|| ExecuteCommandOptions {
            commands: vec![execute_command::OPEN_PAGE.to_owned()],
            ..ExecuteCommandOptions::default()
        }),
        hover_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        definition_provider: (wants_definitions && !client.registers_definitions).then(|| true.into()),
        document_link_provider: Some(DocumentLinkOptions::default()),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).to_vec()),
            ..CompletionOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}

fn code_actions() -> CodeActionOptions {
    CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix, code_action::FIX_ALL]),
        ..CodeActionOptions::default()
    }
}
