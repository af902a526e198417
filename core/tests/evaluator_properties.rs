//! Whatever users write, the evaluator answers: arbitrary expressions over all functions, and configurations with
//! pieces cut out, doubled or mixed up, neither panic nor hang, and the same text gives the same answer twice.

#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use akslint_core::eval::terraform::console;
use akslint_core::source::MemoryFileSystem;
use proptest::prelude::*;
use proptest::sample::select;

fn fixtures() -> PathBuf {
    common::repository().join("fixtures")
}

/// Every function has a file of recorded answers.
static FUNCTIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut names: Vec<String> = std::fs::read_dir(fixtures().join("eval/terraform/functions"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
});

/// What expressions can refer to: variables without values and resources that are not there yet.
static CONFIGURATION: LazyLock<MemoryFileSystem> = LazyLock::new(|| {
    let configuration = std::fs::read(fixtures().join("eval/terraform/unknowns.tf")).unwrap();
    MemoryFileSystem::new([("main.tf", configuration), ("files/hello.txt", b"hello".to_vec())])
});

/// Texts that mean something to some function, most of them something nasty.
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "10.0.0.0/8",
    "10.0.0.0/33",
    "fd00::/48",
    "::ffff:10.0.0.0/104",
    "/(/",
    "/a*/",
    "/[[:alpha:]]+/",
    "(?P<a>x)(?P<a>y)",
    "(((((a*)*)*)*)*)*",
    "a{1000}{1000}",
    "%",
    "%[999999999999999999999]d",
    "%99999d",
    "%*d",
    "%.3g|%#x|%v",
    "%s%s%s",
    "{\\\"a\\\": [1, {}]}",
    "[[[[[[[[",
    "a: &a [*a]",
    "<<: {a: 1}",
    "- - - -\\n",
    "? a",
    "a,b\\n\\\"1",
    "2024-02-29T00:00:00Z",
    "2024-01-01",
    "YYYY'",
    "-9223372036854775808ns",
    "1e400",
    "-1",
    "files/hello.txt",
    "../files/hello.txt",
    "**/*",
    "{a,{b}",
    "[a-",
    "~",
    "SGVsbG8=",
    "UTF-16",
    "\\u0000\\ufeff\\u2028",
    "👨‍👩‍👧é\u{301}",
    "${var.address}",
    "%{if var.enabled}a%{endif}",
    "$${",
    "line\\nline\\n",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "0.1",
    "64",
    "128",
    "1000000",
    "1e400",
    "1e-400",
    "-1e30",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
];

const NAMES: &[&str] = &[
    "var.address",
    "var.enabled",
    "var.names",
    "var.tags",
    "var.anything",
    "var.number_of_subnets",
    "var.nothing",
    "azurerm_subnet.nodes",
    "azurerm_subnet.nodes.id",
    "azurerm_subnet.more[*].id",
    "azurerm_subnet.more[0]",
    "azurerm_virtual_network.hub.address_space",
    "azurerm_nothing.a",
    "data.azurerm_subnet.a.id",
    "local.a",
    "path.module",
    "terraform.workspace",
    "each.key",
    "count.index",
    "self.id",
    "module.a.b",
];

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(TEXTS).prop_map(|text| format!("\"{text}\"")),
        2 => select(NUMBERS).prop_map(str::to_owned),
        3 => select(NAMES).prop_map(str::to_owned),
        1 => select(&["true", "false", "null", "[]", "{}"][..]).prop_map(str::to_owned),
        1 => "[ -!#$&-\\[\\]-~é☃]{0,12}".prop_map(|text| format!("\"{text}\"")),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4);
        let operators = select(&["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"][..]);
        prop_oneof![
            6 => (select(FUNCTIONS.as_slice()), list.clone(), any::<bool>()).prop_map(|(name, arguments, spread)| {
                let spread = if spread && !arguments.is_empty() && name.len() % 4 == 0 { "..." } else { "" };
                format!("{name}({}{spread})", arguments.join(", "))
            }),
            2 => list.clone().prop_map(|elements| format!("[{}]", elements.join(", "))),
            2 => list.prop_map(|members| {
                let members = members.iter().enumerate().map(|(index, member)| format!("k{index} = {member}"));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }),
            1 => (inner.clone(), operators, inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            1 => (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(test, yes, no)| format!("({test} ? {yes} : {no})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(of, each)| format!("[for k, v in {of} : {each}]")),
            1 => (inner.clone(), inner.clone())
                .prop_map(|(of, each)| format!("{{ for k, v in {of} : \"${{k}}\" => {each}... }}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(of, index)| format!("({of})[{index}]")),
            1 => inner.clone().prop_map(|of| format!("({of})[*].id")),
            1 => (inner.clone(), inner).prop_map(|(one, two)| format!("\"a${{{one}}}-${{{two}}}\"")),
        ]
    })
}

fn answer(expression: &str) -> String {
    match console::evaluate(expression, Arc::new(CONFIGURATION.clone())) {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("error: {}", error.message),
    }
}

/// The configurations that the fixtures of rules and of the evaluator show.
static PROJECTS: LazyLock<Vec<BTreeMap<String, Vec<u8>>>> = LazyLock::new(|| {
    let mut projects = Vec::new();
    for folder in ["rules", "eval/terraform/deployments"] {
        collect_projects(&fixtures().join(folder), &mut projects);
    }
    assert!(projects.len() > 10, "only {} projects were found", projects.len());
    projects
});

/// A folder with configuration is a project; what lies below it belongs to it.
fn collect_projects(folder: &Path, projects: &mut Vec<BTreeMap<String, Vec<u8>>>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    if entries
        .iter()
        .any(|path| path.extension().is_some_and(|extension| extension == "tf"))
    {
        let mut files = BTreeMap::new();
        collect_files(folder, folder, &mut files);
        projects.push(files);
        return;
    }
    for entry in entries.iter().filter(|entry| entry.is_dir()) {
        collect_projects(entry, projects);
    }
}

fn collect_files(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_files(root, &path, files);
        } else {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

#[derive(Debug, Clone)]
enum Mutation {
    Cut,
    Double,
    /// The piece goes to another place.
    Move,
    Replace(String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Cut),
        Just(Mutation::Double),
        Just(Mutation::Move),
        expression().prop_map(Mutation::Replace),
        select(
            &[
                "{",
                "}",
                "\"",
                "${",
                "[",
                "for_each = ",
                "count = ",
                "dynamic \"a\" {",
                "null",
                "\n",
                "<<EOT\n"
            ][..]
        )
        .prop_map(|text| Mutation::Replace(text.to_owned())),
    ]
}

/// Changes a piece of up to a few dozen characters at a place.
fn mutate(text: &mut Vec<char>, mutation: &Mutation, place: usize, length: usize, other: usize) {
    if text.is_empty() {
        return;
    }
    let start = place % text.len();
    let end = (start + length % 48).min(text.len());
    let piece: Vec<char> = text[start..end].to_vec();
    match mutation {
        Mutation::Cut => {
            text.drain(start..end);
        }
        Mutation::Double => {
            text.splice(start..start, piece);
        }
        Mutation::Move => {
            text.drain(start..end);
            let target = other % (text.len() + 1);
            text.splice(target..target, piece);
        }
        Mutation::Replace(with) => {
            text.splice(start..end, with.chars());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases * 2,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn arbitrary_expressions_have_one_answer(expression in expression()) {
        let first = answer(&expression);
        prop_assert_eq!(&first, &answer(&expression), "{}", expression);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases / 2,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn broken_configurations_are_analysed(
        project in any::<prop::sample::Index>(),
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec((mutation(), any::<usize>(), any::<usize>(), any::<usize>()), 1..4),
    ) {
        let mut files = PROJECTS[project.index(PROJECTS.len())].clone();
        let names: Vec<String> = files.keys().filter(|name| name.contains(".tf")).cloned().collect();
        let content = files.get_mut(&names[file.index(names.len())]).unwrap();
        let mut text: Vec<char> = String::from_utf8_lossy(content).chars().collect();
        for (mutation, place, length, other) in &changes {
            mutate(&mut text, mutation, *place, *length, *other);
        }
        *content = text.into_iter().collect::<String>().into_bytes();
        let analysis = common::check(&files, &common::settings(None));
        // A rule that panics is caught and told as a failure.
        prop_assert!(analysis.failures.is_empty(), "{:?}", analysis.failures.len());
    }
}
