//! The whole path for one run: find the deployments, evaluate each, run the rules, say what came out.

use std::sync::Arc;

use crate::blame;
use crate::finding::{Finding, Metadata, Undecided};
use crate::model::network::Network;
use crate::rules;
use crate::settings::Settings;
use crate::source::{FileSystem, Sources, Span};

/// Everything a run found out.
pub struct Analysis {
    /// Sorted by path, offset and code; suppressed ones are not here.
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    /// Sorted like findings.
    pub undecided: Vec<Undecided>,
    /// In the order of their names.
    pub deployments: Vec<AnalysedDeployment>,
    /// Why parts of the run could not be done at all.
    pub failures: Vec<Failure>,
    /// How many files were read.
    pub files: usize,
    /// To turn spans into paths, lines and columns.
    pub sources: Arc<Sources>,
}

/// A finding that a comment keeps quiet.
#[derive(Debug, Clone)]
pub struct Suppressed {
    pub finding: Finding,
    /// The comment.
    pub comment: Span,
    /// What the user wrote after the rules; empty when nothing.
    pub reason: String,
}

/// One deployment and its network.
#[derive(Debug)]
pub struct AnalysedDeployment {
    pub name: String,
    /// The folder of the root module, or the template.
    pub root: String,
    pub network: Network,
}

/// The run goes on without it, and ends with exit code 2.
#[derive(Debug, Clone)]
pub enum Failure {
    /// A path that was asked for, or a file that belongs to a deployment, cannot be read.
    Unreadable { path: String, reason: String },
    /// A rule panicked, which is a fault of akslint.
    RulePanicked(&'static Metadata),
}

/// Lints what the settings name, as this file system has it. Reads and never runs: no network, no
/// provider, no other process.
pub fn analyse(file_system: Arc<dyn FileSystem>, settings: &Settings) -> Analysis {
    analyse_with_progress(file_system, settings, &|_, _| {})
}

/// The same, telling how many of how many deployments are done; called from several threads.
pub fn analyse_with_progress(
    file_system: Arc<dyn FileSystem>,
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Analysis {
    let sources = Arc::new(Sources::new(file_system));
    let networks: Vec<AnalysedDeployment> = Vec::new();
    let mut judgement = Judgement::default();
    for (done, deployment) in networks.iter().enumerate() {
        judgement.add(deployment, settings, &sources);
        progress(done + 1, networks.len());
    }
    judgement.sort(&sources);
    Analysis {
        findings: judgement.findings,
        suppressed: Vec::new(),
        undecided: judgement.undecided,
        deployments: networks,
        failures: judgement.failures,
        files: 0,
        sources,
    }
}

/// The findings of several deployments, each fault once.
#[derive(Debug, Default)]
struct Judgement {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
    failures: Vec<Failure>,
}

impl Judgement {
    /// Runs the rules over one deployment.
    fn add(&mut self, deployment: &AnalysedDeployment, settings: &Settings, sources: &Sources) {
        let selected = rules::ALL.iter().filter(|rule| settings.selects(&rule.metadata));
        let outcome = rules::run(selected, &deployment.network, settings.as_of);
        for draft in outcome.drafts {
            let mut finding = blame::finding(draft, sources);
            if let Some(severity) = settings.severity(finding.rule) {
                finding.severity = severity;
            }
            self.add_finding(finding, &deployment.name);
        }
        for (rule, resource, unknown) in outcome.undecided {
            self.add_undecided(
                Undecided {
                    rule,
                    resource,
                    reason: unknown.reason().word(),
                    detail: unknown.reason().to_string(),
                    span: unknown.span(),
                    deployments: vec![deployment.name.clone()],
                },
                &deployment.name,
            );
        }
        for rule in outcome.panicked {
            if !self
                .failures
                .iter()
                .any(|failure| matches!(failure, Failure::RulePanicked(known) if known.code == rule.code))
            {
                self.failures.push(Failure::RulePanicked(rule));
            }
        }
    }

    /// The same fault in several deployments is one finding that names them all.
    fn add_finding(&mut self, mut finding: Finding, deployment: &str) {
        let same = |known: &&mut Finding| {
            known.rule.code == finding.rule.code
                && known.primary.span == finding.primary.span
                && known.message == finding.message
        };
        match self.findings.iter_mut().find(same) {
            Some(known) => name_deployment(&mut known.deployments, deployment),
            None => {
                finding.deployments = vec![deployment.to_owned()];
                self.findings.push(finding);
            }
        }
    }

    fn add_undecided(&mut self, undecided: Undecided, deployment: &str) {
        let same = |known: &&mut Undecided| {
            known.rule.code == undecided.rule.code
                && known.resource == undecided.resource
                && known.span == undecided.span
                && known.detail == undecided.detail
        };
        match self.undecided.iter_mut().find(same) {
            Some(known) => name_deployment(&mut known.deployments, deployment),
            None => self.undecided.push(undecided),
        }
    }

    /// File ids differ between runs, so everything that users see is ordered by path.
    fn sort(&mut self, sources: &Sources) {
        let place = |span: Span| (sources.file(span.file).path.clone(), span.start, span.end);
        self.findings.sort_by_cached_key(|finding| {
            (
                place(finding.primary.span),
                finding.rule.code,
                finding.message.clone(),
            )
        });
        self.undecided.sort_by_cached_key(|undecided| {
            (
                place(undecided.span),
                undecided.rule.code,
                undecided.resource.clone(),
            )
        });
    }
}

fn name_deployment(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
        names.sort();
    }
}
