//! Telling the client what was found.

use std::collections::BTreeSet;

use gen_lsp_types::{Diagnostic, PublishDiagnosticsParams};
use url::Url;

use super::{Published, Session};
use crate::diagnostics;
use crate::outbox::Awaited;
use crate::workspace::{Place, ProjectId};

impl Session<'_> {
    /// Publishes what has changed, and answers every change of an open document with what is found in it now,
    /// even when that is what it was.
    pub(super) fn publish(&mut self) {
        let mut places: BTreeSet<Place> = BTreeSet::new();
        for (project, hosted) in &mut self.workspace.projects {
            let changed = hosted.project.take_changed().into_iter();
            places.extend(changed.map(|path| Place {
                project: *project,
                path,
            }));
        }
        let mut is_refresh_due = false;
        let answered: Vec<Url> = self
            .unanswered
            .iter()
            .filter(|uri| self.is_current(uri))
            .cloned()
            .collect();
        for address in answered {
            self.unanswered.remove(&address);
            if let Some(place) = self.documents.get(&address).and_then(|open| open.place.clone()) {
                if !self.client.pulls_diagnostics {
                    places.remove(&place);
                    self.publish_file(place, true);
                }
            } else if !self.client.pulls_diagnostics {
                self.publish_nothing(address);
            }
        }
        for place in places {
            let open = self
                .address_of_open(&place)
                .and_then(|address| self.documents.get(address));
            match open.filter(|_| self.client.pulls_diagnostics) {
                Some(open) => is_refresh_due |= self.is_outdated(open, &place),
                None => self.publish_file(place, false),
            }
        }
        if is_refresh_due {
            self.outbox
                .request("workspace/diagnostic/refresh", (), Awaited::Acknowledgement);
        }
    }

    /// Whether the client has asked for this version of a document, and would get another answer now. One that has
    /// not asked yet will.
    fn is_outdated(&self, open: &super::Open, place: &Place) -> bool {
        let Some((version, result_id)) = &open.pulled else {
            return false;
        };
        *version == open.document.version && diagnostics::result_id(&self.diagnostics(place)) != *result_id
    }

    /// What is found in a file now.
    pub(crate) fn diagnostics(&self, place: &Place) -> Vec<Diagnostic> {
        let Some(hosted) = self.workspace.projects.get(&place.project) else {
            return Vec::new();
        };
        let sources = hosted.project.sources();
        let address = |path: &str| {
            let place = Place {
                project: place.project,
                path: path.to_owned(),
            };
            self.address(&place)
        };
        let findings = hosted.project.findings(&place.path).iter();
        findings
            .map(|finding| diagnostics::diagnostic(finding, sources, self.client.unit, address))
            .collect()
    }

    /// The address of a file: the client's own words when it is open.
    pub(crate) fn address(&self, place: &Place) -> Option<Url> {
        self.address_of_open(place).cloned().or_else(|| {
            let hosted = self.workspace.projects.get(&place.project)?;
            hosted.home.address(&place.path)
        })
    }

    fn address_of_open(&self, place: &Place) -> Option<&Url> {
        let is_meant = |open: &super::Open| open.place.as_ref() == Some(place);
        let found = self.documents.iter().find(|(_, open)| is_meant(open));
        found.map(|(address, _)| address)
    }

    fn is_current(&self, address: &Url) -> bool {
        let Some(place) = self.documents.get(address).and_then(|open| open.place.as_ref()) else {
            return true;
        };
        let hosted = self.workspace.projects.get(&place.project);
        hosted.is_none_or(|hosted| hosted.project.is_current(&place.path))
    }

    /// Publishes what is found in a file, unless the client was told just that before and it need not be said
    /// again.
    fn publish_file(&mut self, place: Place, even_if_same: bool) {
        let Some(address) = self.address(&place) else {
            return;
        };
        let diagnostics = self.diagnostics(&place);
        let known = self.published.get(&place);
        let is_same = match known {
            Some(known) => known.address == address && known.diagnostics == diagnostics,
            None => diagnostics.is_empty(),
        };
        if is_same && !even_if_same {
            return;
        }
        let version = self.documents.get(&address).map(|open| open.document.version);
        tracing::debug!(%address, version, count = diagnostics.len(), "publish");
        let params = PublishDiagnosticsParams {
            uri: address.clone(),
            version,
            diagnostics: diagnostics.clone(),
        };
        self.outbox.notify("textDocument/publishDiagnostics", params);
        if diagnostics.is_empty() {
            self.published.remove(&place);
        } else {
            self.published.insert(place, Published { address, diagnostics });
        }
    }

    /// Answers a change of a document that is not linted.
    fn publish_nothing(&mut self, address: Url) {
        let version = self.documents.get(&address).map(|open| open.document.version);
        let params = PublishDiagnosticsParams {
            uri: address,
            version,
            diagnostics: Vec::new(),
        };
        self.outbox.notify("textDocument/publishDiagnostics", params);
    }

    /// Takes back what the client was told of one file.
    pub(super) fn take_back(&mut self, place: &Place) {
        if let Some(published) = self.published.remove(place) {
            let params = PublishDiagnosticsParams {
                uri: published.address,
                version: None,
                diagnostics: Vec::new(),
            };
            self.outbox.notify("textDocument/publishDiagnostics", params);
        }
    }

    /// Takes back everything of a project that goes.
    pub(super) fn leave(&mut self, project: ProjectId) {
        let told = self.disband(project);
        for (place, published) in told {
            self.published.insert(place.clone(), published);
            self.take_back(&place);
        }
    }

    /// Ends a project; what the client was told by it is for another one to keep or to take back.
    pub(super) fn disband(&mut self, project: ProjectId) -> Vec<(Place, Published)> {
        self.workspace.projects.remove(&project);
        let places = self.published.keys().filter(|place| place.project == project);
        let places: Vec<Place> = places.cloned().collect();
        let told = places
            .into_iter()
            .map(|place| self.published.remove_entry(&place));
        told.flatten().collect()
    }

    /// Leaves what the client was told by an earlier project as it is while the workspace folders' project works, so
    /// that nothing vanishes and comes back. What lies outside is taken back.
    pub(super) fn adopt(&mut self, told: Vec<(Place, Published)>) {
        for (place, published) in told {
            let new = self.workspace.place(&published.address);
            match new.filter(|new| Some(new.project) == self.folders) {
                Some(new) => {
                    self.published.insert(new, published);
                    self.is_told_by_others = true;
                }
                None => {
                    self.published.insert(place.clone(), published);
                    self.take_back(&place);
                }
            }
        }
    }

    /// Once all is done: corrects what an earlier project said and this one does not.
    pub(super) fn compare_told(&mut self) {
        if std::mem::take(&mut self.is_told_by_others) {
            let places: Vec<Place> = self.published.keys().cloned().collect();
            for place in places {
                self.publish_file(place, false);
            }
        }
    }
}
