//! `Microsoft.Network/networkSecurityGroups` and their rules.

use crate::eval::deployment::Resource;
use crate::lower::body::Body;
use crate::lower::property::{number, required, text, word};
use crate::model::attr::{Attr, Id, Link, List};
use crate::model::security::{SecurityGroup, SecurityRule};

/// A group with the rules that are written in it.
pub(super) fn security_group(resource: &Resource, id: Id<SecurityGroup>) -> SecurityGroup {
    let body = Body::of(resource);
    let blocks = body.block("properties").blocks("securityRules");
    let name = |body: &Body| body.property("name").and_then(|name| name.attr(text));
    SecurityGroup {
        id,
        declared: body.declared(),
        name: name(&body),
        rules: blocks
            .blocks
            .iter()
            .filter(|block| !block.is_unknown())
            .map(|block| security_rule(&block.body, name(&block.body), None))
            .collect(),
        open: blocks.open,
    }
}

pub(super) fn security_rule(
    body: &Body,
    name: Option<Attr<String>>,
    group: Option<Link<SecurityGroup>>,
) -> SecurityRule {
    let declared = body.declared();
    let properties = body.block("properties");
    let list = |singular: &'static str, plural: &'static str| -> List<String> {
        let list = properties.given_and_plural(singular, plural).list(text);
        required(list, &declared, singular)
    };
    let application_groups = [
        "sourceApplicationSecurityGroups",
        "destinationApplicationSecurityGroups",
    ];
    SecurityRule {
        name,
        direction: required(
            properties
                .property("direction")
                .and_then(|it| it.attr(word(false))),
            &declared,
            "direction",
        ),
        access: required(
            properties.property("access").and_then(|it| it.attr(word(false))),
            &declared,
            "access",
        ),
        protocol: required(
            properties
                .property("protocol")
                .and_then(|it| it.attr(word(false))),
            &declared,
            "protocol",
        ),
        priority: required(
            properties.property("priority").and_then(|it| it.attr(number)),
            &declared,
            "priority",
        ),
        source_addresses: list("sourceAddressPrefix", "sourceAddressPrefixes"),
        destination_addresses: list("destinationAddressPrefix", "destinationAddressPrefixes"),
        source_ports: list("sourcePortRange", "sourcePortRanges"),
        destination_ports: list("destinationPortRange", "destinationPortRanges"),
        uses_application_security_groups: application_groups.iter().any(|name| {
            properties
                .property(name)
                .is_some_and(|groups| groups.value.elements().is_none_or(|groups| !groups.is_empty()))
        }),
        group,
        declared,
    }
}
