//! A deployment as text: instances, when they exist, values, why some are unknown, and the steps to each.

use std::fmt::Write;

use akslint_core::eval::deployment::{Deployment, Presence, Problem};
use akslint_core::eval::provenance::Provenance;
use akslint_core::eval::value::{Entries, Kind, Unknown, Value};
use akslint_core::source::{ColumnUnit, LineIndex, Sources, Span};

pub(crate) fn write(deployment: &Deployment, sources: &Sources, text: &mut String) {
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
