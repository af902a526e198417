//! What the rules said about all deployments of a run, each fault once, in an order that two runs share.

use std::collections::HashMap;

use crate::blame;
use crate::finding::{Applicability, Finding, Metadata, Undecided};
use crate::fix;
use crate::model::network::Network;
use crate::rules;
use crate::settings::Settings;
use crate::source::{FileId, Sources, Span};
use crate::syntax::Trees;

/// What the rules said about one deployment.
#[derive(Debug, Default, Clone)]
pub(crate) struct Judged {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
    panicked: Vec<&'static Metadata>,
}

/// Runs the selected rules over the network of one deployment, for which these files were read.
pub(crate) fn judge(network: &Network, files: &[FileId], settings: &Settings, trees: &Trees) -> Judged {
    let place = fix::Place::new(network, files, trees);
    let selected = rules::ALL.iter().filter(|rule| settings.selects(&rule.metadata));
    let outcome = rules::run(selected, network, settings.as_of);
    let mut judged = Judged {
        panicked: outcome.panicked,
        ..Judged::default()
    };
    for draft in outcome.drafts {
        let fixes = fix::fixes(&draft, &place);
        let mut finding = blame::finding(draft, &trees.sources);
        finding.fixes = fixes;
        if let Some(severity) = settings.severity(finding.rule) {
            finding.severity = severity;
        }
        judged.findings.push(finding);
    }
    for (rule, resource, unknown) in outcome.undecided {
        judged.undecided.push(Undecided {
            rule,
            resource,
            reason: unknown.reason().word(),
            detail: unknown.reason().to_string(),
            span: unknown.span(),
            deployments: Vec::new(),
        });
    }
    judged
}

/// The same fault in several deployments is one finding that names them all.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub(crate) findings: Vec<Finding>,
    pub(crate) undecided: Vec<Undecided>,
    pub(crate) panicked: Vec<&'static Metadata>,
    /// Where in the lists above each fault is, by what makes it the same.
    known_findings: HashMap<(&'static str, Span, String), usize>,
    known_undecided: HashMap<(&'static str, String, Span, String), usize>,
}

impl Judgement {
    pub(crate) fn add(&mut self, judged: Judged, deployment: &str) {
        for mut finding in judged.findings {
            let same = (finding.rule.code, finding.primary.span, finding.message.clone());
            match self.known_findings.get(&same) {
                Some(index) => {
                    let known = &mut self.findings[*index];
                    // What mends it in one deployment may harm it in another.
                    known.fixes.retain(|fix| finding.fixes.contains(fix));
                    name_deployment(&mut known.deployments, deployment);
                }
                None => {
                    finding.deployments = vec![deployment.to_owned()];
                    self.known_findings.insert(same, self.findings.len());
                    self.findings.push(finding);
                }
            }
        }
        for mut undecided in judged.undecided {
            let same = (
                undecided.rule.code,
                undecided.resource.clone(),
                undecided.span,
                undecided.detail.clone(),
            );
            match self.known_undecided.get(&same) {
                Some(index) => name_deployment(&mut self.undecided[*index].deployments, deployment),
                None => {
                    undecided.deployments = vec![deployment.to_owned()];
                    self.known_undecided.insert(same, self.undecided.len());
                    self.undecided.push(undecided);
                }
            }
        }
        for rule in judged.panicked {
            if !self.panicked.iter().any(|known| known.code == rule.code) {
                self.panicked.push(rule);
            }
        }
    }

    /// A file that is read for further deployments, which do not have the fault, is not changed unasked.
    pub(crate) fn weigh_fixes(&mut self, deployments: &[(&str, &[FileId])]) {
        for finding in &mut self.findings {
            let fixes = finding.fixes.iter_mut();
            for fix in fixes.filter(|fix| fix.applicability == Applicability::Safe) {
                let reads = |files: &[FileId]| fix.edits.iter().any(|edit| files.contains(&edit.span.file));
                let is_without = |name: &str| finding.deployments.iter().all(|known| known != name);
                if deployments
                    .iter()
                    .any(|(name, files)| is_without(name) && reads(files))
                {
                    fix.applicability = Applicability::Unsafe;
                }
            }
        }
    }

    pub(crate) fn sort(&mut self, sources: &Sources) {
        sort_findings(&mut self.findings, sources);
        self.undecided.sort_by_cached_key(|undecided| {
            (
                place(undecided.span, sources),
                undecided.rule.code,
                undecided.resource.clone(),
                undecided.detail.clone(),
            )
        });
        self.panicked.sort_by_key(|rule| rule.code);
    }
}

/// By path, offset and code. File ids differ between runs, so nothing is ordered by them.
pub(crate) fn sort_findings(findings: &mut [Finding], sources: &Sources) {
    findings.sort_by_cached_key(|finding| order(finding, sources));
}

/// What findings are ordered by.
pub(crate) fn order(finding: &Finding, sources: &Sources) -> impl Ord + use<> {
    (
        place(finding.primary.span, sources),
        finding.rule.code,
        finding.message.clone(),
    )
}

fn place(span: Span, sources: &Sources) -> (String, u32, u32) {
    (sources.file(span.file).path.clone(), span.start, span.end)
}

fn name_deployment(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
        names.sort();
    }
}
