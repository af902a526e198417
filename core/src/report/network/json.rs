//! A network as JSON.

use serde_json::{Map, Value, json};

use crate::analysis::Analysis;
use crate::eval::deployment::Presence;
use crate::eval::provenance::{Provenance, Via};
use crate::eval::value::Unknown;
use crate::report::Place;
use crate::source::{Position, Sources, Span};

use super::nodes::nodes;
use super::tree::{Node, Shown, What};

pub(super) fn json(analysis: &Analysis) -> Value {
    let sources = analysis.sources.as_ref();
    let deployments = analysis.deployments.iter().map(|deployment| {
        let resources = nodes(&deployment.network);
        let resources: Vec<Value> = resources.iter().map(|one| node(one, sources)).collect();
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(deployment.name));
        object.insert("root".to_owned(), json!(deployment.root));
        object.insert("resources".to_owned(), Value::Array(resources));
        if let Some(open) = &deployment.network.open {
            object.insert("may_hold_more".to_owned(), unknown(open, sources));
        }
        Value::Object(object)
    });
    json!({ "version": 1, "deployments": deployments.collect::<Vec<Value>>() })
}

fn node(node: &Node, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(node.kind));
    object.insert("address".to_owned(), json!(node.address));
    object.insert("location".to_owned(), location(node.from.nearest().span, sources));
    match &node.presence {
        Presence::Certain => {}
        Presence::AnyNumber(number) => {
            object.insert("any_number".to_owned(), unknown(number, sources));
        }
        Presence::If(assumptions) => {
            let assumed = assumptions.iter().map(|assumed| {
                json!({
                    "condition": unknown(&assumed.condition.unknown, sources),
                    "holds": assumed.when,
                })
            });
            object.insert("present_if".to_owned(), Value::Array(assumed.collect()));
        }
    }
    let properties = node.properties.iter();
    let properties = properties.map(|(name, value)| ((*name).to_owned(), shown(value, sources)));
    object.insert("properties".to_owned(), Value::Object(properties.collect()));
    if !node.answers.is_empty() {
        let answers = node.answers.iter();
        let answers = answers.map(|(name, answer)| ((*name).to_owned(), json!(answer)));
        object.insert("answers".to_owned(), Value::Object(answers.collect()));
    }
    if let Some(open) = &node.open {
        object.insert("may_hold_more".to_owned(), unknown(open, sources));
    }
    if !node.children.is_empty() {
        let children = node.children.iter().map(|child| self::node(child, sources));
        object.insert("children".to_owned(), Value::Array(children.collect()));
    }
    Value::Object(object)
}

fn shown(value: &Shown, sources: &Sources) -> Value {
    let mut object = Map::new();
    match &value.what {
        What::Text(text) => object.insert("value".to_owned(), json!(text)),
        What::Number(number) => object.insert("value".to_owned(), json!(number)),
        What::Truth(truth) => object.insert("value".to_owned(), json!(truth)),
        What::List(members) => {
            let members = members.iter().map(|member| shown(member, sources));
            object.insert("members".to_owned(), Value::Array(members.collect()))
        }
        What::Unknown(reason) => object.insert("unknown".to_owned(), unknown(reason, sources)),
        What::Choice { condition, yes, no } => {
            let branch =
                |branch: &Option<Box<Shown>>| branch.as_ref().map_or(Value::Null, |one| shown(one, sources));
            object.insert("condition".to_owned(), unknown(condition, sources));
            object.insert("if_true".to_owned(), branch(yes));
            object.insert("if_false".to_owned(), branch(no))
        }
    };
    if value.from.is_provider_default() {
        object.insert("default".to_owned(), Value::Bool(true));
    }
    object.insert("from".to_owned(), from(&value.from, sources));
    Value::Object(object)
}

/// The way from the use to where the value was written.
fn from(from: &Provenance, sources: &Sources) -> Value {
    let steps = from.steps().iter().map(|step| {
        let mut place = location(step.span, sources);
        if let Value::Object(place) = &mut place {
            place.insert("via".to_owned(), json!(word(step.via)));
        }
        place
    });
    Value::Array(steps.collect())
}

fn word(via: Via) -> &'static str {
    match via {
        Via::Use => "use",
        Via::Literal => "literal",
        Via::ModuleArgument => "module-argument",
        Via::ModuleOutput => "module-output",
        Via::VariableDefault => "variable-default",
        Via::VariableFile => "variable-file",
        Via::VariableOption => "variable-option",
        Via::Local => "local",
        Via::ResourceAttribute => "resource-attribute",
        Via::Iteration => "iteration",
        Via::File => "file",
        Via::Plan => "plan",
        Via::ProviderDefault => "provider-default",
    }
}

fn unknown(unknown: &Unknown, sources: &Sources) -> Value {
    json!({
        "reason": unknown.reason().word(),
        "detail": unknown.reason().to_string(),
        "location": location(unknown.span(), sources),
    })
}

/// Lines and columns start at 1; columns count Unicode scalar values, offsets count bytes.
fn location(span: Span, sources: &Sources) -> Value {
    let place = Place::of(span, sources);
    let point = |position: Position, offset: u32| json!({ "line": position.line, "column": position.column, "offset": offset });
    json!({
        "path": place.path(),
        "start": point(place.start, span.start),
        "end": point(place.end, span.end),
    })
}
