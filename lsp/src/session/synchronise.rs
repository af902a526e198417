//! Keeping the documents, the folders and the settings as the client has them.

use gen_lsp_types::{
    ConfigurationItem, ConfigurationParams, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, FileSystemWatcher,
    MessageType, Registration, RegistrationParams, Unregistration, UnregistrationParams,
};
use serde_json::Value;
use url::Url;

use super::{Open, Session};
use crate::configuration::Configuration;
use crate::documents::Document;
use crate::outbox::Awaited;
use crate::uri;
use crate::workspace::{Home, Place, Workspace};

/// What deployments are made of. Files that configurations read besides are looked at again when a document is
/// saved.
const WATCHED: [&str; 5] = [
    "**/*.{tf,tofu,tfvars,bicep,bicepparam,json,jsonc}",
    "**/.gitignore",
    "**/.terraform.lock.hcl",
    "**/.terraform/modules/modules.json",
    "**/*.{tpl,tftpl,yaml,yml}",
];

impl Session<'_> {
    pub(super) fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let place = self.place_or_new(&item.uri, &item.language_id.to_string());
        let document = Document {
            version: item.version,
            text: item.text,
        };
        if let Some(place) = &place
            && let Some(hosted) = self.workspace.projects.get_mut(&place.project)
        {
            hosted.project.open(&place.path, &document.text);
            if self.client.pulls_diagnostics {
                // From now on the client asks for itself.
                self.take_back(place);
            }
        }
        self.changed.insert(item.uri.clone());
        self.unanswered.insert(item.uri.clone());
        let open = Open {
            place,
            document,
            pulled: None,
        };
        self.documents.insert(item.uri, open);
    }

    pub(super) fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let address = params.text_document.text_document_identifier.uri;
        let version = params.text_document.version;
        let Some(open) = self.documents.get_mut(&address) else {
            tracing::warn!(%address, "a change of a document that is not open");
            return;
        };
        open.document
            .apply(params.content_changes, version, self.client.unit);
        if let Some(place) = &open.place
            && let Some(hosted) = self.workspace.projects.get_mut(&place.project)
        {
            hosted.project.open(&place.path, &open.document.text);
        }
        self.changed.insert(address.clone());
        self.unanswered.insert(address);
    }

    pub(super) fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let address = params.text_document.uri;
        self.unanswered.remove(&address);
        self.hinted.remove(&address);
        let Some(open) = self.documents.remove(&address) else {
            return;
        };
        let Some(place) = open.place else {
            return;
        };
        let Some(hosted) = self.workspace.projects.get_mut(&place.project) else {
            return;
        };
        hosted.project.close(&place.path);
        let is_over = match &mut hosted.home {
            Home::Folders { .. } => false,
            Home::Folder { open, .. } => {
                open.retain(|name| *name != place.path);
                open.is_empty()
            }
            Home::Nowhere { .. } => true,
        };
        if is_over {
            self.leave(place.project);
        } else {
            self.apply_configuration_to(place.project);
        }
    }

    /// What was saved is what was open, but for files that no watcher tells of.
    pub(super) fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        let address = &params.text_document.uri;
        if !self.client.registers_watchers {
            for hosted in self.workspace.projects.values_mut() {
                hosted.project.look_again();
            }
        } else if let Some(place) = self.documents.get(address).and_then(|open| open.place.clone())
            && let Some(hosted) = self.workspace.projects.get_mut(&place.project)
        {
            hosted.project.changed_on_disk(&place.path);
        }
    }

    pub(super) fn watched(&mut self, params: DidChangeWatchedFilesParams) {
        for event in params.changes {
            let Some(path) = uri::path(&event.uri) else {
                continue;
            };
            for hosted in self.workspace.projects.values_mut() {
                let root = match &hosted.home {
                    Home::Folders { root, .. } | Home::Folder { root, .. } => root,
                    Home::Nowhere { .. } => continue,
                };
                if let Some(below) = uri::below(root, &path) {
                    let path = hosted.project.shown(&below);
                    hosted.project.changed_on_disk(&path);
                }
            }
        }
    }

    pub(super) fn folders_changed(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let mut folders: Vec<Url> = match self.folders.and_then(|id| self.workspace.projects.get(&id)) {
            Some(hosted) => match &hosted.home {
                Home::Folders { folders, .. } => {
                    folders.iter().filter_map(|path| uri::of_path(path)).collect()
                }
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        let same = |a: &Url, b: &Url| uri::path(a).map(trimmed) == uri::path(b).map(trimmed);
        folders.retain(|folder| !params.event.removed.iter().any(|gone| same(&gone.uri, folder)));
        for added in &params.event.added {
            if !folders.iter().any(|known| same(known, &added.uri)) {
                folders.push(added.uri.clone());
            }
        }
        self.set_folders(&folders);
    }

    /// Gives each open document its place again, after the projects have changed.
    pub(super) fn settle_documents(&mut self) {
        let addresses: Vec<Url> = self.documents.keys().cloned().collect();
        for address in addresses {
            let known = self.documents.get(&address).and_then(|open| open.place.clone());
            let is_in_folders = self.folders.is_some_and(|folders| {
                let place = self.workspace.place(&address);
                place.is_some_and(|place| place.project == folders)
            });
            let stays = known.as_ref().is_some_and(|place| {
                self.workspace.projects.contains_key(&place.project)
                    && (!is_in_folders || Some(place.project) == self.folders)
            });
            if stays {
                continue;
            }
            if let Some(place) = known.filter(|place| self.workspace.projects.contains_key(&place.project)) {
                self.leave(place.project);
            }
            let place = self.place_or_new(&address, "");
            let Some(open) = self.documents.get_mut(&address) else {
                continue;
            };
            if let Some(place) = &place
                && let Some(hosted) = self.workspace.projects.get_mut(&place.project)
            {
                hosted.project.open(&place.path, &open.document.text);
            }
            open.place = place;
            self.unanswered.insert(address);
        }
    }

    /// The place of a document; a project is made for one that has none.
    fn place_or_new(&mut self, address: &Url, language: &str) -> Option<Place> {
        if let Some(place) = self.workspace.place(address) {
            let hosted = self.workspace.projects.get_mut(&place.project)?;
            if let Home::Folder { open, .. } = &mut hosted.home
                && !open.contains(&place.path)
            {
                open.push(place.path.clone());
                self.apply_configuration_to(place.project);
            }
            return Some(place);
        }
        let home = Workspace::home(address, language)?;
        self.add_project(home);
        self.workspace.place(address)
    }

    /// Asks to be told of changes, where the client wants to be asked.
    pub(super) fn register(&mut self) {
        let mut registrations = Vec::new();
        if self.client.registers_watchers {
            let watchers = WATCHED.iter().map(|pattern| FileSystemWatcher {
                glob_pattern: (*pattern).to_owned().into(),
                kind: None,
            });
            let options = DidChangeWatchedFilesRegistrationOptions {
                watchers: watchers.collect(),
            };
            registrations.push(Registration {
                id: "akslint/watched-files".to_owned(),
                method: "workspace/didChangeWatchedFiles".to_owned(),
                register_options: serde_json::to_value(options).ok(),
            });
        }
        if self.client.registers_configuration {
            registrations.push(Registration {
                id: "akslint/configuration".to_owned(),
                method: "workspace/didChangeConfiguration".to_owned(),
                register_options: Some(serde_json::json!({ "section": "akslint" })),
            });
        }
        if !registrations.is_empty() {
            let params = RegistrationParams { registrations };
            self.outbox
                .request("client/registerCapability", params, Awaited::Acknowledgement);
        }
    }

    /// Offers definitions, or does so no longer, where the client can be told that later.
    pub(super) fn register_definitions(&mut self, had_them: bool) {
        if !self.client.registers_definitions || had_them == self.configuration.definitions {
            return;
        }
        let id = "akslint/definitions".to_owned();
        let method = "textDocument/definition".to_owned();
        if had_them {
            let unregisterations = vec![Unregistration { id, method }];
            let params = UnregistrationParams { unregisterations };
            self.outbox
                .request("client/unregisterCapability", params, Awaited::Acknowledgement);
            return;
        }
        let registrations = vec![Registration {
            id,
            method,
            // For the documents that the client uses the server for.
            register_options: Some(serde_json::json!({ "documentSelector": null })),
        }];
        let params = RegistrationParams { registrations };
        self.outbox
            .request("client/registerCapability", params, Awaited::Acknowledgement);
    }

    pub(super) fn ask_for_configuration(&mut self) {
        if self.client.answers_configuration {
            let items = vec![ConfigurationItem {
                scope_uri: None,
                section: Some("akslint".to_owned()),
            }];
            let params = ConfigurationParams { items };
            self.outbox
                .request("workspace/configuration", params, Awaited::Configuration);
        }
    }

    /// Clients that answer questions are asked; what others send is what counts.
    pub(super) fn configuration_changed(&mut self, params: &DidChangeConfigurationParams) {
        if self.client.answers_configuration {
            self.ask_for_configuration();
        } else {
            self.configure(&params.settings);
        }
    }

    /// Takes what the client answered. A client without such a section answers null, which changes nothing.
    pub(super) fn configuration_answered(&mut self, answer: &Value) {
        match answer.get(0) {
            None | Some(Value::Null) => {}
            Some(section) => self.configure(&section.clone()),
        }
    }

    /// Says what is wrong with the settings. Clients send the same ones again and again.
    pub(super) fn complain(&mut self, problem: String) {
        if self.complaint.as_ref() != Some(&problem) {
            self.outbox.show(MessageType::Warning, problem.clone());
            self.complaint = Some(problem);
        }
    }

    fn configure(&mut self, value: &Value) {
        let read = Configuration::read(value);
        if read.is_ok() {
            self.complaint = None;
        }
        match read {
            Ok(configuration) if configuration == self.configuration => {}
            Ok(configuration) => {
                let has_other_hints = configuration.hints != self.configuration.hints;
                let had_definitions = self.configuration.definitions;
                self.configuration = configuration;
                self.register_definitions(had_definitions);
                let projects: Vec<_> = self.workspace.projects.keys().copied().collect();
                for project in projects {
                    self.apply_configuration_to(project);
                }
                if has_other_hints && self.client.refreshes_hints {
                    self.outbox
                        .request("workspace/inlayHint/refresh", (), Awaited::Acknowledgement);
                }
            }
            Err(problem) => self.complain(problem),
        }
    }

    fn apply_configuration_to(&mut self, project: u32) {
        let Some(hosted) = self.workspace.projects.get_mut(&project) else {
            return;
        };
        let settings = self.configuration.settings(&hosted.home, self.surroundings);
        hosted.project.change_settings(settings);
    }
}

fn trimmed(path: String) -> String {
    path.trim_end_matches('/').to_owned()
}
