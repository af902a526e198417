//! How a rule is declared: documentation, metadata and check in one place.

use crate::finding::Metadata;
use crate::model::cluster::Cluster;
use crate::model::resource::Resource;
use crate::model::security::SecurityGroup;
use crate::model::subnet::{Subnet, VirtualNetwork};
use crate::model::view::View;

use super::report::Report;

/// A rule: what is fixed about it, and the function that looks.
#[derive(Debug)]
pub struct Rule {
    pub metadata: Metadata,
    pub check: Check,
}

/// What a rule is run for. A check of one resource is run only in worlds in which that resource exists.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    Cluster(for<'a> fn(&'a Cluster, View<'a>, &mut Report)),
    VirtualNetwork(for<'a> fn(&'a VirtualNetwork, View<'a>, &mut Report)),
    Subnet(for<'a> fn(&'a Subnet, View<'a>, &mut Report)),
    SecurityGroup(for<'a> fn(&'a SecurityGroup, View<'a>, &mut Report)),
    /// Each resource of every kind.
    Resource(for<'a> fn(Resource<'a>, View<'a>, &mut Report)),
    /// Once for the whole deployment.
    Network(for<'a> fn(View<'a>, &mut Report)),
    /// Found while suppression comments are applied, not in the network.
    Suppressions,
}

/// Declares the static `RULE` of a file.
///
/// ```text
/// rule! {
///     /// What goes wrong and why, in Azure's own words.
///     AKS110 "service-cidr-overlaps-subnet" {
///         summary: "…",
///         category: AddressSpace,
///         severity: Error,
///         confidence: High,
///         fix: Suggest,
///         since: "0.1.0",
///         references: ["https://learn.microsoft.com/…"],
///     }
///     each Cluster check
/// }
/// ```
macro_rules! rule {
    (
        $(#[doc = $documentation:literal])+
        $code:ident $name:literal {
            summary: $summary:literal,
            category: $category:ident,
            severity: $severity:ident,
            confidence: $confidence:ident,
            fix: $fix:ident,
            since: $since:literal,
            references: [$($reference:literal),* $(,)?] $(,)?
        }
        each $subject:ident $($check:ident)?
    ) => {
        $(#[doc = $documentation])+
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            metadata: $crate::finding::Metadata {
                code: stringify!($code),
                name: $name,
                summary: $summary,
                documentation: concat!($($documentation, "\n"),+),
                category: $crate::finding::Category::$category,
                severity: $crate::finding::Severity::$severity,
                confidence: $crate::finding::Confidence::$confidence,
                fix: $crate::finding::FixKind::$fix,
                since: $since,
                references: &[$($reference),*],
            },
            check: $crate::rules::Check::$subject $(($check))?,
        };
    };
}

pub(crate) use rule;
