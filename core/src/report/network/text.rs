//! A network as indented text.

use crate::eval::deployment::Presence;
use crate::eval::provenance::Provenance;
use crate::eval::value::Unknown;
use crate::model::network::Network;
use crate::report::Place;
use crate::source::{Sources, Span};

use super::nodes::nodes;
use super::tree::{Node, Shown, What};

/// One line for each resource and property; places only with sources.
pub(super) fn text(network: &Network, sources: Option<&Sources>) -> String {
    let mut writer = Writer {
        text: String::new(),
        sources,
    };
    if let Some(open) = &network.open {
        writer.line(
            0,
            &format!("there may be more: {}", open.reason()),
            Some(open.span()),
        );
    }
    for node in nodes(network) {
        writer.node(&node, 0);
    }
    writer.text
}

struct Writer<'s> {
    text: String,
    sources: Option<&'s Sources>,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, depth: usize) {
        let title = format!("{} {}{}", node.kind, node.address, present(&node.presence));
        self.line(depth, &title, Some(node.from.nearest().span));
        for (name, shown) in &node.properties {
            let name = name.replace('_', " ");
            let text = format!("{name}: {}", self.value(shown));
            let places = self.places(&shown.from);
            self.line_with(depth + 1, &text, places);
        }
        for (name, answer) in &node.answers {
            self.line(depth + 1, &format!("{}: {answer}", name.replace('_', " ")), None);
        }
        if let Some(open) = &node.open {
            let text = format!("there may be more: {}", open.reason());
            self.line(depth + 1, &text, Some(open.span()));
        }
        for child in &node.children {
            self.node(child, depth + 1);
        }
    }

    fn value(&self, shown: &Shown) -> String {
        let default = if shown.from.is_provider_default() {
            " (default)"
        } else {
            ""
        };
        match &shown.what {
            What::Text(text) => format!("{text}{default}"),
            What::Number(number) => format!("{number}{default}"),
            What::Truth(truth) => format!("{truth}{default}"),
            What::List(members) => {
                let members: Vec<String> = members.iter().map(|member| self.value(member)).collect();
                format!("[{}]", members.join(", "))
            }
            What::Unknown(unknown) => format!("unknown, {}", unknown.reason()),
            What::Choice { condition, yes, no } => {
                let branch = |branch: &Option<Box<Shown>>| match branch {
                    Some(shown) => self.value(shown),
                    None => "not set".to_owned(),
                };
                format!("{} or {}, {}", branch(yes), branch(no), hangs_on(condition))
            }
        }
    }

    /// The place of use, and the place where the value was written when it is another line.
    fn places(&self, from: &Provenance) -> Option<String> {
        let near = self.place(from.nearest().span)?;
        let origin = self.place(from.origin().span)?;
        Some(if near == origin {
            near
        } else {
            format!("{near} from {origin}")
        })
    }

    fn place(&self, span: Span) -> Option<String> {
        let place = Place::of(span, self.sources?);
        Some(format!("{}:{}", place.path(), place.start.line))
    }

    fn line(&mut self, depth: usize, text: &str, place: Option<Span>) {
        let place = place.and_then(|span| self.place(span));
        self.line_with(depth, text, place);
    }

    fn line_with(&mut self, depth: usize, text: &str, place: Option<String>) {
        for _ in 0..depth {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
        if let Some(place) = place {
            self.text.push_str("  # ");
            self.text.push_str(&place);
        }
        self.text.push('\n');
    }
}

fn hangs_on(condition: &Unknown) -> String {
    format!("since {}", condition.reason())
}

fn present(presence: &Presence) -> String {
    match presence {
        Presence::Certain => String::new(),
        Presence::AnyNumber(unknown) => format!(", any number of them, {}", hangs_on(unknown)),
        Presence::If(assumptions) => {
            let reasons = assumptions.iter();
            let mut reasons: Vec<String> = reasons
                .map(|assumed| assumed.condition.unknown.reason().to_string())
                .collect();
            reasons.dedup();
            format!(", perhaps, since {}", reasons.join(" and "))
        }
    }
}
