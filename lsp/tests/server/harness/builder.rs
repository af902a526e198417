//! What a test's server is given: files, folders, and what its client can do.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use akslint_core::calendar::Date;
use akslint_lsp::Surroundings;
use serde_json::{Value, json};
use url::Url;

use super::{Client, TODAY};

pub(crate) struct Builder {
    files: Vec<(String, String)>,
    folders: Option<Vec<String>>,
    capabilities: Value,
    options: Value,
    pub(super) configuration: Value,
    patience: Duration,
}

impl Builder {
    /// A client that can do nothing but what every client can, with one workspace folder.
    pub(crate) fn new() -> Self {
        Builder {
            files: Vec::new(),
            folders: Some(vec![String::new()]),
            capabilities: json!({}),
            options: Value::Null,
            configuration: Value::Null,
            patience: Duration::from_secs(3600),
        }
    }

    /// A file on disk, below the folder of the test.
    pub(crate) fn file(mut self, path: &str, text: impl Into<String>) -> Self {
        self.files.push((path.to_owned(), text.into()));
        self
    }

    /// The workspace folders, below the folder of the test.
    pub(crate) fn folders(mut self, folders: &[&str]) -> Self {
        self.folders = Some(folders.iter().map(ToString::to_string).collect());
        self
    }

    pub(crate) fn without_workspace(mut self) -> Self {
        self.folders = None;
        self
    }

    /// What the client can do besides, under its path: `workspace.configuration`.
    pub(crate) fn can(mut self, path: &str, value: impl Into<Value>) -> Self {
        let mut place = &mut self.capabilities;
        for name in path.split('.') {
            place = &mut place[name];
        }
        *place = value.into();
        self
    }

    pub(crate) fn offers_utf8(self) -> Self {
        self.can("general.positionEncodings", json!(["utf-8", "utf-16", "utf-32"]))
    }

    /// Asks for diagnostics itself.
    pub(crate) fn pulls(self) -> Self {
        self.can("textDocument.diagnostic", json!({}))
            .can("workspace.diagnostics.refreshSupport", true)
    }

    /// `initializationOptions`.
    pub(crate) fn options(mut self, options: Value) -> Self {
        self.options = options;
        self
    }

    /// What the client answers when it is asked for its settings.
    pub(crate) fn configuration(mut self, section: Value) -> Self {
        self.configuration = section;
        self.can("workspace.configuration", true)
    }

    /// For how long work is done before it is worth a progress bar.
    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self.can("window.workDoneProgress", true)
    }

    /// Writes the files and greets the server.
    pub(crate) fn start(self) -> Client {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in &self.files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        // The system's folder for temporary files can be a link.
        let root: PathBuf = folder.path().canonicalize().unwrap();
        let folders = self.folders.as_ref().map(|folders| {
            let folders = folders.iter().map(|name| {
                let path = if name.is_empty() {
                    root.clone()
                } else {
                    root.join(name)
                };
                json!({ "uri": Url::from_directory_path(path).unwrap(), "name": name })
            });
            folders.collect::<Vec<_>>()
        });
        let params = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": self.capabilities,
            "workspaceFolders": folders,
            "initializationOptions": self.options,
        });
        let (year, month, day) = TODAY;
        let surroundings = Surroundings {
            today: Date::new(year, month, day),
            variables: Vec::new(),
            patience: self.patience,
        };
        Client::greet(folder, root, params, surroundings, self.configuration)
    }
}
