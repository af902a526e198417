//! Network security groups and their rules.

use super::attr::{Attr, Id, Link, List};
use super::vocabulary::{Access, Direction, Protocol};

#[derive(Debug, Clone)]
pub struct SecurityGroup {
    pub id: Id<SecurityGroup>,
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    /// Inline rules and rules that are resources of their own.
    pub rules: Vec<SecurityRule>,
    /// Why there may be more rules than these.
    pub open: Option<crate::eval::value::Unknown>,
}

#[derive(Debug, Clone)]
pub struct SecurityRule {
    pub declared: Attr<()>,
    pub name: Option<Attr<String>>,
    pub direction: Attr<Direction>,
    pub access: Attr<Access>,
    pub protocol: Attr<Protocol>,
    /// 100 to 4096; the smaller number is looked at first.
    pub priority: Attr<u32>,
    /// Ranges, single addresses, `*` and service tags, as written; singular and plural forms together.
    pub source_addresses: List<String>,
    pub destination_addresses: List<String>,
    /// `*`, `443`, `1000-2000`.
    pub source_ports: List<String>,
    pub destination_ports: List<String>,
    /// Application security groups stand for addresses that are not known here.
    pub uses_application_security_groups: bool,
    /// The group of a rule that is a resource of its own.
    pub group: Option<Link<SecurityGroup>>,
}
