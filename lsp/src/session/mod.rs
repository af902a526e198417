//! One client's session: what it has open, what it was told, and what is still to do.

mod ask;
mod publish;
mod receive;
mod synchronise;
mod turns;

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use gen_lsp_types::{Diagnostic, InitializeParams, InitializeResult, ServerInfo};
use lsp_server::{Connection, ErrorCode};
use url::Url;

use crate::Surroundings;
use crate::capabilities::{self, Client};
use crate::configuration::Configuration;
use crate::documents::Document;
use crate::mailbox::{Mailbox, Post};
use crate::outbox::{Awaited, Outbox};
use crate::progress::Progress;
use crate::uri;
use crate::workspace::{Home, Place, ProjectId, Workspace};
use turns::Turns;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The client said goodbye before it left.
    AfterShutdown,
    /// It left without a word, or said `exit` without `shutdown`.
    WithoutShutdown,
}

pub(crate) struct Session<'s> {
    pub(crate) surroundings: &'s Surroundings,
    pub(crate) client: Client,
    pub(crate) configuration: Configuration,
    /// What was last said to be wrong with the settings.
    complaint: Option<String>,
    pub(crate) workspace: Workspace,
    /// The workspace folders' project; none without workspace folders.
    pub(crate) folders: Option<ProjectId>,
    pub(crate) documents: HashMap<Url, Open>,
    /// What the client was last told of each file.
    published: HashMap<Place, Published>,
    /// Open documents whose last change is not answered yet.
    unanswered: BTreeSet<Url>,
    /// The client was told things by an earlier project that are still to be compared.
    is_told_by_others: bool,
    /// Documents that the client has asked hints for.
    pub(crate) hinted: BTreeSet<Url>,
    /// Documents that changed since there was nothing left to do: the client asks for their hints by itself.
    changed: BTreeSet<Url>,
    pub(crate) outbox: Outbox,
    progress: Progress,
    is_shut_down: bool,
}

/// A document that is open in the client.
pub(crate) struct Open {
    /// None for what is not linted.
    pub(crate) place: Option<Place>,
    pub(crate) document: Document,
    /// The version for which the client has asked what is found in it, and the name of the result.
    pub(crate) pulled: Option<(i32, String)>,
}

pub(crate) struct Published {
    address: Url,
    diagnostics: Vec<Diagnostic>,
}

/// Serves the client of a connection until it leaves.
pub(crate) fn run(connection: Connection, surroundings: &Surroundings) -> Exit {
    let params = match connection.initialize_start() {
        Ok((id, params)) => match serde_json::from_value::<InitializeParams>(params) {
            Ok(params) => (id, params),
            Err(error) => {
                let outbox = Outbox::new(connection.sender);
                outbox.refuse(id, ErrorCode::InvalidParams, error.to_string());
                return Exit::WithoutShutdown;
            }
        },
        Err(error) => {
            tracing::error!("no session: {error}");
            return Exit::WithoutShutdown;
        }
    };
    let (id, params) = params;
    let client = Client::of(&params);
    let options = params.initialization_options.as_ref();
    let configuration = options.map_or_else(|| Ok(Configuration::default()), Configuration::read);
    let wants_definitions = configuration.as_ref().is_ok_and(|it| it.definitions);
    let result = InitializeResult {
        capabilities: capabilities::offered(&client, wants_definitions),
        server_info: Some(ServerInfo {
            name: "akslint".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    let result = serde_json::to_value(result).unwrap_or_default();
    if let Err(error) = connection.initialize_finish(id, result) {
        tracing::error!("no session: {error}");
        return Exit::WithoutShutdown;
    }
    let mut mailbox = Mailbox::new(connection.receiver);
    let outbox = Outbox::new(connection.sender);
    let (configuration, problem) = match configuration {
        Ok(configuration) => (configuration, None),
        Err(problem) => (Configuration::default(), Some(problem)),
    };
    let mut session = Session::new(&params, client, configuration, outbox, surroundings);
    if let Some(problem) = problem {
        session.complain(problem);
    }
    session.begin();
    let mut turns = Turns::new(Instant::now());
    loop {
        let has_work = session.has_work();
        let is_works_turn = has_work && turns.is_works(Instant::now());
        let post = match has_work {
            true if is_works_turn => Post::Nothing,
            true => mailbox.look(),
            false => {
                let post = mailbox.wait();
                turns.nothing_waits(Instant::now());
                post
            }
        };
        match post {
            Post::Message(message) => {
                if let Some(exit) = session.receive(message) {
                    return exit;
                }
            }
            Post::Cancelled(request) => {
                session
                    .outbox
                    .refuse(request.id, ErrorCode::RequestCanceled, "the client took it back");
            }
            Post::Nothing => {
                session.work();
                match is_works_turn {
                    true => turns.worked(Instant::now()),
                    false => turns.nothing_waits(Instant::now()),
                }
            }
            Post::Closed => return session.exit(),
        }
    }
}

impl<'s> Session<'s> {
    fn new(
        params: &InitializeParams,
        client: Client,
        configuration: Configuration,
        outbox: Outbox,
        surroundings: &'s Surroundings,
    ) -> Self {
        let mut session = Session {
            surroundings,
            client,
            configuration,
            complaint: None,
            workspace: Workspace::default(),
            folders: None,
            documents: HashMap::new(),
            published: HashMap::new(),
            unanswered: BTreeSet::new(),
            is_told_by_others: false,
            hinted: BTreeSet::new(),
            changed: BTreeSet::new(),
            outbox,
            progress: Progress::new(surroundings.patience),
            is_shut_down: false,
        };
        session.set_folders(&workspace_folders(params));
        session
    }

    /// How the session ends when the client leaves now.
    fn exit(&self) -> Exit {
        match self.is_shut_down {
            true => Exit::AfterShutdown,
            false => Exit::WithoutShutdown,
        }
    }

    /// What can be asked of the client only after it was greeted.
    fn begin(&mut self) {
        self.register();
        self.register_definitions(false);
        self.ask_for_configuration();
    }

    pub(crate) fn has_work(&self) -> bool {
        if self.is_shut_down {
            return false;
        }
        !self.unanswered.is_empty()
            || self
                .workspace
                .projects
                .values()
                .any(|hosted| hosted.project.has_work())
    }

    /// Does a slice of the outstanding work, that of edited documents first.
    fn work(&mut self) {
        let waiting = self.unanswered.iter().filter_map(|address| {
            let place = self.documents.get(address)?.place.as_ref()?;
            Some(place.project)
        });
        let all = self.workspace.projects.keys().copied();
        let projects: Vec<ProjectId> = waiting.chain(all).collect();
        let next = projects.into_iter().find(|id| {
            let hosted = self.workspace.projects.get(id);
            hosted.is_some_and(|hosted| hosted.project.has_work())
        });
        if let Some(hosted) = next.and_then(|id| self.workspace.projects.get_mut(&id)) {
            hosted.project.step();
            if hosted.project.take_failure() {
                let message = "akslint failed at the last change, which is a fault of akslint; it goes on with the next";
                self.outbox.show(gen_lsp_types::MessageType::Error, message);
            }
            if self.client.shows_progress {
                let (done, all) = hosted.project.progress();
                self.progress.tell(done, all, &mut self.outbox);
            }
        }
        self.publish();
        if !self.has_work() {
            self.progress.finish(&self.outbox);
            self.compare_told();
            self.refresh_hints();
            for hosted in self.workspace.projects.values_mut() {
                hosted.project.tidy();
            }
        }
    }

    /// Has the hints asked for again of documents that others, which have changed, may say something about.
    fn refresh_hints(&mut self) {
        let changed = std::mem::take(&mut self.changed);
        if self.client.refreshes_hints && self.hinted.difference(&changed).next().is_some() {
            self.outbox
                .request("workspace/inlayHint/refresh", (), Awaited::Acknowledgement);
        }
    }

    /// The place of an open document, once everything that is said of it is up to date.
    pub(crate) fn current_place(&mut self, address: &Url) -> Option<Place> {
        let place = self.documents.get(address)?.place.clone()?;
        let hosted = self.workspace.projects.get_mut(&place.project)?;
        while !hosted.project.is_current(&place.path) && hosted.project.has_work() {
            hosted.project.step();
        }
        Some(place)
    }

    /// Makes the project of the workspace folders anew.
    fn set_folders(&mut self, folders: &[Url]) {
        let told = self
            .folders
            .take()
            .map(|old| self.disband(old))
            .unwrap_or_default();
        let folders: Vec<String> = folders.iter().filter_map(uri::path).collect();
        let trimmed = folders.iter().map(|folder| match folder.trim_end_matches('/') {
            "" => "/".to_owned(),
            folder => folder.to_owned(),
        });
        let folders: Vec<String> = trimmed.collect();
        if let Some(root) = uri::shared_folder(&folders) {
            let home = Home::Folders { root, folders };
            let id = self.add_project(home);
            self.folders = Some(id);
        }
        self.adopt(told);
        self.settle_documents();
    }

    pub(crate) fn add_project(&mut self, home: Home) -> ProjectId {
        let settings = self.configuration.settings(&home, self.surroundings);
        self.workspace.add(home, settings)
    }
}

/// The folders that the client works in.
fn workspace_folders(params: &InitializeParams) -> Vec<Url> {
    use gen_lsp_types::WorkspaceFolders;
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().map(|folder| folder.uri.clone()).collect()
        }
        // Older clients name one folder, in one of two ways.
        #[allow(deprecated)]
        _ => match (&params.root_uri, &params.root_path) {
            (Some(uri), _) => vec![uri.clone()],
            (None, Some(gen_lsp_types::RootPath::String(path))) => uri::of_path(path).into_iter().collect(),
            _ => Vec::new(),
        },
    }
}
