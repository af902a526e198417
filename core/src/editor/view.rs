//! The deployments that read a file, as what an editor asks is answered from.

use crate::deep_stack;
use crate::eval::deployment::Deployment;
use crate::eval::roots::{self, Root};
use crate::lower;
use crate::model::network::Network;
use crate::settings::Settings;
use crate::source::FileId;
use crate::source::discovery;
use crate::syntax::Trees;

/// One deployment as an editor sees it.
#[derive(Debug)]
pub struct View {
    pub root: Root,
    /// As evaluated, with resources in Azure's own words: see [`lower::prepare`].
    pub deployment: Deployment,
    pub network: Network,
}

/// What a question about a place is answered from.
#[derive(Clone, Copy)]
pub struct Surroundings<'s> {
    pub trees: &'s Trees,
    pub settings: &'s Settings,
    /// The folders whose files functions may read, besides those of a deployment's root.
    pub allowed: &'s [String],
    /// Of all deployments, in the order of their names.
    pub views: &'s [&'s View],
}

impl<'s> Surroundings<'s> {
    /// The views of the deployments that read a file.
    pub fn reading(&self, file: FileId) -> impl Iterator<Item = &'s View> {
        let views = self.views.iter().copied();
        views.filter(move |view| view.deployment.files.contains(&file))
    }
}

/// The views of the deployments that the settings name, in the order of their names, and the folders whose
/// files functions may read in them.
pub fn views(trees: &Trees, settings: &Settings) -> (Vec<View>, Vec<String>) {
    deep_stack::run(|| {
        let paths: Vec<String> = settings.paths.iter().chain(&settings.plans).cloned().collect();
        let discovered = discovery::discover(trees.sources.file_system(), &paths);
        let roots = roots::roots(trees, &discovered, settings).roots;
        let allowed = discovered.walked.clone();
        let mut deployments: Vec<Deployment> = roots
            .iter()
            .map(|root| roots::deployment(trees, root, settings, &allowed, &lower::Azure))
            .collect();
        deployments.iter_mut().for_each(lower::prepare);
        let workspace = lower::Workspace::new(deployments.iter().collect());
        let networks: Vec<Network> = deployments
            .iter()
            .map(|deployment| lower::network(deployment, &workspace))
            .collect();
        drop(workspace);
        let views = roots.into_iter().zip(deployments).zip(networks);
        let views = views.map(|((root, deployment), network)| View {
            root,
            deployment,
            network,
        });
        (views.collect(), allowed)
    })
}
