//! Bicep files and the declarations that they become: each file in fixtures/eval/bicep/templates has them in
//! `NAME.txt`, expressions in ARM's notation. With `AKSLINT_BLESS=1` they are written anew.

use std::fmt::Write as _;
use std::path::Path;

use super::{parameter_file, template};
use crate::eval::arm::template::{
    Import, Imported, Over, Parameter, ParameterFile, Parent, ResourceDeclaration, Source, Template,
    UserFunction, Variable,
};
use crate::source::{MemoryFileSystem, SourceFile, Sources};
use crate::syntax::arm::expression::Expression;
use crate::syntax::bicep::parse;

#[test]
fn declarations_of_texts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/bicep/templates");
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if name.ends_with(".txt") {
            continue;
        }
        let found = shown(&name, std::fs::read(&path).unwrap());
        let expected = format!("{name}.txt");
        if std::env::var_os("AKSLINT_BLESS").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{name}\n{found}"));
        }
        count += 1;
    }
    assert!(count > 3);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shown(name: &str, bytes: Vec<u8>) -> String {
    let file = name.rsplit('/').next().unwrap().to_owned();
    let files = MemoryFileSystem::new([(file.clone(), bytes)]);
    let source = Sources::new(std::sync::Arc::new(files)).read(&file).unwrap();
    let tree = parse(source.id, &source.text);
    let mut out = String::new();
    if file.ends_with(".bicepparam") {
        show_parameter_file(&parameter_file(&source, &tree), &source, &mut out);
    } else {
        show_template(&template(&source, &tree), &source, &mut out);
    }
    out
}

fn show_template(template: &Template, source: &SourceFile, out: &mut String) {
    let _ = writeln!(out, "scope {:?}", template.scope);
    if template.is_incomplete {
        out.push_str("incomplete\n");
    }
    show_imports(&template.imports, out);
    template
        .parameters
        .iter()
        .for_each(|parameter| show_parameter(parameter, out));
    show_variables("variable", &template.variables, out);
    template
        .functions
        .iter()
        .for_each(|function| show_function(function, out));
    for (position, resource) in template.resources.iter().enumerate() {
        show_resource(position, resource, source, out);
    }
    for output in &template.outputs {
        let secure = if output.is_secure { " secure" } else { "" };
        let _ = writeln!(out, "output {}{secure}: {}", output.name, output.value);
    }
}

fn show_parameter_file(file: &ParameterFile, source: &SourceFile, out: &mut String) {
    assert!(source.text.len() >= file.errors.len());
    if let Some((path, _)) = &file.using {
        let _ = writeln!(out, "using {path}");
    }
    if let Some((path, _)) = &file.extends {
        let _ = writeln!(out, "extends {path}");
    }
    show_imports(&file.imports, out);
    show_variables("variable", &file.variables, out);
    show_variables("parameter", &file.parameters, out);
}

fn show_imports(imports: &[Import], out: &mut String) {
    for import in imports {
        let names = match &import.names {
            Imported::All(name) => format!("* as {name}"),
            Imported::Names(names) => {
                let names = names
                    .iter()
                    .map(|(exported, here)| format!("{exported} as {here}"));
                names.collect::<Vec<_>>().join(", ")
            }
        };
        let _ = writeln!(out, "import {names} from {}", import.path);
    }
}

fn show_parameter(parameter: &Parameter, out: &mut String) {
    let nullable = if parameter.is_nullable { " nullable" } else { "" };
    let secure = if parameter.is_secure { " secure" } else { "" };
    let _ = writeln!(
        out,
        "parameter {}: {:?}{nullable}{secure}",
        parameter.name, parameter.shape
    );
    optional("default", parameter.default.as_ref(), out);
    optional("allowed", parameter.allowed.as_ref(), out);
}

fn show_variables(what: &str, variables: &[Variable], out: &mut String) {
    for variable in variables {
        let exported = if variable.is_exported { " exported" } else { "" };
        let _ = writeln!(out, "{what} {}{exported}: {}", variable.name, variable.value);
    }
}

fn show_function(function: &UserFunction, out: &mut String) {
    let parameters = function.parameters.join(", ");
    let _ = writeln!(out, "function {}({parameters}): {}", function.name, function.body);
}

fn optional(what: &str, value: Option<&Expression>, out: &mut String) {
    if let Some(value) = value {
        let _ = writeln!(out, "  {what}: {value}");
    }
}

fn show_resource(position: usize, resource: &ResourceDeclaration, source: &SourceFile, out: &mut String) {
    let existing = if resource.is_existing { " existing" } else { "" };
    let _ = writeln!(
        out,
        "resource {position} {}{existing}: {} {}",
        resource.symbol.as_deref().unwrap_or("-"),
        resource.kind,
        resource.api_version.as_deref().unwrap_or("-")
    );
    let header = &source.text[resource.header.start as usize..resource.header.end as usize];
    let _ = writeln!(out, "  header: {header}");
    let _ = writeln!(out, "  name: {}", resource.name);
    match &resource.parent {
        Some(Parent::Enclosing(position)) => {
            let _ = writeln!(out, "  inside: {position}");
        }
        Some(Parent::Symbol { name, index, .. }) => {
            let index = index.as_ref().map(|index| format!("[{index}]"));
            let _ = writeln!(out, "  parent: {name}{}", index.unwrap_or_default());
        }
        None => {}
    }
    optional("condition", resource.condition.as_ref(), out);
    if let Some(repeat) = &resource.repeat {
        let (Over::Count(over) | Over::Elements(over)) = &repeat.over;
        let names = [&repeat.item, &repeat.index];
        let names: Vec<&str> = names.into_iter().flatten().map(|name| &**name).collect();
        let _ = writeln!(out, "  for {} in {over}", names.join(", "));
    }
    optional("scope", resource.scope.as_ref(), out);
    for member in &resource.body {
        let _ = writeln!(out, "  {member}");
    }
    for dependency in &resource.depends_on {
        let _ = writeln!(out, "  depends on {dependency}");
    }
    if let Some(nested) = &resource.deployment {
        let _ = match &nested.source {
            Source::File { path, .. } => writeln!(out, "  deploys {path}"),
            Source::Elsewhere { name, .. } => writeln!(out, "  deploys {name} from elsewhere"),
            Source::Inline(_) => writeln!(out, "  deploys what is written in it"),
        };
        for member in &nested.parameters {
            let _ = writeln!(out, "    {member}");
        }
    }
}
