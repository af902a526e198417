//! ARM JSON to the declarations of a template.

mod expressions;
mod parameter_file;
mod resources;

pub use parameter_file::parameter_file;
pub(in crate::eval) use parameter_file::{KEY_VAULT_SECRET, PIPELINE_VALUE};

use std::sync::Arc;

use super::template::{Output, Parameter, Scope, Shape, Template, UserFunction, Variable};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::SyntaxError;
use crate::syntax::json::tree::{File, Json, JsonKind, Property};

/// Nested templates deeper than this are not read.
const MAXIMUM_NESTING: usize = 32;

/// The declarations of a template file.
pub fn template(source: &SourceFile, file: &File) -> Template {
    let mut reader = Reader {
        file: source.id,
        text: &source.text,
        folder: folder_of(&source.path).into(),
        errors: file.errors.clone(),
        depth: 0,
    };
    let mut template = match &file.value {
        Some(json) => reader.template(json),
        None => reader.empty(),
    };
    template.errors = reader.errors;
    template.is_incomplete = file.is_incomplete;
    template
}

/// Whether the text is a template of a deployment, by its schema.
pub fn scope_of_schema(schema: &str) -> Option<Scope> {
    let name = schema
        .rsplit('/')
        .next()?
        .trim_end_matches('#')
        .to_ascii_lowercase();
    match name.as_str() {
        "deploymenttemplate.json" => Some(Scope::ResourceGroup),
        "subscriptiondeploymenttemplate.json" => Some(Scope::Subscription),
        "managementgroupdeploymenttemplate.json" => Some(Scope::ManagementGroup),
        "tenantdeploymenttemplate.json" => Some(Scope::Tenant),
        _ => None,
    }
}

pub(super) fn folder_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    folder: Arc<str>,
    errors: Vec<SyntaxError>,
    /// How many templates this one is inside of.
    depth: usize,
}

impl Reader<'_> {
    fn empty(&self) -> Template {
        Template::empty(self.file, self.folder.clone())
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(SyntaxError {
            span,
            message: message.into(),
        });
    }

    fn template(&mut self, json: &Json) -> Template {
        let mut template = self.empty();
        let schema = json.get("$schema").and_then(Json::as_text);
        template.scope = schema
            .and_then(|schema| scope_of_schema(schema))
            .unwrap_or_default();
        let definitions = json.get("definitions");
        for property in properties(json, "parameters") {
            template.parameters.push(self.parameter(property, definitions));
        }
        if let Some(variables) = json.get("variables") {
            template.variables = self.variables(variables);
        }
        for property in properties(json, "outputs") {
            template.outputs.extend(self.output(property));
        }
        if let Some(functions) = json.get("functions").and_then(Json::as_array) {
            for group in functions {
                self.functions(group, &mut template.functions);
            }
        }
        if let Some(resources) = json.get("resources") {
            self.resources(resources, None, &mut template.resources);
        }
        template
    }

    fn parameter(&mut self, property: &Property, definitions: Option<&Json>) -> Parameter {
        let own = &property.value;
        let definition = definition(own, definitions);
        // What the declaration says itself counts more than the type that it names.
        let written = |name: &str| own.get(name).or_else(|| definition?.get(name));
        let kind = written("type")
            .and_then(Json::as_text)
            .map(|kind| kind.to_ascii_lowercase());
        let kind = kind.as_deref().unwrap_or_default();
        Parameter {
            name: property.name.clone(),
            name_span: property.name_span,
            span: property.span,
            default: own.get("defaultValue").map(|default| self.expression(default)),
            allowed: written("allowedValues").map(|allowed| self.expression(allowed)),
            shape: match kind {
                "string" | "securestring" | "int" | "bool" => Shape::Scalar,
                "array" => Shape::Array,
                "object" | "secureobject" => Shape::Object,
                _ => Shape::Any,
            },
            is_nullable: written("nullable").and_then(Json::as_bool).unwrap_or(false),
            is_secure: kind.starts_with("secure"),
        }
    }

    /// Variables written one by one, and those that a `copy` at the top makes.
    fn variables(&mut self, variables: &Json) -> Vec<Variable> {
        let mut read = Vec::new();
        for property in variables.as_object().unwrap_or_default() {
            if let Some(copies) = copies(property) {
                for copy in copies {
                    if let Some((name, name_span, value)) = self.property_copy(copy) {
                        read.push(Variable {
                            name,
                            name_span,
                            value,
                            is_exported: false,
                        });
                    }
                }
                continue;
            }
            read.push(Variable {
                name: property.name.clone(),
                name_span: property.name_span,
                value: self.expression(&property.value),
                is_exported: false,
            });
        }
        read
    }

    fn output(&mut self, property: &Property) -> Option<Output> {
        let kind = property.value.get("type").and_then(Json::as_text);
        let value = match property.value.get("value") {
            Some(value) => self.expression(value),
            None => {
                let copy = property.value.get("copy")?;
                self.loop_of(&property.name, copy)?
            }
        };
        Some(Output {
            name: property.name.clone(),
            name_span: property.name_span,
            value,
            condition: property
                .value
                .get("condition")
                .map(|condition| self.expression(condition)),
            is_secure: kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("secure")),
        })
    }

    fn functions(&mut self, group: &Json, into: &mut Vec<UserFunction>) {
        // Bicep compiles its own functions into this namespace, and calls them by it.
        let namespace = group.get("namespace").and_then(Json::as_text).cloned();
        for member in properties(group, "members") {
            let parameters = member.value.get("parameters").and_then(Json::as_array);
            let names = parameters.into_iter().flatten();
            let names = names.filter_map(|parameter| parameter.get("name")?.as_text().cloned());
            let output = member.value.get("output").and_then(|output| output.get("value"));
            let Some(output) = output else {
                continue;
            };
            into.push(UserFunction {
                namespace: namespace.clone(),
                name: member.name.clone(),
                name_span: member.name_span,
                parameters: names.collect(),
                body: self.expression(output),
            });
        }
    }
}

/// The type that a declaration names by `$ref`, through further names.
fn definition<'j>(declaration: &'j Json, definitions: Option<&'j Json>) -> Option<&'j Json> {
    let mut found = None;
    let mut next = declaration;
    for _ in 0..MAXIMUM_NESTING {
        let Some(reference) = next.get("$ref").and_then(Json::as_text) else {
            break;
        };
        let name = reference.strip_prefix("#/definitions/")?;
        next = definitions?.get(name)?;
        found = Some(next);
    }
    found
}

fn properties<'j>(json: &'j Json, name: &str) -> &'j [Property] {
    json.get(name).and_then(Json::as_object).unwrap_or_default()
}

/// The loops of a property that is called `copy`.
fn copies(property: &Property) -> Option<&[Json]> {
    if !property.name.eq_ignore_ascii_case("copy") {
        return None;
    }
    let JsonKind::Array(copies) = &property.value.kind else {
        return None;
    };
    let is_copy = |copy: &Json| copy.get("count").is_some() && copy.get("name").is_some();
    copies.iter().all(is_copy).then_some(copies)
}
