//! Which version of the azurerm provider a root module is for, as far as its files fix it.

use std::rc::Rc;

use super::instance::{Instance, attribute};
use super::module_source::{BlockRef, ModuleSource};
use crate::eval::deployment::ProviderVersion;
use crate::eval::provenance::Via;
use crate::eval::value::Value;
use crate::source::joined;
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Expression, ExpressionKind, ObjectKey};

/// The lock file says it exactly; else the constraints may leave one major version.
pub(super) fn version(trees: &Trees, folder: &str, root: &ModuleSource) -> Option<ProviderVersion> {
    locked(trees, folder).or_else(|| constrained(root))
}

/// The subscription that the root module's one azurerm provider is configured for. With several of them
/// each resource can be in another subscription.
pub(super) fn subscription(root: &Rc<Instance<'_>>) -> Option<Value> {
    let is_azurerm = |block: &&BlockRef| {
        let block = block.get();
        &*block.kind == "provider"
            && block
                .labels
                .first()
                .is_some_and(|label| &*label.text == "azurerm")
    };
    let mut providers = root.source.settings.iter().filter(is_azurerm);
    let only = providers.next().filter(|_| providers.next().is_none())?;
    let expression = attribute(only.get(), "subscription_id")?;
    let value = root.scoped(None, |scope| scope.evaluate_or_invalid(expression));
    let from = value.from.used_at(Via::Use, expression.span);
    Some(Value { from, ..value })
}

fn locked(trees: &Trees, folder: &str) -> Option<ProviderVersion> {
    let lock = trees.hcl(&joined(folder, ".terraform.lock.hcl")).ok()?;
    let provider = lock.tree.body.blocks.iter().find(|block| {
        let address = block.labels.first().map(|label| &*label.text);
        &*block.kind == "provider" && address.is_some_and(|address| address.ends_with("/hashicorp/azurerm"))
    })?;
    let version = text(attribute(provider, "version")?)?;
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    Some(ProviderVersion {
        major: numbers.next()??,
        minor: numbers.next().flatten(),
    })
}

fn constrained(root: &ModuleSource) -> Option<ProviderVersion> {
    let blocks = root
        .settings
        .iter()
        .flat_map(|settings| &settings.get().body.blocks);
    let mut required = blocks.filter(|block| &*block.kind == "required_providers");
    let constraint = required.find_map(|block| match &attribute(block, "azurerm")?.kind {
        ExpressionKind::String(text) => Some(text.to_string()),
        ExpressionKind::Object(items) => {
            let version = items.iter().find(|item| match &item.key {
                ObjectKey::Name(name, _) => &**name == "version",
                ObjectKey::Expression(key) => text(key).as_deref() == Some("version"),
            });
            text(&version?.value)
        }
        _ => None,
    })?;
    one_major(&constraint)
}

fn text(expression: &Expression) -> Option<String> {
    match &expression.kind {
        ExpressionKind::String(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The version if the constraints leave just one major: `~> 4.1`, `= 3.117.0`, `>= 3.0, < 4.0`.
pub(in crate::eval) fn one_major(constraints: &str) -> Option<ProviderVersion> {
    let mut lowest = None;
    let mut below = None;
    for constraint in constraints.split(',').map(str::trim) {
        let operator_end = constraint.find(|letter: char| letter.is_ascii_digit())?;
        let (operator, version) = constraint.split_at(operator_end);
        let mut numbers = version.trim().split('.').map(|part| part.parse::<u32>().ok());
        let major = numbers.next()??;
        let minor = numbers.next().flatten();
        match operator.trim() {
            "" | "=" => return Some(ProviderVersion { major, minor }),
            "~>" => {
                let patch_is_written = numbers.next().is_some();
                let minor = minor.filter(|_| patch_is_written);
                return Some(ProviderVersion { major, minor });
            }
            ">=" | ">" => lowest = Some(major),
            "<" => {
                let is_whole = minor.is_none_or(|minor| minor == 0);
                below = Some(if is_whole { major } else { major + 1 });
            }
            "<=" => below = Some(major.saturating_add(1)),
            _ => {}
        }
    }
    match (lowest, below) {
        (Some(lowest), Some(below)) if below == lowest + 1 => Some(ProviderVersion {
            major: lowest,
            minor: None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::one_major;

    #[test]
    fn constraints_that_leave_one_major_version() {
        let major = |text: &str| one_major(text).map(|version| (version.major, version.minor));
        assert_eq!(major("~> 4.0"), Some((4, None)));
        assert_eq!(major("~> 3.117.0"), Some((3, Some(117))));
        assert_eq!(major("4.66.0"), Some((4, Some(66))));
        assert_eq!(major(">= 3.0, < 4.0"), Some((3, None)));
        assert_eq!(major(">= 3.50.0, < 4.1"), None);
        assert_eq!(major(">= 3.0"), None);
        assert_eq!(major("latest"), None);
    }
}
