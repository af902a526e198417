//! The program as people run it. Each file in `cases` is a console session over `fixtures/workspaces`:
//! commands, what they print (standard output, then standard error), and `? STATUS` when that is not 0.
//! `AKSLINT_BLESS=1` writes what is printed now: read it before it is committed.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn workspaces() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/workspaces")
}

fn akslint(folder: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akslint"));
    command.current_dir(workspaces().join(folder));
    for name in ["NO_COLOR", "TERM", "TF_VAR_service_cidr"] {
        command.env_remove(name);
    }
    command
}

/// Runs one line of a session: `shop$ NAME=VALUE akslint ARGUMENT… < FILE`, started in the folder before the
/// `$`; quotes hold an argument together.
fn run(folder: &str, line: &str) -> Output {
    let (line, input) = match line.split_once(" < ") {
        Some((line, path)) => (line, Some(workspaces().join(folder).join(path))),
        None => (line, None),
    };
    let mut words: Vec<String> = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let program = words
        .iter()
        .position(|word| word == "akslint")
        .expect("akslint is run");
    let mut command = akslint(folder);
    for word in &words[..program] {
        let (name, value) = word.split_once('=').expect("NAME=VALUE before the program");
        command.env(name, value);
    }
    command.args(&words[program + 1..]);
    match input {
        Some(path) => command.stdin(std::fs::File::open(path).expect("the file for standard input")),
        None => command.stdin(Stdio::null()),
    };
    command.output().expect("the program runs")
}

/// A session with what its commands print now.
fn replayed(session: &str) -> String {
    let mut replayed = String::new();
    for line in session.lines() {
        if line.starts_with("## ") {
            writeln!(replayed, "{line}\n").unwrap();
        }
        let Some((folder, command)) = line.split_once("$ ") else {
            continue;
        };
        if !workspaces().join(folder).is_dir() {
            continue;
        }
        let output = run(folder, command);
        writeln!(replayed, "{line}").unwrap();
        for stream in [&output.stdout, &output.stderr] {
            replayed.push_str(&String::from_utf8_lossy(stream));
        }
        match output.status.code() {
            Some(0) => {}
            code => writeln!(replayed, "? {}", code.expect("no signal ends it")).unwrap(),
        }
        replayed.push('\n');
    }
    replayed
}

#[test]
fn sessions_print_what_stands_in_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cli/tests/cases");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let session = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let now = replayed(&session);
        assert!(now.contains("$ "), "{} runs nothing", path.display());
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(&path, &now).unwrap();
        } else {
            assert_eq!(now, session, "{}", path.display());
        }
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    let formats = [
        "text", "concise", "json", "sarif", "github", "gitlab", "junit", "azure", "rdjson",
    ];
    for format in formats {
        let line = format!("akslint check --format {format} --show-undecided");
        let first = run("", &line);
        assert_eq!(first.status.code(), Some(1), "{format}");
        assert!(!first.stdout.is_empty(), "{format}");
        for _ in 0..3 {
            assert_eq!(run("", &line).stdout, first.stdout, "{format}");
        }
    }
}

#[test]
fn json_says_what_the_contract_names() {
    let output = run(
        "shop",
        "akslint check --format json --select AKS110 infra/env/prod.tfvars",
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["tool"]["name"], "akslint");
    assert_eq!(json["summary"]["deployments"], 1);
    assert_eq!(json["summary"]["errors"], 1);
    let finding = &json["diagnostics"][0];
    assert_eq!(finding["code"], "AKS110");
    assert_eq!(finding["name"], "service-cidr-overlaps-subnet");
    assert_eq!(finding["location"]["path"], "infra/main.tf");
    assert_eq!(
        finding["deployments"],
        serde_json::json!(["infra (env/prod.tfvars)"])
    );
    let start = &finding["location"]["start"];
    let text = std::fs::read_to_string(workspaces().join("shop/infra/main.tf")).unwrap();
    let line = text
        .lines()
        .nth(start["line"].as_u64().unwrap() as usize - 1)
        .unwrap();
    assert_eq!(line.trim(), "service_cidr        = var.service_cidr");
    let paths: Vec<&str> = finding["related"]
        .as_array()
        .unwrap()
        .iter()
        .map(|related| related["location"]["path"].as_str().unwrap())
        .collect();
    assert!(paths.contains(&"infra/env/prod.tfvars"), "{paths:?}");
    assert!(paths.contains(&"modules/network/main.tf"), "{paths:?}");
}

#[test]
fn a_report_can_go_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let line = format!("akslint check --format json --output {}", path.display());
    let output = run("shop", &line);
    assert!(output.stdout.is_empty());
    let written = std::fs::read(&path).unwrap();
    assert_eq!(written, run("shop", "akslint check --format json").stdout);
    let nowhere = format!("akslint check --output {}/no/where", folder.path().display());
    assert_eq!(run("shop", &nowhere).status.code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    for arguments in [
        &["check", "--format", "sarif"][..],
        &["rules"],
        &["explain", "AKS110"],
    ] {
        let mut child = akslint("")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert_eq!(said, "", "{arguments:?}");
        assert!(matches!(status.code(), Some(0 | 1)), "{arguments:?}: {status}");
    }
}

#[test]
fn rules_are_listed_for_programs() {
    let output = run("", "akslint rules --format json");
    let rules: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rules.len(), akslint_core::rules::ALL.len());
    let first = rules[0].as_object().unwrap();
    let names: Vec<&str> = first.keys().map(String::as_str).collect();
    let expected = [
        "category", "code", "docs", "fixable", "name", "severity", "since", "summary",
    ];
    assert_eq!(names, expected);
}

#[test]
fn color_is_for_terminals_and_on_request() {
    let colored = |line: &str| run("broken", line).stdout.contains(&0x1b);
    assert!(!colored("akslint check"));
    assert!(colored("akslint check --color always"));
    assert!(colored("NO_COLOR=1 akslint check --color always"));
    assert!(!colored("akslint check --color never"));
}

#[test]
fn completions_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run("", &format!("akslint completions {shell}")).stdout;
        let script = String::from_utf8(script).unwrap();
        assert!(
            script.contains("explain") && script.contains("fail-on"),
            "{shell}"
        );
    }
}

#[test]
fn standard_input_takes_the_place_of_a_file() {
    let absolute = workspaces().join("shop/infra/env/dev.tfvars");
    for path in [
        "infra/env/dev.tfvars",
        "../shop/infra/env/dev.tfvars",
        absolute.to_str().unwrap(),
    ] {
        let mut child = akslint("shop")
            .args(["check", "-", "--stdin-filename", path, "--format", "concise"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let text = b"service_cidr = \"10.20.0.0/20\"\n";
        child.stdin.take().unwrap().write_all(text).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("10.20.0.0/20 overlaps subnet"), "{path}: {said}");
        assert_eq!(output.status.code(), Some(1));
    }
}
