//! Expressions in the notation of ARM, for people: `concat(parameters('prefix'), '-vnet')`.

use std::fmt::{Display, Formatter, Result};

use super::expression::{Call, Expression, ExpressionKind, Item, Lambda, Member, Name};

impl Display for Expression {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        match &self.kind {
            ExpressionKind::Null => to.write_str("null"),
            ExpressionKind::Boolean(value) => write!(to, "{value}"),
            ExpressionKind::Number(digits) => to.write_str(digits),
            ExpressionKind::Text(text) => quoted(text, to),
            ExpressionKind::Array(items) => {
                to.write_str("[")?;
                separated(items, to)?;
                to.write_str("]")
            }
            ExpressionKind::Object(members) if members.is_empty() => to.write_str("{}"),
            ExpressionKind::Object(members) => {
                to.write_str("{ ")?;
                separated(members, to)?;
                to.write_str(" }")
            }
            ExpressionKind::Call(call) => call.fmt(to),
            ExpressionKind::Member(access) => {
                let safe = if access.is_safe { "?" } else { "" };
                write!(to, "{}.{safe}{}", access.target, access.name)
            }
            ExpressionKind::Index(index) => {
                let safe = if index.is_safe { "?" } else { "" };
                let from_end = if index.is_from_end { "^" } else { "" };
                write!(to, "{}[{safe}{from_end}{}]", index.target, index.index)
            }
            ExpressionKind::Symbol(name) => to.write_str(name),
            ExpressionKind::Lambda(lambda) => lambda.fmt(to),
            ExpressionKind::Copy(copy) => write!(to, "copy('{}', {}, {})", copy.name, copy.count, copy.body),
            ExpressionKind::Broken => to.write_str("<broken>"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        if let Some(namespace) = &self.namespace {
            write!(to, "{namespace}.")?;
        }
        write!(to, "{}(", self.name)?;
        separated(&self.arguments, to)?;
        to.write_str(")")
    }
}

impl Display for Lambda {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        to.write_str("lambda(")?;
        for parameter in &self.parameters {
            quoted(parameter, to)?;
            to.write_str(", ")?;
        }
        write!(to, "{})", self.body)
    }
}

impl Display for Item {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        match self {
            Item::One(value) => value.fmt(to),
            Item::Spread(value) => write!(to, "...{value}"),
        }
    }
}

impl Display for Member {
    fn fmt(&self, to: &mut Formatter<'_>) -> Result {
        match self {
            Member::Named {
                name: Name::Plain { text, .. },
                value,
            } => write!(to, "{text}: {value}"),
            Member::Named {
                name: Name::Computed(name),
                value,
            } => write!(to, "[{name}]: {value}"),
            Member::Spread(value) => write!(to, "...{value}"),
        }
    }
}

/// As ARM has it: a quote in a text is written twice.
fn quoted(text: &str, to: &mut Formatter<'_>) -> Result {
    write!(to, "'{}'", text.replace('\'', "''"))
}

fn separated(parts: &[impl Display], to: &mut Formatter<'_>) -> Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            to.write_str(", ")?;
        }
        part.fmt(to)?;
    }
    Ok(())
}
