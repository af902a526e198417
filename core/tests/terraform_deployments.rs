//! Whole root modules to deployments: instances, when they exist, values, why some are unknown, and the
//! steps that led to each. Expected is what `fixtures/eval/terraform/deployments/<name>/expected.txt` says;
//! `AKSLINT_BLESS=1` rewrites it.

#![allow(clippy::unwrap_used)]

mod common;

use std::fmt::Write;
use std::sync::Arc;

use akslint_core::eval::deployment::{Deployment, Presence, Problem};
use akslint_core::eval::provenance::Provenance;
use akslint_core::eval::terraform::deployment;
use akslint_core::eval::terraform::roots::roots;
use akslint_core::eval::value::{Entries, Kind, Unknown, Value};
use akslint_core::source::discovery::discover;
use akslint_core::source::{ColumnUnit, LineIndex, MemoryFileSystem, Sources, Span};
use akslint_core::syntax::Trees;

#[test]
fn deployments_are_as_recorded() {
    let folder = common::repository().join("fixtures/eval/terraform/deployments");
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    for case in cases {
        count += 1;
        let mut files = common::files_below(&case);
        let expected = files.remove("expected.txt").unwrap_or_default();
        let mut settings = common::settings(None);
        if let Some(text) = files.remove("settings.txt") {
            common::apply_settings(&String::from_utf8(text).unwrap(), &mut settings);
        }
        let file_system = Arc::new(MemoryFileSystem::new(files));
        let trees = Trees::new(Arc::new(Sources::new(file_system)));
        let discovered = discover(trees.sources.file_system(), &settings.paths);
        let mut text = String::new();
        for root in roots(&trees, &discovered, &settings) {
            let deployment = deployment(&trees, &root, &settings.variables, &[], &|_| true);
            write_deployment(&deployment, &trees.sources, &mut text);
        }
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(case.join("expected.txt"), &text).unwrap();
        } else if text.as_bytes() != expected {
            wrong.push(format!("{}:\n{text}", case.display()));
        }
    }
    assert!(count > 0, "there are fixtures");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn write_deployment(deployment: &Deployment, sources: &Sources, text: &mut String) {
    writeln!(text, "deployment {}", deployment.name).unwrap();
    if let Some(version) = deployment.provider_version {
        writeln!(text, "provider {} {:?}", version.major, version.minor).unwrap();
    }
    for problem in &deployment.problems {
        match problem {
            Problem::Syntax(error) => writeln!(text, "problem syntax {}", place(error.span, sources)),
            Problem::ModuleNotFound { source, span } => {
                writeln!(
                    text,
                    "problem module-not-found {source} {}",
                    place(*span, sources)
                )
            }
            Problem::Unreadable { path, reason } => writeln!(text, "problem unreadable {path}: {reason}"),
            Problem::Limit { message, span } => {
                writeln!(text, "problem limit {message} {}", place(*span, sources))
            }
            Problem::Unfinished { message, span } => {
                writeln!(text, "problem unfinished {message} {}", place(*span, sources))
            }
        }
        .unwrap();
    }
    for resource in &deployment.resources {
        let presence = match &resource.presence {
            Presence::Certain => String::new(),
            Presence::If(assumptions) => {
                let conditions = assumptions.iter().map(|assumed| {
                    let not = if assumed.when { "" } else { "not " };
                    format!("{not}{}", called(&assumed.condition.unknown))
                });
                format!(" if {}", conditions.collect::<Vec<_>>().join(" and "))
            }
            Presence::AnyNumber(unknown) => format!(" any number ({})", called(unknown)),
        };
        writeln!(text, "\n{}{presence}", resource.address).unwrap();
        for address in &resource.depends_on {
            writeln!(text, "  needs {address}").unwrap();
        }
        if let Kind::Object(entries) = &resource.body.kind {
            write_entries(entries, "  ", sources, text);
        }
    }
}

fn write_entries(entries: &Entries, indent: &str, sources: &Sources, text: &mut String) {
    for (name, value) in &entries.members {
        write_value(name, value, indent, sources, text);
    }
    if let Some(open) = &entries.open {
        writeln!(text, "{indent}… {}", called(open)).unwrap();
    }
}

fn write_value(name: &str, value: &Value, indent: &str, sources: &Sources, text: &mut String) {
    let from = steps(&value.from, sources);
    let inner = format!("{indent}  ");
    match &value.kind {
        Kind::Null => writeln!(text, "{indent}{name} = null ‹{from}›").unwrap(),
        Kind::Bool(known) => writeln!(text, "{indent}{name} = {known} ‹{from}›").unwrap(),
        Kind::Number(known) => writeln!(text, "{indent}{name} = {known} ‹{from}›").unwrap(),
        Kind::String(known) => writeln!(text, "{indent}{name} = {known:?} ‹{from}›").unwrap(),
        Kind::Unknown(unknown) => {
            writeln!(text, "{indent}{name} unknown: {} ‹{from}›", called(unknown)).unwrap();
        }
        Kind::OneOf(one_of) => {
            writeln!(
                text,
                "{indent}{name} hangs on {}",
                called(&one_of.condition.unknown)
            )
            .unwrap();
            write_value("yes", &one_of.yes, &inner, sources, text);
            write_value("no", &one_of.no, &inner, sources, text);
        }
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
            writeln!(text, "{indent}{name} [{}] ‹{from}›", elements.len()).unwrap();
            for (index, element) in elements.iter().enumerate() {
                write_value(&index.to_string(), element, &inner, sources, text);
            }
        }
        Kind::Map(entries) | Kind::Object(entries) => {
            writeln!(text, "{indent}{name} ‹{from}›").unwrap();
            write_entries(entries, &inner, sources, text);
        }
    }
}

fn called(unknown: &Unknown) -> String {
    format!("{} ({})", unknown.reason().word(), unknown.reason())
}

fn steps(from: &Provenance, sources: &Sources) -> String {
    let steps = from
        .steps()
        .iter()
        .map(|step| format!("{:?} {}", step.via, place(step.span, sources)));
    steps.collect::<Vec<_>>().join(", ")
}

fn place(span: Span, sources: &Sources) -> String {
    let file = sources.file(span.file);
    let index = LineIndex::new(&file.text);
    format!(
        "{}:{}",
        file.path,
        index
            .position(&file.text, span.start as usize, ColumnUnit::Scalar)
            .line
    )
}
