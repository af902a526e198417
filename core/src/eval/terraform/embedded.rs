//! Resources that deploy an ARM template: what is in it joins the deployment.

use std::rc::Rc;
use std::sync::Arc;

use super::expansion::Planned;
use super::instance::{Instance, attribute};
use super::module_source::ResourceName;
use crate::eval::arm::embedded::{Deployed, Embedded, Source, deployed};
use crate::eval::deployment::ModuleStep;
use crate::eval::value::{Entries, Kind, Value};
use crate::source::joined;
use crate::syntax::hcl::tree::{Block, Call, Expression, ExpressionKind};

/// The types with their arguments for the template and its parameters.
const TYPES: [(&str, &str, &str); 5] = [
    (
        "azurerm_management_group_template_deployment",
        "template_content",
        "parameters_content",
    ),
    (
        "azurerm_resource_group_template_deployment",
        "template_content",
        "parameters_content",
    ),
    (
        "azurerm_subscription_template_deployment",
        "template_content",
        "parameters_content",
    ),
    // Of version 2 of the provider.
    ("azurerm_template_deployment", "template_body", "parameters_body"),
    (
        "azurerm_tenant_template_deployment",
        "template_content",
        "parameters_content",
    ),
];

/// How deep the parts of a template are followed that are written as an object.
const MAXIMUM_NESTING: usize = 64;

/// Whether resources of this type deploy templates.
pub(super) fn deploys_template(name: &ResourceName) -> bool {
    TYPES.iter().any(|(kind, ..)| **kind == *name.kind)
}

/// What one instance of a resource deploys; none when it deploys no template, or one that is not known.
pub(super) fn resources(
    instance: &Rc<Instance<'_>>,
    name: &ResourceName,
    block: &Block,
    planned: &Planned,
) -> Option<Deployed> {
    let (kind, content, parameters) = TYPES.iter().find(|(kind, ..)| **kind == *name.kind)?;
    let content = attribute(block, content)?;
    let evaluation = instance.evaluation;
    let (source, mut given) = match file_of(instance, content, planned) {
        Some(path) => (Source::File(path), Vec::new()),
        None => {
            let value = as_object(instance, content, planned)?;
            let mut writer = Writer::default();
            let text = writer.template(&value)?;
            let at = content.span;
            (Source::Text { text, at }, writer.given)
        }
    };
    let mut open = None;
    if let Some(parameters) = attribute(block, parameters) {
        match as_object(instance, parameters, planned).map(|value| value.kind) {
            Some(Kind::Object(entries) | Kind::Map(entries)) => {
                open.clone_from(&entries.open);
                let members = entries.members.get("parameters").and_then(Value::entries);
                given.extend(values(members.unwrap_or(&entries)));
            }
            Some(Kind::Unknown(unknown)) => open = Some(unknown),
            _ => {}
        }
    }
    // The old type has a map of texts.
    if *kind == "azurerm_template_deployment"
        && let Some(texts) = attribute(block, "parameters")
    {
        let texts = instance.scoped(planned.bound.as_ref(), |scope| scope.evaluate_or_invalid(texts));
        match &texts.kind {
            Kind::Object(entries) | Kind::Map(entries) => {
                let members = entries.members.iter();
                given.extend(members.map(|(name, value)| (name.clone(), value.clone())));
            }
            Kind::Unknown(unknown) => open = Some(unknown.clone()),
            _ => {}
        }
    }
    let step = ModuleStep {
        name: name.name.clone(),
        key: planned.key.clone(),
    };
    let resource_group = attribute(block, "resource_group_name").map(|group| {
        instance.scoped(planned.bound.as_ref(), |scope| {
            scope.evaluate_or_invalid(group).used_at(group.span)
        })
    });
    let embedded = Embedded {
        source,
        parameters: given,
        open,
        path: instance.path.iter().cloned().chain([step]).collect(),
        presence: instance.presence.and(&planned.presence),
        resource_group,
    };
    Some(deployed(
        evaluation.trees,
        embedded,
        evaluation.allowed.folders(),
        evaluation.catalogue,
        evaluation.shared.observer.clone(),
    ))
}

/// The path of a template that is read as it is.
fn file_of(instance: &Rc<Instance<'_>>, content: &Expression, planned: &Planned) -> Option<String> {
    let ExpressionKind::Call(call) = &content.kind else {
        return None;
    };
    let ("file", [path]) = (&*call.name, call.arguments.as_slice()) else {
        return None;
    };
    let path = instance.scoped(planned.bound.as_ref(), |scope| scope.evaluate(path));
    let path = joined(instance.evaluation.root, path.ok()?.as_str()?);
    instance.evaluation.may_read(&path, content.span).then_some(path)
}

/// The object that a JSON text is of. Of one that `jsonencode` makes, more is known than of its text.
fn as_object(instance: &Rc<Instance<'_>>, content: &Expression, planned: &Planned) -> Option<Value> {
    let decoded = |content: &Expression| Expression {
        kind: ExpressionKind::Call(Box::new(Call {
            name: "jsondecode".into(),
            name_span: content.span,
            arguments: vec![content.clone()],
            expand_last: false,
        })),
        span: content.span,
    };
    instance.scoped(planned.bound.as_ref(), |scope| match &content.kind {
        ExpressionKind::Call(call) if &*call.name == "jsonencode" => call
            .arguments
            .first()
            .map(|object| scope.evaluate_or_invalid(object)),
        _ => scope.evaluate(&decoded(content)).ok(),
    })
}

/// `{ name = { value = … } }` as names and values.
fn values(parameters: &Entries) -> impl Iterator<Item = (Arc<str>, Value)> {
    parameters.members.iter().filter_map(|(name, parameter)| {
        let value = match &parameter.kind {
            Kind::Unknown(_) => Some(parameter.clone()),
            _ => parameter
                .entries()
                .and_then(|entries| entries.members.get("value").cloned()),
        };
        Some((name.clone(), value?))
    })
}

/// Writes an object as the text of a template. What is not known becomes a parameter that is given, and so does
/// what is written in properties, which keeps its place.
#[derive(Default)]
struct Writer {
    given: Vec<(Arc<str>, Value)>,
}

impl Writer {
    fn template(&mut self, value: &Value) -> Option<String> {
        let (Kind::Object(entries) | Kind::Map(entries)) = &value.kind else {
            return None;
        };
        if entries.open.is_some() || !entries.members.contains_key("resources") {
            return None;
        }
        let mut text = String::from("{");
        for (name, member) in entries
            .members
            .iter()
            .filter(|(name, _)| &***name != "parameters")
        {
            self.member(name, member, false, MAXIMUM_NESTING, &mut text);
        }
        let mut declared = String::from("{");
        if let Some(parameters) = entries.members.get("parameters").and_then(Value::entries) {
            for (name, member) in &parameters.members {
                self.member(name, member, false, MAXIMUM_NESTING, &mut declared);
            }
        }
        for (name, _) in &self.given {
            declared.push_str(&format!("{}:{{\"type\":\"object\"}},", quoted(name)));
        }
        text.push_str(&format!("\"parameters\":{}}}", ended(declared, '}')));
        Some(text)
    }

    fn member(&mut self, name: &str, value: &Value, is_property: bool, left: usize, text: &mut String) {
        let is_property = (is_property || name == "properties") && name != "template";
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(&self.value(value, is_property, left));
        text.push(',');
    }

    fn value(&mut self, value: &Value, is_property: bool, left: usize) -> String {
        let Some(left) = left.checked_sub(1) else {
            return self.given(value);
        };
        match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::String(text) if !is_property || text.starts_with('[') => quoted(text),
            Kind::Bool(truth) if !is_property => truth.to_string(),
            Kind::Number(number) if !is_property => number.to_string(),
            Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => {
                let mut text = String::from("[");
                for element in elements.iter() {
                    text.push_str(&self.value(element, is_property, left));
                    text.push(',');
                }
                ended(text, ']')
            }
            Kind::Object(entries) | Kind::Map(entries) if entries.open.is_none() => {
                let mut text = String::from("{");
                for (name, member) in &entries.members {
                    self.member(name, member, is_property, left, &mut text);
                }
                ended(text, '}')
            }
            _ => self.given(value),
        }
    }

    fn given(&mut self, value: &Value) -> String {
        let name = format!("part {} of the template", self.given.len());
        self.given.push((name.as_str().into(), value.clone()));
        quoted(&format!("[parameters('{name}')]"))
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text without a comma at its end, closed.
fn ended(mut text: String, end: char) -> String {
    if text.ends_with(',') {
        text.pop();
    }
    text.push(end);
    text
}
