//! Network security groups and their rules.

use crate::eval::deployment::Resource;
use crate::lower::body::Body;
use crate::lower::property::{number, required, text, word};
use crate::model::attr::{Id, Link, List};
use crate::model::security::{SecurityGroup, SecurityRule};

/// A group with the rules that are written in it.
pub(super) fn security_group(resource: &Resource, id: Id<SecurityGroup>, exact: bool) -> SecurityGroup {
    let body = Body::of(resource);
    let blocks = body.blocks("security_rule");
    SecurityGroup {
        id,
        declared: body.declared(),
        name: body.property("name").and_then(|name| name.attr(text)),
        rules: blocks
            .blocks
            .iter()
            .filter(|block| !block.is_unknown())
            .map(|block| security_rule(&block.body, None, exact))
            .collect(),
        open: blocks.open,
    }
}

pub(super) fn security_rule(body: &Body, group: Option<Link<SecurityGroup>>, exact: bool) -> SecurityRule {
    let declared = body.declared();
    let list = |singular: &'static str, plural: &'static str| -> List<String> {
        let list = body.singular_and_plural(singular, plural).list(text);
        required(list, &declared, singular)
    };
    let application_groups = [
        "source_application_security_group_ids",
        "destination_application_security_group_ids",
    ];
    SecurityRule {
        name: body.property("name").and_then(|name| name.attr(text)),
        direction: required(
            body.property("direction").and_then(|it| it.attr(word(exact))),
            &declared,
            "direction",
        ),
        access: required(
            body.property("access").and_then(|it| it.attr(word(exact))),
            &declared,
            "access",
        ),
        protocol: required(
            body.property("protocol").and_then(|it| it.attr(word(exact))),
            &declared,
            "protocol",
        ),
        priority: required(
            body.property("priority").and_then(|it| it.attr(number)),
            &declared,
            "priority",
        ),
        source_addresses: list("source_address_prefix", "source_address_prefixes"),
        destination_addresses: list("destination_address_prefix", "destination_address_prefixes"),
        source_ports: list("source_port_range", "source_port_ranges"),
        destination_ports: list("destination_port_range", "destination_port_ranges"),
        uses_application_security_groups: application_groups.iter().any(|name| {
            body.property(name)
                .is_some_and(|groups| groups.value.elements().is_none_or(|groups| !groups.is_empty()))
        }),
        group,
        declared,
    }
}
