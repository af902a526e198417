//! From what the rules said about several deployments to what is reported: each fault once, less what comments
//! keep quiet, and what is wrong with the comments.

use std::collections::BTreeSet;

use crate::finding::{Finding, Metadata, Suppressed, Undecided};
use crate::judgement::{self, Judged, Judgement};
use crate::rules;
use crate::settings::Settings;
use crate::source::FileId;
use crate::suppression;
use crate::syntax::Trees;

/// One deployment and what the rules said about it.
pub(crate) struct Part<'d> {
    pub(crate) name: &'d str,
    /// The files that were read for it.
    pub(crate) files: &'d [FileId],
    pub(crate) judged: Judged,
}

/// What is reported, each list in its order.
pub(crate) struct Conclusion {
    pub(crate) findings: Vec<Finding>,
    pub(crate) suppressed: Vec<Suppressed>,
    pub(crate) undecided: Vec<Undecided>,
    pub(crate) panicked: Vec<&'static Metadata>,
    /// All that were read.
    pub(crate) files: BTreeSet<FileId>,
}

/// Joins what the rules said about these deployments. Deployments that share a file, or of which one's findings
/// have a place in the files of another, are to be concluded together.
pub(crate) fn conclude(parts: Vec<Part<'_>>, trees: &Trees, settings: &Settings) -> Conclusion {
    let sources = &trees.sources;
    let mut judgement = Judgement::default();
    let mut deployments: Vec<(&str, &[FileId])> = Vec::with_capacity(parts.len());
    for part in parts {
        judgement.add(part.judged, part.name);
        deployments.push((part.name, part.files));
    }
    judgement.weigh_fixes(&deployments);
    judgement.sort(sources);
    let files: BTreeSet<FileId> = deployments
        .iter()
        .flat_map(|(_, files)| *files)
        .copied()
        .collect();
    let suppressed = suppress(&mut judgement, &deployments, &files, trees, settings);
    Conclusion {
        findings: judgement.findings,
        suppressed,
        undecided: judgement.undecided,
        panicked: judgement.panicked,
        files,
    }
}

/// Moves what a comment covers out of the findings, and adds what is wrong with the comments.
fn suppress(
    judgement: &mut Judgement,
    deployments: &[(&str, &[FileId])],
    files: &BTreeSet<FileId>,
    trees: &Trees,
    settings: &Settings,
) -> Vec<Suppressed> {
    let sources = &trees.sources;
    let mut suppressions = suppression::suppressions(trees, files);
    let mut suppressed = suppression::suppress(&mut judgement.findings, &mut suppressions, sources);
    let Some(rule) = rules::find(suppression::UNUSED_SUPPRESSION) else {
        return suppressed;
    };
    if suppressions.is_empty() || !settings.selects(&rule.metadata) {
        return suppressed;
    }
    let reading = |file: FileId| {
        let readers = deployments.iter().filter(move |(_, files)| files.contains(&file));
        readers.map(|(name, _)| (*name).to_owned())
    };
    let faults = suppression::faults(
        &suppressions,
        trees,
        |rule| settings.selects(rule),
        |file| {
            let names: Vec<String> = reading(file).collect();
            let here = judgement
                .undecided
                .iter()
                .filter(|undecided| undecided.deployments.iter().any(|name| names.contains(name)));
            here.map(|undecided| undecided.rule.code).collect()
        },
    );
    let severity = settings
        .severity(&rule.metadata)
        .unwrap_or(rule.metadata.severity);
    let mut unused: Vec<Finding> = faults
        .into_iter()
        .map(|fault| {
            let deployments = reading(fault.span.file).collect();
            suppression::finding(fault, &rule.metadata, severity, deployments, sources)
        })
        .collect();
    suppressed.extend(suppression::suppress(&mut unused, &mut suppressions, sources));
    judgement.findings.append(&mut unused);
    judgement::sort_findings(&mut judgement.findings, sources);
    suppressed.sort_by_cached_key(|suppressed| judgement::order(&suppressed.finding, sources));
    suppressed
}
