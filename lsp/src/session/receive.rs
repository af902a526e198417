//! What is done with each message.

use gen_lsp_types::{
    CodeActionRequest, CompletionRequest, DefinitionRequest, DocumentDiagnosticRequest, DocumentLinkRequest,
    ExecuteCommandRequest, HoverRequest, InlayHintRequest, Request as LspRequest,
};
use lsp_server::{ErrorCode, Message, Notification, Request, Response};
use serde::de::DeserializeOwned;

use super::{Exit, Session};
use crate::features;
use crate::outbox::Awaited;

impl Session<'_> {
    /// Deals with one message; the end of the session when it was the last.
    pub(super) fn receive(&mut self, message: Message) -> Option<Exit> {
        match message {
            Message::Notification(notification) if notification.method == "exit" => {
                return Some(self.exit());
            }
            Message::Notification(notification) if !self.is_shut_down => self.notice(notification),
            Message::Notification(_) => {}
            Message::Request(request) => self.answer(request),
            Message::Response(response) => self.hear(response),
        }
        None
    }

    fn notice(&mut self, notification: Notification) {
        let method = notification.method.clone();
        match method.as_str() {
            "textDocument/didOpen" => self.with(notification, Self::opened),
            "textDocument/didChange" => self.with(notification, Self::changed),
            "textDocument/didClose" => self.with(notification, Self::closed),
            "textDocument/didSave" => self.with(notification, |session, params| session.saved(&params)),
            "workspace/didChangeWatchedFiles" => self.with(notification, Self::watched),
            "workspace/didChangeWorkspaceFolders" => {
                self.with(notification, |session, params| session.folders_changed(&params));
            }
            "workspace/didChangeConfiguration" => {
                self.with(notification, |session, params| {
                    session.configuration_changed(&params)
                });
            }
            method => tracing::debug!(method, "ignored"),
        }
    }

    fn with<P: DeserializeOwned>(&mut self, notification: Notification, act: impl FnOnce(&mut Self, P)) {
        match serde_json::from_value(notification.params) {
            Ok(params) => act(self, params),
            Err(error) => tracing::error!(method = notification.method, "cannot be read: {error}"),
        }
    }

    fn answer(&mut self, request: Request) {
        if self.is_shut_down {
            self.outbox
                .refuse(request.id, ErrorCode::InvalidRequest, "the server was shut down");
            return;
        }
        let method = request.method.clone();
        match method.as_str() {
            "shutdown" => {
                self.is_shut_down = true;
                self.outbox.answer(request.id, ());
            }
            "akslint/status" => {
                let status = features::status::status(self);
                self.outbox.answer(request.id, status);
            }
            "textDocument/diagnostic" => {
                self.respond::<DocumentDiagnosticRequest>(request, features::pull_diagnostics::report);
            }
            "textDocument/codeAction" => {
                self.respond::<CodeActionRequest>(request, features::code_action::actions);
            }
            "textDocument/hover" => self.respond::<HoverRequest>(request, features::hover::hover),
            "textDocument/inlayHint" => {
                self.respond::<InlayHintRequest>(request, features::inlay_hint::hints);
            }
            "textDocument/definition" => {
                self.respond::<DefinitionRequest>(request, features::definition::origins);
            }
            "textDocument/documentLink" => {
                self.respond::<DocumentLinkRequest>(request, features::document_link::links);
            }
            "textDocument/completion" => {
                self.respond::<CompletionRequest>(request, features::completion::completions);
            }
            "workspace/executeCommand" => {
                self.respond_or_refuse::<ExecuteCommandRequest>(request, features::execute_command::run);
            }
            method => {
                let why = format!("the server does not know {method}");
                self.outbox.refuse(request.id, ErrorCode::MethodNotFound, why);
            }
        }
    }

    /// Answers a request.
    fn respond<R: LspRequest>(
        &mut self,
        request: Request,
        answer: impl FnOnce(&mut Session<'_>, R::Params) -> R::Result,
    ) {
        self.respond_or_refuse::<R>(request, |session, params| Ok(answer(session, params)));
    }

    /// Answers a request, or says why not. A feature that panics fails this request alone.
    fn respond_or_refuse<R: LspRequest>(
        &mut self,
        request: Request,
        answer: impl FnOnce(&mut Session<'_>, R::Params) -> Result<R::Result, String>,
    ) {
        let params: R::Params = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(error) => {
                self.outbox
                    .refuse(request.id, ErrorCode::InvalidParams, error.to_string());
                return;
            }
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answer(self, params)));
        match result {
            Ok(Ok(result)) => self.outbox.answer(request.id, result),
            Ok(Err(why)) => self.outbox.refuse(request.id, ErrorCode::InvalidParams, why),
            Err(_) => {
                let why = format!(
                    "akslint failed at {}, which is a fault of akslint",
                    request.method
                );
                tracing::error!("{why}");
                self.outbox.refuse(request.id, ErrorCode::InternalError, why);
            }
        }
    }

    fn hear(&mut self, response: Response) {
        let Some(awaited) = self.outbox.answered(&response.id) else {
            tracing::warn!(id = %response.id, "an answer to no question");
            return;
        };
        match (awaited, response.response_result) {
            (Awaited::Configuration, Ok(answer)) => self.configuration_answered(&answer),
            (Awaited::Progress, Ok(_)) => self.progress.accepted(&self.outbox),
            (_, Ok(_)) => {}
            (awaited, Err(error)) => {
                tracing::warn!(
                    ?awaited,
                    code = error.code,
                    "the client refused: {}",
                    error.message
                );
            }
        }
    }
}
