//! Plans in, the network out: each folder of `fixtures/plans` holds a configuration, the plan that Terraform
//! made of it, the network and the findings. The plan alone, the plan with its configuration beside it, and the
//! configuration by itself must be the same network; `differences.txt` says where they are not, and its first
//! lines why. `AKSLINT_BLESS=1` writes what comes out instead of comparing.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use akslint_core::eval::deployment::Deployment;
use akslint_core::eval::{plan, terraform};
use akslint_core::lower;
use akslint_core::report::network;
use akslint_core::settings::VariableInputs;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

const PLAN: &str = "plan.json";

struct Case {
    folder: PathBuf,
    trees: Trees,
}

impl Case {
    fn new(folder: PathBuf) -> Self {
        let mut files = common::files_below(&folder);
        files.retain(|path, _| !path.starts_with("before/") && !path.ends_with(".txt"));
        let file_system = Arc::new(MemoryFileSystem::new(files));
        Case {
            folder,
            trees: Trees::new(Arc::new(Sources::new(file_system))),
        }
    }

    fn plan(&self, source: Option<&str>) -> Deployment {
        let root = plan::Root {
            path: PLAN.to_owned(),
            source: source.map(str::to_owned),
            name: PLAN.to_owned(),
        };
        plan::deployment(&self.trees, &root, &[], &lower::Azure)
    }

    fn source(&self) -> Deployment {
        let variables = self.folder.join("terraform.tfvars").exists();
        let root = terraform::roots::Root {
            folder: ".".to_owned(),
            name: ".".to_owned(),
            variable_files: variables
                .then(|| "terraform.tfvars".to_owned())
                .into_iter()
                .collect(),
        };
        let inputs = VariableInputs::default();
        terraform::deployment(&self.trees, &root, &inputs, &[], &lower::Azure)
    }
}

fn network(deployment: &Deployment) -> String {
    let workspace = lower::Workspace::new(vec![deployment]);
    network::without_places(&lower::network(deployment, &workspace))
}

fn cases() -> Vec<Case> {
    let folder = common::repository().join("fixtures/plans");
    let entries = fs::read_dir(&folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = paths.filter(|path| path.join(PLAN).exists()).collect();
    cases.sort();
    cases.into_iter().map(Case::new).collect()
}

/// What is wrong with the expected text at a path; none when it is what came out.
fn difference(expected: &Path, actual: &str) -> Option<String> {
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        match actual.is_empty() {
            true => drop(fs::remove_file(expected)),
            false => fs::write(expected, actual).unwrap(),
        }
    }
    let is_same = fs::read_to_string(expected).unwrap_or_default() == actual;
    (!is_same).then(|| format!("{}:\n{actual}", expected.display()))
}

/// The lines that only one of two texts has, in the order of the first.
fn different_lines(one: &str, other: &str) -> String {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for line in other.lines() {
        *left.entry(line).or_default() += 1;
    }
    let mut text = String::new();
    for line in one.lines() {
        match left.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => writeln!(text, "- {line}").unwrap(),
        }
    }
    let mut right: BTreeMap<&str, usize> = BTreeMap::new();
    for line in one.lines() {
        *right.entry(line).or_default() += 1;
    }
    for line in other.lines() {
        match right.get_mut(line).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => writeln!(text, "+ {line}").unwrap(),
        }
    }
    text
}

/// The lines at the start of a text that say why it is as it is.
fn reasons(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let reasons = text.lines().take_while(|line| line.starts_with('#'));
    reasons.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_plan_is_the_network_of_its_configuration() {
    let cases = cases();
    assert!(cases.len() >= 8, "there are only {} fixtures", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let source = network(&case.source());
        let with_source = network(&case.plan(Some(".")));
        let alone = network(&case.plan(None));
        let path = case.folder.join("differences.txt");
        let mut text = String::new();
        for (title, other) in [("with its configuration", &with_source), ("alone", &alone)] {
            let lines = different_lines(&source, other);
            if !lines.is_empty() {
                writeln!(text, "the plan {title}, against the configuration:\n{lines}").unwrap();
            }
        }
        if !text.is_empty() {
            let reasons = reasons(&path);
            if reasons.is_empty() {
                wrong.push(format!("{} gives no reason", path.display()));
            }
            text.insert_str(0, &reasons);
        }
        wrong.extend(difference(&path, &text));
        wrong.extend(difference(&case.folder.join("network.txt"), &alone));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn findings_lie_in_the_configuration() {
    let mut wrong = Vec::new();
    for case in cases() {
        let mut files = common::files_below(&case.folder);
        files.retain(|path, _| !path.starts_with("before/") && !path.ends_with(".txt"));
        let mut settings = common::settings(None);
        settings.paths = vec![PLAN.to_owned()];
        settings.plan_source = Some(".".to_owned());
        let analysis = common::check(&files, &settings);
        for finding in &analysis.findings {
            let path = &analysis.sources.file(finding.primary.span.file).path;
            if !path.ends_with(".tf") {
                wrong.push(format!("{} in {path}", finding.message));
            }
        }
        let mut text = common::render(&analysis);
        files.retain(|path, _| path == PLAN);
        settings.plan_source = None;
        let alone = common::render(&common::check(&files, &settings));
        text.push_str("\nthe plan alone:\n");
        text.push_str(&alone);
        let password = "correct horse battery staple";
        if text.contains(password) {
            wrong.push(format!("{} tells a secret", case.folder.display()));
        }
        wrong.extend(difference(&case.folder.join("findings.txt"), &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_change_says_what_it_does_and_why() {
    let folder = common::repository().join("fixtures/plans/replaced");
    let deployment = Case::new(folder).plan(None);
    let mut text = String::new();
    for resource in &deployment.resources {
        let change = resource.change.as_ref().unwrap();
        let before = change.before.as_ref().and_then(|before| {
            let profile = before.entries()?.members.get("network_profile")?;
            let profile = profile.elements()?.first()?.entries()?;
            profile.members.get("network_plugin")?.as_str()
        });
        writeln!(
            text,
            "{} {:?} {:?} {:?} {before:?}",
            resource.address, change.actions, change.reason, change.replace_paths
        )
        .unwrap();
    }
    let replaced = "azurerm_kubernetes_cluster.main [\"delete\", \"create\"] Some(\"replace_because_cannot_update\") \
         [[Attribute(\"network_profile\"), Index(0), Attribute(\"network_plugin\")]] Some(\"kubenet\")\n";
    assert!(text.starts_with(replaced), "{text}");
    assert!(
        text.contains("azurerm_subnet.nodes [\"no-op\"] None [] None\n"),
        "{text}"
    );
    assert!(!text.contains("azurerm_subnet.old"), "{text}");
}

fn read(plan: &str) -> Deployment {
    let files = [
        ("plan.json", plan),
        ("main.tf", "resource \"azurerm_subnet\" \"main\" {}\n"),
    ];
    let trees = Trees::new(Arc::new(Sources::new(Arc::new(MemoryFileSystem::new(files)))));
    let mut root = plan::Root {
        path: PLAN.to_owned(),
        source: Some(".".to_owned()),
        name: PLAN.to_owned(),
    };
    let _ = network(&plan::deployment(&trees, &root, &[], &lower::Azure));
    root.source = None;
    plan::deployment(&trees, &root, &[], &lower::Azure)
}

#[test]
fn a_broken_plan_is_said_and_keeps_what_came_before() {
    let path = common::repository().join("fixtures/plans/pod-subnet").join(PLAN);
    let plan = fs::read_to_string(path).unwrap();
    let mut state = 1_usize;
    for cut in (0..plan.len())
        .step_by(97)
        .filter(|cut| plan.is_char_boundary(*cut))
    {
        let deployment = read(&plan[..cut]);
        assert!(!deployment.problems.is_empty(), "cut at {cut}");
        let mut mutated = plan.clone().into_bytes();
        for _ in 0..8 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = (state >> 33) % mutated.len();
            mutated[place] = b"{}[]\",:0tn\\"[(state >> 20) % 11];
        }
        read(&String::from_utf8(mutated).unwrap());
    }
    let half = plan.find("\"configuration\"").unwrap();
    assert!(!read(&plan[..half]).resources.is_empty());
}

#[test]
fn depth_is_bounded_and_said() {
    let deep = format!("{}1{}", "[{\"a\":".repeat(50_000), "}]".repeat(50_000));
    let plan = format!(
        "{{\"format_version\":\"1.2\",\"planned_values\":{{}},\"resource_changes\":[{{\"address\":\"azurerm_subnet.main\",\
         \"type\":\"azurerm_subnet\",\"name\":\"main\",\"change\":{{\"actions\":[\"create\"],\"after\":{{\"name\":{deep}}},\
         \"after_unknown\":{{\"name\":{deep}}}}}}}],\"configuration\":{{\"root_module\":{{\"module_calls\":{deep}}}}}}}"
    );
    let deployment = read(&plan);
    assert_eq!(deployment.resources.len(), 1);
    assert_eq!(deployment.problems.len(), 1, "{:?}", deployment.problems);
}

#[test]
fn an_unfinished_plan_is_said() {
    for part in ["\"errored\":true", "\"complete\":false"] {
        let plan = format!("{{\"format_version\":\"1.2\",\"planned_values\":{{}},{part}}}");
        let problems = format!("{:?}", read(&plan).problems);
        assert!(problems.contains("the plan is not complete"), "{problems}");
    }
}

#[test]
fn members_may_be_sorted_and_modules_flattened() {
    let plan = "{\"configuration\":{\"root_module\":{}},\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"child_modules\":[{\"address\":\"module.a\",\
         \"resources\":[{\"address\":\"module.a.azurerm_subnet.s\",\"mode\":\"managed\",\"name\":\"s\",\"type\":\"azurerm_subnet\",\"values\":{\"name\":\"x\"}}]}],\"resources\":[{\"address\":\"module.b.azurerm_subnet.s\",\
         \"name\":\"s\",\"type\":\"azurerm_subnet\",\"values\":{}}]}}}";
    let addresses: Vec<String> = read(plan)
        .resources
        .iter()
        .map(|resource| resource.address.to_string())
        .collect();
    assert_eq!(
        addresses,
        ["module.a.azurerm_subnet.s", "module.b.azurerm_subnet.s"]
    );
}

#[test]
fn no_text_of_a_plan_shows_a_secret() {
    let case = Case::new(common::repository().join("fixtures/plans/node-subnet-pools"));
    let file = case.trees.sources.read(PLAN).unwrap();
    let secret = "correct horse battery staple";
    assert!(file.text.contains(secret));
    case.plan(Some("."));
    let shown = case.trees.sources.file(file.id);
    assert!(!shown.text.contains(secret));
    assert_eq!(shown.text.len(), file.text.len());
}
