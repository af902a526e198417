//! JSON files that give values to the parameters of a template.

use super::folder_of;
use crate::eval::arm::template::{ParameterFile, Variable};
use crate::source::SourceFile;
use crate::syntax::arm::expression::{Expression, ExpressionKind, Item, Member};
use crate::syntax::json::tree::{File, Json, JsonKind};

/// What a parameter takes from a key vault, as a call.
pub(in crate::eval) const KEY_VAULT_SECRET: &str = "keyVaultSecret";

/// Both kinds of files: with the deployment parameters' schema, and a bare object of the same members.
pub fn parameter_file(source: &SourceFile, file: &File) -> ParameterFile {
    let root = file.value.as_ref();
    let parameters = root.and_then(|root| root.get("parameters")).or(root);
    let parameters = parameters.and_then(Json::as_object).unwrap_or_default();
    let parameters = parameters.iter().filter_map(|property| {
        Some(Variable {
            name: property.name.clone(),
            name_span: property.name_span,
            value: assigned(&property.value)?,
            is_exported: false,
        })
    });
    ParameterFile {
        file: source.id,
        folder: folder_of(&source.path).into(),
        using: None,
        extends: None,
        parameters: parameters.collect(),
        variables: Vec::new(),
        functions: Vec::new(),
        imports: Vec::new(),
        errors: file.errors.clone(),
    }
}

/// `{ "value": … }`, or a reference to a secret.
pub(super) fn assigned(parameter: &Json) -> Option<Expression> {
    if let Some(value) = parameter.get("value") {
        return Some(literal(value));
    }
    let reference = parameter.get("reference")?;
    Some(Expression::call(KEY_VAULT_SECRET, Vec::new(), reference.span))
}

/// What a pipeline or the Azure Developer CLI puts in before the deployment, as a call with the text.
pub(in crate::eval) const PIPELINE_VALUE: &str = "pipelineValue";

/// The marks around a name that a tool replaces: of azd and shells, of the usual tasks that replace tokens, of
/// Azure Pipelines, and of templates of text.
const TOKENS: [(&str, &str); 5] = [("${", "}"), ("#{", "}#"), ("$(", ")"), ("{{", "}}"), ("__", "__")];

fn holds_token(text: &str) -> bool {
    TOKENS.iter().any(|(start, end)| {
        let after = text.split_once(start).map(|(_, after)| after);
        after.is_some_and(|after| after.find(end).is_some_and(|length| length > 0))
    })
}

/// Parameter files hold no expressions: brackets in their text are brackets.
fn literal(json: &Json) -> Expression {
    let kind = match &json.kind {
        JsonKind::Null => ExpressionKind::Null,
        JsonKind::Boolean(value) => ExpressionKind::Boolean(*value),
        JsonKind::Number(number) => ExpressionKind::Number(number.clone()),
        JsonKind::Text(text) if holds_token(text) => {
            let text = Expression::new(ExpressionKind::Text(text.clone()), json.span);
            return Expression::call(PIPELINE_VALUE, vec![text], json.span);
        }
        JsonKind::Text(text) => ExpressionKind::Text(text.clone()),
        JsonKind::Array(elements) => ExpressionKind::Array(
            elements
                .iter()
                .map(|element| Item::One(literal(element)))
                .collect(),
        ),
        JsonKind::Object(properties) => {
            let members = properties.iter().map(|property| {
                Member::plain(
                    property.name.clone(),
                    property.name_span,
                    literal(&property.value),
                )
            });
            ExpressionKind::Object(members.collect())
        }
    };
    Expression::new(kind, json.span)
}
