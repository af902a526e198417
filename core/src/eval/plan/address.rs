//! Addresses and references as plans spell them: `module.pools["user"].azurerm_subnet.nodes[0].id`.

use std::sync::Arc;

use crate::eval::deployment::{InstanceKey, Mode, ModuleStep};
use crate::eval::value::PathStep;

/// The steps of a reference: names, keys and indexes, in the order of the text. What cannot be read ends it.
pub(super) fn steps(text: &str) -> Vec<PathStep> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(bracket) = rest.strip_prefix('[') {
            let Some((step, after)) = key(bracket) else {
                break;
            };
            steps.push(step);
            rest = after.strip_prefix('.').unwrap_or(after);
            continue;
        }
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        steps.push(match name.parse::<u64>() {
            Ok(index) => PathStep::Index(index),
            Err(_) => PathStep::Attribute(name.into()),
        });
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    steps
}

/// What stands between brackets, and the text after them.
fn key(text: &str) -> Option<(PathStep, &str)> {
    if !text.starts_with('"') {
        let (index, after) = text.split_once(']')?;
        return Some((PathStep::Index(index.parse().ok()?), after));
    }
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find_map(|(at, letter)| {
        let is_end = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        is_end.then_some(at)
    })?;
    let quoted = text.get(..=end)?;
    let key = serde_json::from_str::<String>(quoted).unwrap_or_else(|_| quoted.trim_matches('"').to_owned());
    // In Terraform's texts these marks would begin an expression.
    let key = key.replace("$${", "${").replace("%%{", "%{");
    Some((PathStep::Key(key.into()), text.get(end + 1..)?.strip_prefix(']')?))
}

/// The key that a step means after the name of something with instances.
pub(super) fn instance_key(step: Option<&PathStep>) -> Option<InstanceKey> {
    match step? {
        PathStep::Index(index) => Some(InstanceKey::Index(*index)),
        PathStep::Key(key) => Some(InstanceKey::Key(key.clone())),
        PathStep::Attribute(_) => None,
    }
}

/// The module calls that an address begins with, and the steps after them.
pub(super) fn module_steps(steps: &[PathStep]) -> (Arc<[ModuleStep]>, &[PathStep]) {
    let mut modules = Vec::new();
    let mut rest = steps;
    while let [PathStep::Attribute(word), PathStep::Attribute(name), after @ ..] = rest {
        if &**word != "module" {
            break;
        }
        let key = instance_key(after.first());
        rest = if key.is_some() { &after[1..] } else { after };
        modules.push(ModuleStep {
            name: name.clone(),
            key: key.unwrap_or(InstanceKey::Single),
        });
    }
    (modules.into(), rest)
}

/// The type and name of a resource or data source.
pub(super) struct Named {
    pub(super) mode: Mode,
    pub(super) kind: Arc<str>,
    pub(super) name: Arc<str>,
}

/// The resource or data source that a reference begins with, and the steps after its name.
pub(super) fn resource(steps: &[PathStep]) -> Option<(Named, &[PathStep])> {
    let (mode, kind, name, rest) = match steps {
        [
            PathStep::Attribute(data),
            PathStep::Attribute(kind),
            PathStep::Attribute(name),
            rest @ ..,
        ] if &**data == "data" => (Mode::Data, kind, name, rest),
        [PathStep::Attribute(kind), PathStep::Attribute(name), rest @ ..] => {
            (Mode::Managed, kind, name, rest)
        }
        _ => return None,
    };
    let named = Named {
        mode,
        kind: kind.clone(),
        name: name.clone(),
    };
    Some((named, rest))
}

#[cfg(test)]
mod tests {
    use super::{module_steps, steps};
    use crate::eval::value::PathStep;

    #[test]
    fn references_are_taken_apart() {
        let shown = |text: &str| {
            let steps = steps(text).into_iter().map(|step| match step {
                PathStep::Attribute(name) => format!(".{name}"),
                PathStep::Index(index) => format!("#{index}"),
                PathStep::Key(key) => format!("[{key}]"),
            });
            steps.collect::<String>()
        };
        assert_eq!(shown("azurerm_subnet.a[0].id"), ".azurerm_subnet.a#0.id");
        assert_eq!(shown("module.x[\"a.b]\\\"c\"].y.0"), ".module.x[a.b]\"c].y#0");
        assert_eq!(shown("a.b[\"é"), ".a.b");
        assert_eq!(shown("a.b[each.key].id"), ".a.b");
        let text = steps("module.a.module.b[\"x\"].azurerm_subnet.n");
        let (modules, rest) = module_steps(&text);
        assert_eq!((modules.len(), rest.len()), (2, 2));
    }
}
