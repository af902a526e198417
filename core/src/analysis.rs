//! The whole path for one run: find the deployments, evaluate each, run the rules, say what came out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::conclusion::{self, Part};
use crate::deep_stack;
use crate::eval::deployment::Deployment;
use crate::eval::roots::{self, Root, Roots};
use crate::finding::{Finding, Metadata, Suppressed, Undecided};
use crate::judgement::{self, Judged};
use crate::lower;
use crate::model::network::Network;
use crate::settings::Settings;
use crate::source::discovery::{self, Discovered};
use crate::source::{FileId, FileSystem, Sources};
use crate::syntax::Trees;

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

/// One deployment and its network.
#[derive(Debug)]
pub struct AnalysedDeployment {
    pub name: String,
    /// The folder of the root module, the template or the plan.
    pub root: String,
    /// The files that were read for it, in path order.
    pub files: Vec<FileId>,
    pub network: Network,
}

/// The run goes on without it, and ends with exit code 2.
#[derive(Debug, Clone)]
pub enum Failure {
    /// A path that was asked for, or a file that belongs to a deployment, cannot be read.
    Unreadable { path: String, reason: String },
    /// An option names a path that is not what the option is for.
    Unusable { path: String, reason: String },
    /// A rule panicked, which is a fault of akslint.
    RulePanicked(&'static Metadata),
    /// Evaluating a deployment panicked, which is a fault of akslint. Nothing was checked in it.
    DeploymentPanicked { name: String },
}

/// Lints what the settings name, as this file system has it. Reads and never runs: no network, no
/// provider, no other process.
pub fn analyse(file_system: Arc<dyn FileSystem>, settings: &Settings) -> Analysis {
    analyse_with_progress(file_system, settings, &|_, _| {})
}

/// The same, telling how many of how many deployments are evaluated; called from several threads.
pub fn analyse_with_progress(
    file_system: Arc<dyn FileSystem>,
    settings: &Settings,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Analysis {
    deep_stack::run(|| {
        let paths: Vec<String> = settings.paths.iter().chain(&settings.plans).cloned().collect();
        let discovered = discovery::discover(file_system.as_ref(), &paths);
        let run = Run {
            trees: Trees::new(Arc::new(Sources::new(file_system.clone()))),
            settings,
            discovered,
            progress,
        };
        // With few folders and files, making threads costs more than they save.
        let found = run.discovered.folders.len() + run.discovered.documents.len();
        match deep_stack::pool(found / FOUND_PER_THREAD) {
            Some(pool) => pool.install(|| run.analysis()),
            None => run.analysis(),
        }
    })
}

const FOUND_PER_THREAD: usize = 4;

struct Run<'r> {
    trees: Trees,
    settings: &'r Settings,
    discovered: Discovered,
    progress: &'r (dyn Fn(usize, usize) + Sync),
}

impl Run<'_> {
    fn analysis(self) -> Analysis {
        let mut failures: Vec<Failure> = Vec::new();
        for (path, reason) in &self.discovered.failures {
            failures.push(Failure::Unreadable {
                path: path.clone(),
                reason: reason.clone(),
            });
        }
        let Roots { roots, unusable } = roots::roots(&self.trees, &self.discovered, self.settings);
        let unusable = unusable.into_iter();
        failures.extend(unusable.map(|(path, reason)| Failure::Unusable { path, reason }));
        let (evaluated, panicked) = self.evaluated(&roots);
        for (path, reason) in self.trees.sources.failures() {
            failures.push(Failure::Unreadable { path, reason });
        }
        failures.extend(panicked);
        let deployments = lowered(evaluated);
        let sources = self.trees.sources.clone();
        let judged: Vec<Judged> = in_parallel(&deployments, |deployment| {
            judgement::judge(&deployment.network, &deployment.files, self.settings, &self.trees)
        });
        let parts = deployments.iter().zip(judged).map(|(deployment, judged)| Part {
            name: &deployment.name,
            files: &deployment.files,
            judged,
        });
        let conclusion = conclusion::conclude(parts.collect(), &self.trees, self.settings);
        failures.extend(conclusion.panicked.into_iter().map(Failure::RulePanicked));
        Analysis {
            findings: conclusion.findings,
            suppressed: conclusion.suppressed,
            undecided: conclusion.undecided,
            deployments,
            failures,
            files: conclusion.files.len(),
            sources,
        }
    }

    /// Evaluates the roots, in their order. One that panics is left out and said.
    fn evaluated(&self, roots: &[Root]) -> (Vec<Deployment>, Vec<Failure>) {
        let done = AtomicUsize::new(0);
        let outcomes = in_parallel(roots, |root| {
            let deployment = catch_unwind(AssertUnwindSafe(|| self.evaluate(root)));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            (self.progress)(done, roots.len());
            deployment
        });
        let mut evaluated = Vec::with_capacity(roots.len());
        let mut failures = Vec::new();
        for (root, outcome) in roots.iter().zip(outcomes) {
            match outcome {
                Ok(deployment) => evaluated.push(deployment),
                Err(_) => failures.push(Failure::DeploymentPanicked {
                    name: root.name().to_owned(),
                }),
            }
        }
        (evaluated, failures)
    }

    fn evaluate(&self, root: &Root) -> Deployment {
        roots::deployment(
            &self.trees,
            root,
            self.settings,
            &self.discovered.walked,
            &lower::Azure,
        )
    }
}

/// Each deployment's network. What the evaluator made is dropped here: it is the largest part of a run.
fn lowered(mut evaluated: Vec<Deployment>) -> Vec<AnalysedDeployment> {
    evaluated.iter_mut().for_each(lower::prepare);
    let workspace = lower::Workspace::new(evaluated.iter().collect());
    in_parallel(&evaluated, |deployment| AnalysedDeployment {
        name: deployment.name.clone(),
        root: deployment.root.clone(),
        files: deployment.files.clone(),
        network: lower::network(deployment, &workspace),
    })
}

/// The same order as the inputs, on all threads of the pool that this runs in; on this thread alone when
/// it runs in none, since the threads of the global pool have shallow stacks.
fn in_parallel<I: Sync, O: Send>(inputs: &[I], work: impl Fn(&I) -> O + Sync + Send) -> Vec<O> {
    if rayon::current_thread_index().is_some() {
        inputs.par_iter().map(work).collect()
    } else {
        inputs.iter().map(work).collect()
    }
}
