//! What keeps findings quiet in templates that admit no comments:
//! `"metadata": {"akslint": {"ignore": ["AKS110"], "reason": "…"}}` in a resource or a template.

use super::{Named, Suppression};
use crate::rules;
use crate::settings::Selector;
use crate::source::{SourceFile, Span};
use crate::syntax::json::tree::{File, Json, JsonKind};

/// The name in the metadata.
pub(super) const NAME: &str = "\"akslint\"";

pub(super) const HELP: &str =
    "write `\"metadata\": {\"akslint\": {\"ignore\": [\"AKS110\"], \"reason\": \"…\"}}`";

/// Those of a file, in the order of the text. In the metadata of the outermost template it is for the file.
pub(super) fn suppressions(tree: &File, file: &SourceFile) -> Vec<Suppression> {
    let mut suppressions = Vec::new();
    let Some(root) = &tree.value else {
        return suppressions;
    };
    let mut pending = vec![root];
    while let Some(json) = pending.pop() {
        match &json.kind {
            JsonKind::Array(elements) => pending.extend(elements),
            JsonKind::Object(properties) => {
                let own = json.get("metadata").and_then(|metadata| metadata.get("akslint"));
                if let Some(own) = own {
                    let mut suppression = suppression(own, json.span, file);
                    suppression.whole_file = json.span == root.span;
                    suppressions.push(suppression);
                }
                pending.extend(properties.iter().map(|property| &property.value));
            }
            _ => {}
        }
    }
    suppressions.sort_by_key(|suppression| suppression.span.start);
    suppressions
}

fn suppression(written: &Json, object: Span, file: &SourceFile) -> Suppression {
    let mut suppression = Suppression {
        span: written.span,
        whole_file: false,
        line: file.position(written.span.start).line,
        line_below: None,
        in_json: false,
        object: Some(object),
        rules: Vec::new(),
        reason: String::new(),
        malformed: None,
    };
    let Some(_) = written.as_object() else {
        suppression.malformed = Some("this is not a suppression".to_owned());
        return suppression;
    };
    if let Some(reason) = written.get("reason").and_then(Json::as_text) {
        suppression.reason = reason.to_string();
    }
    let Some(ignore) = written.get("ignore") else {
        suppression.rules.push(Named {
            selector: Some(Selector::All),
            word: String::new(),
            span: written.span,
            is_used: false,
        });
        return suppression;
    };
    let single = std::slice::from_ref(ignore);
    for word in ignore.as_array().unwrap_or(single) {
        let Some(text) = word.as_text() else {
            suppression.malformed = Some("this is not a list of rules".to_owned());
            continue;
        };
        suppression.rules.push(Named {
            selector: rules::selector(text.trim()).ok(),
            word: text.trim().to_owned(),
            span: Span {
                start: word.span.start + 1,
                end: word.span.end.saturating_sub(1),
                ..word.span
            },
            is_used: false,
        });
    }
    if suppression.rules.is_empty() && suppression.malformed.is_none() {
        suppression.malformed = Some("the list of rules is empty".to_owned());
    }
    suppression
}
