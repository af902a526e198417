//! `textDocument/codeAction`: what can be done about the findings in a range.

use std::ops::Range;

use akslint_core::finding::{Applicability, Edit, Finding, Fix, Metadata};
use akslint_core::fix;
use akslint_core::suppression_fix;
use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, Diagnostic, WorkspaceEdit,
};
use serde_json::json;

use super::workspace_edit::workspace_edit;
use crate::capabilities::Opener;
use crate::session::Session;
use crate::workspace::Place;
use crate::{diagnostics, positions};

/// All safe fixes of a file; clients run it on save when the user wants that.
pub(crate) const FIX_ALL: CodeActionKind =
    CodeActionKind::Custom(std::borrow::Cow::Borrowed("source.fixAll.akslint"));

/// A command of clients that show rules' pages themselves; its argument is the code.
pub(crate) const OPEN_RULE: &str = "akslint.openRule";

/// The text is as current as the findings: what no longer fits is not among their fixes.
pub(crate) fn actions(
    session: &mut Session<'_>,
    params: CodeActionParams,
) -> Option<Vec<CodeActionResponse>> {
    let place = session.current_place(&params.text_document.uri)?;
    let project = &session.workspace.projects.get(&place.project)?.project;
    let file = project.sources().known(&place.path)?;
    let offset = |position| positions::offset(file.lines(), &file.text, position, session.client.unit);
    let range = offset(params.range.start)..offset(params.range.end);
    let all = project.findings(&place.path);
    let here: Vec<&Finding> = all.iter().filter(|finding| touches(finding, &range)).collect();
    let only = params.context.only.as_deref();
    let offer = Offer {
        session,
        place: &place,
    };
    let mut actions: Vec<CodeAction> = Vec::new();
    if is_wanted(&CodeActionKind::QuickFix, only) {
        offer.fixes(&here, &mut actions);
        offer.fixes_of_rules(&here, all, &mut actions);
        offer.suppressions(&here, &mut actions);
    }
    if only.is_some() && is_wanted(&FIX_ALL, only) {
        actions.extend(offer.fix_all(all));
    }
    if only.is_none() {
        offer.pages(&here, &mut actions);
    }
    Some(actions.into_iter().map(Into::into).collect())
}

/// Whether the client asks for this kind: by itself, or as one of a more general kind.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let kind = String::from(kind.clone());
    only.is_none_or(|only| {
        only.iter().any(|wanted| {
            let wanted = String::from(wanted.clone());
            let rest = kind.strip_prefix(&wanted);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || wanted.is_empty())
        })
    })
}

fn touches(finding: &Finding, range: &Range<usize>) -> bool {
    let span = finding.primary.span;
    span.start as usize <= range.end && range.start <= span.end as usize
}

/// Whether one of its fixes can be made without asking.
fn is_fixable(finding: &Finding) -> bool {
    let mut fixes = finding.fixes.iter();
    fixes.any(|fix| fix.applicability == Applicability::Safe)
}

/// The rules of these findings, each once.
fn rules(findings: &[&Finding]) -> Vec<&'static Metadata> {
    let mut rules: Vec<&'static Metadata> = Vec::new();
    for finding in findings {
        if !rules.iter().any(|known| known.code == finding.rule.code) {
            rules.push(finding.rule);
        }
    }
    rules
}

/// What actions are made of.
struct Offer<'o, 's> {
    session: &'o Session<'s>,
    place: &'o Place,
}

impl Offer<'_, '_> {
    /// Every way out of every finding.
    fn fixes(&self, findings: &[&Finding], actions: &mut Vec<CodeAction>) {
        for finding in findings {
            let is_preferred = finding.fixes.len() == 1 && is_fixable(finding);
            for fix in &finding.fixes {
                self.add(finding, fix, is_preferred, actions);
            }
        }
    }

    /// Offers a change. The same one for several findings is offered once.
    fn add(&self, finding: &Finding, fix: &Fix, is_preferred: bool, actions: &mut Vec<CodeAction>) {
        let diagnostic = self.diagnostic(finding);
        let Some(edit) = self.edit(&fix.edits) else {
            return;
        };
        let is_same =
            |known: &&mut CodeAction| known.title == fix.title && known.edit.as_ref() == Some(&edit);
        if let Some(known) = actions.iter_mut().find(is_same) {
            known.diagnostics.get_or_insert_default().extend(diagnostic);
            return;
        }
        actions.push(CodeAction {
            title: fix.title.clone(),
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(diagnostic.into_iter().collect()),
            is_preferred: is_preferred.then_some(true),
            edit: Some(edit),
            ..CodeAction::default()
        });
    }

    fn edit<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>) -> Option<WorkspaceEdit> {
        workspace_edit(self.session, self.place.project, edits)
    }

    /// For each rule here that several findings of the file have a safe fix of: all of them at once.
    fn fixes_of_rules(&self, here: &[&Finding], all: &[Finding], actions: &mut Vec<CodeAction>) {
        for rule in rules(here) {
            if !here
                .iter()
                .any(|finding| finding.rule.code == rule.code && is_fixable(finding))
            {
                continue;
            }
            let of_rule = all.iter().filter(|finding| finding.rule.code == rule.code);
            let of_rule: Vec<Finding> = of_rule.filter(|finding| is_fixable(finding)).cloned().collect();
            let fixes = fix::together(&of_rule, false);
            if fixes.len() < 2 {
                continue;
            }
            actions.push(CodeAction {
                title: format!("Fix all {} in this file", rule.name),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(
                    of_rule
                        .iter()
                        .filter_map(|finding| self.diagnostic(finding))
                        .collect(),
                ),
                edit: self.edit(fixes.into_iter().flat_map(|fix| &fix.edits)),
                ..CodeAction::default()
            });
        }
    }

    fn fix_all(&self, all: &[Finding]) -> Option<CodeAction> {
        let fixes = fix::together(all, false);
        (!fixes.is_empty()).then(|| CodeAction {
            title: "Apply all safe fixes of akslint".to_owned(),
            kind: Some(FIX_ALL),
            edit: self.edit(fixes.into_iter().flat_map(|fix| &fix.edits)),
            ..CodeAction::default()
        })
    }

    /// A comment or metadata that keeps a finding quiet, with a word in the place of the reason that the user is to
    /// give.
    fn suppressions(&self, findings: &[&Finding], actions: &mut Vec<CodeAction>) {
        let Some(hosted) = self.session.workspace.projects.get(&self.place.project) else {
            return;
        };
        for finding in findings {
            let Some(fix) = suppression_fix(hosted.project.trees(), finding, "reason") else {
                continue;
            };
            self.add(finding, &fix, false, actions);
        }
    }

    /// The pages of the rules here, for clients that can show one. They are no fixes, so they have no kind.
    fn pages(&self, findings: &[&Finding], actions: &mut Vec<CodeAction>) {
        let command = match self.session.client.opener {
            Opener::None => return,
            Opener::Command => OPEN_RULE,
            Opener::Document => super::execute_command::OPEN_PAGE,
        };
        for rule in rules(findings) {
            let title = format!("Open the page of {}", rule.code);
            actions.push(CodeAction {
                title: title.clone(),
                command: Some(Command {
                    title,
                    tooltip: None,
                    command: command.to_owned(),
                    arguments: Some(vec![json!(rule.code)]),
                }),
                ..CodeAction::default()
            });
        }
    }

    fn diagnostic(&self, finding: &Finding) -> Option<Diagnostic> {
        let hosted = self.session.workspace.projects.get(&self.place.project)?;
        let project = self.place.project;
        let address = |path: &str| {
            let path = path.to_owned();
            self.session.address(&Place { project, path })
        };
        let unit = self.session.client.unit;
        Some(diagnostics::diagnostic(
            finding,
            hosted.project.sources(),
            unit,
            address,
        ))
    }
}
