//! Questions about a place in an open document, and what they are answered from.

use std::sync::Arc;

use akslint_core::editor::{self, View};
use akslint_core::project::Project;
use akslint_core::source::{ColumnUnit, SourceFile};
use gen_lsp_types::Position;
use url::Url;

use super::Session;
use crate::positions;
use crate::workspace::{Place, ProjectId};

/// What a feature needs to answer.
pub(crate) struct Question<'q> {
    pub(crate) around: editor::Surroundings<'q>,
    pub(crate) file: Arc<SourceFile>,
    pub(crate) unit: ColumnUnit,
    session: &'q Session<'q>,
    project: ProjectId,
}

impl Question<'_> {
    pub(crate) fn offset(&self, position: Position) -> u32 {
        let offset = positions::offset(self.file.lines(), &self.file.text, position, self.unit);
        u32::try_from(offset).unwrap_or(u32::MAX)
    }

    pub(crate) fn address(&self, path: &str) -> Option<Url> {
        self.session.address(&Place {
            project: self.project,
            path: path.to_owned(),
        })
    }

    /// The address of a line, from 1, for links.
    pub(crate) fn file_address(&self) -> impl Fn(&str, u32) -> Option<String> {
        |path, line| Some(format!("{}#L{line}", self.address(path)?))
    }
}

impl Session<'_> {
    /// Answers from the deployments that read a document, as it is now; not when the user has switched akslint off.
    pub(crate) fn ask<T>(&mut self, address: &Url, answer: impl FnOnce(&Question<'_>) -> T) -> Option<T> {
        self.configuration.enable.then_some(())?;
        let place = self.current_place(address)?;
        let hosted = self.workspace.projects.get_mut(&place.project)?;
        let views = hosted.project.views(&place.path);
        let views: Vec<&View> = views.iter().map(AsRef::as_ref).collect();
        let session: &Session<'_> = self;
        let project = &session.workspace.projects.get(&place.project)?.project;
        let question = Question {
            around: editor::Surroundings {
                trees: project.trees(),
                settings: project.settings(),
                allowed: project.allowed(),
                views: &views,
            },
            file: project.sources().known(&place.path)?,
            unit: session.client.unit,
            session,
            project: place.project,
        };
        Some(answer(&question))
    }

    /// A document's text as it is now, for what needs nothing else.
    pub(crate) fn text(&self, address: &Url) -> Option<(&Project, Arc<SourceFile>)> {
        let place = self.documents.get(address)?.place.as_ref()?;
        let project = &self.workspace.projects.get(&place.project)?.project;
        let file = project.sources().read(&place.path).ok()?;
        Some((project, file))
    }
}
